"""Local time: from the clock on the wall to the instant and back.

Python compares and subtracts two aware datetimes of one zone by wall clock, which is
wrong by an hour when clocks change in between. So: `instant` before comparing or
measuring, `wall` before counting days.
"""

from datetime import date, datetime, time, timedelta, timezone
from zoneinfo import ZoneInfo

UTC = timezone.utc  # `datetime.UTC` is not in Python 3.10, which Odoo 19 accepts
Zone = ZoneInfo | timezone

FIRST_YEAR, LAST_YEAR = 1900, 9000
"""Years that are taken seriously; beyond them, date arithmetic would overflow."""


def instant(moment: datetime) -> datetime:
    """Return the same moment in UTC, for comparing and measuring."""
    return moment.astimezone(UTC)


def local(moment: datetime, zone: Zone) -> datetime:
    """Return the same moment as the clocks of `zone` really showed it."""
    return moment.astimezone(UTC).astimezone(zone)


def wall(moment: datetime) -> datetime:
    """Return what the clock on the wall shows: naive, for counting days and hours."""
    return moment.replace(tzinfo=None, fold=0)


def at_wall(clock: datetime, zone: Zone) -> datetime:
    """Return the local time at which the wall shows `clock` (naive).

    A time that is skipped when clocks go forward is moved forward by the gap (02:30
    becomes 03:30); of a time that comes twice, the first is meant.
    """
    # `fold=0` reads a skipped time with the offset before the gap, and an ambiguous
    # one with its first offset; the way through UTC shows it on the new clock.
    return local(clock.replace(tzinfo=zone, fold=0), zone)


def midnight(day: date, zone: Zone) -> datetime:
    """Return the first moment of a local day."""
    return at_wall(datetime.combine(day, time()), zone)


def elapsed(start: datetime, stop: datetime) -> timedelta:
    """Return the time that really passes from `start` to `stop`."""
    return instant(stop) - instant(start)


def zone_of(moment: datetime, what: str = "A time") -> Zone:
    """Return the zone of an aware local time.

    :param what: the subject of the sentence, should it be refused
    :raise ValueError: a naive time, a zone that is neither `ZoneInfo` nor
        `timezone` (pytz needs other arithmetic), a year beyond all use
    """
    if moment.tzinfo is None:
        raise ValueError(f"{what} needs a time zone: {moment} has none.")
    known = isinstance(moment.tzinfo, ZoneInfo | timezone)
    if not known:
        kind = type(moment.tzinfo).__module__
        raise ValueError(f"{what} needs a zone of zoneinfo, not of {kind}: {moment}.")
    if not FIRST_YEAR <= moment.year <= LAST_YEAR:
        raise ValueError(
            f"{what} lies in the year {moment.year},"
            f" outside {FIRST_YEAR} to {LAST_YEAR}."
        )
    return moment.tzinfo


def require_aware(moment: datetime, what: str = "The present time") -> None:
    """Refuse a naive time; any zone will do.

    :raise ValueError: a time without a zone
    """
    if moment.tzinfo is None:
        raise ValueError(f"{what} needs a time zone: {moment} has none.")
