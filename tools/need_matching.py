"""Which free assets, together, meet a need: fewest lenders first, then the nearest.

An offer is what one asset of one lender has left. A combination is a set of offers
that holds enough units and of which none could stay at home. Distances are whole
metres; a place is visited once, whatever is fetched there. A distance that nobody
knows counts as farther than every known one.
"""

from collections import defaultdict
from collections.abc import Hashable, Iterable
from dataclasses import dataclass

Key = Hashable
"""Names an offer or a lender; keys are sortable among themselves: ties go by them."""

EFFORT = 20_000
"""Steps of the search after which the best combinations found so far are given."""


@dataclass(frozen=True)
class Offer:
    """What is free of one asset.

    :ivar key: names the asset; unique, sortable
    :ivar lender: who lends it; sortable among the lenders
    :ivar units: how many are free, all the time of the need; 0 is passed over
    :ivar metres: from where it is needed; None when nobody knows
    :ivar place: where it stands; offers of one place are fetched in one go. None is a
        place of its own.
    """

    key: Key
    lender: Key
    units: int
    metres: int | None = None
    place: Hashable = None

    @property
    def spot(self) -> Hashable:
        return ("of", self.key) if self.place is None else ("at", self.place)


@dataclass(frozen=True)
class Combination:
    """Assets that meet the need together.

    :ivar parts: (key, units taken), the nearest first; only the last may be taken in
        part
    :ivar lenders: how many of them have to agree
    :ivar unknown: places whose distance nobody knows
    :ivar metres: of all other places, added up
    """

    parts: tuple[tuple[Key, int], ...]
    lenders: int
    unknown: int
    metres: int


def combinations(
    quantity: int, offers: Iterable[Offer], limit: int = 3, effort: int = EFFORT
) -> list[Combination]:
    """Return the best combinations that hold `quantity` units, best first.

    The order: fewest lenders, fewest places at an unknown distance, least distance in
    total, fewest assets, then the keys. It is exact as long as the search takes no more
    than `effort` steps; beyond, what was found by then is given in this order, at least
    one with as few lenders as possible. The same offers always give the same answer, in
    whatever order they come.

    :param quantity: units needed, at least 1
    :param limit: how many combinations at most
    :return: empty when all offers together do not hold enough
    :raise ValueError: bad figures, a key twice, or two distances of one place
    """
    if quantity < 1 or limit < 1 or effort < 1:
        raise ValueError(
            f"Quantity, limit and effort are at least 1, not "
            f"{quantity}, {limit}, {effort}."
        )
    usable = _checked(offers)
    if sum(offer.units for offer in usable) < quantity:
        return []
    search = _Search(quantity, usable, limit, effort)
    fewest = _fewest_lenders(quantity, usable)
    for lenders in range(fewest, len({offer.lender for offer in usable}) + 1):
        search.run(lenders)
        if search.is_over():
            break
    return [search.combination(chosen) for chosen in search.best()]


def _checked(offers: Iterable[Offer]) -> list[Offer]:
    """The offers with something in them, nearest first."""
    metres: dict[Hashable, int | None] = {}
    keys, usable = set(), []
    for offer in offers:
        if offer.key in keys:
            raise ValueError(f"The offer {offer.key!r} is there twice.")
        keys.add(offer.key)
        if offer.units < 0 or (offer.metres or 0) < 0:
            raise ValueError(
                f"The offer {offer.key!r} has {offer.units} units at {offer.metres} m: "
                "neither can be below zero."
            )
        if metres.setdefault(offer.spot, offer.metres) != offer.metres:
            raise ValueError(
                f"The place {offer.place!r} is at {metres[offer.spot]} m and at "
                f"{offer.metres} m: it has one distance."
            )
        if offer.units:
            usable.append(offer)
    return sorted(usable, key=_nearest)


def _nearest(offer: Offer):
    return (offer.metres is None, offer.metres or 0, offer.key)


def _fewest_lenders(quantity: int, offers: list[Offer]) -> int:
    """How many lenders are needed at least: those who have most."""
    held: dict[Key, int] = defaultdict(int)
    for offer in offers:
        held[offer.lender] += offer.units
    total = count = 0
    for units in sorted(held.values(), reverse=True):
        total, count = total + units, count + 1
        if total >= quantity:
            break
    return count


class _Search:
    """A depth-first search, nearest offers first, that leaves hopeless branches."""

    def __init__(self, quantity: int, offers: list[Offer], limit: int, effort: int):
        self.quantity, self.offers = quantity, offers
        self.limit, self.effort = limit, effort
        self.found: dict[tuple[int, ...], tuple] = {}
        self.after = self._held_after()

    def _held_after(self) -> list[list[tuple[int, Key]]]:
        """For each position, what every lender holds from there on, most first."""
        held: dict[Key, int] = defaultdict(int)
        after = [[]]
        for offer in reversed(self.offers):
            held[offer.lender] += offer.units
            after.append(sorted(((u, k) for k, u in held.items()), reverse=True))
        return after[::-1]

    # === RESULTS === #

    def best(self) -> list[tuple[int, ...]]:
        return sorted(self.found, key=self.found.__getitem__)[: self.limit]

    def is_over(self) -> bool:
        return self.effort <= 0 or len(self.found) >= self.limit

    def combination(self, chosen: tuple[int, ...]) -> Combination:
        left, parts = self.quantity, []
        for offer in (self.offers[i] for i in chosen):
            parts.append((offer.key, min(offer.units, left)))
            left -= parts[-1][1]
        lenders, unknown, metres, *_rest = self._rank(chosen)
        return Combination(tuple(parts), lenders, unknown, metres)

    def _rank(self, chosen: tuple[int, ...]) -> tuple:
        """What combinations are sorted by."""
        offers = [self.offers[i] for i in chosen]
        spots = {offer.spot: offer.metres for offer in offers}
        known = [metres for metres in spots.values() if metres is not None]
        return (
            len({offer.lender for offer in offers}),
            len(spots) - len(known),
            sum(known),
            len(offers),
            tuple(sorted(offer.key for offer in offers)),
        )

    # === SEARCHING === #

    def run(self, lenders: int) -> None:
        """Look at combinations of exactly this number of lenders."""
        stack = [(0, (), 0)]
        while stack and self.effort > 0:
            position, chosen, units = stack.pop()
            self.effort -= 1
            if units >= self.quantity:
                self._keep(chosen, lenders)
                continue
            if not self._is_hopeful(position, chosen, units, lenders):
                continue
            offer = self.offers[position]
            # the last one in is looked at first: with the nearest before without it
            stack.append((position + 1, chosen, units))
            stack.append((position + 1, (*chosen, position), units + offer.units))
        if not self.found:
            self._keep(self._greedy(lenders), lenders)

    def _is_hopeful(self, position, chosen, units, lenders) -> bool:
        """Whether enough can still be had from so few, and near enough."""
        if position == len(self.offers):
            return False
        mine = {self.offers[i].lender for i in chosen}
        if len(mine) > lenders:
            return False
        slots, reach = lenders - len(mine), units
        for held, lender in self.after[position]:
            if lender in mine:
                reach += held
            elif slots:
                reach, slots = reach + held, slots - 1
        if reach < self.quantity or slots:
            return False
        if len(self.found) < self.limit:
            return True
        worst = sorted(self.found.values())[self.limit - 1]
        return worst[0] < lenders or (lenders, *self._rank(chosen)[1:3]) <= worst[:3]

    def _keep(self, chosen: tuple[int, ...], lenders: int) -> None:
        """Remember it without what it does not need, if so many lenders are left."""
        chosen = self._trimmed(chosen)
        rank = self._rank(chosen)
        if rank[0] == lenders:
            self.found[chosen] = rank

    def _trimmed(self, chosen: tuple[int, ...]) -> tuple[int, ...]:
        """Leave out, the farthest first, whatever the others do without."""
        spare = sum(self.offers[i].units for i in chosen) - self.quantity
        kept = []
        for i in reversed(chosen):
            if self.offers[i].units <= spare:
                spare -= self.offers[i].units
            else:
                kept.append(i)
        return tuple(reversed(kept))

    def _greedy(self, lenders: int) -> tuple[int, ...]:
        """Everything of the lenders who have most."""
        most = {lender for _units, lender in self.after[0][:lenders]}
        return tuple(i for i, o in enumerate(self.offers) if o.lender in most)
