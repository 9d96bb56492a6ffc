"""What a use is billed for, in units of time."""

from datetime import datetime, timedelta, timezone
from fractions import Fraction
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from odoo.addons.ess_mutualisation.tools.booking_rules import billable

UTC = timezone.utc
PARIS = ZoneInfo("Europe/Paris")
UNITS = ["hour", "half_day", "day", "use"]
units = st.sampled_from(UNITS)
zones = st.sampled_from([PARIS, ZoneInfo("America/Martinique")])
origins = st.sampled_from([datetime(2026, 3, 28), datetime(2026, 10, 24)])
minutes = st.integers(1, 4 * 1440)


def at(*clock):
    return datetime(*clock, tzinfo=PARIS)


@pytest.mark.parametrize(
    ("start", "stop", "unit", "expected"),
    [
        (at(2026, 6, 12, 9), at(2026, 6, 12, 11), "hour", 2),
        (at(2026, 6, 12, 9), at(2026, 6, 12, 11, 1), "hour", Fraction(9, 4)),
        (at(2026, 3, 28, 22), at(2026, 3, 29, 6), "hour", 7),
        (at(2026, 10, 24, 22), at(2026, 10, 25, 6), "hour", 9),
        (at(2026, 6, 12), at(2026, 6, 12, 12), "half_day", 1),
        (at(2026, 6, 12, 9), at(2026, 6, 12, 22), "half_day", 2),
        (at(2026, 3, 29), at(2026, 3, 30), "half_day", 2),
        (at(2026, 6, 12, 9), at(2026, 6, 12, 10), "day", 1),
        (at(2026, 6, 12, 9), at(2026, 6, 13, 10), "day", 2),
        (at(2026, 3, 28, 9), at(2026, 3, 29, 9), "day", 1),
        (at(2026, 10, 24, 9), at(2026, 10, 25, 9), "day", 1),
        (at(2026, 10, 24, 9), at(2026, 10, 25, 10), "day", 2),
        # 02:15 comes twice, the second time 45 minutes after the day was over
        (at(2026, 10, 24, 2, 30), at(2026, 10, 25, 2, 15), "day", 1),
        (at(2026, 10, 24, 2, 30), at(2026, 10, 25, 2, 15).replace(fold=1), "day", 2),
        # 02:30 is skipped, so the day is over at 03:30
        (at(2026, 3, 28, 2, 30), at(2026, 3, 29, 3, 15), "day", 1),
        (at(2026, 3, 28, 2, 30), at(2026, 3, 29, 3, 45), "day", 2),
        (at(2026, 6, 12, 17), at(2026, 6, 15, 9), "day", 3),
        (at(2026, 6, 12, 9), at(2026, 6, 25, 9), "use", 1),
    ],
)
def test_billed_units(start, stop, unit, expected):
    assert billable(start, stop, unit) == expected


@given(origins, zones, st.integers(0, 2880), minutes, minutes, units)
def test_a_later_stop_never_costs_less(origin, zone, offset, first, more, unit):
    start = origin.replace(tzinfo=UTC) + timedelta(minutes=offset)
    sooner, later = (start + timedelta(minutes=n) for n in (first, first + more))
    local = [moment.astimezone(zone) for moment in (start, sooner, later)]
    assert billable(local[0], local[1], unit) <= billable(local[0], local[2], unit)


@given(origins, zones, st.integers(0, 2880), minutes)
def test_all_that_elapsed_is_billed_and_little_more(origin, zone, offset, lasting):
    start = origin.replace(tzinfo=UTC) + timedelta(minutes=offset)
    stop = start + timedelta(minutes=lasting)
    local = start.astimezone(zone), stop.astimezone(zone)
    hours = billable(*local, "hour")
    assert 0 <= hours - Fraction(lasting, 60) < Fraction(1, 4)
    for unit, length in (("half_day", 720), ("day", 1440)):
        billed = billable(*local, unit) * length
        assert -60 <= billed - lasting < length + 60


@given(origins, zones, st.integers(0, 23), st.integers(1, 30))
def test_a_day_is_a_day_whatever_the_clocks_do(origin, zone, hour, days):
    if hour == 2:  # the hour that is skipped or comes twice
        hour = 12
    start = origin.replace(hour=hour, tzinfo=zone)
    stop = start + timedelta(days=days)
    assert billable(start, stop, "day") == days
    assert billable(start, stop, "half_day") == 2 * days


@pytest.mark.parametrize(
    ("stop", "unit", "figure"),
    [
        (at(2026, 6, 12, 9), "hour", "must end after it starts"),
        (at(2026, 6, 12, 10), "week", "week"),
        (datetime(2026, 6, 12, 10), "day", "needs a time zone"),
    ],
)
def test_bad_input_is_refused(stop, unit, figure):
    with pytest.raises(ValueError, match=figure):
        billable(at(2026, 6, 12, 9), stop, unit)
