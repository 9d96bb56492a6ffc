"""Goods in short supply: against the sequential methods, one unit after the other."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from odoo.addons.ess_mutualisation.tools.apportionment import ration

SUMMED = ["proportional", "equal"]

claims = st.dictionaries(st.integers(1, 30), st.integers(0, 25), max_size=8)
large = st.dictionaries(
    st.text("abcdef", min_size=1, max_size=3),
    st.integers(0, 10**9),
    min_size=1,
    max_size=8,
)
rules = st.sampled_from(["proportional", "equal", "priority"])


def one_by_one(available, asked, turn):
    """Give each unit to whose turn comes first: smallest turn, then largest claim."""
    got = dict.fromkeys(asked, 0)
    for _unit in range(min(available, sum(asked.values()))):
        waiting = [key for key in asked if got[key] < asked[key]]
        served = min(waiting, key=lambda key: (turn(key, got), -asked[key], key))
        got[served] += 1
    return got


def webster(available, asked):
    return one_by_one(
        available, asked, lambda key, got: -Fraction(asked[key], 2 * got[key] + 1)
    )


def equal(available, asked):
    return one_by_one(available, asked, lambda key, got: got[key])


def handed_out(available, asked, rule):
    priority = sorted(asked, reverse=True)
    return ration(available, asked, rule, priority)


def test_thirty_chairs_where_sixty_are_asked_for():
    asked = {"a": 30, "b": 20, "c": 10}
    assert ration(30, asked) == {"a": 15, "b": 10, "c": 5}
    assert ration(30, asked, "equal") == {"a": 10, "b": 10, "c": 10}
    served = ration(30, asked, "priority", ["c", "b", "a"])
    assert served == {"a": 0, "b": 20, "c": 10}


def test_equal_means_as_equal_as_the_claims_allow():
    assert ration(10, {"a": 1, "b": 9, "c": 9}, "equal") == {"a": 1, "b": 5, "c": 4}
    assert ration(2, {"c": 5, "b": 5, "a": 5}, "equal") == {"a": 1, "b": 1, "c": 0}


def test_goods_know_no_alabama():
    """Where the shares of money fall from 2 to 1 (6, 6, 2; from 10 to 11 units)."""
    asked = {"a": 6, "b": 6, "c": 2}
    for units in range(15):
        expected = 0 if units < 5 else 1 if units < 12 else 2
        assert ration(units, asked)["c"] == expected


@given(st.integers(0, 200), claims)
def test_proportional_is_webster_unit_by_unit(available, asked):
    assert ration(available, asked) == webster(available, asked)


@given(st.integers(0, 200), claims)
def test_equal_is_constrained_equal_awards_unit_by_unit(available, asked):
    assert ration(available, asked, "equal") == equal(available, asked)


@given(st.integers(1, 40), st.integers(1, 3), st.integers(0, 120))
def test_equal_claims_in_every_number_are_unit_by_unit(count, claim, available):
    """Ties only: the first count is off by as much as it can be."""
    asked = dict.fromkeys(range(count), claim)
    assert ration(available, asked) == webster(available, asked)


@given(st.data(), st.one_of(claims, large), rules)
def test_never_above_the_claim_and_all_is_handed_out(data, asked, rule):
    every = sum(asked.values())
    available = data.draw(st.integers(0, every + 5))
    got = handed_out(available, asked, rule)
    assert got.keys() == asked.keys()
    assert all(0 <= got[key] <= asked[key] for key in asked)
    assert sum(got.values()) == min(available, every)
    assert handed_out(every, asked, rule) == asked


@given(st.data(), st.one_of(claims, large), rules)
def test_one_more_unit_takes_none_away_from_anybody(data, asked, rule):
    available = data.draw(st.integers(0, sum(asked.values()) + 1))
    before = handed_out(available, asked, rule)
    after = handed_out(available + 1, asked, rule)
    assert all(before[key] <= after[key] for key in asked)


@given(st.data(), st.one_of(claims, large), st.sampled_from(SUMMED))
def test_larger_claim_never_gets_less_and_equals_differ_by_one(data, asked, rule):
    got = ration(data.draw(st.integers(0, sum(asked.values()))), asked, rule)
    for one in asked:
        for other in asked:
            if asked[one] > asked[other]:
                assert got[one] >= got[other]
            elif asked[one] == asked[other]:
                assert abs(got[one] - got[other]) <= 1


@given(st.data(), large)
def test_large_amounts_have_the_divisor_of_webster(data, asked):
    """No unit given scores less than one that was not given."""
    got = ration(data.draw(st.integers(0, sum(asked.values()))), asked)
    given_last = [Fraction(asked[key], 2 * got[key] - 1) for key in asked if got[key]]
    next_in_line = [Fraction(asked[key], 2 * got[key] + 1) for key in asked]
    assert not given_last or min(given_last) >= max(next_in_line)


@given(st.data(), claims, st.randoms(use_true_random=False), rules)
def test_order_of_the_input_decides_nothing(data, asked, order, rule):
    available = data.draw(st.integers(0, sum(asked.values())))
    mixed = dict(order.sample(sorted(asked.items()), len(asked)))
    got = handed_out(available, asked, rule)
    assert list(handed_out(available, mixed, rule).items()) == list(got.items())


def test_nobody_asks_and_nothing_is_there():
    for rule in ("proportional", "equal", "priority"):
        assert handed_out(5, {}, rule) == {}
        assert handed_out(0, {"a": 3, "b": 0}, rule) == {"a": 0, "b": 0}
        assert handed_out(5, {"a": 0}, rule) == {"a": 0}


@pytest.mark.parametrize(
    ("call", "message"),
    [
        ((-1, {"a": 1}), "The amount available is -1; it is negative."),
        ((1.5, {"a": 1}), "The amount available must be a whole number, but is 1.5"),
        ((1, {"a": -1}), "The claim of 'a' is -1; it must not be negative."),
        ((1, {"a": 0.5}), "The claim of 'a' must be a whole number, but is 0.5"),
        ((1, {"a": 1}, "lottery"), "Unknown rule 'lottery'; known are proportional,"),
        ((1, {"a": 1}, "priority"), "must name 'a' once, but names it 0 times."),
        ((1, {"a": 1}, "priority", "aa"), "must name 'a' once, but names it 2 times."),
        ((1, {"a": 1}, "priority", "ab"), "The priority names 'b', who has no claim."),
        ((1, {"a": 1, 1: 1}), "Keys must be of one kind to be put in order"),
    ],
)
def test_bad_input_is_refused(call, message):
    with pytest.raises(ValueError, match=message):
        ration(*call)
