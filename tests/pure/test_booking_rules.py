"""Booking rules, one story each: what is refused, with which figures."""

from datetime import date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest

from odoo.addons.ess_mutualisation.tools.booking_rules import (
    Reason,
    Rules,
    Usage,
    Use,
    check,
    may_cancel,
    minutes_within,
    snap,
)

PARIS = ZoneInfo("Europe/Paris")
MARTINIQUE = ZoneInfo("America/Martinique")


def at(*clock, zone=PARIS, fold=0):
    return datetime(*clock, tzinfo=zone, fold=fold)


NOW = at(2026, 6, 1, 9, 30)  # a Monday


def june(day, hour=0, minute=0):
    return at(2026, 6, day, hour, minute)


def use(start, stop, quantity=1):
    return Use(start, stop, quantity)


def codes(rules, wanted, now=NOW, opening=None, usage=None):
    return [reason.code for reason in check(rules, wanted, now, opening, usage)]


def only(reasons):
    (reason,) = reasons
    return reason


def test_without_rules_everything_is_allowed():
    assert check(Rules(), use(june(12, 14), june(12, 16)), NOW, None) == []


def test_all_broken_rules_come_at_once_in_a_fixed_order():
    rules = Rules(
        max_minutes=60, lead_minutes=2880, horizon_days=1, opening_rule="inside"
    )
    wanted = use(june(1, 7, 15), june(4, 9), quantity=0)
    usage = Usage({date(2026, 6, 1): 1}, simultaneous=1)
    assert codes(rules, wanted, opening=[], usage=usage) == [
        "quantity",
        "granularity",
        "too_long",
        "past",
        "lead_time",
        "horizon",
        "closed",
    ]


def test_of_an_inverted_use_nothing_else_is_said():
    rules = Rules(min_minutes=60, opening_rule="inside")
    wanted = use(june(12, 16), june(12, 14))
    reason = only(check(rules, wanted, NOW, []))
    assert reason == Reason("inverted", {"start": june(12, 16), "stop": june(12, 14)})
    assert codes(rules, use(june(12, 16), june(12, 16), -1)) == ["quantity", "inverted"]


@pytest.mark.parametrize(
    ("granularity", "start", "stop", "right"),
    [
        ("hour", june(12, 14), june(12, 15), True),
        ("hour", june(12, 14, 30), june(12, 15), False),
        ("hour", june(12, 14), june(12, 15, 30), False),
        ("half_day", june(12), june(12, 12), True),
        ("half_day", june(12, 12), june(14), True),
        ("half_day", june(12, 9), june(12, 12), False),
        ("day", june(12), june(13), True),
        ("day", june(12), june(12, 12), False),
    ],
)
def test_raster(granularity, start, stop, right):
    broken = codes(Rules(granularity=granularity), use(start, stop))
    assert broken == ([] if right else ["granularity"])


def test_a_time_off_the_raster_comes_with_the_nearest():
    wanted = use(june(12, 9), june(12, 17))
    figures = only(check(Rules(granularity="day"), wanted, NOW, None)).figures
    assert figures["granularity"] == "day"
    assert (figures["nearest_start"], figures["nearest_stop"]) == (june(12), june(13))


def test_length():
    rules = Rules(min_minutes=120, max_minutes=240)
    short = only(check(rules, use(june(12, 9), june(12, 10)), NOW, None))
    assert short == Reason("too_short", {"asked_minutes": 60, "min_minutes": 120})
    long = only(check(rules, use(june(12, 9), june(12, 14)), NOW, None))
    assert long == Reason("too_long", {"asked_minutes": 300, "max_minutes": 240})
    for hours in (2, 4):
        assert codes(rules, use(june(12, 9), june(12, 9 + hours))) == []


@pytest.mark.parametrize(
    ("day", "hours"), [((2026, 3, 29), 23), ((2026, 10, 25), 25), ((2026, 6, 12), 24)]
)
def test_a_day_when_clocks_change(day, hours):
    """Hours are really elapsed ones; a day is a day."""
    now, midnight = at(2026, 3, 1), at(*day)
    wanted = use(midnight, midnight + timedelta(days=1))
    exact = Rules(granularity="day", min_minutes=1440, max_minutes=1440)
    assert codes(exact, wanted, now) == []
    by_hour = Rules(min_minutes=hours * 60, max_minutes=hours * 60)
    assert codes(by_hour, wanted, now) == []
    assert codes(Rules(max_minutes=hours * 60 - 1), wanted, now) == ["too_long"]


def test_a_day_in_martinique_always_has_24_hours():
    exact = Rules(min_minutes=1440, max_minutes=1440)
    for month, day in ((3, 29), (10, 25)):
        midnight = at(2026, month, day, zone=MARTINIQUE)
        wanted = use(midnight, midnight + timedelta(days=1))
        assert codes(exact, wanted, at(2026, 1, 1)) == []


def test_a_day_whose_midnight_is_skipped():
    """In Cairo clocks go forward at midnight: 24 April 2026 starts at 01:00."""
    cairo = ZoneInfo("Africa/Cairo")
    wanted = use(at(2026, 4, 24, 1, zone=cairo), at(2026, 4, 25, zone=cairo))
    exact = Rules(granularity="day", min_minutes=1440, max_minutes=1440)
    assert codes(exact, wanted, at(2026, 4, 1)) == []
    as_typed = use(at(2026, 4, 24, zone=cairo), at(2026, 4, 25, zone=cairo))
    assert codes(exact, as_typed, at(2026, 4, 1)) == []


def test_the_two_hours_when_clocks_go_back():
    """02:00 comes twice: from the first to the second is a use of one hour."""
    twice = use(at(2026, 10, 25, 2), at(2026, 10, 25, 2, fold=1))
    assert codes(Rules(min_minutes=60, max_minutes=60), twice) == []


def test_lead_time():
    rules = Rules(lead_minutes=48 * 60)
    assert codes(rules, use(june(3, 10), june(3, 12))) == []
    reason = only(check(rules, use(june(3, 9), june(3, 12)), NOW, None))
    assert reason.code == "lead_time"
    assert reason.figures["earliest"] == june(3, 10)  # first full hour after 09:30
    assert reason.figures["lead_minutes"] == 2880
    assert codes(rules, use(june(3, 9), june(3, 12)), now=june(1, 9)) == []


def test_lead_time_is_the_same_from_any_zone():
    rules, wanted = Rules(lead_minutes=60), use(june(1, 10), june(1, 12))
    now = NOW.astimezone(MARTINIQUE)
    reason = only(check(rules, wanted, now, None))
    assert reason.figures["earliest"].utcoffset() == timedelta(hours=2)
    assert reason == only(check(rules, wanted, NOW.astimezone(timezone.utc), None))


@pytest.mark.parametrize(
    ("granularity", "current"),
    [("hour", june(1, 9)), ("half_day", june(1)), ("day", june(1))],
)
def test_the_running_cell_may_still_be_booked(granularity, current):
    """At 09:30 one may take the van for today, but not for the past."""
    rules = Rules(granularity=granularity)
    assert codes(rules, use(current, june(2))) == []
    earlier = current - timedelta(hours=1 if granularity == "hour" else 12)
    reason = check(rules, use(earlier, june(2)), NOW, None)[-1]
    assert reason.code == "past"
    assert reason.figures == {"start": earlier, "now": NOW, "earliest": current}


def test_horizon_is_the_end_of_its_last_day():
    rules = Rules(horizon_days=30)
    assert codes(rules, use(at(2026, 7, 1, 8), at(2026, 7, 2))) == []
    reason = only(check(rules, use(at(2026, 7, 1), at(2026, 7, 2, 1)), NOW, None))
    assert reason.code == "horizon"
    assert reason.figures["latest"] == at(2026, 7, 2)
    assert reason.figures["horizon_days"] == 30


# --- cancelling, snapping, bad input ----------------------------------------------


def test_cancel_deadline():
    rules = Rules(cancel_minutes=24 * 60)
    assert may_cancel(rules, june(12, 9), june(11, 9)) is None
    reason = may_cancel(rules, june(12, 9), june(11, 9, 1))
    figures = {"deadline": june(11, 9), "cancel_minutes": 1440}
    assert reason == Reason("cancel_deadline", figures)
    assert may_cancel(Rules(), june(12, 9), june(20)) is None


@pytest.mark.parametrize(
    ("granularity", "start", "stop", "snapped"),
    [
        ("hour", june(12, 9, 15), june(12, 10, 5), (june(12, 9), june(12, 11))),
        ("hour", june(12, 9), june(12, 10), (june(12, 9), june(12, 10))),
        ("hour", june(12, 9), june(12, 9), (june(12, 9), june(12, 10))),
        ("half_day", june(12, 9), june(12, 13), (june(12), june(13))),
        ("day", june(12, 9), june(14, 9), (june(12), june(15))),
        ("day", june(12, 9), june(11, 9), (june(12), june(13))),
    ],
)
def test_snap(granularity, start, stop, snapped):
    assert snap(Rules(granularity=granularity), start, stop) == snapped


@pytest.mark.parametrize(
    ("call", "figure"),
    [
        (lambda: Rules(granularity="week"), "week"),
        (lambda: Rules(opening_rule="maybe"), "maybe"),
        (lambda: Rules(quota_period="decade"), "decade"),
        (lambda: Rules(lead_minutes=-1), "lead_minutes .* not -1"),
        (lambda: Rules(horizon_days=10**9), "horizon_days .* not 1000000000"),
        (lambda: Rules(min_minutes=90, max_minutes=60), "90 minutes"),
        (lambda: use(datetime(2026, 6, 12), june(13)), "2026-06-12 00:00:00 has none"),
        (lambda: use(june(12), at(2026, 6, 13, zone=MARTINIQUE)), "Martinique"),
        (lambda: use(june(12), at(2056, 6, 13)), "at most 3660 days, not 10959"),
        (lambda: use(june(12), at(9999, 6, 13)), "year 9999"),
        (lambda: codes(Rules(), use(june(12), june(13)), datetime(2026, 6, 1)), "none"),
        (lambda: may_cancel(Rules(), june(12), datetime(2026, 6, 1)), "none"),
        (
            lambda: minutes_within(use(june(1), june(2)), datetime(2026, 6, 1), NOW),
            "none",
        ),
    ],
)
def test_bad_input_is_refused_with_the_figure(call, figure):
    with pytest.raises(ValueError, match=figure):
        call()
