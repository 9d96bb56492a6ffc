"""All-or-nothing minima: who is left out, so that nobody gets too little."""

from .group_buying_book import Book, Deal, Shares


def fit_minima(book: Book) -> tuple[Deal, Shares, Shares]:
    """Leave out members until nobody who takes part gets less than its minimum.

    The worst served goes first, one at a time, because each that goes leaves more for
    the others. To find the best of all groups would be to try them all; in place of
    that, whoever was left out comes back if it takes nothing from anybody.

    :return: the deal, the shares of those who take part, and what the left out would
        have got
    """
    dropped: Shares = {}
    while True:
        deal = book.agree()
        shares = book.shares(deal)
        too_little = book.too_little(deal, shares)
        if not too_little:
            break
        worst = book.worst_served(too_little, shares)
        dropped[worst] = shares[worst]
        book.drop(worst)
    if dropped:
        deal, shares = _take_back(book, deal, shares, dropped)
    return deal, shares, dropped


def _take_back(
    book: Book, deal: Deal, shares: Shares, dropped: Shares
) -> tuple[Deal, Shares]:
    """Let those back in who fit, the last one dropped (the best served) first.

    They come back when all minima are met, either by the rule, or because what the
    order grows by is enough for their minimum while nobody else gets less. Without an
    order, the others with a minimum stand aside first: they get nothing either way,
    and two who exclude each other must not both go without.
    """
    aside: Shares = {}
    if not deal.quantity:
        aside = {p: 0 for p in sorted(shares) if book.members[p].minimum}
        for position in aside:
            book.drop(position)
    waiting = [*reversed(dropped), *aside]
    none = deal
    deal, shares = book.agree(), {p: shares[p] for p in shares if p not in aside}
    while True:
        back = _first_that_fits(book, waiting, shares)
        if back is None:
            break
        position, deal, shares = back
        waiting.remove(position)
        dropped.pop(position, None)
        aside.pop(position, None)
    if deal.quantity:
        dropped.update(aside)
        return deal, shares
    for position in aside:
        book.add(position)
        shares[position] = 0
    return none, shares


def _first_that_fits(
    book: Book, waiting: list[int], shares: Shares
) -> tuple[int, Deal, Shares] | None:
    """Put back the first who fits; of equal commitments only the first is tried."""
    tried = set()
    for position in waiting:
        member = book.members[position]
        kind = (member.want, member.tolerance, member.minimum, book.levels[position])
        if kind in tried:
            continue
        tried.add(kind)
        book.add(position)
        deal = book.agree()
        if deal.quantity and book.takes_part(position, deal):
            found = _all_minima_met(book, deal, shares)
            if found is not None:
                return position, deal, found
        book.drop(position)
    return None


def _all_minima_met(book: Book, deal: Deal, before: Shares) -> Shares | None:
    """Return shares with which nobody gets too little, if there are."""
    shares = book.shares(deal)
    if not book.too_little(deal, shares):
        return shares
    least = {}
    for position in shares:
        member = book.members[position]
        least[position] = min(before.get(position) or member.minimum, member.want)
    if sum(least.values()) > deal.quantity:
        return None
    return book.shares(deal, least)
