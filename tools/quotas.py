"""Quotas of an organisation: the periods that a use touches, and its part in each."""

from datetime import date, datetime, timedelta

from . import raster
from .booking_types import QuotaPeriod, Rules, Use
from .wall_clock import elapsed, instant, local, midnight, require_aware

MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)


def quota_periods(rules: Rules, use: Use) -> list[tuple[datetime, datetime]]:
    """Return the local quota periods that a use touches, in order.

    Each is (first midnight, midnight after its last day); weeks start on Monday. Empty
    for an inverted use.
    """
    periods, day = [], _first_day(rules.quota_period, use.start.date())
    while instant(start := midnight(day, use.zone)) < instant(use.stop):
        day = _next_first_day(rules.quota_period, day)
        periods.append((start, midnight(day, use.zone)))
    return periods if elapsed(use.start, use.stop) > timedelta() else []


def minutes_within(use: Use, start: datetime, stop: datetime) -> int:
    """Return the minutes of a use that lie in [start, stop), for quotas.

    Whole half-days count 720 each, also when clocks change; anything else counts the
    minutes that really elapse, a started one being one. The quantity does not matter:
    three chairs for an hour are 60 minutes.

    :param start: aware, any zone
    :param stop: aware, any zone
    :raise ValueError: a bound without a zone
    """
    require_aware(start, "The start of a period")
    require_aware(stop, "The end of a period")
    begin = local(max(use.start, start, key=instant), use.zone)
    end = local(min(use.stop, stop, key=instant), use.zone)
    if elapsed(begin, end) <= timedelta():
        return 0
    whole = all(raster.on_raster("half_day", moment) for moment in (begin, end))
    lasting = raster.length("half_day" if whole else "hour", begin, end)
    return -(-lasting // MINUTE)


def _first_day(period: QuotaPeriod, day: date) -> date:
    """Return the first day of the quota period that a day lies in."""
    if period == "week":
        return day - day.weekday() * DAY
    return day.replace(day=1) if period == "month" else day.replace(month=1, day=1)


def _next_first_day(period: QuotaPeriod, first: date) -> date:
    """Return the first day of the period after the one that starts on `first`."""
    if period == "week":
        return first + 7 * DAY
    return _first_day(period, first + (31 if period == "month" else 366) * DAY)
