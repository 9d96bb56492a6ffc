"""Cost sharing: against brute force, and against figures that were published."""

from fractions import Fraction
from itertools import combinations, permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from odoo.addons.ess_mutualisation.tools.apportionment import apportion, quotas
from odoo.addons.ess_mutualisation.tools.cost_sharing import (
    capped,
    components,
    increments,
    shapley,
    two_part,
    violations,
)

players = st.sampled_from([[], [7], ["b", "a"], [3, 1, 2], ["d", "a", "c", "b"]])
exact = st.one_of(st.integers(-50, 50), st.fractions(-9, 9, max_denominator=6))
costs = st.one_of(st.integers(0, 50), st.fractions(0, 9, max_denominator=6))
weights = st.dictionaries(st.integers(1, 9), costs, min_size=1, max_size=6).filter(
    lambda given: any(given.values())
)


def coalitions(names):
    return [
        frozenset(group)
        for size in range(len(names) + 1)
        for group in combinations(sorted(names), size)
    ]


@st.composite
def games(draw, values=exact):
    names = draw(players)
    table = {group: draw(values) for group in coalitions(names)}
    return names, {**table, frozenset(): 0}


def by_every_order(names, cost):
    """Average what each adds, over every order of joining."""
    orders = list(permutations(names))
    totals = dict.fromkeys(names, Fraction())
    for order in orders:
        there = frozenset()
        for name in order:
            totals[name] += cost(there | {name}) - cost(there)
            there |= {name}
    return {name: total / len(orders) for name, total in totals.items()}


def highest(of):
    """Return the game in which a coalition costs its most expensive member."""
    return lambda group: max((of[name] for name in group), default=0)


# Published figures


def test_the_estate_of_ibn_ezra():
    """Four heirs claim all, 1/2, 1/3 and 1/4 of 120; dated 1146.

    Ibn Ezra's answer, 80 5/6, 20 5/6, 10 5/6 and 7 1/2, is the Shapley value: R. J.
    Aumann, "Some non-superadditive games, and their Shapley values, in the Talmud"
    (International Journal of Game Theory 39, 2010). Checked against the documentation
    of the R package CoopGame, `shapleyValue`, which has the game and 80.83333,
    20.83333, 10.83333, 7.50000.
    """
    claims = {"Reuben": 120, "Simon": 60, "Levi": 40, "Judah": 30}
    answer = {
        "Reuben": Fraction(485, 6),
        "Simon": Fraction(125, 6),
        "Levi": Fraction(65, 6),
        "Judah": Fraction(15, 2),
    }
    assert shapley(claims, highest(claims)) == answer
    assert increments(claims, {claim: claim for claim in claims.values()}) == answer


def test_the_runway_of_four_aircraft():
    """Runways of 8, 11, 13 and 18 are paid 2, 3, 4 and 9.

    The example that encyclopaedias give for S. C. Littlechild and G. Owen, "A simple
    expression for the Shapley value in a special case" (Management Science 20, 1973):
    8 by four, then 3 by three, 2 by two, and 5 by the last.
    """
    runway = {"A": 8, "B": 11, "C": 13, "D": 18}
    fees = {"A": 2, "B": 3, "C": 4, "D": 9}
    assert shapley(runway, highest(runway)) == fees
    assert increments(runway, {cost: cost for cost in runway.values()}) == fees


def test_the_gloves():
    """Two left gloves and a right one: 1/6, 1/6 and 4/6 of the pair.

    The glove game of the textbooks; follows from 6 orders of joining by hand: the owner
    of the right glove completes the pair in 4, each other in 1.
    """
    pair = shapley("LMR", lambda group: int("R" in group and len(group) > 1))
    assert pair == {"L": Fraction(1, 6), "M": Fraction(1, 6), "R": Fraction(4, 6)}


def test_three_investors():
    """J. Lemaire's example of three deposits, which earn more when put together.

    The returns are those of the documentation of the R package GameTheory,
    `ShapleyValue`; the shares are derived from the 6 orders of joining by hand.
    """
    returns = {"": 0, "1": 46125, "2": Fraction(34875, 2), "3": Fraction(11625, 2)}
    returns |= {"12": Fraction(138375, 2), "13": Fraction(107625, 2), "23": 30750}
    returns["123"] = 90000
    shares = shapley("123", lambda group: returns["".join(sorted(group))])
    assert shares == {"1": 51750, "2": 25875, "3": 12375}


ALONE = {"A": 2195, "H": 1708, "K": 1091, "L": 1588, "M": 2081, "T": 2198}
ALL_TOGETHER = 8382
BY_POPULATION = {"A": 1013, "H": 2100, "K": 319, "L": 822, "M": 3422, "T": 707}


def scania(group):
    """Cost of a coalition, where only all six together build anything in common."""
    together = group == ALONE.keys()
    return ALL_TOGETHER if together else sum(ALONE[name] for name in group)


def test_water_for_scania_by_population_and_with_a_ceiling():
    """Six groups of Swedish municipalities, in 10,000 crowns.

    Figures of H. P. Young, N. Okada and T. Hashimoto, "Cost allocation in water
    resources development: a case study of Sweden" (IIASA WP-79-77, 1979), tables 7 and
    8: shared by population, H and M would pay more than alone. The ceilings are ours.
    """
    found = violations(scania, BY_POPULATION)
    single = [group for group in found if len(group[0]) == 1]
    assert single == [(("H",), 1708, 2100), (("M",), 2081, 3422)]

    shares = capped(ALL_TOGETHER, BY_POPULATION, ALONE)
    assert violations(scania, shares) == []
    rate = Fraction(8382 - 1708 - 2081, 1013 + 319 + 822 + 707)
    by_weight = {name: rate * BY_POPULATION[name] for name in "AKLT"}
    assert shares == {"H": 1708, "M": 2081, **by_weight}
    assert sum(apportion(ALL_TOGETHER, shares).values()) == ALL_TOGETHER


# Shapley value


@given(games())
def test_shapley_is_the_average_over_every_order(game):
    names, table = game
    assert shapley(names, table.__getitem__) == by_every_order(names, table.__getitem__)


@given(games())
def test_shapley_shares_the_cost_of_all(game):
    names, table = game
    assert sum(shapley(names, table.__getitem__).values()) == table[frozenset(names)]


@given(games(), st.data())
def test_shapley_adds_up_over_two_costs(game, data):
    names, one = game
    other = {group: data.draw(exact) if group else 0 for group in one}
    apart = [shapley(names, table.__getitem__) for table in (one, other)]
    both = shapley(names, lambda group: one[group] + other[group])
    assert both == {name: apart[0][name] + apart[1][name] for name in names}


@given(st.lists(exact, min_size=4, max_size=4), exact)
def test_shapley_treats_the_same_alike_and_who_adds_nothing_pays_nothing(sizes, own):
    """a, b, c count alike, d adds its own cost only and e adds none."""
    sizes[0] = 0

    def cost(group):
        return sizes[len(group & set("abc"))] + ("d" in group) * own

    shares = shapley("edcba", cost)
    assert shares["a"] == shares["b"] == shares["c"] == Fraction(sizes[3], 3)
    assert shares["d"] == own
    assert shares["e"] == 0


def test_fourteen_players_are_looked_at_once_in_each_coalition():
    seen = []

    def cost(group):
        seen.append(group)
        return len(group) ** 2

    assert set(shapley(range(14), cost).values()) == {14}
    assert len(seen) == len(set(seen)) == 2**14


@pytest.mark.parametrize(
    ("names", "cost", "message"),
    [
        (range(15), len, "up to 14 players can be looked at, 15 were given."),
        ("aba", len, "The player 'a' is named more than once."),
        (["a", 1], len, "Keys must be of one kind to be put in order, but are: int,"),
        ("a", lambda group: 5, "Serving nobody must cost 0, but costs 5."),
        ("ab", lambda group: len(group) / 2, r"The cost of \[\] must be an int or a"),
        ("ab", lambda group: None if group else 0, r"The cost of \['a'\] must be"),
    ],
)
def test_games_that_cannot_be_shared_are_refused(names, cost, message):
    with pytest.raises(ValueError, match=message):
        shapley(names, cost)


# Components and increments


@st.composite
def needed_parts(draw, values=costs):
    parts = draw(st.dictionaries(st.integers(1, 6), values, max_size=5))
    some = st.sets(st.sampled_from("abcde"), min_size=1)
    return parts, {part: draw(some) for part in parts}


def cost_of_parts(parts, users):
    return lambda group: sum(parts[part] for part in parts if users[part] & group)


def test_a_kitchen_a_van_and_a_room():
    parts = {"kitchen": 30000, "van": 12000, "room": 0}
    users = {"kitchen": ["a", "b", "b", "c"], "van": ["c"], "room": ["d"]}
    assert components(parts, users) == {"a": 10000, "b": 10000, "c": 22000, "d": 0}


@given(needed_parts(exact))
def test_components_are_the_shapley_value(game):
    parts, users = game
    shares = components(parts, users)
    assert shares == by_every_order(list(shares), cost_of_parts(parts, users))


@given(needed_parts())
def test_no_group_would_leave_components_and_who_needs_nothing_pays_nothing(game):
    parts, users = game
    shares = components(parts, users)
    assert violations(cost_of_parts(parts, users), shares) == []
    assert sum(shares.values()) == sum(parts.values())
    for name, share in shares.items():
        needed = [parts[part] for part in parts if name in users[part]]
        assert any(needed) or share == 0


def test_components_that_nobody_carries_are_refused():
    with pytest.raises(ValueError, match="Nobody needs 'van', which costs 12000."):
        components({"van": 12000}, {})
    with pytest.raises(ValueError, match="Nobody needs 'van', which costs 12000."):
        components({"van": 12000}, {"van": []})
    with pytest.raises(ValueError, match="The part 'vna' has users but no cost."):
        components({"van": 12000}, {"van": ["a"], "vna": ["b"]})
    with pytest.raises(ValueError, match="The cost of 'van' must be an int or a Frac"):
        components({"van": 0.5}, {"van": ["a"]})
    assert components({"van": 0}, {}) == {}


@st.composite
def rising(draw):
    """Needs from 0 (nothing) to 4, and costs that never fall, for more levels."""
    total, cost = 0, {}
    for level in range(1, 6):
        total += draw(costs)
        cost[level] = total
    names = st.dictionaries(st.sampled_from("abcde"), st.none() | st.integers(0, 4))
    return draw(names), cost


@given(rising())
def test_increments_are_the_shapley_value(game):
    needs, cost = game
    of = {name: cost.get(level, 0) for name, level in needs.items()}
    shares = increments(needs, cost)
    assert shares == by_every_order(list(needs), highest(of))
    assert violations(highest(of), shares) == []


@given(rising())
def test_larger_need_never_pays_less_and_no_need_pays_nothing(game):
    needs, cost = game
    shares = increments(needs, cost)
    assert sum(shares.values()) == max(
        (cost.get(level, 0) for level in needs.values()), default=0
    )
    for one, level in needs.items():
        assert level or shares[one] == 0
        for other, more in needs.items():
            assert (level or 0) > (more or 0) or shares[one] <= shares[other]


def test_increments_that_make_no_sense_are_refused():
    with pytest.raises(ValueError, match="'a' needs level 3, which has no cost."):
        increments({"a": 3}, {1: 5, 2: 6})
    with pytest.raises(ValueError, match="Level 2 costs 4, but must cost at least 5"):
        increments({"a": 1}, {1: 5, 2: 4})
    with pytest.raises(ValueError, match="Level 1 costs -5, but must cost at least 0"):
        increments({"a": 1}, {1: -5})
    with pytest.raises(ValueError, match="Level 0 costs 4, but must cost 0."):
        increments({"a": 1}, {0: 4, 1: 5})
    with pytest.raises(ValueError, match="The cost of level 1 must be an int or a"):
        increments({"a": 1}, {1: 0.5})
    assert increments({"a": 1, "b": 0}, {0: 0, 1: 5}) == {"a": 5, "b": 0}


# Ceilings, two parts


@st.composite
def ceilings(draw):
    basis = draw(weights)
    limits = {name: draw(st.none() | costs) for name in basis}
    for name in draw(st.sets(st.sampled_from(sorted(basis)))):
        del limits[name]
    return basis, limits


def test_what_the_capped_do_not_pay_falls_on_the_others_by_weight():
    basis = {"a": 50, "b": 30, "c": 20, "d": 0}
    shares = capped(10000, basis, {"a": 2000, "b": None})
    assert shares == {"a": 2000, "b": 4800, "c": 3200, "d": 0}


@given(st.integers(-40, 120) | exact, ceilings())
def test_one_rate_for_all_and_nobody_above_the_ceiling(total, rule):
    basis, limits = rule
    known = [limits.get(name) for name in basis if basis[name]]
    reach = None if None in known else sum(known)
    if reach is not None and reach < total:
        with pytest.raises(ValueError, match="The ceilings add up to"):
            capped(total, basis, limits)
        return
    shares = capped(total, basis, limits)
    assert sum(shares.values()) == total
    rates = set()
    for name, weight in basis.items():
        limit = limits.get(name)
        if not weight:
            assert shares[name] == 0
        elif limit is None or shares[name] < limit:
            rates.add(shares[name] / weight)
        else:
            assert shares[name] == limit
    assert len(rates) <= 1
    for name, weight in basis.items():
        assert all(shares[name] <= rate * weight for rate in rates)


@given(exact, weights)
def test_without_a_ceiling_it_is_by_weight(total, basis):
    assert capped(total, basis, {}) == quotas(total, basis)


def test_ceilings_that_do_not_reach_are_refused_with_the_figures():
    message = "The ceilings add up to 70, which is 30 less than the total of 100."
    with pytest.raises(ValueError, match=message):
        capped(100, {"a": 1, "b": 2, "c": 0}, {"a": 30, "b": 40, "c": 90})
    with pytest.raises(ValueError, match="The ceiling of 'a' is -1; it is negative."):
        capped(100, {"a": 1, "b": 2}, {"a": -1})
    with pytest.raises(ValueError, match="The ceiling of 'a' must be an int or a Frac"):
        capped(100, {"a": 1, "b": 2}, {"a": 0.5})
    with pytest.raises(ValueError, match="Nothing can be shared"):
        capped(100, {}, {})


def test_a_fifth_for_being_there_the_rest_by_use():
    shares = two_part(10000, Fraction(1, 5), {"a": 1, "b": 1}, {"b": 3, "c": 1})
    assert shares == {"a": 1000, "b": 7000, "c": 2000}


@given(exact, st.fractions(0, 1, max_denominator=20), weights, weights)
def test_two_parts_are_the_mix_of_both(total, fixed, basis, usage):
    shares = two_part(total, fixed, basis, usage)
    assert sum(shares.values()) == total
    there, used = quotas(total, basis), quotas(total, usage)
    for name, share in shares.items():
        assert share == fixed * there.get(name, 0) + (1 - fixed) * used.get(name, 0)


def test_a_part_that_nobody_carries_is_refused():
    with pytest.raises(ValueError, match="Nothing can be shared, because no weight"):
        two_part(100, Fraction(1, 2), {"a": 1}, {})
    with pytest.raises(ValueError, match="between 0 and 1, but is 3/2"):
        two_part(100, Fraction(3, 2), {"a": 1}, {"a": 1})
    with pytest.raises(ValueError, match="The fixed part must be an int or a Fraction"):
        two_part(100, 0.5, {"a": 1}, {"a": 1})
    assert two_part(100, 1, {"a": 1}, {}) == {"a": 100}
    assert two_part(100, 0, {}, {"a": 1}) == {"a": 100}


# Who would pay less alone


@given(games(), st.data())
def test_violations_are_every_coalition_that_is_cheaper_alone(game, data):
    names, table = game
    shares = {name: data.draw(exact) for name in names}
    found = violations(table.__getitem__, shares)
    expected = [
        (tuple(sorted(group)), table[group], sum(shares[name] for name in group))
        for group in coalitions(names)
        if group and table[group] < sum(shares[name] for name in group)
    ]
    assert found == expected


def test_with_many_players_only_each_alone_is_looked_at():
    shares = {**dict.fromkeys(range(20), 4), 3: 6}
    assert violations(lambda group: 5 if len(group) == 1 else 1, shares) == [
        ((3,), 5, 6)
    ]


def test_shares_that_are_not_exact_are_refused():
    with pytest.raises(ValueError, match="The share of 'a' must be an int or a Frac"):
        violations(len, {"a": 0.5})


@given(games(), needed_parts(), rising(), st.randoms(use_true_random=False))
def test_order_of_the_input_decides_nothing(game, parts, levels, order):
    def mixed(mapping):
        return dict(order.sample(list(mapping.items()), len(mapping)))

    def same(one, other):
        assert list(one.items()) == list(other.items())

    names, table = game
    cost = table.__getitem__
    same(shapley(order.sample(names, len(names)), cost), shapley(names, cost))
    same(components(*map(mixed, parts)), components(*parts))
    same(increments(*map(mixed, levels)), increments(*levels))
