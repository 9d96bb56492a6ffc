"""Opening hours as merged intervals that can be asked quickly."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from datetime import datetime, timedelta

from .wall_clock import instant

TOLERANCE = timedelta(seconds=1)
"""Openings this close to each other are one: calendars end a day at 23:59:59.999999."""


class Hours:
    """The times at which an asset's place is open. All instants in and out are UTC.

    Overlapping and touching openings are merged; one that ends within a second before
    a full minute (Odoo's 23:59:59.999999) ends at that minute.

    :param intervals: aware (start, stop), any zone, any order; none = always closed
    :raise ValueError: an inverted or naive interval
    """

    def __init__(self, intervals: Iterable[tuple[datetime, datetime]]) -> None:
        self._starts: list[datetime] = []
        self._stops: list[datetime] = []
        for start, stop in sorted(_in_utc(start, stop) for start, stop in intervals):
            if self._stops and start - self._stops[-1] <= TOLERANCE:
                self._stops[-1] = max(self._stops[-1], stop)
            elif start < stop:
                self._starts.append(start)
                self._stops.append(stop)

    def first_closed(self, start: datetime, stop: datetime) -> datetime | None:
        """Return the first closed instant within [start, stop), or None if all open."""
        index = bisect_right(self._starts, start) - 1
        if index < 0 or self._stops[index] <= start:
            return start
        end = self._stops[index]
        return end if end < stop else None

    def touches(self, start: datetime, stop: datetime) -> bool:
        """Say whether the place is open at some time within [start, stop)."""
        index = bisect_left(self._starts, stop) - 1
        return index >= 0 and self._stops[index] > start

    def at(self, moment: datetime) -> bool:
        """Say whether the place is open, opens or closes at this instant."""
        index = bisect_right(self._starts, moment) - 1
        return index >= 0 and self._stops[index] >= moment

    def next_opening(self, moment: datetime) -> datetime | None:
        """Return when the place opens next, at or after an instant, if known."""
        index = bisect_left(self._starts, moment)
        return self._starts[index] if index < len(self._starts) else None

    def previous_closing(self, moment: datetime) -> datetime | None:
        """Return when the place last closed, at or before an instant, if known."""
        index = bisect_right(self._stops, moment) - 1
        return self._stops[index] if index >= 0 else None


def _in_utc(start: datetime, stop: datetime) -> tuple[datetime, datetime]:
    """Return an opening in UTC, with its end moved to the full minute it stands for."""
    if start.tzinfo is None or stop.tzinfo is None:
        raise ValueError(f"Opening hours need a time zone: from {start} to {stop}.")
    start, stop = instant(start), instant(stop)
    if stop < start:
        raise ValueError(f"Opening hours end before they start: {start} to {stop}.")
    minute = (stop + TOLERANCE).replace(microsecond=0)
    return start, (stop if minute.second else max(minute, stop))
