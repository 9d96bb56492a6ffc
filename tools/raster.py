"""The raster of bookable times: full hours, half-days or days of the local clock.

The raster points of a half-day are midnight and noon, that of a day is midnight, as
the wall shows them; where midnight is skipped, the first moment of the day stands for
it. A cell is the time between two neighbouring points: a day of 23 or 25 hours is one
cell, and each hour that really passes is one.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta

from .booking_types import Granularity
from .wall_clock import at_wall, elapsed, instant, local, wall, zone_of

CELL: dict[Granularity, timedelta] = {
    "hour": timedelta(hours=1),
    "half_day": timedelta(hours=12),
    "day": timedelta(days=1),
}
"""The length of a raster cell on the wall clock."""


def floor(granularity: Granularity, moment: datetime) -> datetime:
    """Return the last raster point at or before a local time."""
    zone = zone_of(moment)
    moment = local(moment, zone)
    if granularity == "hour":
        return moment.replace(minute=0, second=0, microsecond=0)
    return at_wall(_face(granularity, moment), zone)


def following(granularity: Granularity, point: datetime) -> datetime:
    """Return the raster point after a raster point."""
    zone = zone_of(point)
    if granularity == "hour":
        return floor("hour", local(instant(point) + CELL["hour"], zone))
    return at_wall(_face(granularity, point) + CELL[granularity], zone)


def ceil(granularity: Granularity, moment: datetime) -> datetime:
    """Return the first raster point at or after a local time."""
    point = floor(granularity, moment)
    return point if same(point, moment) else following(granularity, point)


def on_raster(granularity: Granularity, moment: datetime) -> bool:
    """Say whether a local time is a raster point."""
    if granularity == "hour":
        shown = local(moment, zone_of(moment))
        return not (shown.minute or shown.second or shown.microsecond)
    return same(floor(granularity, moment), moment)


def snap(
    granularity: Granularity, start: datetime, stop: datetime
) -> tuple[datetime, datetime]:
    """Return the smallest time on the raster that contains a local one.

    The start moves down, the stop up; an empty or inverted time gives the one cell of
    its start.

    :raise ValueError: a time without a zone
    """
    zone = zone_of(start, "The start of a use")
    zone_of(stop, "The end of a use")
    begin, end = floor(granularity, start), ceil(granularity, local(stop, zone))
    if instant(end) <= instant(begin):
        end = following(granularity, begin)
    return begin, end


def cells(
    granularity: Granularity, start: datetime, stop: datetime
) -> Iterator[tuple[datetime, datetime]]:
    """Yield the raster cells that [start, stop) touches, in order, one by one."""
    end, point = instant(stop), floor(granularity, start)
    while instant(point) < end:
        after = following(granularity, point)
        yield point, after
        point = after


def length(granularity: Granularity, start: datetime, stop: datetime) -> timedelta:
    """Return how long a use is: really elapsed time, or by the wall for half-days.

    With half-days and days a day is 24 hours long, also when clocks change.
    """
    if granularity == "hour":
        return elapsed(start, stop)
    return clock(granularity, stop) - clock(granularity, start)


def clock(granularity: Granularity, moment: datetime) -> datetime:
    """Return what the wall shows (naive), and midnight for a midnight that is skipped.

    Where clocks go forward at midnight, the day starts at 01:00; counted in days, that
    moment is midnight.
    """
    if granularity != "hour" and on_raster(granularity, moment):
        return _face(granularity, moment)
    return wall(moment)


def same(one: datetime, other: datetime) -> bool:
    """Say whether two aware times are the same instant."""
    return instant(one) == instant(other)


def _face(granularity: Granularity, moment: datetime) -> datetime:
    """Return the midnight or noon (naive) at which the cell of a time starts."""
    hour = 12 if granularity == "half_day" and moment.hour >= 12 else 0
    return wall(moment).replace(hour=hour, minute=0, second=0, microsecond=0)
