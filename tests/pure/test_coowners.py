from datetime import datetime, timedelta
from fractions import Fraction
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from odoo.addons.ess_mutualisation.tools.coowners import (
    free_hours,
    hours_by_year,
    hours_of_year,
)

PARIS = ZoneInfo("Europe/Paris")
UTC = ZoneInfo("UTC")
years = st.integers(2024, 2028)
hours = st.fractions(0, 9000, max_denominator=3600)
ledger = st.dictionaries(years, hours, max_size=4)


def test_a_year_and_a_leap_year():
    assert hours_of_year(2026, PARIS) == 8760
    assert hours_of_year(2028, PARIS) == 8784


def test_the_night_when_clocks_go_forward_is_an_hour_shorter():
    start = datetime(2026, 3, 28, 18, tzinfo=PARIS)
    assert hours_by_year(start, datetime(2026, 3, 29, 18, tzinfo=PARIS)) == {2026: 23}


def test_new_year_by_the_clock_at_the_asset():
    """In Paris the year ends at 23:00 UTC."""
    start = datetime(2025, 12, 31, 12, tzinfo=PARIS)
    stop = datetime(2026, 1, 2, 12, tzinfo=PARIS)
    assert hours_by_year(start, stop) == {2025: 12, 2026: 36}


def test_inverted_is_refused():
    start = datetime(2026, 1, 1, tzinfo=PARIS)
    with pytest.raises(ValueError, match="must end after it starts"):
        hours_by_year(start, start)


def test_each_year_has_its_own_share():
    asked = {2025: Fraction(6), 2026: Fraction(12)}
    allowed = {2025: Fraction(100), 2026: Fraction(100)}
    used = {2025: Fraction(98), 2026: Fraction(500)}
    assert free_hours(asked, allowed, used) == 2


def test_negative_hours_are_refused():
    with pytest.raises(ValueError, match="asked in 2026 are negative"):
        free_hours({2026: Fraction(-1)}, {}, {})


@given(
    st.datetimes(datetime(2024, 1, 1), datetime(2027, 1, 1)),
    st.integers(1, 3 * 365 * 24 * 60),
)
def test_no_minute_is_lost_or_counted_twice(start, minutes):
    begin = start.replace(microsecond=0, tzinfo=UTC).astimezone(PARIS)
    end = (begin.astimezone(UTC) + timedelta(minutes=minutes)).astimezone(PARIS)
    assert sum(hours_by_year(begin, end).values()) == Fraction(minutes, 60)


@given(ledger, ledger, ledger)
def test_never_more_than_asked_nor_than_what_is_left(asked, allowed, used):
    free = free_hours(asked, allowed, used)
    assert 0 <= free <= sum(asked.values())
    assert free <= sum(allowed.values())
    more = {year: left + 1 for year, left in allowed.items()}
    assert free_hours(asked, more, used) >= free
