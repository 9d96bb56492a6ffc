"""Booking rules in general: candidates, raster, opening hours against brute force."""

from datetime import datetime, timedelta, timezone
from time import process_time
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.addons.ess_mutualisation.tools.booking_rules import (
    Rules,
    Use,
    candidates,
    check,
    minutes_within,
    quota_periods,
    snap,
)

UTC = timezone.utc
PARIS = ZoneInfo("Europe/Paris")
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
CELLS = {"hour": HOUR, "half_day": 12 * HOUR, "day": DAY}

granularities = st.sampled_from(list(CELLS))
zones = st.sampled_from(
    [PARIS, ZoneInfo("America/Martinique"), ZoneInfo("Indian/Reunion")]
)
# Days before both changes of the clocks in Europe, and an ordinary one.
origins = st.sampled_from(
    [datetime(2026, 3, 27), datetime(2026, 10, 23), datetime(2026, 6, 10)]
)


@st.composite
def uses(draw, off_raster=True, longest=80):
    """A use of up to some days, real local times, around a change of the clocks."""
    zone, origin = draw(zones), draw(origins).replace(tzinfo=UTC)
    step = timedelta(minutes=15) if off_raster else HOUR
    start = origin + draw(st.integers(0, 100)) * HOUR + draw(st.integers(0, 3)) * step
    stop = start + draw(st.integers(1, longest)) * step
    return Use(start.astimezone(zone), stop.astimezone(zone))


@st.composite
def rule_sets(draw):
    low = draw(st.sampled_from([0, 60, 720]))
    return Rules(
        granularity=draw(granularities),
        min_minutes=low,
        max_minutes=draw(st.sampled_from([0, 1440, 4320])),
        lead_minutes=draw(st.sampled_from([0, 90, 2880])),
        horizon_days=draw(st.sampled_from([0, 3, 30])),
        opening_rule=draw(st.sampled_from(["inside", "ends", "free"])),
    )


def weekdays(zone, first, days=60):
    """Opening hours from Monday to Friday, with a lunch break, as Odoo gives them."""
    midnights = (datetime(first.year, first.month, 1) + n * DAY for n in range(days))
    return [
        ((midnight + start * HOUR).replace(tzinfo=zone), end.replace(tzinfo=zone))
        for midnight in midnights
        if midnight.weekday() < 5
        for start, end in (
            (8, midnight + 12 * HOUR),
            (14, midnight + DAY - timedelta(microseconds=1)),
        )
    ]


def utc(moment):
    return moment.astimezone(UTC)


def naive(moment):
    return moment.replace(tzinfo=None)


@given(rule_sets(), uses(), st.booleans())
@settings(max_examples=60)
def test_candidates_break_no_rule(rules, use, always_open):
    opening = None if always_open else weekdays(use.zone, use.start)
    now = utc(use.start) - 30 * HOUR
    found = candidates(rules, use, now, opening, days=3)
    starts = [utc(start) for start, _stop in found]
    assert starts == sorted(set(starts))
    for start, stop in found:
        assert check(rules, Use(start, stop), now, opening) == []
        moved = abs(naive(start) - naive(use.start))
        assert moved <= 3 * DAY + CELLS[rules.granularity]


@given(rule_sets(), uses(off_raster=False))
@settings(max_examples=60)
def test_a_use_that_is_right_is_its_own_candidate(rules, use):
    now = utc(use.start) - 50 * HOUR
    right = not check(rules, use, now, None)
    second = use.start.fold or use.stop.fold  # an hour that comes twice: the first one
    if right and not second and use.start.day != 29:
        found = candidates(rules, use, now, None, days=1)
        assert (use.start, use.stop) in found


@given(granularities, uses())
def test_snap_contains_the_use_and_lies_on_the_raster(granularity, use):
    rules = Rules(granularity=granularity)
    start, stop = snap(rules, use.start, use.stop)
    assert utc(start) <= utc(use.start) < utc(use.stop) <= utc(stop)
    assert check(rules, Use(start, stop), utc(start), None) == []
    assert snap(rules, start, stop) == (start, stop)
    slack = CELLS[granularity] + HOUR
    assert utc(use.start) - utc(start) < slack and utc(stop) - utc(use.stop) < slack


@given(uses(off_raster=False, longest=30))
@settings(max_examples=60)
def test_inside_is_the_brute_force(use):
    opening = weekdays(use.zone, use.start)
    start, stop = snap(Rules(), use.start, use.stop)
    # A day that ends at 23:59:59.999999 is open up to midnight.
    ends = [utc(b) + timedelta(microseconds=bool(b.microsecond)) for _a, b in opening]
    hours = list(zip((utc(a) for a, _b in opening), ends, strict=True))

    def is_open(moment):
        return any(a <= moment < b for a, b in hours)

    minutes = range(int((utc(stop) - utc(start)) / timedelta(minutes=1)))
    moments = (utc(start) + timedelta(minutes=n) for n in minutes)
    first_closed = next((one for one in moments if not is_open(one)), None)
    rules = Rules(opening_rule="inside")
    reasons = check(rules, Use(start, stop), utc(start), opening)
    assert [reason.code for reason in reasons] == ["closed"] * bool(first_closed)
    if first_closed:
        assert utc(reasons[0].figures["closed_from"]) == first_closed
        opens = utc(reasons[0].figures["next_opening"])
        assert opens == min(a for a, _b in hours if a >= first_closed)


@given(uses(), st.sampled_from(["week", "month", "year"]))
def test_quota_periods_tile_the_use(use, period):
    rules = Rules(quota_period=period)
    periods = quota_periods(rules, use)
    assert periods[0][0] <= use.start and use.stop <= periods[-1][1]
    for before, after in zip(periods, periods[1:], strict=False):
        assert before[1] == after[0]
    parts = [minutes_within(use, *bounds) for bounds in periods]
    assert all(part > 0 for part in parts)
    lasting = (utc(use.stop) - utc(use.start)) / timedelta(minutes=1)
    assert abs(sum(parts) - lasting) <= 60  # whole days do not feel the clocks


def test_candidates_for_a_weekend_are_pick_up_and_return_days():
    """Saturday and Sunday are closed: any two days that are open will do."""
    saturday = datetime(2026, 6, 13, tzinfo=PARIS)
    rules = Rules(granularity="day", opening_rule="ends")
    use = Use(saturday, saturday + 2 * DAY)
    opening = weekdays(PARIS, saturday)
    found = candidates(rules, use, saturday - 3 * DAY, opening, days=3)
    assert [start.day for start, _stop in found] == [10, 11, 15, 16]


def test_candidates_last_as_long_on_the_wall_over_a_change_of_the_clocks():
    start = datetime(2026, 3, 27, 20, tzinfo=PARIS)
    found = candidates(Rules(), Use(start, start + 12 * HOUR), start, None, days=3)
    lasting = {naive(stop) - naive(start) for start, stop in found}
    # 13: from 14:00 to the 02:00 that is skipped, which is 03:00 on the new clock.
    assert lasting == {12 * HOUR, 13 * HOUR}
    assert len({utc(start) for start, _stop in found}) == len(found) == 72


def test_candidates_round_up_to_full_cells():
    start = datetime(2026, 6, 12, 9, 30, tzinfo=PARIS)
    use = Use(start, start + 2 * HOUR)
    found = candidates(Rules(max_minutes=120), use, start - DAY, None, days=0)
    assert found == [(start.replace(minute=0), start.replace(hour=11, minute=0))]


def test_no_candidates_for_what_has_no_length_or_quantity():
    start = datetime(2026, 6, 12, 9, tzinfo=PARIS)
    assert candidates(Rules(), Use(start, start), start, None) == []
    assert candidates(Rules(), Use(start, start + HOUR, 0), start, None) == []
    with pytest.raises(ValueError, match="not 1000"):
        candidates(Rules(), Use(start, start + HOUR), start, None, days=1000)


def test_candidates_of_four_weeks_by_the_hour_are_fast():
    """673 starts are looked at; processor time, as machines are busy."""
    start = datetime(2026, 6, 12, 9, tzinfo=PARIS)
    rules = Rules(opening_rule="ends", max_minutes=1440, horizon_days=60)
    opening = weekdays(PARIS, start, days=90)

    def seconds():
        began = process_time()
        candidates(rules, Use(start, start + 2 * HOUR), start - 20 * DAY, opening)
        return process_time() - began

    assert min(seconds() for _run in range(5)) < 0.04
