"""What a co-owner may use of a common thing for free: its part of the year's hours.

Hours are exact fractions, unit-hours where there are several units. A use that lies in
two years counts in each of them.
"""

from collections.abc import Mapping
from datetime import datetime
from fractions import Fraction

from .wall_clock import at_wall, elapsed, instant, local, wall, zone_of

HOUR_IN_SECONDS = 3600


def hours_by_year(start: datetime, stop: datetime) -> dict[int, Fraction]:
    """Return the hours that really elapse in each calendar year of a time.

    :param start: aware, in the asset's zone
    :param stop: aware
    :raise ValueError: an empty or inverted time, a time without a zone

    >>> from zoneinfo import ZoneInfo
    >>> paris = ZoneInfo("Europe/Paris")
    >>> new_year = datetime(2025, 12, 31, 18, tzinfo=paris)
    >>> hours_by_year(new_year, datetime(2026, 1, 1, 12, tzinfo=paris))
    {2025: Fraction(6, 1), 2026: Fraction(12, 1)}
    """
    zone = zone_of(start, "The start of a use")
    zone_of(stop, "The end of a use")
    if instant(stop) <= instant(start):
        raise ValueError(f"A use must end after it starts: from {start} to {stop}.")
    hours = {}
    begin, end = local(start, zone), local(stop, zone)
    while instant(begin) < instant(end):
        year = wall(begin).year
        following = at_wall(datetime(year + 1, 1, 1), zone)
        until = min(following, end, key=instant)
        seconds = int(elapsed(begin, until).total_seconds())
        hours[year] = Fraction(seconds, HOUR_IN_SECONDS)
        begin = until
    return hours


def hours_of_year(year: int, zone) -> Fraction:
    """Return the hours of a calendar year: 8 760, or 8 784 in a leap year."""
    first = at_wall(datetime(year, 1, 1), zone)
    last = at_wall(datetime(year + 1, 1, 1), zone)
    return Fraction(int(elapsed(first, last).total_seconds()), HOUR_IN_SECONDS)


def free_hours(
    asked: Mapping[int, Fraction],
    allowed: Mapping[int, Fraction],
    used: Mapping[int, Fraction],
) -> Fraction:
    """Return how many of the hours asked for lie within what is allowed.

    :param asked: year → hours of this use
    :param allowed: year → hours that the share gives; a missing year gives none
    :param used: year → hours of the other uses; more than allowed leaves none
    :raise ValueError: negative hours

    >>> free_hours({2026: Fraction(10)}, {2026: Fraction(30)}, {2026: Fraction(26)})
    Fraction(4, 1)
    """
    for name, hours in (("asked", asked), ("allowed", allowed), ("used", used)):
        for year, figure in hours.items():
            if figure < 0:
                raise ValueError(f"Hours {name} in {year} are negative: {figure}.")
    free = Fraction(0)
    for year, hours in asked.items():
        left = max(allowed.get(year, Fraction(0)) - used.get(year, Fraction(0)), 0)
        free += min(hours, left)
    return free
