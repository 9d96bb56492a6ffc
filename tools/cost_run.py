"""One run of a cost pool: what each member carries, as fractions, then in cents.

Costs are whole cents. A weight has been multiplied by the days of membership already;
usage has not. Whoever calls says who is present: nothing here knows dates.
"""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from .apportionment import apportion, instalments, quotas
from .cost_sharing import capped
from .exact import Exact, Key, require_exact, require_int, require_key_order


class NotShared(ValueError):
    """Costs that this rule cannot hand out to anybody.

    `reason` is one of `no_weight`, `no_usage`, `no_component`, `nobody_needs`,
    `no_ceiling` and `low_ceilings`; `figures` says which part, whom, how much.
    """

    def __init__(self, reason: str, **figures: Any) -> None:
        super().__init__(f"{reason}: {figures}")
        self.reason = reason
        self.figures = figures


@dataclass(frozen=True)
class Part:
    """A component of the costs, or a level of need.

    :ivar users: who carries it, with the weight of each (days of membership)
    :ivar products: costs of these belong here
    :ivar amount: estimated cost; only its proportion to the others counts, and only
        for parts without products
    """

    key: Hashable
    users: Mapping[Any, Exact]
    products: frozenset = frozenset()
    amount: Exact = 0


@dataclass(frozen=True)
class Rule:
    """How costs are split: by weights and use, or part by part.

    :ivar fixed: from 0 to 1, what the weights split; use splits the rest
    :ivar parts: when there are any, they decide, and weights and use do not count
    :ivar ceilings: the most that each may carry; None: nobody is capped
    """

    weights: Mapping[Any, Exact] = field(default_factory=dict)
    usage: Mapping[Any, Exact] = field(default_factory=dict)
    fixed: Exact = 1
    parts: tuple[Part, ...] = ()
    ceilings: Mapping[Any, Exact | None] | None = None


def exact_from(value: float, decimals: int) -> Fraction:
    """Return the decimal number that a float stands for, without the float's error.

    >>> exact_from(0.1, 4)
    Fraction(1, 10)
    """
    scale = 10**decimals
    return Fraction(round(value * scale), scale)


def to_cents(amount: float, decimals: int = 2) -> int:
    """Return an amount of money, rounded to its currency already, in minor units.

    >>> to_cents(1180.1)
    118010
    """
    return round(amount * 10**decimals)


def from_cents(cents: int, decimals: int = 2) -> float:
    """Return minor units as an amount of money: the nearest float to the decimal."""
    return cents / 10**decimals


def by_part(
    costs: Mapping[Any, int], parts: Iterable[Part]
) -> dict[Hashable, Fraction]:
    """Return what each part costs.

    :param costs: cents by product
    :raise NotShared: costs of products that belong to no part, when there is no part
        without products to take them
    """
    parts = list(parts)
    owners = {product: part.key for part in parts for product in part.products}
    spent = {part.key: Fraction() for part in parts}
    rest = 0
    for product, cents in costs.items():
        if product in owners:
            spent[owners[product]] += require_int(cents, "A cost")
        else:
            rest += require_int(cents, "A cost")
    if not rest:
        return spent
    open_parts = {part.key: part.amount for part in parts if not part.products}
    if not any(open_parts.values()):
        products = [key for key in costs if key not in owners and costs[key]]
        raise NotShared("no_component", cents=rest, products=products)
    for key, cents in quotas(rest, open_parts).items():
        spent[key] += cents
    return spent


def shares(costs: Mapping[Any, int], rule: Rule) -> dict[Any, Fraction]:
    """Return the exact part of each in the costs, before anything is rounded.

    The shares sum to the costs, whatever the rule. Costs that add up to nothing, part
    by part, ask nothing of the weights.

    :param costs: cents by product; an amount may be negative (a credit note)
    :raise NotShared: nobody has a weight, no use was measured, a part that nobody
        needs, ceilings that do not cover the costs or are not known
    """
    total = sum(require_int(cents, "A cost") for cents in costs.values())
    found = _by_need(costs, rule) if rule.parts else _by_weight(total, rule)
    if rule.ceilings is None or total <= 0:
        return found
    return _under_ceilings(total, found, rule.ceilings)


def in_cents(exact: Mapping[Key, Exact]) -> dict[Key, int]:
    """Round fractions that sum to whole cents, so that the sum stays what it is.

    Each is rounded down or up; ties as in `apportion`, which this is wherever all
    shares have one sign. With both signs, the largest remainders go first as well.

    :raise ValueError: fractions that do not sum to a whole number
    """
    keys = require_key_order(exact)
    total = sum((Fraction(exact[key]) for key in keys), Fraction())
    if total.denominator != 1:
        raise ValueError(f"The shares must sum to whole cents, but sum to {total}.")
    if not any(exact.values()):
        return dict.fromkeys(keys, 0)
    if all(exact[key] >= 0 for key in keys) or all(exact[key] <= 0 for key in keys):
        return apportion(int(total), {key: abs(exact[key]) for key in keys})
    down = {key: exact[key].__floor__() for key in keys}
    missing = int(total) - sum(down.values())
    first = sorted(keys, key=lambda key: (down[key] - exact[key], -exact[key]))
    for key in first[:missing]:
        down[key] += 1
    return down


@dataclass(frozen=True)
class Outcome:
    """What a run hands out: its exact part of the period, and its cents."""

    exact: dict[Any, Fraction]
    cents: dict[Any, int]


def difference(
    period: Mapping[Key, Exact],
    prior: Mapping[Key, Exact],
    year_exact: Mapping[Key, Exact],
    year_cents: Mapping[Key, int],
) -> Outcome:
    """Return what a run adds, so that all runs of the year are right together.

    The year to date is rounded once; the run gets what earlier runs did not give. So
    twelve months come to the year, and a correction comes to the run that would have
    known everything, to the cent.

    :param period: exact shares of all costs of the period, as known now
    :param prior: exact shares that earlier runs of this period gave
    :param year_exact: exact shares that all earlier runs of the year gave
    :param year_cents: and their cents
    """
    keys = require_key_order({*period, *prior, *year_exact, *year_cents})
    exact = {
        key: Fraction(period.get(key, 0)) - Fraction(prior.get(key, 0)) for key in keys
    }
    to_date = in_cents({key: exact[key] + year_exact.get(key, 0) for key in keys})
    cents = {key: to_date[key] - year_cents.get(key, 0) for key in keys}
    return Outcome(exact, cents)


def _by_weight(total: int, rule: Rule) -> dict[Any, Fraction]:
    fixed = require_exact(rule.fixed, "The fixed part")
    found = dict.fromkeys(require_key_order({*rule.weights, *rule.usage}), Fraction())
    for part, weights, reason in (
        (fixed, rule.weights, "no_weight"),
        (1 - fixed, rule.usage, "no_usage"),
    ):
        if not part or not total:
            continue
        if not any(weights.values()):
            raise NotShared(reason, cents=part * total)
        for key, share in quotas(part * total, weights).items():
            found[key] += share
    return found


def _by_need(costs: Mapping[Any, int], rule: Rule) -> dict[Any, Fraction]:
    spent = by_part(costs, rule.parts)
    everybody = {key for part in rule.parts for key in part.users} | {*rule.weights}
    found = dict.fromkeys(require_key_order(everybody), Fraction())
    for part in rule.parts:
        if not spent[part.key]:
            continue
        if not any(part.users.values()):
            raise NotShared("nobody_needs", part=part.key, cents=spent[part.key])
        for key, share in quotas(spent[part.key], part.users).items():
            found[key] += share
    return found


def _under_ceilings(
    total: int, found: dict[Any, Fraction], ceilings: Mapping[Any, Exact | None]
) -> dict[Any, Fraction]:
    """Cap what a rule found; where a credit note made a share negative, it stays."""
    unknown = [key for key in found if found[key] > 0 and ceilings.get(key) is None]
    if unknown:
        raise NotShared("no_ceiling", members=unknown)
    below = {key: share for key, share in found.items() if share <= 0}
    above = {key: share for key, share in found.items() if share > 0}
    to_share = total - sum(below.values())
    most = sum(ceilings[key] for key in above)
    if most < to_share:
        raise NotShared("low_ceilings", cents=to_share, most=most)
    return {**below, **capped(to_share, above, ceilings)}


def calls_left(
    targets: Mapping[Key, int],
    called: Mapping[Key, int],
    parts: int,
    present: Mapping[Key, Sequence[int]] | None = None,
) -> list[dict[Key, int]]:
    """Call what is left of the annual shares in parts, such as the months to come.

    Each column sums to the target less what was called. Who was called too much gets
    it back: a negative amount.

    :param present: the parts (from 0) in which each can be called; by default in all,
        and who can be called in none is called in the first
    :raise ValueError: fewer than 1 part
    """
    keys = require_key_order({*targets, *called})
    rows = [dict.fromkeys(keys, 0) for _part in range(parts)]
    groups: dict[tuple, dict] = {}
    for key in keys:
        left = targets.get(key, 0) - called.get(key, 0)
        where = tuple(range(parts) if present is None else present.get(key, ())) or (0,)
        if left:
            groups.setdefault((where, left > 0), {})[key] = abs(left)
    for (where, positive), owed in groups.items():
        calls = instalments(sum(owed.values()), owed, len(where))
        for part, call in zip(where, calls, strict=True):
            for key, cents in call.items():
                rows[part][key] = cents if positive else -cents
    return rows
