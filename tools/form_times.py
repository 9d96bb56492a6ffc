"""Dates and times of a form, and the moments that they mean.

A form says a use by four texts: a start date and time, a stop date and time. People
count whole days and half-days with their last one included; a use ends where the next
one may begin. So "from 12 to 14 June" of a thing lent by whole days ends on 15 June at
midnight, which the form writes as 14 June, 24:00.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

DAY = timedelta(days=1)
NOON = time(12)
END_OF_DAY = "24:00"


@dataclass(frozen=True)
class FormTimes:
    """What stands in the four fields of a form, as texts; empty when unknown."""

    start_date: str = ""
    start_time: str = ""
    stop_date: str = ""
    stop_time: str = ""


def read_start(form: FormTimes, granularity: str = "hour") -> datetime | None:
    """Return the wall time at which the use starts, None when no date is given.

    :raise ValueError: a date or time that cannot be read
    """
    if not form.start_date:
        return None
    day = _read_date(form.start_date)
    if granularity == "day":
        return datetime.combine(day, time())
    return _combine(day, form.start_time or "00:00")


def read_stop(form: FormTimes, granularity: str = "hour") -> datetime | None:
    """Return the wall time at which the use ends, None when no date is given.

    Of whole days, the date is the last one that is used.

    :raise ValueError: a date or time that cannot be read
    """
    if not form.stop_date:
        return None
    day = _read_date(form.stop_date)
    if granularity == "day":
        return datetime.combine(day, time()) + DAY
    return _combine(day, form.stop_time or END_OF_DAY)


def write_form(start: datetime, stop: datetime, granularity: str = "hour") -> FormTimes:
    """Return what a form shows for these wall times.

    Times that do not lie on the raster are widened to it, so that a search by the hour
    leads to the days, or half-days, that contain it.
    """
    last = stop - timedelta(microseconds=1)
    if granularity == "hour":
        end = END_OF_DAY if stop.time() == time() else _time(stop)
        return FormTimes(_date(start), _time(start), _date(last), end)
    if granularity == "day":
        return FormTimes(_date(start), "00:00", _date(last), END_OF_DAY)
    return FormTimes(
        _date(start),
        "12:00" if start.time() >= NOON else "00:00",
        _date(last),
        END_OF_DAY if last.time() >= NOON else "12:00",
    )


def _read_date(text: str) -> date:
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        raise ValueError(f"'{text}' is not a date such as 2026-06-12.") from None


def _combine(day: date, text: str) -> datetime:
    if text.strip() == END_OF_DAY:
        return datetime.combine(day, time()) + DAY
    try:
        return datetime.combine(day, time.fromisoformat(text.strip()))
    except ValueError:
        raise ValueError(f"'{text}' is not a time such as 14:00.") from None


def _date(moment: datetime) -> str:
    return moment.date().isoformat()


def _time(moment: datetime) -> str:
    return moment.strftime("%H:%M")
