"""How many units of time a use is billed for."""

from datetime import datetime, timedelta
from fractions import Fraction

from .wall_clock import at_wall, elapsed, instant, local, wall, zone_of

QUARTER = timedelta(minutes=15)
PERIODS = {"half_day": timedelta(hours=12), "day": timedelta(days=1)}


def billable(start: datetime, stop: datetime, unit: str) -> Fraction:
    """Return the quantity to bill for a use, in units of its price.

    :param start: aware, in the asset's zone
    :param stop: aware; a later stop never costs less
    :param unit: `hour`: hours that really elapsed, rounded up to a quarter of an hour;
        `half_day`, `day`: started periods of 12 or 24 hours by the wall clock, counted
        from the start (09:00 to 09:00 of the next day is one day, also when clocks
        change in between); `use`: always 1
    :raise ValueError: an unknown unit, an empty or inverted use, a time without a zone
    """
    zone_of(start, "The start of a use")
    zone_of(stop, "The end of a use")
    if elapsed(start, stop) <= timedelta():
        raise ValueError(f"A use must end after it starts: from {start} to {stop}.")
    if unit == "use":
        return Fraction(1)
    if unit == "hour":
        return Fraction(-(-elapsed(start, stop) // QUARTER), 4)
    if unit in PERIODS:
        return Fraction(_started_periods(start, stop, PERIODS[unit]))
    known = ", ".join(("hour", *PERIODS, "use"))
    raise ValueError(f"Unknown unit {unit!r}; known are {known}.")


def _started_periods(start: datetime, stop: datetime, period: timedelta) -> int:
    """Return how many wall-clock periods from `start` on begin before `stop`."""
    zone = zone_of(start)
    origin, end = wall(local(start, zone)), instant(stop)

    def begins(number: int) -> datetime:
        return instant(at_wall(origin + number * period, zone))

    # The wall gives the count, except while an hour comes twice or is skipped.
    count = max(1, -((origin - wall(local(stop, zone))) // period))
    while begins(count) < end:
        count += 1
    while count > 1 and begins(count - 1) >= end:
        count -= 1
    return count
