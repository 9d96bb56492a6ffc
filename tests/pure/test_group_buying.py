"""Buying together, told with figures, and what other programs got wrong."""

from fractions import Fraction

import pytest

from odoo.addons.ess_mutualisation.tools.apportionment import apportion
from odoo.addons.ess_mutualisation.tools.group_buying import (
    Commitment,
    Offer,
    deliver,
    explain,
    price_at,
    solve,
)

CRATES = Offer(((1, 10),), carton=12)
TIERS = Offer(((1, 10), (100, 9)))


def test_the_group_pays_less_and_gets_more():
    group = [Commitment("a", 50, tolerance=5), Commitment("b", 45)]
    outcome = solve(TIERS, group)
    assert (outcome.quantity, outcome.unit_price) == (100, 9)
    assert outcome.allotted == {"a": 55, "b": 45}
    assert explain(outcome, "a") == (
        "55, 5 more than the 50 asked for and within the tolerance of 5: with 100"
        " ordered in place of 95, the price falls from 10 to 9."
    )
    assert explain(outcome, "b") == "45: what was asked for, at 9 each."


@pytest.mark.parametrize(
    ("bump", "tolerance", "quantity"),
    [
        ("never", 15, 85),
        ("cheaper_total", 15, 85),  # 850 against 900
        ("cheaper_unit", 15, 100),
        ("cheaper_unit", 14, 85),
    ],
)
def test_when_tolerance_is_used_to_reach_a_tier(bump, tolerance, quantity):
    outcome = solve(TIERS, [Commitment("a", 85, tolerance)], bump)
    assert outcome.quantity == quantity


def test_of_several_tiers_the_one_that_costs_least_in_all_is_taken():
    """900 without, 800 at the first tier, 825 at the second."""
    offer = Offer(((1, 10), (100, 8), (110, Fraction("7.5"))))
    assert solve(offer, [Commitment("a", 90, 20)]).quantity == 100


def test_the_same_total_for_more_goods_is_taken():
    assert solve(TIERS, [Commitment("a", 90, 10)]).quantity == 100


def test_from_100_means_at_exactly_100():
    assert price_at(TIERS, 99) == 10
    assert price_at(TIERS, 100) == 9
    assert solve(TIERS, [Commitment("a", 100)]).unit_price == 9


def test_the_cheapest_tier_reached_counts_whatever_the_tiers():
    offer = Offer(((100, 9), (10, 12), (1, 10)))
    assert [price_at(offer, at) for at in (1, 10, 99, 100)] == [10, 10, 10, 9]
    assert price_at(offer, 0) is None


def test_a_price_that_is_not_reached_is_not_paid():
    outcome = solve(Offer(((10, 9), (50, 8))), [Commitment("a", 9)])
    assert (outcome.quantity, outcome.unit_price) == (0, None)
    assert outcome.left_out["a"].code == "no_minimum"


def test_a_carton_is_filled_by_those_who_agreed():
    group = [Commitment("a", 7), Commitment("b", 3, 4), Commitment("c", 1, 1)]
    outcome = solve(CRATES, group)
    assert outcome.allotted == {"a": 7, "b": 4, "c": 1}
    assert explain(outcome, "b") == (
        "4, 1 more than the 3 asked for and within the tolerance of 4: this fills the"
        " last carton of 12."
    )


def test_a_carton_that_nobody_completes_is_not_ordered():
    outcome = solve(CRATES, [Commitment(key, 9) for key in "abc"])
    assert outcome.allotted == {"a": 8, "b": 8, "c": 8}
    assert explain(outcome, "b") == (
        "8 of the 9 asked for: 27 are asked for together, and 24 come in whole cartons"
        " of 12; 9 more would have filled another."
    )


def test_no_carton_is_made_of_tolerance_alone():
    assert solve(CRATES, [Commitment("a", 12, 12)]).quantity == 12
    assert not solve(CRATES, [Commitment("a", 0, 12)]).quantity


@pytest.mark.parametrize(
    ("carton", "minimum", "want", "tolerance", "quantity"),
    [
        (3, 15, 6, 0, 0),  # Dolibarr ordered 6
        (3, 15, 6, 8, 0),
        (3, 15, 6, 9, 15),
        (4, 10, 10, 2, 12),  # ERPNext ordered 8
        (4, 10, 10, 1, 0),
        (4, 10, 14, 0, 12),
    ],
)
def test_a_minimum_counts_in_whole_cartons(carton, minimum, want, tolerance, quantity):
    offer = Offer(((1, 10),), carton=carton, minimum=minimum)
    outcome = solve(offer, [Commitment("a", want, tolerance)])
    assert outcome.quantity == quantity


def test_what_is_missing_to_the_minimum_is_said():
    offer = Offer(((1, 10),), carton=3, minimum=15)
    outcome = solve(offer, [Commitment("a", 6, 1)])
    assert explain(outcome, "a") == (
        "Nothing: 6 are asked for together, 7 with all tolerance, but the supplier"
        " takes no order below 15; 8 more are needed."
    )


def test_the_supplier_has_too_little():
    offer = Offer(((1, 10),), carton=6, available=20)
    group = [Commitment("a", 18), Commitment("b", 12)]
    outcome = solve(offer, group)
    assert outcome.allotted == {"a": 11, "b": 7}
    assert explain(outcome, "b") == (
        "7 of the 12 asked for: 30 are asked for together, but the supplier has only"
        " 20, of which 18 can be ordered."
    )
    nothing = solve(Offer(((1, 10),), carton=6, available=5), group)
    assert explain(nothing, "a") == (
        "Nothing: the supplier has only 5 and takes no order below 6."
    )


def test_one_too_few_is_said_to_be_the_supplier_or_the_carton():
    group = [Commitment("a", 4)]
    short = solve(Offer(((1, 10),), available=3), group)
    assert short.reasons["a"].code == "available_less"
    carton = solve(Offer(((1, 10),), carton=3, available=6), group)
    assert carton.reasons["a"].code == "carton_less"


def test_rules_of_sharing_too_little():
    offer = Offer(((1, 10),), available=30)
    group = [Commitment("a", 30), Commitment("b", 20, priority=-1), Commitment("c", 10)]
    assert solve(offer, group).allotted == {"a": 15, "b": 10, "c": 5}
    assert solve(offer, group, rule="equal").allotted == dict.fromkeys("abc", 10)
    by_priority = solve(offer, group, rule="priority")
    assert by_priority.allotted == {"b": 20, "a": 10}
    assert by_priority.left_out["c"].code == "available_less"


def test_a_tie_goes_to_the_priority_then_to_the_key():
    offer = Offer(((1, 10),), available=3)
    late, early = Commitment("a", 2, priority=5), Commitment("b", 2, priority=1)
    assert solve(offer, [late, early]).allotted == {"a": 1, "b": 2}
    same = Commitment("a", 2, priority=1)
    assert solve(offer, [early, same]).allotted == {"a": 2, "b": 1}


def test_hamilton_would_take_a_unit_away():
    group = [Commitment("a", 11), Commitment("b", 11), Commitment("c", 2)]
    asked = {one.key: one.want for one in group}
    by_largest_remainder = [apportion(available, asked) for available in (5, 6)]
    assert by_largest_remainder == [
        {"a": 2, "b": 2, "c": 1},
        {"a": 3, "b": 3, "c": 0},
    ]
    five, six = (solve(Offer(((1, 10),), available=n), group) for n in (5, 6))
    assert five.allotted == {"a": 3, "b": 2}
    assert six.allotted == {"a": 3, "b": 3}
    assert explain(six, "c").startswith("0 of the 2 asked for: 24 are asked for")


def test_ceilings_are_peeled_until_all_who_are_left_accept():
    offer = Offer(((1, 10), (50, 9), (100, 8)))
    group = [
        Commitment("a", 40),
        Commitment("b", 30, ceiling=9),
        Commitment("c", 29, ceiling=8),
    ]
    outcome = solve(offer, group)
    assert (outcome.quantity, outcome.unit_price) == (70, 9)
    assert explain(outcome, "c") == (
        "Nothing: the price is 9, which is above the ceiling of 8 given."
    )
    with_one_more = solve(offer, [*group, Commitment("d", 1)])
    assert (with_one_more.quantity, with_one_more.unit_price) == (100, 8)


def test_one_ceiling_can_bring_down_a_whole_order():
    offer = Offer(((1, 10), (100, 9)), minimum=60)
    outcome = solve(offer, [Commitment("a", 45), Commitment("b", 50, ceiling=9)])
    assert not outcome.quantity
    assert explain(outcome, "b") == (
        "Nothing: the lowest price in reach was 10, which is above the ceiling of 9"
        " given."
    )
    assert outcome.left_out["a"].figures["missing"] == 15


def test_a_ceiling_at_exactly_the_price_is_enough():
    offer = Offer(((1, Fraction("9.50")),))
    accepted = solve(offer, [Commitment("a", 1, ceiling=Fraction("9.50"))])
    assert explain(accepted, "a") == "1: what was asked for, at 9.50 each."
    assert not solve(offer, [Commitment("a", 1, ceiling=Fraction("9.49"))]).quantity


def test_all_or_nothing_leaves_out_the_worst_served():
    offer = Offer(((1, 10),), available=20)
    group = [
        Commitment("a", 10, minimum=6),
        Commitment("b", 10, minimum=8),
        Commitment("c", 10, minimum=8),
    ]
    outcome = solve(offer, group)
    assert outcome.allotted == {"a": 10, "b": 10}
    assert explain(outcome, "c") == (
        "Nothing: at least 8 or none were wanted, but the share would have been 6."
    )


def test_of_equally_served_the_last_is_left_out():
    offer, whole = Offer(((1, 10),), available=10), {"want": 10, "minimum": 10}
    group = [Commitment("a", **whole), Commitment("b", **whole)]
    assert solve(offer, group).allotted == {"a": 10}
    group = [Commitment("a", **whole, priority=1), Commitment("b", **whole)]
    assert solve(offer, group).allotted == {"b": 10}


def test_all_or_nothing_comes_back_when_nobody_gets_less():
    whole, small = Commitment("a", 12, minimum=12), Commitment("b", 5)
    outcome = solve(CRATES, [whole, small])
    assert outcome.allotted == {"a": 12}
    assert outcome.left_out["b"].code == "carton_less"
    two_cartons = solve(CRATES, [Commitment("a", 24, minimum=24), Commitment("b", 13)])
    assert two_cartons.allotted == {"a": 24, "b": 12}


def test_two_who_exclude_each_other_do_not_both_go_without():
    large, whole = Commitment("a", 20, minimum=20), Commitment("b", 12, minimum=12)
    outcome = solve(CRATES, [large, whole])
    assert outcome.allotted == {"b": 12}
    assert outcome.left_out["a"].code == "own_minimum"


def test_without_an_order_all_or_nothing_stands_aside_for_another():
    whole = [Commitment("a", 12, minimum=12), Commitment("b", 5, minimum=5)]
    outcome = solve(CRATES, whole)
    assert outcome.allotted == {"a": 12}
    assert outcome.left_out["b"].code == "own_minimum"


def test_the_best_served_of_the_left_out_comes_back_first():
    offer = Offer(((1, 10),), carton=4)
    group = [
        Commitment("a", 2, minimum=2),
        Commitment("b", 2),
        Commitment("c", 3, minimum=3),
    ]
    assert solve(offer, group).allotted == {"b": 1, "c": 3}


def test_who_comes_back_may_take_the_place_of_tolerance():
    offer = Offer(((1, 10),), carton=3)
    group = [Commitment("a", 2, minimum=1), Commitment("b", 2, 1, minimum=2)]
    assert solve(offer, group).allotted == {"a": 1, "b": 2}
    assert solve(offer, group[1:]).allotted == {"b": 3}


def test_short_delivery_and_surplus():
    group = [
        Commitment("a", 9, minimum=9),
        Commitment("b", 6, 2),
        # was left out, so that nobody has to ask it
        Commitment("c", 9, minimum=9, ceiling=1),
    ]
    allotted = {"a": 9, "b": 5}
    short = deliver(10, group, allotted)
    assert (short.got, short.surplus) == ({"a": 6, "b": 4}, 0)
    assert short.below_minimum == ("a",)
    more = deliver(19, group, allotted)
    assert (more.got, more.surplus) == ({"a": 9, "b": 8}, 2)
    assert deliver(0, group, allotted).below_minimum == ("a",)


def test_shared_costs_are_exact_where_others_are_not():
    sevenths = apportion(2000, dict.fromkeys("abcdefg", 1))
    assert sum(sevenths.values()) == 2000  # Foodsoft charges 20.02
    assert sorted(set(sevenths.values())) == [285, 286]
    four_cents = apportion(4, dict.fromkeys("abcdefg", 1))
    assert min(four_cents.values()) == 0  # landed costs of Odoo charge -0.02
    hundred = apportion(10000, dict.fromkeys("abcdefg", 1))
    assert sorted(set(hundred.values())) == [1428, 1429]  # and 14.26 to the last
    ten_cents = apportion(10, {"a": 35, "b": 35, "c": 30})
    assert ten_cents == {"a": 4, "b": 3, "c": 3}  # Odoo's taxes: 4, 4, 2


def test_free_goods_and_nothing_to_have():
    free = Offer(((1, 10), (24, 0)), carton=12)
    outcome = solve(free, [Commitment("a", 12, 12, ceiling=0)])
    assert (outcome.quantity, outcome.unit_price) == (24, 0)
    assert explain(outcome, "a").endswith("the price falls from 10 to 0.")
    given = solve(Offer(((0, 0),)), [Commitment("a", 3, ceiling=0)])
    assert (given.quantity, given.unit_price) == (3, 0)
    sold_out = solve(Offer(((0, 5),), carton=6, available=0), [Commitment("a", 6)])
    assert sold_out.left_out["a"].code == "no_supply"


def test_nobody_asks_for_anything():
    outcome = solve(TIERS, [Commitment("a", 0)])
    assert (outcome.quantity, outcome.allotted) == (0, {})
    assert explain(outcome, "a") == "Nothing: nothing was asked for."
    assert solve(TIERS, []).quantity == 0


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: Offer(()), "no tier"),
        (lambda: Offer((5,)), "pairs of a quantity and a price"),
        (lambda: Offer(None), "pairs of a quantity and a price"),
        (lambda: Offer(((1, 9.5),)), "must be an int or a Fraction"),
        (lambda: Offer(((1, -1),)), "The price from 1 is -1"),
        (lambda: Offer((("10", 9),)), "The quantity of a tier must be a whole number"),
        (lambda: Offer(((1, 9),), carton=0), "at least 1, not 0"),
        # Foodsoft keeps the minimum as it was typed.
        (lambda: Offer(((1, 9),), minimum="€ 50,00"), "must be a whole number"),
        (lambda: Offer(((1, 9),), available=-1), "What the supplier has is -1"),
        (lambda: Commitment("a", 1.5), "What 'a' asks for must be a whole number"),
        (lambda: Commitment("a", 1, -1), "The tolerance of 'a' is -1"),
        (lambda: Commitment("a", 5, minimum=6), "takes nothing below 6"),
        (lambda: Commitment("a", 5, ceiling=9.5), "must be an int or a Fraction"),
        (lambda: Commitment("a", 5, ceiling=-9), "The price ceiling is -9"),
        (lambda: Commitment("a", 5, priority=0.5), "The priority must be a whole"),
        (lambda: solve(TIERS, [Commitment("a", 1)] * 2), "'a' has two commitments"),
        (lambda: solve(TIERS, [Commitment("a", 1), Commitment(1, 1)]), "of one kind"),
        (lambda: solve(TIERS, [], bump="always"), "Unknown bump 'always'"),
        (lambda: solve(TIERS, [], rule="fair"), "Unknown rule 'fair'; known are prop"),
        (lambda: explain(solve(TIERS, []), "a"), "'a' has no commitment"),
        (lambda: price_at(TIERS, 1.0), "The quantity must be a whole number"),
        (lambda: deliver(-1, [], {}), "What was delivered is -1"),
        (lambda: deliver(1, [], {"a": 1}), "'a' was allotted something without"),
        (lambda: deliver(1, [Commitment("a", 1)], {"a": 2}), "takes from 0 to 1"),
    ],
)
def test_bad_input_is_refused_with_a_sentence(make, words):
    with pytest.raises(ValueError, match=words.replace("(", r"\(")) as refusal:
        make()
    assert str(refusal.value).endswith(".")
