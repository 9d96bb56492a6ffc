"""Series of uses: the same wall-clock time every so many weeks or months."""

from calendar import monthrange
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Literal, get_args

from .wall_clock import LAST_YEAR, Zone, at_wall, elapsed, instant, local, wall, zone_of

Frequency = Literal["weekly", "monthly", "monthly_weekday"]
MAX_INTERVAL = 1200
MAX_LASTING = timedelta(days=3660)


def occurrences(
    start: datetime,
    stop: datetime,
    frequency: Frequency,
    interval: int = 1,
    count: int | None = None,
    until: date | None = None,
    limit: int = 200,
) -> list[tuple[datetime, datetime]]:
    """Return the uses of a series, the given first one included, in order.

    Starts and ends keep their wall-clock time when clocks change; a time that is
    skipped is moved forward by the gap, of a time that comes twice the first is meant.

    :param start: start of the first use: aware, in the asset's zone
    :param stop: end of the first use: aware
    :param frequency: `weekly`: the same weekday; `monthly`: the same day of the month,
        months without it are left out and not counted; `monthly_weekday`: the same
        weekday of the month ("second Tuesday"), and the last one if the first use is
        on the last of its month ("last Friday")
    :param interval: every so many weeks or months, 1 to 1200
    :param count: how many uses; either this
    :param until: or the last local date on which a use may start
    :param limit: how many uses a series may have
    :raise ValueError: not exactly one of `count` and `until`, a series of none or of
        more than `limit`, an unknown frequency, an interval out of range, an inverted
        first use, a time without a zone
    """
    _require_series(start, stop, frequency, interval)
    _require_end(start, count, until, limit)
    zone = zone_of(start)
    start, stop = local(start, zone), local(stop, zone)
    clock, lasting = wall(start), wall(stop) - wall(start)
    if lasting <= timedelta():  # an hour that comes twice lies within the use
        lasting = elapsed(start, stop)
    found = [(start, stop)]
    for day in _days(clock.date(), frequency, interval):
        if (until and day > until) or len(found) == count:
            break
        if len(found) == limit:
            raise ValueError(
                f"A series has at most {limit} uses; until {until} is more."
            )
        begin = datetime.combine(day, clock.time())
        found.append(_use(begin, begin + lasting, zone))
    return found


def _use(begin: datetime, end: datetime, zone: Zone) -> tuple[datetime, datetime]:
    """Return the local use between two clock faces, which is never empty."""
    start, stop = at_wall(begin, zone), at_wall(end, zone)
    if instant(stop) <= instant(start):
        # Only the start was skipped and moved; the use keeps its length.
        stop = local(instant(start) + (end - begin), zone)
    return start, stop


def _days(first: date, frequency: str, interval: int) -> Iterator[date]:
    """Yield the days of a series after its first one.

    :raise ValueError: when the series runs beyond the last year
    """
    find = _weekly if frequency == "weekly" else _monthly
    for day in find(first, frequency, interval):
        if day.year > LAST_YEAR:
            raise ValueError(f"The series runs beyond the year {LAST_YEAR}.")
        yield day


def _weekly(first: date, _frequency: str, interval: int) -> Iterator[date]:
    while True:
        first += timedelta(weeks=interval)
        yield first


def _monthly(first: date, frequency: str, interval: int) -> Iterator[date]:
    last = first.day + 7 > monthrange(first.year, first.month)[1]
    month = first.year * 12 + first.month - 1
    while True:
        month += interval
        year, month0 = divmod(month, 12)
        if frequency == "monthly_weekday":
            yield _same_weekday(first, last, year, month0)
        elif first.day <= monthrange(year, month0 + 1)[1]:
            yield date(year, month0 + 1, first.day)


def _same_weekday(first: date, last: bool, year: int, month0: int) -> date:
    """Return the n-th such weekday of a month, n as on the first day, or the last."""
    weekday_of_1st, length = monthrange(year, month0 + 1)
    number = 1 + (first.weekday() - weekday_of_1st) % 7
    number += (length - number) // 7 * 7 if last else (first.day - 1) // 7 * 7
    return date(year, month0 + 1, number)


def _require_series(
    start: datetime, stop: datetime, frequency: str, interval: int
) -> None:
    zone_of(start, "The start of a series")
    zone_of(stop, "The end of a use")
    if elapsed(start, stop) <= timedelta():
        raise ValueError(f"A use must end after it starts: from {start} to {stop}.")
    if elapsed(start, stop) > MAX_LASTING:
        raise ValueError(
            f"A use of a series lasts at most {MAX_LASTING.days} days,"
            f" not {elapsed(start, stop).days}."
        )
    if frequency not in get_args(Frequency):
        known = ", ".join(get_args(Frequency))
        raise ValueError(f"Unknown frequency {frequency!r}; known are {known}.")
    if not 1 <= interval <= MAX_INTERVAL:
        raise ValueError(
            f"An interval lies between 1 and {MAX_INTERVAL}, not {interval}."
        )


def _require_end(
    start: datetime, count: int | None, until: date | None, limit: int
) -> None:
    """Require exactly one end of the series, and a series that is not empty."""
    if (count is None) == (until is None):
        raise ValueError(
            "A series ends after a number of uses or on a date: give one of them"
            f" (number: {count}, date: {until})."
        )
    if count is not None and not 1 <= count <= limit:
        raise ValueError(f"A series has 1 to {limit} uses, not {count}.")
    if until is not None and until < start.date():
        raise ValueError(
            f"The series ends on {until}, before it starts on {start.date()}."
        )
