"""How whole units are handed out: cents of a cost, granules of goods in short supply.

Money is apportioned by largest remainder, because a share must stay within one cent of
its exact quota. Goods are rationed unit by unit (Webster), because one more unit must
never take one away from anybody. No method has both properties, hence two functions.

Every tie goes to the larger weight or claim, then to the smaller key; the order of the
input never matters. Weights are `int` or `Fraction`, keys of one call are comparable.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, timedelta
from fractions import Fraction
from heapq import heapify, heappop, heappush
from typing import Literal

from .exact import (
    Exact,
    Key,
    require_exact,
    require_int,
    require_key_order,
    require_weights,
    scaled,
)

RationRule = Literal["proportional", "equal", "priority"]

DAY = timedelta(days=1)


def quotas(total: Exact, weights: Mapping[Key, Exact]) -> dict[Key, Fraction]:
    """Return the exact part of each in `total`, before anything is rounded.

    :raise ValueError: no weight, only zeros, a negative weight, an inexact figure
    """
    keys = require_weights(weights)
    rate = Fraction(require_exact(total, "The total"), sum(weights.values()))
    return {key: rate * weights[key] for key in keys}


def apportion(total: int, weights: Mapping[Key, Exact]) -> dict[Key, int]:
    """Share `total` units by weight: largest remainder.

    The shares sum to the total, and each is its exact quota rounded down or up; weight
    0 gives 0. Equal weights differ by one unit at most, a larger weight never gets
    less. A negative total is its positive one with the sign turned. Weights times any
    positive number give the same shares.

    One more unit in the total can take one unit away from somebody (the Alabama
    paradox), never more than one: use `ration` where that must not be.

    :raise ValueError: no weight, only zeros, a negative weight, an inexact figure
    """
    keys = require_weights(weights)
    units = abs(require_int(total, "The total"))
    whole, _common = scaled(weights[key] for key in keys)
    basis = sum(whole)
    parts = [divmod(units * weight, basis) for weight in whole]
    shares = [down for down, _rest in parts]
    first = sorted(range(len(keys)), key=lambda i: (-parts[i][1], -whole[i], i))
    for i in first[: units - sum(shares)]:
        shares[i] += 1
    sign = -1 if total < 0 else 1
    return {key: sign * share for key, share in zip(keys, shares, strict=True)}


def cumulative(
    amounts: Sequence[int], weights: Mapping[Key, Exact]
) -> list[dict[Key, int]]:
    """Share amounts one after the other, so that all that was shared so far is right.

    For lines of one total, or months of a year to date: each row sums to its amount,
    and the rows up to any one sum to the apportionment of the amounts up to it. A cell
    may have the other sign by one unit; amounts may have any sign.

    :raise ValueError: no weight, only zeros, a negative weight, an inexact figure
    """
    rows, so_far, before = [], 0, apportion(0, weights)
    for number, amount in enumerate(amounts, 1):
        so_far += require_int(amount, f"Amount {number}")
        after = apportion(so_far, weights)
        rows.append({key: after[key] - before[key] for key in after})
        before = after
    return rows


def instalments(
    total: int, weights: Mapping[Key, Exact], parts: int
) -> list[dict[Key, int]]:
    """Call `total` units in parts that are as equal as possible, such as months.

    Each row sums to its part (parts differ by one unit at most), each column to the
    share in `apportion(total, weights)`, and nobody is ever called a negative amount.

    :raise ValueError: fewer than 1 part, a negative total, and what `apportion` refuses
    """
    if require_int(parts, "The number of instalments") < 1:
        raise ValueError(f"At least 1 instalment is needed, {parts} were asked for.")
    if require_int(total, "The total") < 0:
        raise ValueError(f"A total of {total} cannot be called: it is negative.")
    shares = apportion(total, weights)
    rows, before = [], dict.fromkeys(shares, 0)
    for part in range(1, parts + 1):
        after = ration(total * part // parts, shares)
        rows.append({key: after[key] - before[key] for key in shares})
        before = after
    return rows


def ration(
    available: int,
    claims: Mapping[Key, int],
    rule: RationRule = "proportional",
    priority: Sequence[Key] | None = None,
) -> dict[Key, int]:
    """Hand out goods that may be too few for what is asked.

    Nobody gets more than the claim; all of `available` is handed out, up to the sum of
    the claims; with one more unit available, nobody gets less. O(n log n), whatever the
    amounts.

    :param rule: `proportional`: unit by unit to the highest claim / (2 × got + 1)
        (Webster, Sainte-Laguë); `equal`: as equal as the claims allow; `priority`:
        whole claims in the order of `priority`
    :param priority: every key once, who is served first; only for that rule
    :raise ValueError: an unknown rule, a negative or fractional amount, a priority that
        does not name every key once
    """
    keys = require_key_order(claims)
    if require_int(available, "The amount available") < 0:
        raise ValueError(f"The amount available is {available}; it is negative.")
    for key in keys:
        if require_int(claims[key], f"The claim of {key!r}") < 0:
            raise ValueError(
                f"The claim of {key!r} is {claims[key]}; it must not be negative."
            )
    if rule not in _RULES and rule != "priority":
        known = ", ".join((*_RULES, "priority"))
        raise ValueError(f"Unknown rule {rule!r}; known are {known}.")
    if rule == "priority":
        got = _by_priority(available, claims, _full_order(keys, priority))
        return {key: got[key] for key in keys}
    asked = [claims[key] for key in keys]
    return dict(zip(keys, rationed(available, asked, rule), strict=True))


def rationed(available: int, claims: list[int], rule: RationRule) -> list[int]:
    """Do as `ration` for claims in the order of their keys, without a check.

    :param rule: not `priority`
    """
    if available >= sum(claims):
        return list(claims)
    return _RULES[rule](available, claims)


def days_present(
    intervals: Iterable[tuple[date, date | None]], start: date, stop: date
) -> int:
    """Return on how many days of [start, stop] a member is there, both ends included.

    :param intervals: (first day, last day or None while it lasts); may touch, overlap
        and come in any order: a day counts once
    :raise ValueError: a period or an interval that ends before it starts
    """
    _require_span(start, stop, "The period")
    known = []
    for first, last in intervals:
        if last:
            _require_span(first, last, "A membership")
        known.append((max(first, start), min(last or stop, stop)))
    days, next_day = 0, start
    for first, last in sorted(known):
        first = max(first, next_day)
        if first <= last:
            days += (last - first).days + 1
            next_day = last + DAY
    return days


def _require_span(first: date, last: date, what: str) -> None:
    if last < first:
        raise ValueError(f"{what} must not end before it starts: {first} to {last}.")


def _full_order(keys: list[Key], priority: Sequence[Key] | None) -> list[Key]:
    """Return the priority as a list, when it names every key exactly once."""
    claimants = set(keys)
    times = Counter(priority or ())
    for key in keys:
        if times[key] != 1:
            raise ValueError(
                f"The priority must name {key!r} once, but names it {times[key]} times."
            )
    for key in times:
        if key not in claimants:
            raise ValueError(f"The priority names {key!r}, who has no claim.")
    return list(times)


def _by_priority(
    available: int, claims: Mapping[Key, int], order: list[Key]
) -> dict[Key, int]:
    got = {}
    for key in order:
        got[key] = min(claims[key], available)
        available -= got[key]
    return got


def _equal(available: int, claims: list[int]) -> list[int]:
    """Return constrained equal awards; the last units go to the largest claims."""
    level, left = 0, available
    largest_last = sorted(claims)
    for served, claim in enumerate(largest_last):
        waiting = len(claims) - served
        if (claim - level) * waiting > left:
            level += left // waiting
            left %= waiting
            break
        left -= (claim - level) * waiting
        level = claim
    got = [min(claim, level) for claim in claims]
    first = sorted(range(len(claims)), key=lambda i: (-claims[i], i))
    for i in first[:left]:
        got[i] += 1
    return got


def _webster(available: int, claims: list[int]) -> list[int]:
    """Return what the sequential method hands out, without a step for each unit.

    The k-th unit of a claim c has the score c / (2k - 1). The units whose score is at
    least sum / (2 × available) are counted in one go; they are the first of the
    sequence and miss the amount by less than one for each claim, which is corrected
    unit by unit. The last unit of every claim scores above 1/2, one too many would
    score below: no claim is exceeded before all are met.
    """
    basis = sum(claims)
    got = [(2 * available * claim + basis) // (2 * basis) for claim in claims]
    # Two different scores differ by at least 1 / (product of the denominators), so
    # that this many bits tell them apart as whole numbers.
    bits = 2 * (2 * max(claims) + 1).bit_length()
    missing = available - sum(got)
    step = 1 if missing > 0 else -1

    def turn(i: int) -> tuple[int, int, int]:
        """Say when the next unit of i comes (or goes: the last to come goes first)."""
        score = (claims[i] << bits) // (2 * got[i] + step)
        return (-step * score, -step * claims[i], step * i)

    heap = [turn(i) for i in range(len(claims)) if step > 0 or got[i]]
    heapify(heap)
    for _unit in range(abs(missing)):
        i = step * heappop(heap)[2]
        got[i] += step
        if step > 0 or got[i]:
            heappush(heap, turn(i))
    return got


_RULES: dict[str, Callable[[int, list[int]], list[int]]] = {
    "proportional": _webster,
    "equal": _equal,
}
