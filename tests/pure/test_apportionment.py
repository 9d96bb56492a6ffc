"""Apportionment of money: exact to the cent, and the same whatever the order."""

from datetime import date, timedelta
from fractions import Fraction
from math import ceil, floor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from odoo.addons.ess_mutualisation.tools.apportionment import (
    apportion,
    cumulative,
    days_present,
    instalments,
    quotas,
)

ints = st.dictionaries(st.integers(1, 99), st.integers(0, 20), min_size=1, max_size=8)
fractions = st.dictionaries(
    st.text("abcdef", min_size=1, max_size=3),
    st.fractions(0, 5, max_denominator=12),
    min_size=1,
    max_size=8,
)
weights = st.one_of(ints, fractions).filter(lambda given: any(given.values()))
totals = st.one_of(st.integers(-300, 300), st.integers(-(10**12), 10**12))
amounts = st.lists(st.integers(-500, 2000), max_size=12)


def shuffled(mapping, order):
    return dict(order.sample(sorted(mapping.items()), len(mapping)))


def sum_by_key(rows, keys):
    return {key: sum(row[key] for row in rows) for key in keys}


def test_ten_euros_for_three():
    assert apportion(1000, {"a": 1, "b": 1, "c": 1}) == {"a": 334, "b": 333, "c": 333}


def test_seven_cents_by_the_larger_remainder_then_the_larger_weight_then_the_key():
    assert apportion(7, {"a": 2, "b": 3, "c": 5}) == {"a": 1, "b": 2, "c": 4}
    assert apportion(5, {"b": 1, "a": 1, "c": 2}) == {"a": 1, "b": 1, "c": 3}
    assert apportion(1, {9: 1, 10: 1}) == {9: 1, 10: 0}
    # Three remainders of one half, two cents: 1.5 comes before 0.5.
    assert apportion(4, {"a": 1, "b": 3, "c": 3, "d": 1}) == dict(a=0, b=2, c=2, d=0)


def test_many_small_parts_do_not_push_the_large_one_out_of_its_quota():
    """Spreading the 3 cents left evenly over all would give the large one 12."""
    parts = {0: Fraction(106, 10), **dict.fromkeys(range(1, 7), Fraction(4, 10))}
    assert apportion(13, parts) == {0: 11, 1: 1, 2: 1, 3: 0, 4: 0, 5: 0, 6: 0}


def test_alabama_one_cent_more_may_take_one_away_and_never_two():
    """The paradox is known and accepted; this documents it."""
    parts = {"a": 6, "b": 6, "c": 2}
    assert apportion(10, parts) == {"a": 4, "b": 4, "c": 2}
    assert apportion(11, parts) == {"a": 5, "b": 5, "c": 1}


@given(totals, weights)
def test_sum_is_exact_and_every_share_within_its_quota(total, basis):
    shares, exact = apportion(total, basis), quotas(total, basis)
    assert sum(shares.values()) == total == sum(exact.values())
    for key, share in shares.items():
        assert floor(exact[key]) <= share <= ceil(exact[key])
        assert basis[key] or share == 0


@given(totals, weights)
def test_larger_weight_never_gets_less_and_equal_ones_differ_by_one(total, basis):
    shares = {key: abs(share) for key, share in apportion(total, basis).items()}
    for one in basis:
        for other in basis:
            if basis[one] > basis[other]:
                assert shares[one] >= shares[other]
            elif basis[one] == basis[other]:
                assert abs(shares[one] - shares[other]) <= 1
                assert (shares[one] >= shares[other]) == (
                    one <= other or shares[one] == shares[other]
                )


@given(totals, weights, st.randoms(use_true_random=False))
def test_order_of_the_input_decides_nothing(total, basis, order):
    shares = apportion(total, basis)
    again = apportion(total, shuffled(basis, order))
    assert list(again.items()) == list(shares.items())


@given(totals, weights, st.fractions(Fraction(1, 50), 50))
def test_scale_of_the_weights_decides_nothing(total, basis, factor):
    scaled = {key: weight * factor for key, weight in basis.items()}
    assert apportion(total, scaled) == apportion(total, basis)


@given(totals, weights)
def test_reversal_takes_back_every_cent(total, basis):
    shares, reversed_ = apportion(total, basis), apportion(-total, basis)
    assert reversed_ == {key: -share for key, share in shares.items()}


@given(totals, weights)
def test_one_more_unit_moves_everybody_by_one_at_most(total, basis):
    before, after = apportion(total, basis), apportion(total + 1, basis)
    assert all(abs(after[key] - before[key]) <= 1 for key in basis)


@given(totals, weights, totals, weights)
def test_correction_brings_a_run_to_the_run_that_should_have_been(was, old, due, new):
    before, after = apportion(was, old), apportion(due, new)
    everybody = {*map(str, before), *map(str, after)}
    first = {str(key): share for key, share in before.items()}
    second = {str(key): share for key, share in after.items()}
    delta = {key: second.get(key, 0) - first.get(key, 0) for key in everybody}
    assert sum(delta.values()) == due - was
    assert all(
        first.get(key, 0) + delta[key] == second.get(key, 0) for key in everybody
    )


@given(amounts, weights)
def test_lines_of_a_total_close_on_both_margins(lines, basis):
    rows = cumulative(lines, basis)
    assert [sum(row.values()) for row in rows] == lines
    assert sum_by_key(rows, basis) == apportion(sum(lines), basis)


@given(st.lists(st.integers(0, 2000), min_size=1, max_size=12), weights)
def test_year_to_date_is_right_after_every_month(months, basis):
    rows = cumulative(months, basis)
    for month in range(1, len(months) + 1):
        so_far = apportion(sum(months[:month]), basis)
        assert sum_by_key(rows[:month], basis) == so_far
    assert all(cell >= -1 for row in rows for cell in row.values())


def test_budget_of_a_thousand_euros_in_twelve_calls():
    rows = instalments(100000, {"a": 1, "b": 1, "c": 1}, 12)
    assert [sum(row.values()) for row in rows] == [8333, 8333, 8334] * 4
    assert sum_by_key(rows, "abc") == {"a": 33334, "b": 33333, "c": 33333}
    assert {cell for row in rows for cell in row.values()} == {2777, 2778}


@given(st.integers(0, 10**6), weights, st.integers(1, 13))
def test_calls_are_even_exact_and_never_negative(total, basis, parts):
    rows = instalments(total, basis, parts)
    called = [sum(row.values()) for row in rows]
    assert len(rows) == parts
    assert sum(called) == total
    assert max(called) - min(called) <= 1
    assert sum_by_key(rows, basis) == apportion(total, basis)
    assert all(cell >= 0 for row in rows for cell in row.values())


@given(st.integers(0, 5000), weights, st.integers(0, 5000), weights)
def test_calls_and_settlement_make_the_share_of_the_year(budget, key, actual, final):
    """What was called by one key is settled by another, to the cent."""
    names = {*map(str, key), *map(str, final)}
    key = {str(name): weight for name, weight in key.items()}
    called = sum_by_key(instalments(budget, key, 12), key)
    share = {str(name): cents for name, cents in apportion(actual, final).items()}
    settled = {name: share.get(name, 0) - called.get(name, 0) for name in names}
    assert sum(settled.values()) == actual - budget


@given(st.integers(0, 500), weights, st.integers(1, 6), st.randoms())
def test_order_of_the_input_decides_no_call(total, basis, parts, order):
    again = instalments(total, shuffled(basis, order), parts)
    assert again == instalments(total, basis, parts)


@pytest.mark.parametrize(
    ("basis", "message"),
    [
        ({}, "Nothing can be shared, because no weight is given."),
        ({"a": 0}, "Nothing can be shared by 1 weights that are all zero."),
        ({"a": -1, "b": 2}, "The weight of 'a' is -1; it must not be negative."),
        ({"a": 0.1}, r"The weight of 'a' must be an int or a Fraction, but is 0\.1"),
        ({"a": None}, "The weight of 'a' must be an int or a Fraction, but is None"),
        ({"a": 1, 2: 1}, "Keys must be of one kind to be put in order, but are: int,"),
    ],
)
def test_a_basis_that_shares_nothing_is_refused(basis, message):
    for total in (0, 5, -5):
        for rule in (apportion, quotas):
            with pytest.raises(ValueError, match=message):
                rule(total, basis)
    with pytest.raises(ValueError, match=message):
        instalments(5, basis, 2)
    with pytest.raises(ValueError, match=message):
        cumulative([], basis)


def test_bad_totals_and_parts_are_refused():
    with pytest.raises(ValueError, match=r"The total must be a whole number, but is 1"):
        apportion(1.0, {"a": 1})
    with pytest.raises(ValueError, match="The total must be a whole number"):
        apportion(Fraction(1, 2), {"a": 1})
    with pytest.raises(ValueError, match="At least 1 instalment is needed, 0 were"):
        instalments(5, {"a": 1}, 0)
    with pytest.raises(ValueError, match="A total of -5 cannot be called"):
        instalments(-5, {"a": 1}, 2)
    with pytest.raises(
        ValueError, match=r"Amount 2 must be a whole number, but is 0.5"
    ):
        cumulative([1, 0.5], {"a": 1})


def test_nothing_to_share_is_nothing_for_everybody():
    assert apportion(0, {"a": 1, "b": 0}) == {"a": 0, "b": 0}
    assert instalments(0, {"a": 1}, 2) == [{"a": 0}, {"a": 0}]


YEAR = date(2026, 1, 1), date(2026, 12, 31)
NEW_YEAR = date(2025, 12, 25)
days = st.integers(0, 380).map(lambda number: NEW_YEAR + timedelta(number))
memberships = st.tuples(days, days | st.none()).filter(
    lambda span: span[1] is None or span[0] <= span[1]
)


@pytest.mark.parametrize(
    ("intervals", "expected"),
    [
        ([], 0),
        ([(date(2020, 1, 1), None)], 365),
        ([(date(2026, 12, 31), None)], 1),
        ([(date(2027, 1, 1), None)], 0),
        ([(date(2020, 1, 1), date(2025, 12, 31))], 0),
        ([(date(2026, 3, 1), date(2026, 3, 31))], 31),
        ([(date(2026, 3, 1), date(2026, 3, 15)), (date(2026, 3, 16), None)], 306),
        ([(date(2026, 3, 1), date(2026, 3, 31)), (date(2026, 3, 10), None)], 306),
    ],
)
def test_days_of_a_membership_in_2026(intervals, expected):
    assert days_present(intervals, *YEAR) == expected


@given(st.lists(memberships, max_size=5), days, days)
def test_days_present_are_counted_one_by_one(intervals, one, other):
    start, stop = sorted((one, other))
    every = [start + timedelta(number) for number in range((stop - start).days + 1)]
    there = [
        day
        for day in every
        if any(first <= day and (not last or day <= last) for first, last in intervals)
    ]
    assert days_present(intervals, start, stop) == len(there)


@given(memberships, st.integers(0, 300))
def test_a_membership_split_in_two_counts_the_same(span, after):
    first, last = span
    cut = first + timedelta(after)
    halves = [(first, cut), (cut + timedelta(1), last)]
    if last is None or cut < last:
        assert days_present(halves, *YEAR) == days_present([span], *YEAR)


def test_who_was_there_half_of_the_year_pays_half_and_who_was_not_nothing():
    there = {
        "all year": days_present([(date(2020, 1, 1), None)], *YEAR),
        "left": days_present([(date(2020, 1, 1), date(2025, 12, 31))], *YEAR),
        "joined": days_present([(date(2026, 7, 2), None)], *YEAR),
    }
    assert there == {"all year": 365, "left": 0, "joined": 183}
    shares = apportion(109600, there)
    assert shares == {"all year": 73000, "left": 0, "joined": 36600}


def test_dates_in_the_wrong_order_are_refused():
    with pytest.raises(ValueError, match="The period must not end before it starts"):
        days_present([], YEAR[1], YEAR[0])
    with pytest.raises(ValueError, match="2026-12-31 to 2026-01-01"):
        days_present([(YEAR[1], YEAR[0])], *YEAR)
