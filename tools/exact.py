"""What the rules of sharing ask of their figures: exact numbers, keys in an order."""

from collections.abc import Collection, Hashable, Iterable, Mapping
from fractions import Fraction
from math import lcm
from typing import Any, TypeVar

Key = TypeVar("Key", bound=Hashable)
"""Who or what takes part: an id or a code. The keys of one call are comparable."""

Exact = int | Fraction
"""A number that no rounding has touched; a float is refused."""


def require_int(value: Any, what: str) -> int:
    """Return a whole number as it is.

    :param what: how a person names the figure, with a capital: it starts the sentence
    :raise ValueError: anything else, also 2.0
    """
    if not isinstance(value, int):
        raise ValueError(
            f"{what} must be a whole number, but is {value!r} ({type(value).__name__})."
        )
    return value


def require_exact(value: Any, what: str) -> Exact:
    """Return a whole number or a fraction as it is.

    :param what: how a person names the figure, with a capital: it starts the sentence
    :raise ValueError: anything else, above all a float: its cents are lost already
    """
    if not isinstance(value, (int, Fraction)):
        raise ValueError(
            f"{what} must be an int or a Fraction,"
            f" but is {value!r} ({type(value).__name__})."
        )
    return value


def require_key_order(keys: Collection[Key]) -> list[Key]:
    """Return the keys sorted, so that the order in which they came decides nothing.

    :raise ValueError: keys that cannot be compared, such as 1 and "a"
    """
    try:
        return sorted(keys)
    except TypeError as error:
        kinds = ", ".join(sorted({type(key).__name__ for key in keys}))
        raise ValueError(
            f"Keys must be of one kind to be put in order, but are: {kinds}."
        ) from error


def require_weights(weights: Mapping[Key, Exact]) -> list[Key]:
    """Return the keys in order, when something can be shared by these weights.

    :raise ValueError: no weight, only zeros, a negative weight, one that is not exact
    """
    keys = require_key_order(weights)
    for key in keys:
        if require_exact(weights[key], f"The weight of {key!r}") < 0:
            raise ValueError(
                f"The weight of {key!r} is {weights[key]}; it must not be negative."
            )
    if not any(weights.values()):
        raise ValueError(
            f"Nothing can be shared by {len(keys)} weights that are all zero."
            if keys
            else "Nothing can be shared, because no weight is given."
        )
    return keys


def scaled(values: Iterable[Exact]) -> tuple[list[int], int]:
    """Return whole numbers and the one denominator that brings back the values."""
    values = list(values)
    common = lcm(*(value.denominator for value in values))
    return [value.numerator * (common // value.denominator) for value in values], common
