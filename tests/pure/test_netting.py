"""Settling up: exact, few payments, the fewest where they can be found."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from odoo.addons.ess_mutualisation.tools.netting import settle_up


def balanced(amounts):
    return {**dict(enumerate(amounts)), len(amounts): -sum(amounts)}


small = st.lists(st.integers(-6, 6), max_size=7).map(balanced)
wide = st.lists(st.integers(-(10**9), 10**9), max_size=40).map(balanced)
even = st.lists(st.integers(-4, 4), max_size=40).map(balanced)


def after(balances, payments):
    left = dict(balances)
    for payer, payee, amount in payments:
        left[payer] += amount
        left[payee] -= amount
    return left


def groupings(places):
    """Every way to put the places into groups."""
    if not places:
        yield []
        return
    first, *rest = places
    for others in groupings(rest):
        yield [[first], *others]
        for number, group in enumerate(others):
            yield [*others[:number], [first, *group], *others[number + 1 :]]


def fewest(balances):
    """Count the payments of the grouping that needs the fewest, by trying them all."""
    places = [key for key, balance in balances.items() if balance]
    settled = [
        groups
        for groups in groupings(places)
        if all(not sum(balances[key] for key in group) for group in groups)
    ]
    return len(places) - max(map(len, settled))


def test_three_members_settle_in_two_payments():
    assert settle_up({"a": 5000, "b": -3000, "c": -2000}) == [
        ("b", "a", 3000),
        ("c", "a", 2000),
    ]


def test_opposites_settle_directly_whoever_is_largest():
    assert settle_up({"a": 70, "b": 50, "c": -70, "d": -50}) == [
        ("c", "a", 70),
        ("d", "b", 50),
    ]


def test_two_groups_are_found_where_the_largest_first_would_need_five_payments():
    balances = {"a": 7, "b": -4, "c": -3, "d": 8, "e": -6, "f": -2}
    assert settle_up(balances) == [
        ("b", "a", 4),
        ("c", "a", 3),
        ("e", "d", 6),
        ("f", "d", 2),
    ]


def test_among_many_the_opposites_still_settle_directly():
    """The largest creditor is owed by three small debtors, not by the large ones."""
    pairs = {
        (sign, amount): sign * amount for amount in range(41, 51) for sign in (1, -1)
    }
    payments = settle_up({**pairs, (0, 1): 100, (0, 2): -30, (0, 3): -30, (0, 4): -40})
    assert len(payments) == 10 + 3


def test_nothing_to_settle():
    assert settle_up({}) == []
    assert settle_up({"a": 0, "b": 0}) == []


@given(st.one_of(small, wide, even))
def test_payments_are_exact_positive_and_fewer_than_the_balances(balances):
    payments = settle_up(balances)
    open_ = [key for key, balance in balances.items() if balance]
    assert not any(after(balances, payments).values())
    assert all(amount > 0 for _payer, _payee, amount in payments)
    assert len(payments) <= max(0, len(open_) - 1)
    assert len({payment[:2] for payment in payments}) == len(payments)


@given(st.one_of(small, wide, even))
def test_who_owes_only_pays_and_who_is_owed_only_gets(balances):
    for payer, payee, _amount in settle_up(balances):
        assert balances[payer] < 0 < balances[payee]


@given(small)
def test_as_few_payments_as_can_be(balances):
    assert len(settle_up(balances)) == fewest(balances)


@given(st.integers(1, 10**6), st.integers(1, 10**6), st.integers(1, 6))
def test_twelve_balances_in_groups_need_as_many_payments_less(one, other, times):
    """Threes that cancel out, in different sizes, hidden among one another."""
    balances = {}
    for group in range(min(times, 4)):
        scale = 3**group
        balances[group, 0] = (one + other) * scale
        balances[group, 1], balances[group, 2] = -one * scale, -other * scale
    assert len(settle_up(balances)) <= len(balances) * 2 // 3


@given(st.one_of(small, wide, even), st.randoms(use_true_random=False))
def test_order_of_the_input_decides_nothing(balances, order):
    mixed = dict(order.sample(sorted(balances.items()), len(balances)))
    assert settle_up(mixed) == settle_up(balances)


@given(st.one_of(small, even))
def test_reversal_turns_every_debtor_into_a_creditor(balances):
    reversed_ = {key: -balance for key, balance in balances.items()}
    assert not any(after(reversed_, settle_up(reversed_)).values())
    if sum(map(bool, balances.values())) <= 12:
        assert len(settle_up(reversed_)) == len(settle_up(balances))


@pytest.mark.parametrize(
    ("balances", "message"),
    [
        ({"a": 5, "b": -3}, "Balances must sum to 0, but sum to 2."),
        (
            {"a": 0.5, "b": -0.5},
            "The balance of 'a' must be a whole number, but is 0.5",
        ),
        ({"a": 1, 2: -1}, "Keys must be of one kind to be put in order"),
    ],
)
def test_bad_balances_are_refused(balances, message):
    with pytest.raises(ValueError, match=message):
        settle_up(balances)
