"""What must hold for every offer and every group, against the slow definitions."""

from dataclasses import replace
from fractions import Fraction

from group_buying_oracles import (
    agreeing_groups,
    agrees,
    bumps,
    drop_one_by_one,
    groups,
    largest_group,
    offers,
    order_of,
    price_of,
    rules,
    shares_of,
)
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from odoo.addons.ess_mutualisation.tools.apportionment import apportion
from odoo.addons.ess_mutualisation.tools.group_buying import (
    Commitment,
    deliver,
    explain,
    price_at,
    solve,
)

SMALL_SHARE = ("carton_less", "available_less")

thorough = settings(max_examples=200)
fair = st.sampled_from(["proportional", "equal"])


def in_group(outcome):
    """Those who take part, also those whose share came to nothing."""
    small = {key for key, why in outcome.left_out.items() if why.code in SMALL_SHARE}
    return small | set(outcome.allotted)


# P1 to P5: what is true of every outcome, with minima, ceilings and all policies


@thorough
@given(offers, groups(minima=True), bumps, rules)
def test_p1_the_allotments_sum_to_what_is_ordered(offer, group, bump, rule):
    outcome = solve(offer, group, bump, rule)
    assert sum(outcome.allotted.values()) == outcome.quantity
    assert all(outcome.allotted.values())
    keys = {one.key for one in group}
    assert set(outcome.allotted) | set(outcome.left_out) == keys == set(outcome.reasons)
    assert not set(outcome.allotted) & set(outcome.left_out)


@thorough
@given(offers, groups(minima=True), bumps, rules)
def test_p2_nothing_or_from_the_minimum_to_the_tolerance(offer, group, bump, rule):
    outcome = solve(offer, group, bump, rule)
    for one in group:
        got = outcome.allotted[one.key]
        assert got == 0 or one.minimum <= got <= one.most
        assert one.want or not got


@thorough
@given(offers, groups(minima=True), bumps, rules)
def test_p3_whole_cartons_from_the_minimum_to_what_there_is(offer, group, bump, rule):
    quantity = solve(offer, group, bump, rule).quantity
    assert quantity % offer.carton == 0
    assert quantity == 0 or quantity >= offer.minimum
    assert offer.available is None or quantity <= offer.available


@thorough
@given(offers, groups(minima=True), bumps, rules)
def test_p4_p5_one_price_that_is_reached_and_accepted(offer, group, bump, rule):
    outcome = solve(offer, group, bump, rule)
    if not outcome.quantity:
        assert outcome.unit_price is None
        return
    assert outcome.unit_price == price_of(offer, outcome.quantity)
    assert outcome.unit_price == price_at(offer, outcome.quantity)
    for one in group:
        accepted = one.ceiling is None or one.ceiling >= outcome.unit_price
        assert accepted or one.key in outcome.left_out


# P6: the largest group of all, by trying all of them


@thorough
@given(offers, groups(), bumps, rules)
def test_p6_the_largest_group_that_agrees_with_its_price(offer, group, bump, rule):
    outcome = solve(offer, group, bump, rule)
    found = in_group(outcome)
    largest = largest_group(offer, group, bump)
    assert found == {one.key for one in largest}
    assert outcome.quantity == order_of(offer, largest, bump)
    shares = shares_of(offer, largest, bump, rule)
    assert dict(outcome.allotted) == {key: got for key, got in shares.items() if got}
    for other in agreeing_groups(offer, group, bump):
        assert {one.key for one in other} <= found


# P7 and P14: more of anything asked for or accepted never makes it dearer


def assert_no_worse(before, after):
    assert after.quantity >= before.quantity
    assert in_group(before) <= in_group(after)
    assert before.unit_price is None or after.unit_price <= before.unit_price


@thorough
@given(offers, groups(most=8), bumps, st.data())
def test_p7_one_more_commitment_never_raises_the_price(offer, group, bump, data):
    assume(group)
    one = data.draw(st.sampled_from(group))
    without = [other for other in group if other is not one]
    assert_no_worse(solve(offer, without, bump), solve(offer, group, bump))


@thorough
@given(offers, groups(most=8), bumps, st.data(), st.integers(0, 9))
def test_p14_more_tolerance_or_a_higher_ceiling_never_raises_the_price(
    offer, group, bump, data, more
):
    assume(group)
    one = data.draw(st.sampled_from(group))
    ceiling = data.draw(st.sampled_from([None, one.ceiling]))
    if ceiling is not None:
        ceiling += more
    changed = replace(one, tolerance=one.tolerance + more, ceiling=ceiling)
    others = [other for other in group if other is not one]
    after = solve(offer, [*others, changed], bump)
    assert_no_worse(solve(offer, group, bump), after)


# P8: the order of the input


@thorough
@given(offers, groups(minima=True), bumps, rules, st.randoms(use_true_random=False))
def test_p8_the_order_of_the_input_decides_nothing(offer, group, bump, rule, random):
    mixed = random.sample(group, len(group))
    turned = replace(offer, tiers=offer.tiers[::-1])
    outcome, other = solve(offer, group, bump, rule), solve(turned, mixed, bump, rule)
    assert outcome == other
    assert list(outcome.reasons) == list(other.reasons)
    assert list(outcome.allotted) == list(other.allotted)


# P9 and P10: how too little is shared out


@thorough
@given(offers, groups(most=3), bumps, fair)
def test_p9_equals_differ_by_one_at_most(offer, group, bump, rule):
    twins = [replace(one, key=one.key * 2) for one in group]
    outcome = solve(offer, [*group, *twins], bump, rule)
    for one in group:
        difference = outcome.allotted[one.key] - outcome.allotted[one.key * 2]
        assert 0 <= difference <= 1


@thorough
@given(groups(minima=True), st.integers(0, 60), rules, st.data())
def test_p10_one_more_delivered_takes_nothing_from_anybody(group, received, rule, data):
    """Whatever was allotted: nothing, too little, some of the tolerance."""
    allotted = {one.key: data.draw(st.integers(0, one.most)) for one in group}
    before = deliver(received, group, allotted, rule)
    after = deliver(received + 1, group, allotted, rule)
    for one in group:
        assert before.got[one.key] <= after.got[one.key] <= one.most
        assert allotted[one.key] or not after.got[one.key]
    assert sum(before.got.values()) + before.surplus == received
    assert set(after.below_minimum) <= set(before.below_minimum)
    asked = [one for one in group if allotted[one.key]]
    short = [one.key for one in asked if before.got[one.key] < one.want]
    # Nobody is given tolerance while somebody still waits for what it asked for.
    for one in asked:
        enough = max(one.want, allotted[one.key])
        assert not short or before.got[one.key] <= enough


@thorough
@given(offers, groups(ceilings=False), st.integers(0, 60), bumps, rules)
def test_p10_one_more_available_takes_nothing_from_anybody(
    offer, group, available, bump, rule
):
    """With cartons, tiers and tolerance, too; the group is the same."""
    less, more = (replace(offer, available=available + n) for n in (0, 1))
    before, after = solve(less, group, bump, rule), solve(more, group, bump, rule)
    assert after.quantity >= before.quantity
    assert all(after.allotted[one.key] >= before.allotted[one.key] for one in group)


@thorough
@given(offers, groups(), bumps, rules, st.integers(0, 60))
def test_a_delivery_starts_from_what_was_allotted(offer, group, bump, rule, received):
    outcome = solve(offer, group, bump, rule)
    exact = deliver(outcome.quantity, group, outcome.allotted, rule)
    assert (exact.got, exact.surplus) == (outcome.allotted, 0)
    other = deliver(received, group, outcome.allotted, rule)
    for key, got in other.got.items():
        full = outcome.allotted[key]
        assert 0 < full and (got <= full or received > outcome.quantity)
    if other.surplus:
        most = {one.key: one.most for one in group}
        assert all(other.got[key] == most[key] for key in outcome.allotted)


# Sizes


@given(offers, groups(), bumps, st.sampled_from([3, 10**15, 7**40]))
def test_finer_granules_change_neither_order_nor_price(offer, group, bump, times):
    """Grams in place of kilos, or numbers without end."""
    finer = replace(
        offer,
        tiers=[(start * times, price) for start, price in offer.tiers],
        carton=offer.carton * times,
        minimum=offer.minimum * times,
        available=None if offer.available is None else offer.available * times,
    )
    whole = solve(offer, group, bump)
    fine = solve(
        finer,
        [
            replace(one, want=one.want * times, tolerance=one.tolerance * times)
            for one in group
        ],
        bump,
    )
    assert fine.quantity == whole.quantity * times
    assert fine.unit_price == whole.unit_price


@given(offers, groups(minima=True), bumps, rules, st.fractions(Fraction(1, 99), 99))
def test_the_currency_decides_nothing(offer, group, bump, rule, rate):
    tiers = [(start, price * rate) for start, price in offer.tiers]
    paid = [
        one if one.ceiling is None else replace(one, ceiling=one.ceiling * rate)
        for one in group
    ]
    here = solve(offer, group, bump, rule)
    there = solve(replace(offer, tiers=tiers), paid, bump, rule)
    assert (there.quantity, there.allotted) == (here.quantity, here.allotted)
    assert there.unit_price == (here.unit_price and here.unit_price * rate)


# P11: the costs of a round, by what everybody gets


@given(groups(ceilings=False), st.integers(-500, 500), st.integers(1, 9))
def test_p11_shared_costs_are_exact_and_within_a_cent(group, freight, times):
    weights = {one.key: one.want for one in group}
    assume(any(weights.values()))
    shares, whole = apportion(freight, weights), sum(weights.values())
    assert sum(shares.values()) == freight
    for key, share in shares.items():
        assert abs(share * whole - freight * weights[key]) < whole
        assert share * freight >= 0
        assert weights[key] or not share
    larger = {key: times * weights[key] for key in reversed(list(weights))}
    assert apportion(freight, larger) == shares


# All-or-nothing minima: the worst served goes, and comes back if that costs nobody


@thorough
@given(offers, groups(minima=True), bumps, rules)
def test_minima_drop_the_worst_served_and_take_back_who_fits(offer, group, bump, rule):
    outcome = solve(offer, group, bump, rule)
    rest, dropped = drop_one_by_one(offer, group, bump, rule)
    plain = shares_of(offer, rest, bump, rule)
    if not dropped:
        assert dict(outcome.allotted) == {key: n for key, n in plain.items() if n}
        return
    ordered = order_of(offer, rest, bump)
    assert outcome.quantity >= ordered
    if ordered:
        assert {one.key for one in rest} <= in_group(outcome)
        assert _own_minimum(outcome) <= set(dropped)


@thorough
@given(offers, groups(minima=True), bumps, rules)
def test_nobody_is_left_out_who_takes_nothing_from_others(offer, group, bump, rule):
    outcome = solve(offer, group, bump, rule)
    taking_part = [one for one in group if one.key in in_group(outcome)]
    for one in group:
        larger = [*taking_part, one]
        if one.key in _own_minimum(outcome) and agrees(offer, larger, bump):
            grows_by = order_of(offer, larger, bump) - outcome.quantity
            assert grows_by < one.minimum


def _own_minimum(outcome):
    left_out = outcome.left_out.items()
    return {key for key, why in left_out if why.code == "own_minimum"}


# Reasons


@thorough
@given(offers, groups(minima=True), bumps, rules)
def test_everybody_can_be_told_why(offer, group, bump, rule):
    outcome = solve(offer, group, bump, rule)
    for one in group:
        figures = outcome.reasons[one.key].figures
        got = outcome.allotted[one.key]
        assert (figures["got"], figures["want"]) == (got, one.want)
        sentence = explain(outcome, one.key)
        assert sentence.startswith((f"{got}:", f"{got},", f"{got} of", "Nothing:"))
        assert sentence.endswith(".") and "{" not in sentence


@thorough
@given(offers, groups(), bumps)
def test_what_is_said_to_be_missing_is_enough_and_no_less(offer, group, bump):
    outcome = solve(offer, group, bump)
    for one in group:
        reason = outcome.reasons[one.key]
        lacking = reason.figures.get("missing")
        if not lacking:
            continue
        same = {key for key, why in outcome.reasons.items() if why.code == reason.code}
        part = [other for other in group if other.key in same | in_group(outcome)]
        for more, reached in ((lacking - 1, False), (lacking, True)):
            ordered = order_of(offer, [*part, Commitment("z", more)], "never")
            assert (ordered > outcome.quantity) is reached
