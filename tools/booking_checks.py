"""The rules one by one: each yields a `Reason` for what a use breaks.

`booking_rules.check` and `booking_rules.candidates` are the ways in.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from . import raster
from .booking_types import Granularity, Reason, Rules, Usage, Use
from .opening import Hours
from .quotas import minutes_within, quota_periods
from .wall_clock import Zone, elapsed, instant, local, midnight, require_aware, zone_of

Opening = Sequence[tuple[datetime, datetime]]
"""Aware (start, stop) of opening hours; see `opening.Hours`."""

MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Frame:
    """What is the same for all uses that are checked at one moment."""

    rules: Rules
    zone: Zone
    now: datetime
    current: datetime  # start of the raster cell that is running now
    soonest: datetime  # now plus the lead time
    latest: datetime  # end of the last day within the horizon
    hours: Hours | None  # None = opening hours do not matter

    @classmethod
    def of(
        cls, rules: Rules, zone: Zone, now: datetime, opening: Opening | None
    ) -> "Frame":
        """Prepare the checks of a moment.

        :raise ValueError: a naive `now` or opening
        """
        require_aware(now)
        here = local(now, zone)
        lead = local(instant(now) + rules.lead_minutes * MINUTE, zone)
        matter = opening is not None and rules.opening_rule != "free"
        return cls(
            rules,
            zone,
            now=here,
            current=raster.floor(rules.granularity, here),
            soonest=lead,
            latest=midnight(here.date() + (rules.horizon_days + 1) * DAY, zone),
            hours=Hours(opening) if matter else None,
        )


def broken(frame: Frame, use: Use, usage: Usage | None = None) -> Iterator[Reason]:
    """Yield the rules that a use breaks, one by one, the cheap ones first."""
    if use.quantity < 1:
        yield Reason("quantity", {"quantity": use.quantity, "min_quantity": 1})
    if elapsed(use.start, use.stop) <= timedelta():
        yield Reason("inverted", {"start": use.start, "stop": use.stop})
        return
    yield from _broken_length(frame.rules, use)
    yield from _broken_notice(frame, use)
    if frame.hours is not None:
        yield from _broken_opening(frame, frame.hours, use)
    if usage is not None:
        yield from _broken_quota(frame.rules, use, usage)


def _broken_length(rules: Rules, use: Use) -> Iterator[Reason]:
    cut = rules.granularity
    if not (raster.on_raster(cut, use.start) and raster.on_raster(cut, use.stop)):
        start, stop = raster.snap(cut, use.start, use.stop)
        figures = {"granularity": cut, "start": use.start, "stop": use.stop}
        figures |= {"nearest_start": start, "nearest_stop": stop}
        yield Reason("granularity", figures)
    lasting = raster.length(cut, use.start, use.stop)
    if lasting < rules.min_minutes * MINUTE:
        figures = {"asked_minutes": lasting // MINUTE}
        yield Reason("too_short", figures | {"min_minutes": rules.min_minutes})
    if rules.max_minutes and lasting > rules.max_minutes * MINUTE:
        figures = {"asked_minutes": -(-lasting // MINUTE)}
        yield Reason("too_long", figures | {"max_minutes": rules.max_minutes})


def _broken_notice(frame: Frame, use: Use) -> Iterator[Reason]:
    """Too early, too late: the running raster cell may still be booked."""
    rules, start = frame.rules, instant(use.start)
    if start < instant(frame.current):
        figures = {"start": use.start, "now": frame.now, "earliest": frame.current}
        yield Reason("past", figures)
    if rules.lead_minutes and start < instant(frame.soonest):
        earliest = raster.ceil(rules.granularity, frame.soonest)
        figures = {"start": use.start, "earliest": earliest}
        yield Reason("lead_time", figures | {"lead_minutes": rules.lead_minutes})
    if rules.horizon_days and instant(use.stop) > instant(frame.latest):
        figures = {"stop": use.stop, "latest": frame.latest}
        yield Reason("horizon", figures | {"horizon_days": rules.horizon_days})


def _broken_opening(frame: Frame, hours: Hours, use: Use) -> Iterator[Reason]:
    """Look at the hours themselves, or at whole raster cells if these are longer."""
    cut, zone = frame.rules.granularity, use.zone
    if frame.rules.opening_rule == "inside":
        closed = _first_closed(cut, hours, use)
        if closed is not None:
            opens = _shown(hours.next_opening(closed), zone)
            figures = {"closed_from": local(closed, zone), "next_opening": opens}
            yield Reason("closed", figures)
        return
    if not _open_at(cut, hours, use.start, use.start):
        yield Reason("closed_start", {"start": use.start} | _around(hours, use.start))
    if not _open_at(cut, hours, use.stop, _just_before(use.stop)):
        yield Reason("closed_end", {"stop": use.stop} | _around(hours, use.stop))


def _first_closed(cut: Granularity, hours: Hours, use: Use) -> datetime | None:
    """Return the first closed hour or cell of a use, in UTC."""
    start, stop = instant(use.start), instant(use.stop)
    if cut == "hour":
        return hours.first_closed(start, stop)
    for cell_start, cell_stop in raster.cells(cut, use.start, use.stop):
        if not hours.touches(instant(cell_start), instant(cell_stop)):
            return max(start, instant(cell_start))
    return None


def _open_at(
    cut: Granularity, hours: Hours, moment: datetime, within: datetime
) -> bool:
    """Say whether one can come at a moment, or in the cell that `within` lies in."""
    if cut == "hour":
        return hours.at(instant(moment))
    cell = raster.floor(cut, within)
    return hours.touches(instant(cell), instant(raster.following(cut, cell)))


def _just_before(stop: datetime) -> datetime:
    """Return the last local instant of a use."""
    return local(instant(stop) - datetime.resolution, zone_of(stop))


def _around(hours: Hours, moment: datetime) -> dict[str, object]:
    """Return the closing before and the opening after a closed moment."""
    here = instant(moment)
    return {
        "previous_closing": _shown(hours.previous_closing(here), zone_of(moment)),
        "next_opening": _shown(hours.next_opening(here), zone_of(moment)),
    }


def _shown(moment: datetime | None, zone: Zone) -> datetime | None:
    return None if moment is None else local(moment, zone)


def _broken_quota(rules: Rules, use: Use, usage: Usage) -> Iterator[Reason]:
    periods = quota_periods(rules, use) if rules.quota_minutes else []
    for start, stop in periods:
        booked = usage.minutes_by_period.get(start.date(), 0)
        asked = minutes_within(use, start, stop)
        if booked + asked > rules.quota_minutes:
            yield Reason(
                "quota_minutes",
                {
                    "period": rules.quota_period,
                    "period_start": start.date(),
                    "period_stop": stop.date(),
                    "booked_minutes": booked,
                    "asked_minutes": asked,
                    "left_minutes": max(0, rules.quota_minutes - booked),
                    "quota_minutes": rules.quota_minutes,
                },
            )
    if rules.quota_simultaneous and usage.simultaneous >= rules.quota_simultaneous:
        figures = {"simultaneous": usage.simultaneous}
        figures |= {"quota_simultaneous": rules.quota_simultaneous}
        yield Reason("quota_simultaneous", figures)
