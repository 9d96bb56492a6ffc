"""What each member of a round owes: the real bills, to the cent.

A function of final facts alone (what was received, what was really billed), never of
what was charged before: what is charged next is the difference (`changes`). So settling
twice adds nothing, and it does not matter in how many steps the facts came.

Goods are billed by what was received, at the price that the bill makes of one
granule. What nobody received (a surplus, goods billed but not delivered) and cents that
uniform prices cannot hand out are residue: figures of their own, never hidden in
somebody's part. Shares + residue = bills + costs, always.
"""

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from math import floor
from typing import Literal, get_args

from .apportionment import apportion
from .exact import Exact, require_exact, require_int, require_key_order

Rounding = Literal["exact", "uniform"]
"""`exact`: all cents of a bill are handed out, equals may differ by one.
`uniform`: one price for all, rounded for each; up to half a cent each is residue."""

Basis = Literal["value", "quantity", "weight", "equal", "hand", "count"]

HALF = Fraction(1, 2)


@dataclass(frozen=True)
class Goods:
    """One offer: who received how much, and what the supplier billed for it.

    :param got: granules of each member, as accepted
    :param surplus: granules that were received and are nobody's
    :param billed: cents without tax, credit notes taken off; None = no bill yet
    :param quantity: granules that are on the bills (a fraction when the supplier counts
        in another unit); more than what was received means that a credit note is due
    :param tax: cents of tax on these bills, where it is passed on
    :param price: cents of one granule as ordered; only weighs shared costs of goods
        that are not billed yet
    :param size: units (as people count) of one granule
    :param weight: kilograms of one granule
    """

    key: Hashable
    supplier: Hashable
    got: Mapping[Hashable, int]
    surplus: int = 0
    billed: int | None = None
    quantity: Exact = 0
    tax: int = 0
    price: Exact = 0
    size: Exact = 1
    weight: Exact = 0

    def __post_init__(self) -> None:
        for member in require_key_order(self.got):
            amount = require_int(self.got[member], f"What {member!r} received")
            if amount < 0:
                raise ValueError(f"{member!r} cannot receive {amount}: it is negative.")
        if require_int(self.surplus, "The surplus") < 0:
            raise ValueError(f"The surplus is {self.surplus}; it must not be negative.")
        if self.billed is not None:
            require_int(self.billed, "What was billed")
        require_int(self.tax, "The tax")
        for name in ("quantity", "price", "size", "weight"):
            require_exact(getattr(self, name), f"The {name}")

    @property
    def whole(self) -> Exact:
        """What the bill stands for: what was received, or billed if that is more."""
        return max(sum(self.got.values()) + self.surplus, self.quantity)

    def value(self, member: Hashable) -> Fraction:
        """Return the exact worth in cents of what a member received."""
        if self.billed is None:
            return Fraction(self.price) * self.got.get(member, 0)
        if not self.whole:
            return Fraction(0)
        return Fraction(self.billed * self.got.get(member, 0)) / self.whole


@dataclass(frozen=True)
class SharedCost:
    """A cost of the round, as it was really billed.

    :param basis: `count` charges `unit` cents for each of `parts` (containers), the
        others split the amount
    :param suppliers: whose goods it belongs to; None = of all
    :param parts: by member, for `hand` and `count`
    """

    key: Hashable
    amount: int
    basis: Basis = "value"
    suppliers: frozenset | None = None
    parts: Mapping[Hashable, Exact] = field(default_factory=dict)
    unit: int = 0
    tax: int = 0

    def __post_init__(self) -> None:
        require_int(self.amount, "The amount of a cost")
        require_int(self.unit, "The deposit of one container")
        require_int(self.tax, "The tax")
        if self.basis not in get_args(Basis):
            known = ", ".join(get_args(Basis))
            raise ValueError(f"Unknown basis {self.basis!r}; known are {known}.")


@dataclass(frozen=True)
class Share:
    """What one member owes for one offer (quantity in granules) or one shared cost."""

    quantity: int
    cents: int
    tax: int
    exact: Fraction


@dataclass(frozen=True)
class Residue:
    """What is left of a bill: `exact` of it nobody got, the rest is rounding."""

    cents: int
    tax: int
    exact: Fraction


@dataclass(frozen=True)
class Settled:
    """All of a round: shares by (kind, key, member), residue by (kind, key)."""

    shares: Mapping[tuple, Share]
    residues: Mapping[tuple, Residue]

    @property
    def total(self) -> int:
        """Cents of all members and of the residue: what was billed."""
        parts = (*self.shares.values(), *self.residues.values())
        return sum(part.cents for part in parts)


def settle(
    goods: Iterable[Goods],
    costs: Iterable[SharedCost] = (),
    rounding: Rounding = "exact",
) -> Settled:
    """Return what everybody owes, from what was received and what was billed.

    Goods without a bill are left out: nothing is charged on an estimate.

    :raise ValueError: an unknown rounding, one offer or cost twice, a cost without
        anybody or anything to split it by
    """
    if rounding not in get_args(Rounding):
        known = ", ".join(get_args(Rounding))
        raise ValueError(f"Unknown rounding {rounding!r}; known are {known}.")
    goods = _once(goods, "offer")
    shares: dict[tuple, Share] = {}
    residues: dict[tuple, Residue] = {}
    for one in goods:
        if one.billed is not None:
            rest = one.whole - sum(one.got.values())
            parts = (one.got, rest, one.billed, one.tax)
            _hand_out(("goods", one.key), *parts, rounding, shares, residues)
    for cost in _once(costs, "cost"):
        where = ("cost", cost.key)
        if cost.basis == "count":
            _count(where, cost, shares, residues)
            continue
        weights = basis_weights(cost, goods)
        if not any(weights.values()):
            raise ValueError(
                f"The cost {cost.key!r} cannot be split by {cost.basis}: nobody has"
                " any of it."
            )
        parts = (weights, 0, cost.amount, cost.tax)
        _hand_out(where, *parts, "exact", shares, residues)
    return Settled(shares, residues)


def basis_weights(cost: SharedCost, goods: Iterable[Goods]) -> dict[Hashable, Exact]:
    """Return by what a cost is split: summed over all that each member received."""
    if cost.basis in ("hand", "count"):
        return dict(cost.parts)
    weights: dict[Hashable, Exact] = {}
    for one in goods:
        if cost.suppliers is not None and one.supplier not in cost.suppliers:
            continue
        for member, got in one.got.items():
            if not got:
                continue
            if cost.basis == "equal":
                weights[member] = 1
                continue
            each = {
                # a credit that is larger than the bill weighs nothing
                "value": lambda o=one, m=member: max(o.value(m), 0),
                "quantity": lambda o=one, g=got: o.size * g,
                "weight": lambda o=one, g=got: o.weight * g,
            }
            weights[member] = weights.get(member, 0) + each[cost.basis]()
    return weights


def changes(
    due: Mapping[Hashable, tuple[int, ...]], done: Mapping[Hashable, tuple[int, ...]]
) -> dict[Hashable, tuple[int, ...]]:
    """Return what has to be added to what was done, so that it becomes what is due.

    Figures of one key belong together (granules, cents, cents of tax); keys without any
    change are left out, a key that is no longer due is taken back.
    """
    found = {}
    for key in require_key_order({*due, *done}):
        width = len(due.get(key) or done[key])
        nothing = (0,) * width
        pairs = zip(due.get(key, nothing), done.get(key, nothing), strict=True)
        change = tuple(new - old for new, old in pairs)
        if any(change):
            found[key] = change
    return found


def fit(total: int, parts: Mapping[Hashable, Exact]) -> dict[Hashable, int]:
    """Return whole cents as near as can be to exact parts, with exactly this sum.

    Parts may be negative (a discount, an advance that is taken off). What the parts do
    not explain (a rate, a correction by hand) is spread by their size.

    :raise ValueError: a total of which no part is any
    """
    keys = require_key_order(parts)
    require_int(total, "The total")
    size = sum(abs(require_exact(parts[key], f"The part of {key!r}")) for key in keys)
    if not size:
        if total:
            raise ValueError(f"{total} cannot be split: all parts are zero.")
        return dict.fromkeys(keys, 0)
    gap = Fraction(total - sum(parts.values())) / size
    exact = {key: parts[key] + gap * abs(parts[key]) for key in keys}
    found = {key: floor(exact[key]) for key in keys}
    left = total - sum(found.values())
    nearest = sorted(
        keys, key=lambda key: (found[key] - exact[key], -abs(parts[key]), key)
    )
    for key in nearest[:left]:
        found[key] += 1
    return found


def percent_of(cents: Exact, percent: Exact) -> int:
    """Return a percentage in whole cents, half a cent away from zero."""
    return _half_up(Fraction(require_exact(cents, "The amount")) * percent / 100)


def _once(things, what):
    things = list(things)
    seen = set()
    for one in things:
        if one.key in seen:
            raise ValueError(f"The {what} {one.key!r} comes twice.")
        seen.add(one.key)
    return things


def _hand_out(where, weights, rest, cents, tax, rounding, shares, residues):
    """Split cents and tax by weight; what falls on `rest` is residue."""
    basis = sum(weights.values()) + rest
    if not basis:
        residues[where] = Residue(cents, tax, Fraction(cents))
        return
    left, left_tax = cents, tax
    amounts = _parts(cents, weights, rest, rounding)
    taxes = _parts(tax, weights, rest, rounding)
    for member in require_key_order(weights):
        weight = weights[member]
        if not weight:
            continue
        quantity = weight if where[0] == "goods" else 0
        exact = Fraction(cents) * weight / basis
        part = Share(quantity, amounts[member], taxes[member], exact)
        shares[(*where, member)] = part
        left, left_tax = left - part.cents, left_tax - part.tax
    if left or left_tax or rest:
        residues[where] = Residue(left, left_tax, Fraction(cents) * rest / basis)


def _parts(cents, weights, rest, rounding):
    if rounding == "exact":
        # the residue takes part like a member; ties go to the members first
        keyed = {(0, member): weight for member, weight in weights.items()}
        found = apportion(cents, {**keyed, (1, 0): rest})
        return {member: found[0, member] for member in weights}
    rate = Fraction(cents) / (sum(weights.values()) + rest)
    return {member: _half_up(rate * weight) for member, weight in weights.items()}


def _count(where, cost, shares, residues):
    left, left_tax = cost.amount, cost.tax
    members = require_key_order(cost.parts)
    held = {member: Fraction(cost.parts[member]) * cost.unit for member in members}
    rest = max(0, cost.amount - sum(held.values()))
    taxes = {}
    if any(held.values()):
        taxes = _parts(cost.tax, held, rest, "exact")
    for member in members:
        exact = held[member]
        if not exact:
            continue
        part = Share(0, _half_up(exact), taxes[member], exact)
        shares[(*where, member)] = part
        left, left_tax = left - part.cents, left_tax - part.tax
    if left or left_tax:
        residues[where] = Residue(left, left_tax, Fraction(left))


def _half_up(exact: Fraction) -> int:
    sign = -1 if exact < 0 else 1
    return sign * floor(abs(exact) + HALF)
