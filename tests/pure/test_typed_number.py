"""Numbers as people type them, in three languages, with and without care."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from odoo.addons.ess_mutualisation.tools.typed_number import read_number


@pytest.mark.parametrize(
    ("typed", "group", "number"),
    [
        ("3", "", "3"),
        ("2,5", ",", "5/2"),
        ("2.5", ".", "5/2"),
        (" 1 234,5 ", " ", "2469/2"),
        ("1\u202f234,50", "\u202f", "2469/2"),
        ("1'234.5", "", "2469/2"),
        ("1,234", ",", "1234"),
        ("1,234", "\u202f", "617/500"),
        ("1.234", ".", "1234"),
        ("1.234", ",", "617/500"),
        ("1,234,567", "", "1234567"),
        ("1,234.50", "", "2469/2"),
        ("1.234,50", "", "2469/2"),
        ("1234,567", ",", "1234567/1000"),
        (",5", "", "1/2"),
        ("5.", "", "5"),
        ("-2,5", "", "-5/2"),
        ("\u22122", "", "-2"),
        ("", "", "0"),
        (None, "", "0"),
        (False, "", "0"),
        (7, "", "7"),
        (0.1, ",", "1/10"),
        (1.234, ".", "617/500"),
    ],
)
def test_read(typed, group, number):
    assert read_number(typed, group) == Fraction(number)


@pytest.mark.parametrize(("typed", "number"), [("12,50 €", "25/2"), ("48 km", "48")])
def test_what_may_follow(typed, number):
    assert read_number(typed, units=("€", "km")) == Fraction(number)


@pytest.mark.parametrize(
    "typed",
    [
        "abc",
        "nan",
        "inf",
        "1e9",
        "0x10",
        "1,2,3",
        "1.2.3,4",
        "12,34.5",
        "--1",
        "1-",
        "€",
        "٣",
        "²",
        "3/4",
        "9" * 41,
        "\x00",
        float("nan"),
        float("inf"),
    ],
)
def test_refused(typed):
    with pytest.raises((ValueError, OverflowError)):
        read_number(typed)


@given(st.integers(-(10**9), 10**9), st.sampled_from([",", "."]))
def test_what_is_written_is_read(cents, point):
    """Any amount, written with or without thousands, comes back as itself."""
    group = "." if point == "," else ","
    plain = f"{cents / 100:.2f}".replace(".", point)
    grouped = f"{cents / 100:,.2f}".replace(",", "\0").replace(".", point)
    for typed in (plain, grouped.replace("\0", group), grouped.replace("\0", "\u00a0")):
        assert read_number(typed, group) == Fraction(cents, 100)


@given(st.text())
def test_no_text_gives_another_error(text):
    try:
        assert isinstance(read_number(text, ","), Fraction)
    except ValueError:
        pass
