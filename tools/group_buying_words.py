"""One sentence for each member: why it gets 7 and not 9, or nothing."""

from collections.abc import Hashable, Mapping
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from .exact import Exact
from .group_buying_types import Outcome

_SENTENCES = {
    "as_asked": "{got}: what was asked for, at {price} each.",
    "carton_more": (
        "{got}, {extra} more than the {want} asked for and within the tolerance of"
        " {tolerance}: this fills the last carton of {carton}."
    ),
    "minimum_more": (
        "{got}, {extra} more than the {want} asked for and within the tolerance of"
        " {tolerance}: this brings the order to the smallest that the supplier takes,"
        " {minimum}."
    ),
    "tier_more": (
        "{got}, {extra} more than the {want} asked for and within the tolerance of"
        " {tolerance}: with {quantity} ordered in place of {quantity_without}, the"
        " price falls from {price_without} to {price}."
    ),
    "carton_less": (
        "{got} of the {want} asked for: {asked} are asked for together, and {quantity}"
        " come in whole cartons of {carton}; {missing} more would have filled another."
    ),
    "available_less": (
        "{got} of the {want} asked for: {asked} are asked for together, but the"
        " supplier has only {available}, of which {quantity} can be ordered."
    ),
    "nothing_asked": "Nothing: nothing was asked for.",
    "ceiling": (
        "Nothing: the price is {price}, which is above the ceiling of {ceiling} given."
    ),
    "ceiling_no_order": (
        "Nothing: the lowest price in reach was {price}, which is above the ceiling"
        " of {ceiling} given."
    ),
    "own_minimum": (
        "Nothing: at least {minimum} or none were wanted, but the share would have"
        " been {share}."
    ),
    "no_carton": (
        "Nothing: {asked} are asked for together, {most} with all tolerance, but a"
        " carton holds {carton}; {missing} more are needed."
    ),
    "no_minimum": (
        "Nothing: {asked} are asked for together, {most} with all tolerance, but the"
        " supplier takes no order below {minimum}; {missing} more are needed."
    ),
    "no_supply": (
        "Nothing: the supplier has only {available} and takes no order below {minimum}."
    ),
}


def explain(outcome: Outcome, key: Hashable) -> str:
    """Say in one English sentence why a member gets what it gets.

    :raise ValueError: somebody who has no commitment in this outcome
    """
    reason = outcome.reasons.get(key)
    if reason is None:
        raise ValueError(f"{key!r} has no commitment to this offer.")
    figures = reason.figures
    code = reason.code
    if code == "ceiling" and not figures["quantity"]:
        code = "ceiling_no_order"
    return _SENTENCES[code].format(**_shown(figures))


def _shown(figures: Mapping[str, Any]) -> dict[str, str]:
    """Write the figures as a person reads them."""
    shown = {name: number_in_words(value) for name, value in figures.items()}
    shown["extra"] = number_in_words(figures["got"] - figures["want"])
    return shown


def number_in_words(value: Exact) -> str:
    """Write a number with at most four decimals: 7, 9.50, 0.3333.

    >>> from fractions import Fraction
    >>> number_in_words(7), number_in_words(Fraction(19, 2))
    ('7', '9.50')
    >>> number_in_words(Fraction(1, 3))
    '0.3333'
    """
    if value.denominator == 1:
        return str(value.numerator)
    exact = Decimal(value.numerator) / Decimal(value.denominator)
    rounded = exact.quantize(Decimal("0.0001"), ROUND_HALF_UP).normalize()
    return f"{rounded:f}" if rounded.as_tuple().exponent < -2 else f"{rounded:.2f}"
