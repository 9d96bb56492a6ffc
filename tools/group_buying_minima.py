"""All-or-nothing minima: who is left out, so that nobody gets too little."""

from .group_buying_book import Book, Deal, Shares
from .group_buying_return import take_back
from .group_buying_turns import Turns


def fit_minima(book: Book) -> tuple[Deal, Shares, Shares]:
    """Leave out members until nobody who takes part gets less than its minimum.

    The worst served goes first, one at a time, because each that goes leaves more for
    the others. To find the best of all groups would be to try them all; in place of
    that, whoever was left out comes back if it takes nothing from anybody.

    :return: the deal, the shares of those who take part, and what the left out would
        have got
    """
    deal = book.agree()
    shares = book.shares(deal)
    if not book.too_little(deal, shares):
        return deal, shares, {}
    members = book.members
    wants, minima = [m.want for m in members], [m.minimum for m in members]
    turns = Turns(book.rule, wants, minima)
    turns.restart(shares)
    deal, dropped = _drop(book, deal, turns)
    if deal.want > deal.quantity > 0:
        shares = dict(turns.got)
    else:
        shares = book.shares(deal)
    deal, shares = take_back(book, deal, shares, dropped, turns)
    return deal, shares, dropped


def _drop(book: Book, deal: Deal, turns: Turns) -> tuple[Deal, Shares]:
    """Leave out the worst served, one at a time.

    :return: the deal of those who are left, and what the others would have got
    """
    dropped: Shares = {}
    while deal.want > deal.quantity > 0:
        worst = turns.worst()
        if worst is None:
            break
        dropped[worst] = turns.got[worst]
        book.drop(worst)
        turns.leave(worst)
        level = deal.level
        deal = book.agree(level=level)
        if not deal.quantity:
            return book.agree(), dropped
        if deal.level < level:
            for position in [p for p in turns.got if book.levels[p] > deal.level]:
                turns.leave(position)
        if deal.want > deal.quantity:
            turns.settle(deal.quantity)
    return deal, dropped
