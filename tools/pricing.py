"""Exact amounts: prices are fractions, amounts are integer minor units."""

from fractions import Fraction
from math import floor


def amount_in_cents(
    price: Fraction, units: Fraction, quantity: int, decimals: int = 2
) -> int:
    """Amount of `quantity` items used for `units` of time at `price` each.

    :param price: price of one item for one unit of time, in major units (euros)
    :param units: how many units of time, e.g. ``Fraction(5, 2)`` hours
    :param quantity: number of items, at least 1
    :param decimals: decimals of the currency (2: cents)
    :return: the amount in minor units, a half rounded away from zero
    :raise ValueError: when units or quantity are negative

    >>> amount_in_cents(Fraction("0.15"), Fraction(3), 24)
    1080
    >>> amount_in_cents(Fraction("0.125"), Fraction(1), 1)
    13
    """
    if units < 0 or quantity < 0:
        raise ValueError(
            f"A use has no negative length or quantity: {units} × {quantity}."
        )
    exact = price * units * quantity * 10**decimals
    half_up = floor(abs(exact) + Fraction(1, 2))
    return half_up if exact >= 0 else -half_up
