"""Who was left out for its minimum and comes back, because it costs nobody anything."""

from .group_buying_book import Book, Deal, Shares
from .group_buying_turns import Turns

Kind = tuple[int, int, int, int]
"""What decides of a commitment whether it fits, but for ties."""


def take_back(
    book: Book, deal: Deal, shares: Shares, dropped: Shares, turns: Turns
) -> tuple[Deal, Shares]:
    """Let those back in who fit, the last one dropped (the best served) first.

    They come back when all minima are met, either by the rule, or because what the
    order grows by is enough for their minimum while nobody else gets less. Without an
    order, the others with a minimum stand aside first: they get nothing either way,
    and two who exclude each other must not both go without.

    :param dropped: loses those who come back, and gains those who stand aside for them
    :param turns: of the group of the deal, when there is too little
    """
    aside: Shares = {}
    if not deal.quantity:
        aside = {p: 0 for p in sorted(shares) if book.members[p].minimum}
        for position in aside:
            book.drop(position)
    none = deal
    deal, shares = book.agree(), {p: shares[p] for p in shares if p not in aside}
    waiting = _Waiting(book, deal, shares, turns)
    for position in waiting.come_back([*reversed(dropped), *aside]):
        dropped.pop(position, None)
        aside.pop(position, None)
    if waiting.deal.quantity:
        dropped.update(aside)
        return waiting.deal, waiting.shares
    for position in aside:
        book.add(position)
        shares[position] = 0
    return none, shares


class _Waiting:
    """Those who are left out, tried one after the other.

    :ivar deal, shares: of those who take part so far
    """

    def __init__(self, book: Book, deal: Deal, shares: Shares, turns: Turns) -> None:
        self.book, self.turns = book, turns
        self.deal, self.shares = deal, shares
        # Kinds that did not fit by the rule, and how much was ordered then. With more
        # members and no more goods, everybody gets the same or less: no need to try.
        self._failed: dict[Kind, int] = {}
        if not deal.want > deal.quantity > 0:
            asked = {p: book.members[p].want for p in shares}
            turns.restart(asked if deal.quantity else {})

    def come_back(self, waiting: list[int]) -> list[int]:
        """Let in whoever fits, from the first on again after each; return them."""
        came: list[int] = []
        waiting, start = list(waiting), 0
        while True:
            all_out = self._all_is_out()
            index = self._first_that_fits(waiting, start)
            if index is None:
                return came
            came.append(waiting.pop(index))
            # When there is no more to order, those who were tried would fail again.
            start = index if all_out else 0

    def _all_is_out(self) -> bool:
        """Say that all the supplier has is ordered, and is too little."""
        return self.deal.want >= self.deal.quantity == self.book.terms.cap != 0

    def _first_that_fits(self, waiting: list[int], start: int) -> int | None:
        """Put back the first who fits; of equal commitments only the first is tried."""
        tried: set[Kind] = set()
        for index in range(start, len(waiting)):
            position = waiting[index]
            member = self.book.members[position]
            level = self.book.levels[position]
            kind = (member.want, member.tolerance, member.minimum, level)
            if kind not in tried:
                tried.add(kind)
                if self._fits(position, kind):
                    return index
        return None

    def _fits(self, position: int, kind: Kind) -> bool:
        """Put somebody back if nobody then gets less than its minimum."""
        if self._all_is_out() and self._fails(position, kind):
            return False
        self.book.add(position)
        deal = self.book.agree()
        if deal.quantity and self.book.takes_part(position, deal):
            if self.deal.quantity and deal.level == self.deal.level:
                shares = self._with(position, kind, deal)
            else:
                shares = self._anew(deal)
            if shares is not None:
                self.deal, self.shares = deal, shares
                return True
        self.book.drop(position)
        return False

    def _fails(self, position: int, kind: Kind) -> bool:
        """Say of some, without a count, that what there is does not do for them."""
        return (
            self.book.levels[position] > self.deal.level
            or self._failed.get(kind, -1) >= self.deal.quantity
            or self.turns.hopeless(position)
        )

    def _with(self, position: int, kind: Kind, deal: Deal) -> Shares | None:
        """Return the shares when somebody joins those who take part; None: no."""
        book, turns = self.book, self.turns
        if deal.quantity >= deal.want:
            group = [*turns.got, position]
            turns.restart({p: book.members[p].want for p in group})
            return book.shares(deal)
        before = min(self.deal.quantity, self.deal.want)
        room = before + book.members[position].minimum <= deal.quantity
        if not room and self._failed.get(kind, -1) >= deal.quantity:
            return None
        turns.join(position, deal.quantity)
        if turns.worst() is None:
            return dict(turns.got)
        if room:
            return self._with_room(position, deal)
        turns.undo_join(position, before)
        self._failed[kind] = deal.quantity
        return None

    def _with_room(self, position: int, deal: Deal) -> Shares:
        """Return the shares when the order grows by the minimum of who joins."""
        minimum = self.book.members[position].minimum
        if self.deal.want >= self.deal.quantity == deal.quantity - minimum:
            self.shares[position] = minimum
            return self.shares
        return self.book.shares(deal, self._least(self.turns.got))

    def _anew(self, deal: Deal) -> Shares | None:
        """Return the shares when more than one joins, by a lower price or by the first
        order of all; None: somebody gets too little."""
        book, turns = self.book, self.turns
        shares = book.shares(deal)
        rule = shares
        if deal.quantity >= deal.want:
            rule = {p: book.members[p].want for p in shares}
        elif book.too_little(deal, shares):
            least = self._least(shares)
            if sum(least.values()) > deal.quantity:
                return None
            shares = book.shares(deal, least)
        turns.restart(rule)
        return shares

    def _least(self, group: Shares) -> Shares:
        """Return what nobody gets less of: what it has, or who comes in its minimum."""
        least = {}
        for position in group:
            member = self.book.members[position]
            have = self.shares.get(position) or member.minimum
            least[position] = min(have, member.want)
        return least
