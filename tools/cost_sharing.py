"""Who pays how much of a common cost, as exact fractions, and who would rather not.

A player is whoever takes part, by its key. Costs are `int` or `Fraction`, in one unit
(cents); nothing is rounded here: give the shares to `apportionment.apportion` as
weights for that.
"""

from collections.abc import Callable, Iterable, Mapping
from fractions import Fraction
from math import factorial
from typing import Any

from .apportionment import quotas
from .exact import (
    Exact,
    Key,
    require_exact,
    require_key_order,
    require_weights,
    scaled,
)

MOST_PLAYERS = 14
"""How many players can be looked at in all their coalitions, 16,384 of them."""

Cost = Callable[[frozenset[Key]], Exact]
"""What a coalition costs when it is served alone."""


def shapley(players: Iterable[Key], cost: Cost) -> dict[Key, Fraction]:
    """Return what each adds to the cost on average, over every order of joining.

    The shares sum to the cost of all; who adds nothing pays nothing; who adds the same
    pays the same. `cost` is called once for each of the 2ⁿ coalitions.

    :raise ValueError: more than 14 players, one named twice, a cost that is not exact,
        or a cost of nobody that is not 0
    """
    names = _require_players(players)
    if len(names) > MOST_PLAYERS:
        raise ValueError(
            f"Every coalition of up to {MOST_PLAYERS} players can be looked at,"
            f" {len(names)} were given."
        )
    costs, common = scaled(_cost_by_mask(names, cost))
    count = len(names)
    # A coalition of s is reached in (s - 1)! (n - s)! orders by each of its members,
    # and left in s! (n - s - 1)! orders by each of the others.
    reached = [factorial(s - 1) * factorial(count - s) for s in range(1, count + 1)]
    totals = [0] * count
    for mask in range(1, 1 << count):
        size = mask.bit_count()
        inside = reached[size - 1] * costs[mask]
        outside = reached[size] * costs[mask] if size < count else 0
        for i in range(count):
            if mask >> i & 1:
                totals[i] += inside
            else:
                totals[i] -= outside
    orders = common * factorial(count)
    return {
        name: Fraction(sum_, orders) for name, sum_ in zip(names, totals, strict=True)
    }


def components(
    parts: Mapping[Any, Exact], users: Mapping[Any, Iterable[Key]]
) -> dict[Key, Fraction]:
    """Share each part of a cost equally between those who need it.

    This is the Shapley value where a coalition costs the parts that it needs, and for
    costs that are not negative no coalition would pay less alone.

    :param parts: what each part costs
    :param users: who needs each part; naming somebody twice changes nothing
    :return: the share of everybody named in `users`
    :raise ValueError: a cost that nobody needs, users of an unknown part, an inexact
        cost
    """
    for part in require_key_order(users):
        if part not in parts:
            raise ValueError(f"The part {part!r} has users but no cost.")
    needed_by = {part: set(users.get(part, ())) for part in require_key_order(parts)}
    shares = dict.fromkeys(
        require_key_order(set().union(*needed_by.values())), Fraction()
    )
    for part, needing in needed_by.items():
        if not require_exact(parts[part], f"The cost of {part!r}"):
            continue
        if not needing:
            raise ValueError(f"Nobody needs {part!r}, which costs {parts[part]}.")
        for player in needing:
            shares[player] += Fraction(parts[part], len(needing))
    return shares


def increments(
    needs: Mapping[Key, Any], costs: Mapping[Any, Exact]
) -> dict[Key, Fraction]:
    """Share what each higher level adds to the cost between those who need that level.

    This is the airport game: a runway for the largest aircraft, a room for the largest
    meeting. It is the Shapley value where a coalition costs its highest level.

    :param needs: the level that each needs; 0 or None needs nothing and pays nothing
    :param costs: what serving each level costs, lower levels included; levels that
        nobody needs may be there
    :raise ValueError: a level without a cost, a cost that falls as the level rises, a
        cost of level 0, an inexact cost
    """
    players = require_key_order(needs)
    shares = dict.fromkeys(players, Fraction())
    waiting = {player for player in players if needs[player]}
    for player in players:
        if player in waiting and needs[player] not in costs:
            raise ValueError(
                f"{player!r} needs level {needs[player]!r}, which has no cost."
            )
    below = owed = Fraction()
    for level in require_key_order(costs):
        at_level = require_exact(costs[level], f"The cost of level {level!r}")
        least = f"at least {below}, like what is below it" if level else "0"
        if at_level < below or (at_level and not level):
            raise ValueError(
                f"Level {level!r} costs {at_level}, but must cost {least}."
            )
        if waiting:
            owed += Fraction(at_level - below, len(waiting))
        for player in [name for name in waiting if needs[name] == level]:
            shares[player] = owed
            waiting.remove(player)
        below = at_level
    return shares


def capped(
    total: Exact,
    weights: Mapping[Key, Exact],
    ceilings: Mapping[Key, Exact | None],
) -> dict[Key, Fraction]:
    """Share by weight, but nobody pays more than its ceiling.

    Each pays min(ceiling, rate × weight) with one rate for all, so that what the capped
    ones do not pay falls on the others by weight.

    :param ceilings: the most that each may pay, such as the cost of doing it alone;
        without one, or with None, there is no limit
    :raise ValueError: ceilings that do not cover the total, a negative ceiling, and
        what `quotas` refuses
    """
    keys = require_weights(weights)
    left, basis = Fraction(require_exact(total, "The total")), sum(weights.values())
    limits = {key: ceilings.get(key) for key in keys if weights[key]}
    limits = {key: limit for key, limit in limits.items() if limit is not None}
    for key, limit in limits.items():
        if require_exact(limit, f"The ceiling of {key!r}") < 0:
            raise ValueError(f"The ceiling of {key!r} is {limit}; it is negative.")
    shares = {}
    # Who reaches its ceiling at the lowest rate is capped first.
    for key in sorted(limits, key=lambda name: Fraction(limits[name], weights[name])):
        if limits[key] * basis > left * weights[key]:
            break
        shares[key] = Fraction(limits[key])
        left, basis = left - limits[key], basis - weights[key]
    if left and not basis:
        raise ValueError(
            f"The ceilings add up to {total - left}, which is {left} less than the"
            f" total of {total}."
        )
    rate = left / basis if basis else Fraction()
    return {key: shares.get(key, rate * weights[key]) for key in keys}


def two_part(
    total: Exact,
    fixed: Exact,
    basis: Mapping[Key, Exact],
    usage: Mapping[Key, Exact],
) -> dict[Key, Fraction]:
    """Share a fixed part of the total by one set of weights, the rest by use.

    :param fixed: from 0 (all by use) to 1 (nothing by use)
    :param basis: weights of the fixed part; not needed when `fixed` is 0
    :param usage: weights of the rest; not needed when `fixed` is 1
    :return: the share of everybody in `basis` or `usage`
    :raise ValueError: a fixed part beyond 0 and 1, a part that no weight carries, and
        what `quotas` refuses
    """
    require_exact(total, "The total")
    if not 0 <= require_exact(fixed, "The fixed part") <= 1:
        raise ValueError(f"The fixed part must lie between 0 and 1, but is {fixed}.")
    shares = dict.fromkeys(require_key_order({*basis, *usage}), Fraction())
    for part, weights in ((fixed, basis), (1 - fixed, usage)):
        if part:
            for key, share in quotas(part * total, weights).items():
                shares[key] += share
    return shares


def violations(
    cost: Cost, shares: Mapping[Key, Exact]
) -> list[tuple[tuple[Key, ...], Exact, Exact]]:
    """Return the coalitions that would pay less alone than they pay together.

    All coalitions of up to 14 players, the one of all included; with more players,
    single players only: an empty list then does not say that no group would leave.

    :return: (the players in order, what they would pay alone, what they pay), smaller
        coalitions first, then in the order of the players
    :raise ValueError: a share or a cost that is not exact
    """
    names = require_key_order(shares)
    for name in names:
        require_exact(shares[name], f"The share of {name!r}")
    if len(names) > MOST_PLAYERS:
        coalitions = [(name,) for name in names]
    else:
        coalitions = [_members(names, mask) for mask in range(1, 1 << len(names))]
    position = {name: place for place, name in enumerate(names)}
    coalitions.sort(key=lambda group: (len(group), [position[name] for name in group]))
    found = []
    for group in coalitions:
        alone, together = _cost_of(group, cost), sum(shares[name] for name in group)
        if alone < together:
            found.append((group, alone, together))
    return found


def _require_players(players: Iterable[Key]) -> list[Key]:
    names = require_key_order(list(players))
    for name, following in zip(names, names[1:], strict=False):
        if name == following:
            raise ValueError(f"The player {name!r} is named more than once.")
    return names


def _members(names: list[Key], mask: int) -> tuple[Key, ...]:
    return tuple(name for i, name in enumerate(names) if mask >> i & 1)


def _cost_of(group: tuple[Key, ...], cost: Cost) -> Exact:
    return require_exact(cost(frozenset(group)), f"The cost of {list(group)}")


def _cost_by_mask(names: list[Key], cost: Cost) -> list[Exact]:
    """Return the cost of each coalition, by the bits of its players."""
    costs = [_cost_of(_members(names, mask), cost) for mask in range(1 << len(names))]
    if costs[0]:
        raise ValueError(f"Serving nobody must cost 0, but costs {costs[0]}.")
    return costs
