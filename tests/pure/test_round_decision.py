"""A whole round decided from plain facts: offers, then the minima of the suppliers."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from odoo.addons.ess_mutualisation.tools.round_decision import (
    canonical,
    decide,
    exact,
    fingerprint,
    short_of,
    short_products,
)


def facts(decision="check", amount="100", weight="0", want=20):
    """Soap at 8 a kilo by the half kilo, of a supplier; flour in cartons of another."""
    return {
        "bump": "cheaper_total",
        "rule": "proportional",
        "suppliers": [
            {
                "id": 1,
                "minimum_amount": amount,
                "minimum_weight": weight,
                "decision": decision,
            },
            {
                "id": 2,
                "minimum_amount": "0",
                "minimum_weight": "0",
                "decision": "check",
            },
        ],
        "offers": [
            {
                "id": 10,
                "supplier": 1,
                "carton": 1,
                "minimum": 0,
                "available": None,
                "weight": "1/2",
                "tiers": [[0, "4"]],
                "commitments": [
                    [100, 7, want, 0, 0, None, 1],
                    [101, 8, 5, 0, 0, "7/2", 2],
                ],
            },
            {
                "id": 11,
                "supplier": 2,
                "carton": 12,
                "minimum": 0,
                "available": None,
                "weight": "25",
                "tiers": [[0, "601/20"], [24, "27"]],
                "commitments": [[102, 7, 12, 0, 0, None, 1]],
            },
        ],
    }


def test_offers_members_and_suppliers():
    result = decide(facts())
    assert result["offers"] == [
        {"id": 10, "ordered": 20, "price": "4"},
        {"id": 11, "ordered": 12, "price": "601/20"},
    ]
    assert [row[:3] for row in result["commitments"]] == [
        [100, 20, "as_asked"],
        [101, 0, "ceiling"],
        [102, 12, "as_asked"],
    ]
    soap, flour = result["suppliers"]
    assert (soap["amount"], soap["weight"], soap["reached"]) == ("80", "10", False)
    assert (flour["amount"], flour["reached"]) == ("1803/5", True)
    assert short_of(result) == [1]


@pytest.mark.parametrize(
    ("amount", "weight", "short"),
    [
        ("80", "0", []),
        ("8001/100", "0", [1]),
        ("0", "10", []),
        ("0", "21/2", [1]),
        ("80", "11", [1]),
    ],
)
def test_exactly_the_minimum_is_enough(amount, weight, short):
    assert short_of(decide(facts(amount=amount, weight=weight))) == short


def test_left_out_gets_nothing_and_says_why():
    result = decide(facts("out"))
    assert result["offers"][0] == {"id": 10, "ordered": 0, "price": None}
    key, got, code, figures = result["commitments"][0]
    assert (key, got, code) == (100, 0, "supplier_minimum")
    assert figures == {
        "want": 20,
        "got": 0,
        "share": 20,
        "amount": "80",
        "weight": "10",
        "minimum_amount": "100",
        "minimum_weight": "0",
    }
    assert result["commitments"][1][2] == "ceiling", "its own reason stays"
    assert result["suppliers"][0]["out"]
    assert short_of(result) == []


def test_with_freight_it_is_ordered():
    result = decide(facts("freight"))
    assert result["offers"][0]["ordered"] == 20
    assert short_of(result) == []


def test_of_whom_nothing_is_ordered_no_minimum_is_asked():
    assert short_of(decide(facts(want=0))) == []


def test_an_unknown_decision_is_refused():
    with pytest.raises(ValueError, match="known are check, freight, out"):
        decide(facts("maybe"))


def test_what_was_stored_decides_the_same():
    stored = json.loads(canonical(facts()))
    result = decide(stored)
    assert json.loads(canonical(result)) == result == decide(facts())
    assert fingerprint(stored, result) == fingerprint(facts(), decide(facts()))


def test_the_least_change_changes_the_hash():
    one, two = facts(), facts(want=21)
    assert fingerprint(one, decide(one)) != fingerprint(two, decide(two))


def test_exact_figures():
    assert exact("7") == 7 and isinstance(exact("7"), int)
    assert exact("601/20") * 20 == 601


@given(st.data())
def test_the_order_of_the_facts_decides_nothing(data):
    rows = facts()
    rows["offers"] = data.draw(st.permutations(rows["offers"]))
    rows["suppliers"] = data.draw(st.permutations(rows["suppliers"]))
    for offer in rows["offers"]:
        offer["commitments"] = data.draw(st.permutations(offer["commitments"]))
    assert decide(rows) == decide(facts())


@given(
    st.lists(st.tuples(st.integers(0, 40), st.integers(0, 9)), min_size=1, max_size=8),
    st.sampled_from(["check", "freight", "out"]),
)
def test_sums_agree(asked, decision):
    """What members get is what is ordered; amounts are those of the orders."""
    rows = facts(decision)
    rows["offers"][1]["supplier"] = 1
    rows["offers"][1]["commitments"] = [
        [200 + n, n, want, more, 0, None, n] for n, (want, more) in enumerate(asked)
    ]
    result = decide(rows)
    got = {row[0]: row[1] for row in result["commitments"]}
    flour = result["offers"][1]
    assert sum(n for key, n in got.items() if key >= 200) == flour["ordered"]
    amount = sum(
        one["ordered"] * exact(one["price"]) for one in result["offers"] if one["price"]
    )
    supplier = result["suppliers"][0]
    assert supplier["out"] == (decision == "out")
    assert amount == (0 if supplier["out"] else exact(supplier["amount"]))


# === MINIMA OF PRODUCTS === #


def flour_facts(decision="check", tiers=((0, "30"), (48, "27")), want=20, **offer):
    """Flour in cartons of 12, from 36 on; some ask for 20, with 5 more tolerated."""
    rows = facts()
    rows["offers"][1] |= {"minimum": 36, "decision": decision, **offer}
    rows["offers"][1]["tiers"] = [list(tier) for tier in tiers]
    rows["offers"][1]["commitments"] = [[102, 7, want, 5, 0, None, 1]]
    return rows


def test_a_product_below_its_minimum():
    rows = flour_facts()
    result = decide(rows)
    assert result["offers"][1]["ordered"] == 0
    figures = {"asked": 20, "most": 25, "minimum": 36, "missing": 11}
    assert short_products(rows, result) == {11: figures}


def test_what_comes_with_the_first_tier_is_a_minimum_too():
    rows = flour_facts(tiers=[(40, "30"), (96, "27")], minimum=0)
    assert short_products(rows, decide(rows))[11]["minimum"] == 48, "whole cartons"


def test_a_product_that_is_ordered_anyway():
    """24 of 36 at the price of the first tier; tolerance still fills the carton."""
    rows = flour_facts("anyway", tiers=[(36, "30"), (48, "27")])
    result = decide(rows)
    assert result["offers"][1] == {"id": 11, "ordered": 24, "price": "30"}
    assert short_products(rows, result) == {}


def test_ordered_anyway_keeps_the_other_tiers_and_the_carton():
    rows = flour_facts("anyway", tiers=[(48, "27"), (36, "30")], want=44)
    assert decide(rows)["offers"][1] == {"id": 11, "ordered": 48, "price": "27"}
    rows = flour_facts("anyway", want=6)
    assert decide(rows)["commitments"][-1][1:3] == [0, "no_carton"]


def test_a_product_that_is_left_out_is_not_asked_about_again():
    rows = flour_facts("out")
    assert short_products(rows, decide(rows)) == {}
    assert decide(rows) == decide(flour_facts())


def test_a_carton_a_ceiling_or_an_empty_stock_is_no_minimum_that_fails():
    for rows in (
        flour_facts(minimum=0, want=6),
        flour_facts(available=24),
        flour_facts(want=0),
    ):
        assert short_products(rows, decide(rows)) == {}
    rows = flour_facts(want=40)
    rows["offers"][1]["commitments"][0][5] = "20"
    assert short_products(rows, decide(rows)) == {}


def test_nothing_is_asked_about_products_of_a_supplier_that_is_left_out():
    rows = flour_facts()
    rows["suppliers"][1]["decision"] = "out"
    assert short_products(rows, decide(rows)) == {}


def test_an_unknown_decision_about_a_product_is_refused():
    with pytest.raises(ValueError, match="known are check, anyway, out"):
        decide(flour_facts("perhaps"))
