"""What is missing and which price to expect, against trying all additions."""

from dataclasses import replace
from fractions import Fraction

import pytest
from group_buying_oracles import bumps, groups, offers, possible_orders, price_of, rules
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from odoo.addons.ess_mutualisation.tools.group_buying import (
    Commitment,
    Missing,
    Offer,
    Outlook,
    missing,
    outlook,
    solve,
)

thorough = settings(max_examples=150)
ALL = 99
"""More than any offer or group of these tests can take."""


def test_three_numbers():
    offer = Offer(((1, 10), (48, Fraction("9.30"))), carton=12, minimum=30)
    assert missing(offer, [Commitment("a", 14, 1), Commitment("b", 6)]) == Missing(
        carton=3, minimum=15, tier=27, price=Fraction("9.30"), gain=7
    )
    reached = [Commitment("a", 40, 4), Commitment("b", 4)]
    assert missing(offer, reached) == Missing(0, 0, None, None, None)


def test_four_more_make_it_cheaper_for_everybody():
    offer = Offer(((1, 10), (100, Fraction("9.30"))))
    assert missing(offer, [Commitment("a", 96)]).tier == 4
    waiting = Commitment("b", 3, ceiling=Fraction("9.30"))
    now = missing(offer, [Commitment("a", 96), waiting])
    assert (now.tier, now.gain) == (1, 7)


def test_a_lower_price_brings_back_those_who_fill_the_carton():
    offer = Offer(((1, 10), (100, 9)), carton=10)
    waiting = Commitment("a", 96, ceiling=9)
    assert missing(offer, [waiting]) == Missing(4, None, 4, 9, 10)


def test_nothing_asked_for_yet():
    offer = Offer(((1, 10), (24, 9), (60, 8)), carton=12)
    assert missing(offer, []) == Missing(12, None, 24, 9, 10)


def test_the_supplier_has_no_more():
    offer = Offer(((1, 10), (24, 9)), carton=12, available=20)
    assert missing(offer, [Commitment("a", 13)]) == Missing(
        None, None, None, None, None
    )
    assert missing(offer, [Commitment("a", 9)]) == Missing(3, None, None, None, None)
    too_small = Offer(((1, 10),), carton=12, minimum=13, available=20)
    assert missing(too_small, []) == Missing(None, None, None, None, None)


def test_worst_best_and_expected_price():
    offer = Offer(((1, 10), (50, 9), (100, 8)))
    group = [Commitment("a", 60), Commitment("b", 10, ceiling=9), Commitment("c", 1)]
    assert outlook(offer, group, "a") == Outlook(10, 8, 9)
    assert outlook(offer, group, "b") == Outlook(9, 8, 9)
    alone = [replace(group[1]), group[2]]
    assert outlook(offer, alone, "b") == Outlook(9, 8, None)
    hopeless = Commitment("b", 10, ceiling=7)
    assert outlook(offer, [hopeless], "b") == Outlook(None, None, None)
    with pytest.raises(ValueError, match="'z' has no commitment"):
        outlook(offer, group, "z")


def test_a_price_inside_a_carton_is_never_paid():
    offer = Offer(((1, 10), (5, 9), (30, 8)), carton=12, available=30)
    assert outlook(offer, [Commitment("a", 1)], "a") == Outlook(9, 9, None)


def asked_by_one_more(offer, group, bump, more):
    return solve(offer, [*group, Commitment("z", more)], bump)


@thorough
@given(offers, groups(most=4), bumps)
def test_missing_is_the_smallest_addition_that_comes_true(offer, group, bump):
    found, now = missing(offer, group, bump), solve(offer, group, bump)
    larger = [asked_by_one_more(offer, group, bump, more) for more in range(ALL)]
    reachable = possible_orders(offer, ALL)
    to_order = next((n for n, one in enumerate(larger) if one.quantity), None)
    if found.minimum is not None:
        assert found.minimum == to_order
    price = now.unit_price
    if price is None:
        price = price_of(offer, reachable[0]) if reachable else 0
    cheaper = (one.quantity and one.unit_price < price for one in larger)
    tier = next((more for more, lower in enumerate(cheaper) if lower), None)
    assert found.tier == tier
    if tier is not None:
        assert found.price == larger[tier].unit_price
        assert found.gain == Fraction(100 * (price - found.price)) / price


@thorough
@given(offers, groups(most=4), bumps)
def test_the_carton_is_full_with_what_is_missing(offer, group, bump):
    found, now = missing(offer, group, bump), solve(offer, group, bump)
    if found.carton is None or not now.quantity:
        return
    larger = [asked_by_one_more(offer, group, bump, more) for more in range(ALL)]
    asked = sum(one.want for one in group if now.reasons[one.key].code != "ceiling")
    # As far as this price goes: a lower one opens cartons of other members.
    assert (found.carton == 0) is (now.quantity >= asked)
    if found.carton:
        fuller = [one.quantity > now.quantity for one in larger]
        assert fuller.index(True) == found.carton


@settings(max_examples=300)
@given(offers, groups(minima=True, most=5), bumps, rules)
def test_the_tier_comes_true_with_minima_for_those_who_are_in(offer, group, bump, rule):
    found = missing(offer, group, bump, rule)
    if found.tier is None:
        return
    now = solve(offer, group, bump, rule).left_out.items()
    out = {key for key, why in now if why.code == "own_minimum"}
    kept = [one for one in group if one.key not in out]
    then = solve(offer, [*kept, Commitment("z", found.tier)], bump, rule)
    assert then.unit_price == found.price


@thorough
@given(offers, groups(most=5), groups(minima=True, most=3), bumps, rules)
def test_what_comes_out_lies_within_the_outlook(offer, group, others, bump, rule):
    assume(group)
    key = group[0].key
    before = outlook(offer, group, key, bump, rule)
    now = solve(offer, group, bump, rule)
    expected = now.unit_price if now.allotted[key] else None
    assert before.expected == expected
    joined = [replace(one, key=one.key.upper()) for one in others]
    then = solve(offer, [*group, *joined], bump, rule)
    if then.allotted[key]:
        assert before.best <= then.unit_price <= before.worst


@given(offers, st.none() | st.integers(1, 12))
def test_worst_and_best_are_the_ends_of_all_possible_prices(offer, ceiling):
    possible = [price_of(offer, q) for q in possible_orders(offer, ALL)]
    accepted = [one for one in possible if ceiling is None or one <= ceiling]
    found = outlook(offer, [Commitment("a", 1, ceiling=ceiling)], "a")
    assert found.worst == max(accepted, default=None)
    assert found.best == min(accepted, default=None)
