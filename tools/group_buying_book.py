"""The commitments to one offer, and the largest group that agrees with its price."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from .apportionment import RationRule, ration
from .exact import Exact
from .group_buying_order import Lot, Terms
from .group_buying_types import Bump, Commitment, Offer, in_order, require_choices

Shares = dict[int, int]
"""Position in the order of service → how much it gets."""


@dataclass(frozen=True)
class Deal:
    """What the largest group that agrees with its own price orders.

    :param level: index of the price; those who accept it take part. When nothing is
        ordered: of the lowest price that was in reach
    :param want: what those who take part ask for together
    :param most: the same with all their tolerance
    """

    lot: Lot
    level: int
    want: int
    most: int

    @property
    def quantity(self) -> int:
        return self.lot.quantity


class Book:
    """Commitments in the order of service; each can be taken out and put back.

    Members are known by their position in that order, so that a tie of two positions
    is a tie of priority and key. Sums are kept by the first price (of the falling
    prices) that a member accepts, so that a group is looked at without its members.
    """

    def __init__(
        self,
        offer: Offer,
        commitments: Iterable[Commitment],
        bump: Bump = "cheaper_total",
        rule: RationRule = "proportional",
    ) -> None:
        require_choices(bump, rule)
        self.terms, self.bump, self.rule = Terms(offer), bump, rule
        self.members: Sequence[Commitment] = in_order(commitments)
        prices = self.terms.prices
        self.levels = _levels(prices, self.members)
        # One place more: those whose ceiling lies below the last price.
        self._want, self._most = [0] * (len(prices) + 1), [0] * (len(prices) + 1)
        self.inside: set[int] = set()
        for position, one in enumerate(self.members):
            if one.want:
                self.add(position)

    def add(self, position: int) -> None:
        """Let a member take part (again)."""
        self.inside.add(position)
        self._count(position, 1)

    def drop(self, position: int) -> None:
        """Leave a member out."""
        self.inside.remove(position)
        self._count(position, -1)

    def _count(self, position: int, sign: int) -> None:
        member, level = self.members[position], self.levels[position]
        self._want[level] += sign * member.want
        self._most[level] += sign * member.most

    def sums(self, level: int) -> tuple[int, int]:
        """Return what those who accept the price of a level want, and their most."""
        return sum(self._want[: level + 1]), sum(self._most[: level + 1])

    def agree(self, extra: int = 0, level: int | None = None) -> Deal:
        """Peel off those who do not accept the price, until all who are left do.

        A smaller group never orders more, so its price never falls: whoever is peeled
        off could not have stayed in any group. That leaves the largest one of all. The
        price rises at every turn, so there are no more turns than prices.

        :param extra: asked for by somebody else, who accepts every price
        :param level: of a larger group, whose price nobody needs to try to beat
        """
        if level is None:
            level = len(self.terms.prices) - 1
        while True:
            want, most = self.sums(level)
            want, most = want + extra, most + extra
            lot = self.terms.lot(want, most, self.bump)
            reached = self.terms.level(lot.quantity) if lot.quantity else level
            if reached >= level:
                return Deal(lot, level, want, most)
            level = reached

    def takes_part(self, position: int, deal: Deal) -> bool:
        """Say whether a member is in the group of a deal."""
        return position in self.inside and self.levels[position] <= deal.level

    def shares(self, deal: Deal, least: Shares | None = None) -> Shares:
        """Share out what is ordered among those who take part.

        Enough for all: everybody gets what it asks for, and what is left goes to those
        who tolerate more. Too little: what is asked for is rationed.

        :param least: what members get before anything is rationed; no more than there
            is. Only when there is too little
        """
        group = [
            position for position in self.inside if self.levels[position] <= deal.level
        ]
        if not deal.quantity:
            return dict.fromkeys(group, 0)
        members = self.members
        if deal.quantity >= deal.want:
            shares = {position: members[position].want for position in group}
            left = deal.quantity - deal.want
            if left:
                rest = {
                    position: members[position].tolerance
                    for position in group
                    if members[position].tolerance
                }
                for position, more in self.ration(left, rest).items():
                    shares[position] += more
            return shares
        if not least:
            return self.ration(deal.quantity, {p: members[p].want for p in group})
        claims = {p: members[p].want - least.get(p, 0) for p in group}
        more = self.ration(deal.quantity - sum(least.values()), claims)
        return {p: least.get(p, 0) + more[p] for p in group}

    def ration(self, available: int, claims: Shares) -> Shares:
        """Hand out goods in short supply by the rule of this book."""
        order = sorted(claims) if self.rule == "priority" else None
        return ration(available, claims, self.rule, order)

    def too_little(self, deal: Deal, shares: Shares) -> list[int]:
        """Return who would get less than its all-or-nothing minimum."""
        if not deal.quantity or deal.quantity >= deal.want:
            return []
        members = self.members
        return [p for p, share in shares.items() if share < members[p].minimum]


def _levels(prices: Sequence[Exact], members: Sequence[Commitment]) -> list[int]:
    """Return for each member the index of the first price that it accepts.

    Fractions compare slowly and most ceilings are the price of a tier, hence once each.
    """
    known: dict[tuple[int, int], int] = {}
    levels = []
    for one in members:
        if one.ceiling is None:
            levels.append(0)
            continue
        exact = (one.ceiling.numerator, one.ceiling.denominator)
        if exact not in known:
            known[exact] = _first_accepted(prices, one.ceiling)
        levels.append(known[exact])
    return levels


def _first_accepted(prices: Sequence[Exact], ceiling: Exact) -> int:
    """Return the index of the first of the falling prices that a ceiling allows."""
    if ceiling >= prices[0]:
        return 0
    low, high = 1, len(prices)
    while low < high:
        middle = (low + high) // 2
        if prices[middle] <= ceiling:
            high = middle
        else:
            low = middle + 1
    return low
