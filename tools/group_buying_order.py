"""How much is ordered of an offer, and at which price, for what a group asks for."""

from bisect import bisect_right
from dataclasses import dataclass
from typing import Literal

from .exact import Exact
from .group_buying_types import Bump, Offer

Why = Literal[
    "exact",
    "carton_more",
    "minimum_more",
    "tier_more",
    "carton_less",
    "available_less",
    "no_carton",
    "no_minimum",
    "no_supply",
]


@dataclass(frozen=True)
class Lot:
    """What is ordered.

    :param quantity: whole cartons; 0: no order is possible
    :param why: what made it differ from what was asked for, the last cause
    :param before: the quantity before tolerance was used to reach a tier
    """

    quantity: int
    why: Why
    before: int = 0


class Terms:
    """An offer made ready to be asked about many groups.

    `prices` fall strictly, each from `starts` on: a tier that is not cheaper than a
    smaller one plays no part. `first` is the smallest order, `cap` the largest (None
    when it is not limited); both in whole cartons.
    """

    def __init__(self, offer: Offer) -> None:
        self.offer = offer
        self.starts: list[int] = []
        self.prices: list[Exact] = []
        for start, price in sorted(offer.tiers):
            if not self.prices or price < self.prices[-1]:
                self.starts.append(start)
                self.prices.append(price)
        self.first = max(self.up(max(offer.minimum, self.starts[0])), offer.carton)
        limited = offer.available is not None
        self.cap: int | None = self.down(offer.available) if limited else None

    def up(self, quantity: int) -> int:
        """Return the quantity in whole cartons, rounded up."""
        return -(-quantity // self.offer.carton) * self.offer.carton

    def down(self, quantity: int) -> int:
        """Return the quantity in whole cartons, rounded down."""
        return quantity // self.offer.carton * self.offer.carton

    def level(self, quantity: int) -> int:
        """Return the index of the price at a quantity; -1 below the first tier."""
        return bisect_right(self.starts, quantity) - 1

    def price(self, quantity: int) -> Exact:
        """Return the price at a quantity that is not below the first tier."""
        return self.prices[self.level(quantity)]

    def within(self, quantity: int) -> bool:
        """Say whether the supplier has that much."""
        return self.cap is None or quantity <= self.cap

    def lot(self, want: int, most: int, bump: Bump) -> Lot:
        """Return what is ordered for a group.

        More asked for, or more tolerated, never makes it less: this is what gives one
        largest group that agrees with its own price.

        :param want: what the group asks for
        :param most: what it takes with all its tolerance
        """
        reach = most if self.cap is None else min(most, self.cap)
        lot = self._full_cartons(want, reach)
        if lot.quantity < self.first:
            if self.first > reach:
                return Lot(0, self._why_nothing())
            lot = Lot(self.first, "minimum_more")
        if bump == "never":
            return lot
        quantity = self._bumped(lot.quantity, reach, bump)
        if quantity > lot.quantity:
            return Lot(quantity, "tier_more", lot.quantity)
        return lot

    def _full_cartons(self, want: int, reach: int) -> Lot:
        """Fill the last carton if tolerance allows, else leave it out."""
        full = self.up(want)
        if full <= reach:
            return Lot(full, "carton_more" if full > want else "exact")
        short = "carton_less" if self.within(full) else "available_less"
        return Lot(self.down(min(want, reach)), short)

    def _why_nothing(self) -> Why:
        if not self.within(self.first):
            return "no_supply"
        return "no_minimum" if self.first > self.offer.carton else "no_carton"

    def _bumped(self, quantity: int, reach: int, bump: Bump) -> int:
        """Return the quantity with which a better tier is worth its tolerance."""
        best, cost = quantity, quantity * self.price(quantity)
        for start in self.starts[self.level(quantity) + 1 :]:
            target = self.up(start)
            if target > reach:
                break
            total = target * self.price(target)
            if bump == "cheaper_unit" or total <= cost:
                best, cost = target, total
        return best
