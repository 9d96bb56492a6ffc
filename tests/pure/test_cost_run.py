"""One run of a pool: what is split, what a correction adds, what is left to call."""

from collections import Counter
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from odoo.addons.ess_mutualisation.tools.apportionment import apportion, instalments
from odoo.addons.ess_mutualisation.tools.cost_run import (
    NotShared,
    Part,
    Rule,
    by_part,
    calls_left,
    difference,
    exact_from,
    from_cents,
    in_cents,
    shares,
    to_cents,
)
from odoo.addons.ess_mutualisation.tools.cost_sharing import components, increments

cents = st.integers(0, 10_000_000)
signed = st.integers(-1_000_000, 1_000_000)
weights = st.dictionaries(st.integers(1, 30), st.integers(1, 5000), min_size=1)


@given(st.integers(-(10**12), 10**12), st.sampled_from([1, 2, 4]))
def test_decimals_lose_nothing(units, decimals):
    number = units / 10**decimals
    assert exact_from(number, decimals) == Fraction(units, 10**decimals)
    assert to_cents(from_cents(units, decimals), decimals) == units


# === SHARES === #


@given(weights, weights, cents, st.fractions(0, 1))
def test_two_parts_sum_to_the_costs(fixed, usage, total, part):
    rule = Rule(weights=fixed, usage=usage, fixed=part)
    found = shares({0: total}, rule)
    assert sum(found.values()) == total
    assert set(found) == {*fixed, *usage}


@given(signed, weights)
def test_credit_notes_are_mirrored(total, given_weights):
    rule = Rule(weights=given_weights)
    less = shares({0: -total}, rule)
    assert {k: -v for k, v in less.items()} == shares({0: total}, rule)


def test_nobody_has_a_weight():
    with pytest.raises(NotShared) as caught:
        shares({0: 100}, Rule(weights={1: 0, 2: 0}))
    assert caught.value.reason == "no_weight"
    with pytest.raises(NotShared) as caught:
        shares({0: 100}, Rule(weights={1: 1}, usage={1: 0}, fixed=Fraction(1, 2)))
    assert (caught.value.reason, caught.value.figures["cents"]) == ("no_usage", 50)


def test_no_costs_ask_for_no_weights():
    assert shares({0: 0}, Rule(weights={1: 0, 2: 0})) == {1: 0, 2: 0}


needs = st.dictionaries(
    st.integers(1, 6), st.sets(st.sampled_from("abcd"), min_size=1), min_size=1
)


@given(
    st.dictionaries(st.integers(1, 6), cents, min_size=1), needs, st.integers(1, 365)
)
def test_same_days_are_the_components_of_the_theory(costs, needed, days):
    """With equal days, it is the Shapley value that `components` gives."""
    users = {part: needed.get(part, {"a"}) for part in costs}
    parts = tuple(
        Part(part, dict.fromkeys(users[part], days), frozenset({part}))
        for part in costs
    )
    expected = components(costs, users)
    assert shares(costs, Rule(parts=parts)) == expected


@given(
    st.lists(cents, min_size=1, max_size=5),
    st.dictionaries(st.sampled_from("abcdef"), st.integers(0, 5), min_size=1),
)
def test_same_days_are_the_increments_of_the_theory(steps, levels):
    levels = {key: min(level, len(steps)) for key, level in levels.items()}
    top = max(levels.values())
    steps = steps[:top]
    parts = tuple(
        Part(
            level, {k: 90 for k, v in levels.items() if v >= level}, frozenset({level})
        )
        for level in range(1, top + 1)
    )
    found = shares(
        dict(enumerate(steps, 1)), Rule(weights=dict.fromkeys(levels, 0), parts=parts)
    )
    costs = {level: sum(steps[:level]) for level in range(1, top + 1)}
    assert found == increments(levels, costs)


def test_costs_without_a_component():
    """300 of rent have their component; 100 of cleaning go 3 : 1 to the open ones."""
    parts = [
        Part("depot", {1: 1}, frozenset({"rent"})),
        Part("hall", {1: 1}, amount=3),
        Part("yard", {2: 1}, amount=1),
    ]
    found = by_part({"rent": 300, "cleaning": 100}, parts)
    assert found == {"depot": 300, "hall": 75, "yard": 25}
    with pytest.raises(NotShared) as caught:
        by_part({"rent": 300, "cleaning": 100}, parts[:1])
    assert caught.value.figures == {"cents": 100, "products": ["cleaning"]}


def test_a_part_that_nobody_needs():
    rule = Rule(parts=(Part("hall", {}, frozenset({"rent"})),), weights={1: 0})
    with pytest.raises(NotShared) as caught:
        shares({"rent": 300}, rule)
    assert caught.value.figures == {"part": "hall", "cents": 300}


@given(weights, cents)
def test_nobody_above_the_cost_alone(given_weights, total):
    ceilings = {k: Fraction(total * 2, len(given_weights)) for k in given_weights}
    found = shares({0: total}, Rule(weights=given_weights, ceilings=ceilings))
    assert sum(found.values()) == total
    assert all(found[k] <= ceilings[k] for k in found)


def test_ceilings_that_cannot_hold_and_one_that_is_unknown():
    with pytest.raises(NotShared) as caught:
        shares({0: 100}, Rule(weights={1: 1, 2: 1}, ceilings={1: 40, 2: 50}))
    assert caught.value.figures == {"cents": 100, "most": 90}
    with pytest.raises(NotShared) as caught:
        shares({0: 100}, Rule(weights={1: 1, 2: 1, 3: 0}, ceilings={1: 90, 3: None}))
    assert caught.value.figures == {"members": [2]}


# === CENTS === #

fractions = st.fractions(-1000, 1000, max_denominator=97)


@given(st.dictionaries(st.integers(1, 20), fractions, min_size=1))
def test_rounding_keeps_the_sum(exact):
    rest = -sum(exact.values()) % 1
    exact[0] = Fraction(rest)
    found = in_cents(exact)
    assert sum(found.values()) == sum(exact.values())
    assert all(abs(found[key] - exact[key]) < 1 for key in exact)


@given(st.integers(-(10**6), 10**6), weights)
def test_rounding_is_apportionment(total, given_weights):
    basis = sum(given_weights.values())
    exact = {k: Fraction(total * w, basis) for k, w in given_weights.items()}
    assert in_cents(exact) == apportion(total, given_weights)


def test_rounding_refuses_what_does_not_sum():
    with pytest.raises(ValueError, match="sum to 1/3"):
        in_cents({1: Fraction(1, 3)})


# === RUNS OF A YEAR === #


@given(st.lists(st.tuples(signed, weights), min_size=1, max_size=12))
def test_twelve_months_are_the_year(months):
    """Whatever weights change, the runs sum to the annual computation, to the cent."""
    year_exact, year_cents = Counter(), Counter()
    for total, given_weights in months:
        found = difference(
            shares({0: total}, Rule(weights=given_weights)), {}, year_exact, year_cents
        )
        assert sum(found.cents.values()) == total
        year_exact.update(found.exact)
        year_cents.update(found.cents)
    assert dict(year_cents) == in_cents(dict(year_exact))


@given(signed, signed, weights, weights)
def test_a_run_and_its_correction_are_the_run_that_knew_all(first, late, before, after):
    """run(A) + correction(A→B) == run(B), also when the weights were corrected."""
    early = difference(shares({0: first}, Rule(weights=before)), {}, {}, {})
    now = shares({0: first + late}, Rule(weights=after))
    late_run = difference(now, early.exact, early.exact, early.cents)
    direct = difference(now, {}, {}, {})
    for key in late_run.cents:
        both = early.cents.get(key, 0) + late_run.cents[key]
        assert both == direct.cents.get(key, 0)
    assert sum(late_run.cents.values()) == late


# === CALLS === #


@given(
    st.dictionaries(st.integers(1, 9), cents, min_size=1),
    st.dictionaries(st.integers(1, 9), cents),
    st.integers(1, 12),
)
def test_calls_left_close_on_the_annual_share(targets, called, parts):
    rows = calls_left(targets, called, parts)
    assert len(rows) == parts
    for key in {*targets, *called}:
        left = targets.get(key, 0) - called.get(key, 0)
        assert sum(row[key] for row in rows) == left
        assert all(row[key] * left >= 0 for row in rows)


@given(st.integers(1, 10**7), weights, st.integers(1, 12))
def test_calls_before_any_are_the_instalments(total, given_weights, parts):
    targets = apportion(total, given_weights)
    expected = instalments(total, targets, parts)
    for row, other in zip(calls_left(targets, {}, parts), expected, strict=True):
        assert {k: v for k, v in row.items() if v} == {
            k: v for k, v in other.items() if v
        }


def test_who_comes_later_is_called_later_and_who_left_is_paid_back_at_once():
    """Four quarters; 2 comes with the third, 3 left and was called 50 too much."""
    rows = calls_left(
        {1: 400, 2: 100, 3: 0}, {3: 50}, 4, {1: [0, 1, 2, 3], 2: [2, 3], 3: []}
    )
    assert rows == [
        {1: 100, 2: 0, 3: -50},
        {1: 100, 2: 0, 3: 0},
        {1: 100, 2: 50, 3: 0},
        {1: 100, 2: 50, 3: 0},
    ]
