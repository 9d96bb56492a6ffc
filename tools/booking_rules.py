"""May this asset be used at this time? Which rules say no, and what could one do?

`check` gives every rule that a use breaks, with figures; `candidates` gives the times
nearby that break none; quotas, cancelling and billing stand beside them. Availability
is another matter: see `occupancy`. Times of a use are local to the asset.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta

from . import raster
from .billing import billable
from .booking_checks import Frame, Opening, broken
from .booking_types import Reason, Rules, Usage, Use
from .quotas import minutes_within, quota_periods
from .wall_clock import at_wall, elapsed, instant, local, require_aware, wall, zone_of

__all__ = [
    "Reason", "Rules", "Usage", "Use", "billable", "candidates", "check",
    "may_cancel", "minutes_within", "quota_periods", "snap",
]  # fmt: skip

DAY = timedelta(days=1)
MAX_SEARCH_DAYS = 366


def check(
    rules: Rules,
    use: Use,
    now: datetime,
    opening: Opening | None,
    usage: Usage | None = None,
) -> list[Reason]:
    """Return all the rules that a use breaks, in a fixed order; none = it may be.

    The order is that of the table of `Reason`. Nothing can be said about the time of an
    inverted use, so its reasons end there.

    :param now: the moment of booking, aware, any zone
    :param opening: aware opening hours that cover all the days of the use; `None` =
        always open, empty = always closed
    :param usage: what the organisation has booked already; `None` = quotas are not
        checked
    :raise ValueError: a naive `now` or opening
    """
    return list(broken(Frame.of(rules, use.zone, now, opening), use, usage))


def candidates(
    rules: Rules, use: Use, now: datetime, opening: Opening | None, days: int = 14
) -> list[tuple[datetime, datetime]]:
    """Return the times near a use that break no rule, in order of time.

    They lie on the raster, start within `days` before or after the use, last as long on
    the wall clock (rounded up to full raster cells), and may include the use itself.
    Quotas are not looked at, nor whether the asset is free (see `occupancy.nearest`).
    An inverted use has no length, hence no candidates.

    :param opening: as for `check`, covering the days searched
    :param days: how far to search, 0 to 366
    :raise ValueError: `days` out of range, a naive `now` or opening
    """
    if not 0 <= days <= MAX_SEARCH_DAYS:
        raise ValueError(f"The search spans 0 to {MAX_SEARCH_DAYS} days, not {days}.")
    if elapsed(use.start, use.stop) <= timedelta():
        return []
    frame = Frame.of(rules, use.zone, now, opening)
    return [
        (start, stop)
        for start, stop in _shifted(rules, use, days)
        if next(broken(frame, Use(start, stop, use.quantity)), None) is None
    ]


def snap(rules: Rules, start: datetime, stop: datetime) -> tuple[datetime, datetime]:
    """Return the smallest use on the raster that contains a local time.

    The start moves down, the stop up; an empty or inverted time gives the one cell of
    its start.

    :raise ValueError: a time without a zone
    """
    return raster.snap(rules.granularity, start, stop)


def may_cancel(rules: Rules, start: datetime, now: datetime) -> Reason | None:
    """Return why a use can no longer be cancelled, or None if it can.

    It can up to the deadline included; without a deadline, always.

    :param start: start of the use, aware, in the asset's zone
    :param now: aware, any zone
    :raise ValueError: a time without a zone
    """
    zone = zone_of(start, "The start of a use")
    require_aware(now)
    deadline = local(instant(start) - timedelta(minutes=rules.cancel_minutes), zone)
    if not rules.cancel_minutes or instant(now) <= instant(deadline):
        return None
    figures = {"deadline": deadline, "cancel_minutes": rules.cancel_minutes}
    return Reason("cancel_deadline", figures)


def _shifted(rules: Rules, use: Use, days: int) -> Iterator[tuple[datetime, datetime]]:
    """Yield a use moved to each raster point within `days`, as long on the wall."""
    cut, zone = rules.granularity, use.zone
    cell = raster.CELL[cut]
    first = raster.clock(cut, raster.floor(cut, use.start))
    lasting = raster.clock(cut, local(use.stop, zone)) - raster.clock(cut, use.start)
    span = max(1, -(-lasting // cell)) * cell
    reach = days * (DAY // cell)
    for number in range(-reach, reach + 1):
        begin = first + number * cell
        start = at_wall(begin, zone)
        if cut == "hour" and wall(start) != begin:
            continue  # skipped when clocks go forward; the next hour comes anyway
        yield start, at_wall(begin + span, zone)
