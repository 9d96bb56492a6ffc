"""Quotas of an organisation: minutes per period, bookings at one time."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from odoo.addons.ess_mutualisation.tools.booking_rules import (
    Reason,
    Rules,
    Usage,
    Use,
    check,
    minutes_within,
    quota_periods,
)

PARIS = ZoneInfo("Europe/Paris")


def at(*clock):
    return datetime(*clock, tzinfo=PARIS)


NOW = at(2026, 6, 1, 9, 30)  # a Monday


def june(day, hour=0, minute=0):
    return at(2026, 6, day, hour, minute)


def use(start, stop):
    return Use(start, stop)


def codes(rules, wanted, usage):
    return [reason.code for reason in check(rules, wanted, NOW, None, usage)]


def only(reasons):
    (reason,) = reasons
    return reason


def test_quota_of_minutes():
    rules, wanted = Rules(quota_minutes=600), use(june(12, 9), june(12, 12))
    assert codes(rules, wanted, usage=Usage({date(2026, 6, 1): 420})) == []
    usage = Usage({date(2026, 6, 1): 480, date(2026, 7, 1): 5000})
    assert only(check(rules, wanted, NOW, None, usage)) == Reason(
        "quota_minutes",
        {
            "period": "month",
            "period_start": date(2026, 6, 1),
            "period_stop": date(2026, 7, 1),
            "booked_minutes": 480,
            "asked_minutes": 180,
            "left_minutes": 120,
            "quota_minutes": 600,
        },
    )


def test_each_quota_period_counts_its_part_of_a_use():
    rules = Rules(quota_minutes=300)
    wanted = use(june(30, 20), at(2026, 7, 1, 4))
    assert codes(rules, wanted, usage=Usage()) == []
    reason = only(check(rules, wanted, NOW, None, Usage({date(2026, 7, 1): 61})))
    assert reason.figures["period_start"] == date(2026, 7, 1)
    assert reason.figures["asked_minutes"] == 240
    long = use(june(30, 12), at(2026, 7, 1, 12))
    assert codes(rules, long, usage=Usage()) == ["quota_minutes"] * 2


def test_simultaneous_bookings():
    rules, wanted = Rules(quota_simultaneous=2), use(june(12, 9), june(12, 12))
    assert codes(rules, wanted, usage=Usage(simultaneous=1)) == []
    reason = only(check(rules, wanted, NOW, None, Usage(simultaneous=2)))
    figures = {"simultaneous": 2, "quota_simultaneous": 2}
    assert reason == Reason("quota_simultaneous", figures)


@pytest.mark.parametrize(
    ("period", "bounds"),
    [
        ("week", [at(2026, 3, 23), at(2026, 3, 30), at(2026, 4, 6)]),
        ("month", [at(2026, 3, 1), at(2026, 4, 1)]),
        ("year", [at(2026, 1, 1), at(2027, 1, 1)]),
    ],
)
def test_quota_periods(period, bounds):
    wanted = use(at(2026, 3, 28, 9), at(2026, 3, 30, 9))
    expected = list(zip(bounds, bounds[1:], strict=False))
    assert quota_periods(Rules(quota_period=period), wanted) == expected


def test_a_use_that_ends_at_midnight_does_not_touch_the_next_period():
    wanted = use(june(30), at(2026, 7, 1))
    assert len(quota_periods(Rules(), wanted)) == 1
    assert quota_periods(Rules(), use(june(12, 9), june(12, 8))) == []


def test_minutes_within():
    night = use(at(2026, 10, 24, 22), at(2026, 10, 25, 6))
    assert minutes_within(night, at(2026, 10, 1), at(2026, 11, 1)) == 540  # 9 hours
    whole = use(at(2026, 10, 24), at(2026, 10, 26))
    assert minutes_within(whole, at(2026, 10, 1), at(2026, 11, 1)) == 2880
    assert minutes_within(whole, at(2026, 11, 1), at(2026, 12, 1)) == 0
    assert minutes_within(use(june(12), june(11)), june(1), june(30)) == 0
