"""The bill of a round: exact, nothing hidden, the same however the facts came."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from odoo.addons.ess_mutualisation.tools.round_bill import (
    Goods,
    SharedCost,
    basis_weights,
    changes,
    fit,
    percent_of,
    settle,
)

MEMBERS = "abcdefg"
amounts = st.integers(-50_000, 500_000)
got = st.dictionaries(st.sampled_from(MEMBERS), st.integers(0, 40), max_size=7)


@st.composite
def rounds(draw):
    """Some offers of two suppliers, some costs, everything in cents."""
    goods = [
        Goods(
            key=number,
            supplier=draw(st.sampled_from("XY")),
            got=draw(got),
            surplus=draw(st.integers(0, 5)),
            billed=draw(st.none() | amounts),
            quantity=draw(st.fractions(0, 200, max_denominator=12)),
            tax=draw(st.integers(0, 9_999)),
            price=draw(st.fractions(0, 900, max_denominator=100)),
            size=draw(st.sampled_from([1, Fraction(1, 2), 5])),
            weight=draw(st.sampled_from([0, 1, Fraction(5, 2)])),
        )
        for number in range(draw(st.integers(1, 5)))
    ]
    costs = []
    for number in range(draw(st.integers(0, 3))):
        cost = SharedCost(
            key=number,
            amount=draw(amounts),
            basis=draw(
                st.sampled_from(
                    ["value", "quantity", "weight", "equal", "hand", "count"]
                )
            ),
            suppliers=draw(st.none() | st.just(frozenset("X"))),
            parts=draw(got),
            unit=draw(st.integers(0, 500)),
            tax=draw(st.integers(0, 999)),
        )
        if cost.basis == "count" or any(basis_weights(cost, goods).values()):
            costs.append(cost)
    return goods, costs


roundings = st.sampled_from(["exact", "uniform"])


def billed(goods, costs):
    return sum(one.billed or 0 for one in goods) + sum(one.amount for one in costs)


def due(settled):
    return {
        key: (share.quantity, share.cents, share.tax)
        for key, share in settled.shares.items()
    }


def apply(done, change):
    keys = {*done, *change}
    return {
        key: tuple(
            sum(pair)
            for pair in zip(
                done.get(key, (0, 0, 0)), change.get(key, (0, 0, 0)), strict=True
            )
        )
        for key in keys
    }


def test_twenty_euros_by_seven_is_twenty_euros():
    """Foodsoft rounds each part up and collects 20.02."""
    seven = Goods(1, "X", dict.fromkeys(MEMBERS, 1), billed=2000, quantity=7)
    settled = settle([seven])
    cents = sorted(share.cents for share in settled.shares.values())
    assert cents == [285, 285, 286, 286, 286, 286, 286]
    assert not settled.residues


def test_four_cents_by_seven_are_never_a_negative_cost():
    """Odoo's landed costs make it 6 × 0.01 and −0.02."""
    freight = SharedCost("freight", 4, "equal")
    goods = Goods(1, "X", dict.fromkeys(MEMBERS, 1), billed=700, quantity=7)
    settled = settle([goods], [freight])
    cents = [s.cents for key, s in settled.shares.items() if key[0] == "cost"]
    assert sorted(cents) == [0, 0, 0, 1, 1, 1, 1]


def test_one_price_for_all_shows_what_it_leaves():
    seven = Goods(1, "X", dict.fromkeys(MEMBERS, 1), billed=2000, quantity=7)
    settled = settle([seven], rounding="uniform")
    assert {share.cents for share in settled.shares.values()} == {286}
    assert settled.residues["goods", 1].cents == -2
    assert settled.residues["goods", 1].exact == 0


def test_billed_but_not_delivered_is_nobody_s_until_the_credit_note():
    """12 were billed at 3.00, 10 came: the members pay 10, the 2 are residue."""
    short = {"billed": 3600, "quantity": 12}
    first = settle([Goods(1, "X", {"a": 4, "b": 6}, **short)])
    assert due(first) == {
        ("goods", 1, "a"): (4, 1200, 0),
        ("goods", 1, "b"): (6, 1800, 0),
    }
    assert first.residues["goods", 1].cents == 600
    credited = {"billed": 3000, "quantity": 10}
    second = settle([Goods(1, "X", {"a": 4, "b": 6}, **credited)])
    assert changes(due(second), due(first)) == {}
    assert not second.residues


def test_a_surplus_stays_with_the_federation():
    settled = settle(
        [Goods(1, "X", {"a": 4, "b": 6}, surplus=2, billed=3600, quantity=12)]
    )
    assert settled.residues["goods", 1].cents == 600
    assert settled.residues["goods", 1].exact == 600


def test_a_lower_price_credited_afterwards_comes_back_to_those_who_paid():
    before = settle([Goods(1, "X", {"a": 4, "b": 6}, billed=3000, quantity=10)])
    # the credit note names the same 10 pieces, so the bills say 0 of them now
    after = settle([Goods(1, "X", {"a": 4, "b": 6}, billed=2900, quantity=0)])
    assert changes(due(after), due(before)) == {
        ("goods", 1, "a"): (0, -40, 0),
        ("goods", 1, "b"): (0, -60, 0),
    }


def test_nothing_is_charged_on_an_estimate():
    settled = settle([Goods(1, "X", {"a": 4}, price=300)])
    assert not settled.shares
    assert not settled.residues


def test_freight_of_one_supplier_is_borne_by_its_goods():
    goods = [
        Goods(1, "X", {"a": 10, "b": 5}, billed=1500, quantity=15),
        Goods(2, "Y", {"b": 5, "c": 5}, billed=9000, quantity=10),
    ]
    freight = SharedCost("freight", 100, "value", frozenset("X"))
    shares = settle(goods, [freight]).shares
    assert shares["cost", "freight", "a"].cents == 67
    assert shares["cost", "freight", "b"].cents == 33
    assert ("cost", "freight", "c") not in shares


@pytest.mark.parametrize(
    "basis, expected",
    [
        ("value", {"a": 100, "b": 300}),
        ("quantity", {"a": 80, "b": 320}),
        ("weight", {"a": 40, "b": 360}),
        ("equal", {"a": 200, "b": 200}),
        ("hand", {"a": 400}),
    ],
)
def test_the_bases(basis, expected):
    goods = [
        Goods(1, "X", {"a": 2}, billed=100, quantity=2, size=1, weight=1),
        Goods(2, "X", {"b": 16}, billed=300, quantity=16, size=Fraction(1, 2))
        if basis != "weight"
        else Goods(2, "X", {"b": 6}, billed=300, quantity=6, weight=3),
    ]
    cost = SharedCost("c", 400, basis, parts={"a": 3})
    shares = settle(goods, [cost]).shares
    assert {k[2]: s.cents for k, s in shares.items() if k[0] == "cost"} == expected


def test_containers_are_counted():
    """9 crates at 3.50 were billed; 7 went to members, 2 stay with the federation."""
    crates = SharedCost("crates", 3150, "count", parts={"a": 4, "b": 3}, unit=350)
    settled = settle([], [crates])
    assert settled.shares["cost", "crates", "a"].cents == 1400
    assert settled.shares["cost", "crates", "b"].cents == 1050
    assert settled.residues["cost", "crates"].cents == 700


def test_a_commission_is_rounded_half_up():
    assert percent_of(1050, 5) == 53
    assert percent_of(-1050, 5) == -53
    assert percent_of(1050, Fraction(5, 2)) == 26


@given(rounds(), roundings)
def test_p13_shares_and_residue_are_what_was_billed(facts, rounding):
    goods, costs = facts
    settled = settle(goods, costs, rounding)
    assert settled.total == billed(goods, costs)
    for (kind, key), residue in settled.residues.items():
        lines = sum(1 for where in settled.shares if where[:2] == (kind, key))
        assert abs(residue.cents - residue.exact) <= max(1, Fraction(lines, 2))
    taxes = sum(one.tax for one in goods if one.billed is not None)
    taxes += sum(one.tax for one in costs)
    parts = (*settled.shares.values(), *settled.residues.values())
    assert sum(part.tax for part in parts) == taxes


@given(rounds(), roundings)
def test_p13_each_share_is_within_a_cent_of_its_quota(facts, rounding):
    settled = settle(*facts, rounding)
    for (kind, *_where), share in settled.shares.items():
        bound = Fraction(1, 2) if (kind, rounding) == ("goods", "uniform") else 1
        assert abs(share.cents - share.exact) <= bound


@given(rounds(), roundings)
def test_equals_pay_the_same(facts, rounding):
    goods, costs = facts
    shares = settle(goods, costs, rounding).shares
    for one in goods:
        for first in one.got:
            for second in one.got:
                if one.got[first] != one.got[second] or not one.got[first]:
                    continue
                if one.billed is None:
                    continue
                pay = [shares["goods", one.key, m].cents for m in (first, second)]
                assert abs(pay[0] - pay[1]) <= (rounding == "exact")


@given(rounds(), roundings, st.randoms())
def test_the_order_of_the_facts_decides_nothing(facts, rounding, random):
    goods, costs = ([*part] for part in facts)
    expected = settle(goods, costs, rounding)
    random.shuffle(goods)
    random.shuffle(costs)
    assert settle(goods, costs, rounding) == expected


@given(st.lists(rounds(), min_size=1, max_size=4), roundings)
def test_p12_settling_twice_adds_nothing_and_the_path_does_not_matter(path, rounding):
    """Whatever was known before: what was exchanged in all is what is due now."""
    done = {}
    for goods, costs in path:
        wanted = due(settle(goods, costs, rounding))
        done = apply(done, changes(wanted, done))
        assert {key: figures for key, figures in done.items() if any(figures)} == {
            key: figures for key, figures in wanted.items() if any(figures)
        }
        assert changes(wanted, done) == {}


lines = st.tuples(
    st.sampled_from([1, 2]),  # the offer
    st.integers(-20_000, 50_000),
    st.fractions(0, 40, max_denominator=12),
)


@given(
    st.dictionaries(st.sampled_from([1, 2]), got, min_size=2),
    st.lists(lines, max_size=6),
    st.lists(st.integers(-9_000, 9_000), max_size=3),
    roundings,
    st.randoms(),
)
def test_the_order_of_bills_and_settlements_decides_nothing(
    counts, bills, fees, rounding, random
):
    """Bills, credit notes and costs come in any order, with a settlement after each."""

    def play(events):
        billed, costs, done, charged = {}, [], {}, 0
        for kind, *facts in events:
            if kind == "bill":
                offer, cents, quantity = facts
                before = billed.get(offer, (0, 0))
                billed[offer] = (before[0] + cents, before[1] + quantity)
            else:
                costs.append(SharedCost(*facts, "hand", parts={"a": 1, "b": 2}))
            goods = [
                Goods(
                    key,
                    "X",
                    counts[key],
                    billed=billed.get(key, (None, 0))[0],
                    quantity=billed.get(key, (None, 0))[1],
                )
                for key in counts
            ]
            settled = settle(goods, costs, rounding)
            change = changes(due(settled), done)
            charged += sum(figures[1] for figures in change.values())
            done = apply(done, change)
            left = sum(one.cents for one in settled.residues.values())
            known = sum(cents for cents, __ in billed.values())
            assert charged + left == known + sum(one.amount for one in costs)
        return {key: figures for key, figures in done.items() if any(figures)}

    events = [("bill", *bill) for bill in bills]
    events += [("cost", number, fee) for number, fee in enumerate(fees)]
    expected = play(events)
    random.shuffle(events)
    assert play(events) == expected


parts = st.dictionaries(
    st.sampled_from(MEMBERS), st.fractions(-900, 900, max_denominator=60), min_size=1
)


@given(parts, st.integers(-3, 3))
def test_signed_parts_fit_a_total(parts, correction):
    """Each is within a cent of its part, and of its portion of the correction."""
    total = round(sum(parts.values())) + correction
    if not any(parts.values()):
        parts["a"] = Fraction(1)
    found = fit(total, parts)
    assert sum(found.values()) == total
    gap = abs(total - sum(parts.values()))
    size = sum(map(abs, parts.values()))
    for key, part in parts.items():
        assert abs(found[key] - part) <= 1 + gap * abs(part) / size
        if not part:
            assert found[key] == 0
    assert fit(total, dict(reversed(parts.items()))) == found


def test_a_rebate_keeps_its_own_tax():
    """1,341.60 of flour, 1.30 of lentils, less 20.00: not a cent moves."""
    assert fit(132290, {1: 134160, 2: 130, 3: -2000}) == {1: 134160, 2: 130, 3: -2000}
    with pytest.raises(ValueError, match="all parts are zero"):
        fit(5, {1: 0, 2: 0})


def test_the_tax_of_containers_goes_with_them():
    """Four crates at 2.50, with 2.00 of tax; nobody has the fourth."""
    crates = SharedCost("c", 1000, "count", parts={"a": 2, "b": 1}, unit=250, tax=200)
    settled = settle([], [crates])
    assert {m: settled.shares["cost", "c", m].tax for m in "ab"} == {"a": 100, "b": 50}
    assert settled.residues["cost", "c"].tax == 50


@pytest.mark.parametrize(
    "make, words",
    [
        (lambda: Goods(1, "X", {"a": -1}), "negative"),
        (lambda: Goods(1, "X", {"a": 1.5}), "whole number"),
        (lambda: Goods(1, "X", {}, surplus=-1), "surplus is -1"),
        (lambda: Goods(1, "X", {}, billed=1.5), "whole number"),
        (lambda: Goods(1, "X", {}, price=1.5), "int or a Fraction"),
        (lambda: SharedCost(1, 100, "height"), "Unknown basis 'height'"),
        (lambda: settle([], rounding="up"), "Unknown rounding 'up'"),
        (lambda: settle([Goods(1, "X", {}), Goods(1, "X", {})]), "comes twice"),
        (lambda: settle([], [SharedCost(1, 100, "weight")]), "cannot be split"),
        (lambda: settle([], [SharedCost(1, 100, "hand")]), "cannot be split"),
    ],
)
def test_bad_facts_are_refused_with_a_sentence(make, words):
    with pytest.raises(ValueError, match=words):
        make()
