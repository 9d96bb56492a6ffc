"""What buying together speaks of: offers, commitments, outcomes and their reasons.

Quantities are whole granules (the smallest amount that is ever handed out), prices are
exact and for one granule. A price ceiling is on the goods alone, before shared costs:
reaching a tier lowers the value of the goods and so may raise somebody's part of the
freight, and then no group that agrees with its own price need exist.
"""

from collections import Counter
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, get_args

from .apportionment import RationRule
from .exact import Exact, require_exact, require_int, require_key_order

Bump = Literal["never", "cheaper_total", "cheaper_unit"]
"""When tolerance is used to reach a better tier: never, when the whole order costs no
more than without, or whenever the tolerance allows."""


@dataclass(frozen=True)
class Offer:
    """What a supplier asks for one product in one round.

    :param tiers: (from this quantity, price of one granule), in any order; at a
        quantity the cheapest tier that it reaches counts
    :param carton: the supplier sells multiples of this many granules
    :param minimum: the supplier's smallest order; no multiple of the carton need be
    :param available: what the supplier has, or None when that is not limited
    :raise ValueError: no tier, a negative or inexact figure, a carton below 1
    """

    tiers: tuple[tuple[int, Exact], ...]
    carton: int = 1
    minimum: int = 0
    available: int | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "tiers", _require_tiers(self.tiers))
        if require_int(self.carton, "The carton") < 1:
            raise ValueError(f"A carton holds at least 1, not {self.carton}.")
        _require_amount(self.minimum, "The minimum of the supplier")
        if self.available is not None:
            _require_amount(self.available, "What the supplier has")


@dataclass(frozen=True)
class Commitment:
    """What one member asks for of an offer.

    :param key: who; ties go to the smaller key, so the keys of a call are comparable
    :param want: what it asks for
    :param tolerance: how much more it takes when that helps everybody
    :param minimum: all or nothing: it takes at least this much, or nothing
    :param ceiling: the highest price of one granule that it pays, None for any price
    :param priority: the lower number is served first where an order decides, then the
        smaller key: the rule `priority`, ties of the other rules
    :raise ValueError: a negative or inexact figure, a minimum above what is asked for
    """

    key: Hashable
    want: int
    tolerance: int = 0
    minimum: int = 0
    ceiling: Exact | None = None
    priority: int = 0

    def __post_init__(self) -> None:
        # In short, because thousands are made; the long way only to say what is wrong.
        want, more, least = self.want, self.tolerance, self.minimum
        if not (
            type(want) is type(more) is type(least) is int
            and want >= 0
            and more >= 0
            and least >= 0
        ):
            _require_amount(self.want, f"What {self.key!r} asks for")
            _require_amount(self.tolerance, f"The tolerance of {self.key!r}")
            _require_amount(self.minimum, f"The minimum of {self.key!r}")
        if self.minimum > self.want:
            raise ValueError(
                f"{self.key!r} asks for {self.want}, but takes nothing below"
                f" {self.minimum}: the minimum lies above what is asked for."
            )
        if self.ceiling is not None:
            _require_amount(self.ceiling, "The price ceiling", require_exact)
        require_int(self.priority, "The priority")

    @property
    def most(self) -> int:
        """The most it takes: what it asks for and all of its tolerance."""
        return self.want + self.tolerance


@dataclass(frozen=True)
class Reason:
    """Why a member gets what it gets, and the figures that a sentence about it needs.

    All have `got` and `want`. `asked` is what those who take part ask for together,
    `most` the same with all tolerance, `quantity` what is ordered for all.

    =============  ==================================================================
    code           further figures
    =============  ==================================================================
    as_asked       price
    carton_more    tolerance, carton, quantity: tolerance fills the last carton
    minimum_more   tolerance, minimum (in whole cartons), quantity
    tier_more      tolerance, quantity, price, quantity_without, price_without
    carton_less    asked, quantity, carton, missing: to fill one more carton
    available_less asked, quantity, available
    -------------  ------------------------------------------------------------------
    nothing_asked  (none)
    ceiling        ceiling, price, quantity (0: nothing was ordered; then the price is
                   the lowest that was in reach)
    own_minimum    minimum, share: what it would have got
    no_carton      asked, most, carton, missing
    no_minimum     asked, most, minimum (in whole cartons), missing
    no_supply      available, minimum (the smallest order, in whole cartons)
    =============  ==================================================================

    The codes below the line always mean that the member gets nothing; with
    `carton_less` and `available_less` a small share may come to nothing, too.
    """

    code: str
    figures: Mapping[str, Any]


@dataclass(frozen=True)
class Outcome:
    """What is ordered, at which price, and who gets how much of it.

    :param quantity: 0 when nothing is ordered
    :param unit_price: one price for all; None when nothing is ordered
    :param allotted: those who get something; sums to the quantity, 0 for anybody else
    :param left_out: those who get nothing, and why
    :param reasons: everybody, the left out too
    """

    quantity: int
    unit_price: Exact | None
    allotted: Counter
    left_out: dict[Hashable, Reason]
    reasons: dict[Hashable, Reason] = field(repr=False)


def require_choices(bump: str, rule: str) -> None:
    """Refuse a policy that does not exist.

    :raise ValueError: it names those that do
    """
    for what, value, choices in (
        ("bump", bump, get_args(Bump)),
        ("rule", rule, get_args(RationRule)),
    ):
        if value not in choices:
            known = ", ".join(choices)
            raise ValueError(f"Unknown {what} {value!r}; known are {known}.")


def in_order(commitments: Iterable[Commitment]) -> list[Commitment]:
    """Return the commitments as they are served: by priority, then by key.

    :raise ValueError: two of one key, keys that cannot be compared
    """
    by_key: dict[Hashable, Commitment] = {}
    for one in commitments:
        if one.key in by_key:
            raise ValueError(f"{one.key!r} has two commitments to one offer.")
        by_key[one.key] = one
    ordered = [by_key[key] for key in require_key_order(by_key)]
    return sorted(ordered, key=lambda one: one.priority)


def _require_tiers(tiers: Any) -> tuple[tuple[int, Exact], ...]:
    try:
        pairs = tuple((start, price) for start, price in tiers)
    except (TypeError, ValueError) as error:
        raise ValueError(
            f"The tiers must be pairs of a quantity and a price, but are {tiers!r}."
        ) from error
    if not pairs:
        raise ValueError("An offer needs a price: it has no tier.")
    for start, price in pairs:
        _require_amount(start, "The quantity of a tier")
        _require_amount(price, f"The price from {start}", require_exact)
    return pairs


def _require_amount(value: Any, what: str, require: Any = require_int) -> None:
    if require(value, what) < 0:
        raise ValueError(f"{what} is {value}; it must not be negative.")
