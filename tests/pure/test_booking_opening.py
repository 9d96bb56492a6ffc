"""Opening hours and uses: rooms, equipment, nights, weekends, days of 23 hours."""

from datetime import datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest

from odoo.addons.ess_mutualisation.tools.booking_rules import (
    Rules,
    Use,
    check,
)

PARIS = ZoneInfo("Europe/Paris")


def at(*clock):
    return datetime(*clock, tzinfo=PARIS)


NOW = at(2026, 6, 1, 9, 30)  # a Monday


def june(day, hour=0, minute=0):
    return at(2026, 6, day, hour, minute)


def use(start, stop):
    return Use(start, stop)


def codes(rules, wanted, now=NOW, opening=None):
    return [reason.code for reason in check(rules, wanted, now, opening)]


def only(reasons):
    (reason,) = reasons
    return reason


def open_on(days, first=9, last=18):
    return [(june(day, first), june(day, last)) for day in days]


def test_room_lies_within_its_opening_hours():
    rules, opening = Rules(opening_rule="inside"), open_on((12, 15))
    assert codes(rules, use(june(12, 9), june(12, 18)), opening=opening) == []
    late = only(check(rules, use(june(12, 17), june(12, 19)), NOW, opening))
    assert late.code == "closed"
    assert late.figures == {"closed_from": june(12, 18), "next_opening": june(15, 9)}
    after = only(check(rules, use(june(16, 9), june(16, 10)), NOW, opening))
    assert after.figures == {"closed_from": june(16, 9), "next_opening": None}


def test_lunch_break_closes_a_room():
    opening = open_on([12], 9, 12) + open_on([12], 14, 18)
    rules, wanted = Rules(opening_rule="inside"), use(june(12, 10), june(12, 16))
    figures = only(check(rules, wanted, NOW, opening)).figures
    assert figures == {"closed_from": june(12, 12), "next_opening": june(12, 14)}


@pytest.mark.parametrize("seconds", [0, 1e-6, 1])
def test_a_calendar_that_ends_its_days_just_before_midnight(seconds):
    """Odoo's days end at 23:59:59.999999; the night between them is open."""
    gap = timedelta(seconds=seconds)
    opening = [(june(12, 8), june(13) - gap), (june(13), june(13, 4))]
    rules = Rules(opening_rule="inside")
    assert codes(rules, use(june(12, 20), june(13, 3)), opening=opening) == []
    assert codes(rules, use(june(12, 20), june(13)), opening=opening[:1]) == []
    assert codes(rules, use(june(12, 20), june(13, 5)), opening=opening) == ["closed"]


def test_pick_up_on_friday_return_on_monday_when_closed_at_the_weekend():
    rules, opening = Rules(opening_rule="ends"), open_on((11, 12, 15, 16))
    weekend = use(june(12, 17), june(15, 9))
    assert codes(rules, weekend, opening=opening) == []
    inside = Rules(opening_rule="inside")
    assert codes(inside, weekend, opening=opening) == ["closed"]
    days = Rules(granularity="day", opening_rule="ends")
    assert codes(days, use(june(12), june(16)), opening=opening) == []
    assert codes(days, use(june(12), june(15)), opening=opening) == ["closed_end"]


def test_pick_up_at_closing_time_and_return_at_opening_time():
    rules, opening = Rules(opening_rule="ends"), open_on((12, 15))
    assert codes(rules, use(june(12, 18), june(15, 9)), opening=opening) == []
    reasons = check(rules, use(june(12, 19), june(15, 8)), NOW, opening)
    assert [reason.code for reason in reasons] == ["closed_start", "closed_end"]
    around = {"previous_closing": june(12, 18), "next_opening": june(15, 9)}
    assert reasons[0].figures == {"start": june(12, 19)} | around
    assert reasons[1].figures == {"stop": june(15, 8)} | around


def test_half_days_need_an_open_hour_each():
    mornings = open_on((11, 12), 9, 12)
    inside = Rules(granularity="half_day", opening_rule="inside")
    assert codes(inside, use(june(12), june(12, 12)), opening=mornings) == []
    reason = only(check(inside, use(june(11), june(12, 12)), NOW, mornings))
    assert reason.figures == {"closed_from": june(11, 12), "next_opening": june(12, 9)}
    ends = Rules(granularity="half_day", opening_rule="ends")
    assert codes(ends, use(june(11), june(12, 12)), opening=mornings) == []
    assert codes(ends, use(june(11), june(12)), opening=mornings) == ["closed_end"]
    assert codes(ends, use(june(11, 12), june(12, 12)), opening=mornings) == [
        "closed_start"
    ]


def test_a_morning_is_closed_when_the_place_opens_at_noon():
    rules = Rules(granularity="half_day", opening_rule="inside")
    opening = open_on([12], 12, 18)
    assert codes(rules, use(june(12), june(12, 12)), opening=opening) == ["closed"]
    assert codes(rules, use(june(12, 12), june(13)), opening=opening) == []


@pytest.mark.parametrize("day", [(2026, 3, 29), (2026, 10, 25)])
def test_a_whole_day_inside_when_clocks_change(day):
    midnight = at(*day)
    after = midnight + timedelta(days=1)
    opening = [(midnight + timedelta(hours=9), midnight + timedelta(hours=12))]
    rules = Rules(granularity="day", opening_rule="inside")
    assert codes(rules, use(midnight, after), at(2026, 3, 1), opening) == []
    all_day = [(midnight, after - timedelta(microseconds=1))]
    by_hour = Rules(opening_rule="inside")
    assert codes(by_hour, use(midnight, after), at(2026, 3, 1), all_day) == []


def test_always_open_always_closed_and_free():
    wanted = use(june(12, 9), june(12, 10))
    inside, ends = Rules(opening_rule="inside"), Rules(opening_rule="ends")
    assert codes(inside, wanted, opening=None) == []
    assert codes(inside, wanted, opening=[]) == ["closed"]
    assert codes(ends, wanted, opening=[]) == ["closed_start", "closed_end"]
    assert codes(Rules(), wanted, opening=[]) == []


def test_opening_hours_in_another_zone():
    opening = [
        tuple(moment.astimezone(timezone.utc) for moment in hours)
        for hours in open_on((12, 15))
    ]
    rules = Rules(opening_rule="inside")
    reason = only(check(rules, use(june(12, 17), june(12, 19)), NOW, opening))
    assert reason.figures["closed_from"].utcoffset() == timedelta(hours=2)
    assert reason.figures["closed_from"] == june(12, 18)


@pytest.mark.parametrize(
    "hours", [(june(12, 18), june(12, 9)), (datetime(2026, 6, 12), june(13))]
)
def test_bad_opening_hours_are_refused(hours):
    with pytest.raises(ValueError, match="Opening hours"):
        codes(Rules(opening_rule="inside"), use(june(12), june(13)), opening=[hours])
