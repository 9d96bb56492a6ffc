"""What a round decides as a whole: every offer, then the minima of the suppliers.

Facts go in and a result comes out, both as plain JSON: numbers, texts and lists, exact
figures as text ("601/20"). So a decision can be stored, hashed, and replayed years
later from nothing but what was stored.

Facts::

    {"bump": …, "rule": …,
     "suppliers": [{"id", "minimum_amount", "minimum_weight", "decision"}],
     "offers": [{"id", "supplier", "carton", "minimum", "available", "weight",
                 "decision", "tiers": [[from, price]],
                 "commitments": [[id, member, want, tolerance, minimum, ceiling,
                                  priority]]}]}

Quantities are in granules of the offer, prices and weights of one granule. A
supplier's decision is `check` (its minimum counts), `freight` (it is ordered all the
same) or `out`. That of an offer is `check` (also when there is none), `anyway` (its
minimum does not count; below the first tier, the price is that of the first tier) or
`out` (it is known that its minimum fails, nothing more is said about it).

Result::

    {"offers": [{"id", "ordered", "price"}],
     "commitments": [[id, got, code, figures]],
     "suppliers": [{"id", "amount", "weight", "reached", "out"}]}

`amount` and `weight` are what the offers come to before a supplier is left out.
"""

import hashlib
import json
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from .group_buying import Commitment, Offer, Outcome, solve

Facts = Mapping[str, Any]
DECISIONS = ("check", "freight", "out")
OFFER_DECISIONS = ("check", "anyway", "out")


def decide(facts: Facts) -> dict[str, list]:
    """Solve every offer, and leave out the suppliers whose decision says so.

    A supplier below its minimum is told by `reached`; what follows is for somebody
    else to say, by its decision in the facts.

    :raise ValueError: what `solve` refuses, an unknown decision
    """
    bump, rule = facts["bump"], facts["rule"]
    outcomes = {
        offer["id"]: solve(offer_of(offer), commitments_of(offer), bump, rule)
        for offer in facts["offers"]
    }
    suppliers = {one["id"]: _supplier(one, facts, outcomes) for one in _by_id(facts)}
    result: dict[str, list] = {"offers": [], "commitments": [], "suppliers": []}
    for offer in sorted(facts["offers"], key=lambda one: one["id"]):
        outcome, supplier = outcomes[offer["id"]], suppliers[offer["supplier"]]
        ordered = 0 if supplier["out"] else outcome.quantity
        price = str(outcome.unit_price) if ordered else None
        result["offers"].append({"id": offer["id"], "ordered": ordered, "price": price})
        result["commitments"] += _rows(outcome, supplier)
    result["commitments"].sort()
    result["suppliers"] = [_shown(one) for one in suppliers.values()]
    return result


def offer_of(offer: Mapping[str, Any]) -> Offer:
    """Return the offer that the facts describe, prices for one granule.

    :raise ValueError: an unknown decision, and what `Offer` refuses
    """
    tiers = [(start, exact(price)) for start, price in offer["tiers"]]
    minimum, decision = offer["minimum"], offer.get("decision", "check")
    _require_decision(decision, OFFER_DECISIONS)
    if decision == "anyway":
        first, minimum = min(tiers, default=(0, 0))[0], 0
        tiers = [(start if start > first else 0, price) for start, price in tiers]
    return Offer(
        tuple(tiers),
        carton=offer["carton"],
        minimum=minimum,
        available=offer["available"],
    )


def commitments_of(offer: Mapping[str, Any]) -> list[Commitment]:
    """Return the commitments to an offer that the facts list."""
    return [
        Commitment(
            key,
            want,
            tolerance,
            minimum,
            None if ceiling is None else exact(ceiling),
            priority,
        )
        for key, _member, want, tolerance, minimum, ceiling, priority in offer[
            "commitments"
        ]
    ]


def short_of(result: Mapping[str, Any]) -> list[int]:
    """Return the suppliers below their minimum, about whom something has to be said."""
    return [one["id"] for one in result["suppliers"] if not one["reached"]]


def short_products(
    facts: Facts, result: Mapping[str, Any]
) -> dict[int, dict[str, int]]:
    """Return the offers that are not ordered because their minimum is not reached.

    Those about which something is decided already are left out, and those of a
    supplier that is left out.

    :return: {offer: {asked, most, minimum, missing}} in granules; `most` is what is
        asked for with all tolerance, `minimum` in whole cartons
    """
    out = {one["id"] for one in result["suppliers"] if one["out"]}
    open_ones = {
        row[0]: offer["id"]
        for offer in facts["offers"]
        if offer.get("decision", "check") == "check" and offer["supplier"] not in out
        for row in offer["commitments"]
    }
    found: dict[int, dict[str, int]] = {}
    for key, _got, code, figures in result["commitments"]:
        if code == "no_minimum" and key in open_ones:
            names = ("asked", "most", "minimum", "missing")
            found[open_ones[key]] = {name: figures[name] for name in names}
    return found


def exact(text: str) -> int | Fraction:
    """Return an exact figure as the facts write it: "7", "601/20"."""
    value = Fraction(text)
    return value.numerator if value.denominator == 1 else value


def canonical(value: Any) -> str:
    """Write JSON in the one way that gives equal texts for equal contents."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), allow_nan=False)


def fingerprint(facts: Facts, result: Mapping[str, Any]) -> str:
    """Return the SHA-256 of facts and result, in hexadecimal."""
    text = f"{canonical(facts)}\n{canonical(result)}"
    return hashlib.sha256(text.encode()).hexdigest()


def _require_decision(decision: str, choices: tuple[str, ...]) -> None:
    if decision not in choices:
        known = ", ".join(choices)
        raise ValueError(f"Unknown decision {decision!r}; known are {known}.")


def _by_id(facts: Facts) -> list[Mapping[str, Any]]:
    return sorted(facts["suppliers"], key=lambda one: one["id"])


def _supplier(
    supplier: Mapping[str, Any], facts: Facts, outcomes: Mapping[int, Outcome]
) -> dict[str, Any]:
    """Return what is ordered of a supplier, and whether that is enough for it.

    Of whom nothing is ordered, no minimum is asked.
    """
    _require_decision(supplier["decision"], DECISIONS)
    amount = weight = Fraction(0)
    for offer in facts["offers"]:
        outcome = outcomes[offer["id"]]
        if offer["supplier"] == supplier["id"] and outcome.quantity:
            amount += outcome.quantity * outcome.unit_price
            weight += outcome.quantity * exact(offer["weight"])
    least = exact(supplier["minimum_amount"]), exact(supplier["minimum_weight"])
    ordered = any(
        outcomes[offer["id"]].quantity
        for offer in facts["offers"]
        if offer["supplier"] == supplier["id"]
    )
    enough = not ordered or (amount >= least[0] and weight >= least[1])
    decision = supplier["decision"]
    return {
        "id": supplier["id"],
        "amount": amount,
        "weight": weight,
        "reached": enough or decision != "check",
        "out": decision == "out",
        "minima": least,
    }


def _shown(supplier: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "id": supplier["id"],
        "amount": str(supplier["amount"]),
        "weight": str(supplier["weight"]),
        "reached": supplier["reached"],
        "out": supplier["out"],
    }


def _rows(outcome: Outcome, supplier: Mapping[str, Any]) -> list[list]:
    """Return what everybody gets of an offer; of a supplier left out, nothing.

    Who would have got nothing anyhow keeps the reason that it has.
    """
    rows = []
    for key, reason in outcome.reasons.items():
        got, code, figures = outcome.allotted.get(key, 0), reason.code, reason.figures
        if got and supplier["out"]:
            code = "supplier_minimum"
            figures = {
                "want": figures["want"],
                "share": got,
                "amount": str(supplier["amount"]),
                "weight": str(supplier["weight"]),
                "minimum_amount": str(supplier["minima"][0]),
                "minimum_weight": str(supplier["minima"][1]),
                "got": 0,
            }
            got = 0
        rows.append([key, got, code, _plain(figures)])
    return rows


def _plain(figures: Mapping[str, Any]) -> dict[str, Any]:
    """Write fractions as text; whole numbers stay what they are."""
    return {
        name: value if isinstance(value, int) else str(value)
        for name, value in figures.items()
    }
