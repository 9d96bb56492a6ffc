"""What booking rules speak of: the rules, a use, its usage so far, a reason."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import date, datetime
from typing import Literal, get_args

from .wall_clock import Zone, zone_of

Granularity = Literal["hour", "half_day", "day"]
OpeningRule = Literal["inside", "ends", "free"]
QuotaPeriod = Literal["week", "month", "year"]

MAX_DAYS = 36_500
"""Longest period a rule may speak of: a hundred years."""

MAX_USE_DAYS = 3_660
"""Longest use that is looked at: ten years. It bounds the work of every rule."""


@dataclass(frozen=True)
class Rules:
    """The booking rules of an asset. Every 0 means "no such rule".

    :param granularity: the raster of starts and stops, in local wall time: full
        hours, midnight and noon, or midnight
    :param min_minutes: shortest use
    :param max_minutes: longest use
    :param lead_minutes: time from the booking to the start of the use, at least
    :param horizon_days: the last day that may be booked is this many days after today
    :param opening_rule: `inside`: the whole use within opening hours (rooms); `ends`:
        only pick-up and return (equipment); `free`: opening hours do not matter
    :param cancel_minutes: a use may be cancelled up to this long before its start
    :param quota_minutes: what one organisation may book in one quota period
    :param quota_period: week (from Monday), month or year, in local time
    :param quota_simultaneous: how many bookings one organisation may have at one time
    :raise ValueError: an unknown choice, a negative or huge figure, a minimum above
        the maximum
    """

    granularity: Granularity = "hour"
    min_minutes: int = 0
    max_minutes: int = 0
    lead_minutes: int = 0
    horizon_days: int = 0
    opening_rule: OpeningRule = "free"
    cancel_minutes: int = 0
    quota_minutes: int = 0
    quota_period: QuotaPeriod = "month"
    quota_simultaneous: int = 0

    def __post_init__(self) -> None:
        _require_choice("granularity", self.granularity, get_args(Granularity))
        _require_choice("opening rule", self.opening_rule, get_args(OpeningRule))
        _require_choice("quota period", self.quota_period, get_args(QuotaPeriod))
        for one in fields(self):
            if isinstance(one.default, int):
                _require_figure(one.name, getattr(self, one.name))
        if self.max_minutes and self.min_minutes > self.max_minutes:
            raise ValueError(
                f"The shortest use ({self.min_minutes} minutes) is longer than the"
                f" longest ({self.max_minutes} minutes)."
            )


@dataclass(frozen=True)
class Use:
    """A time for which an asset is wanted.

    :param start: aware, in the asset's zone (`ZoneInfo`)
    :param stop: aware, in the same zone; the use ends just before it
    :param quantity: units wanted
    :raise ValueError: a time without a zone, two zones, a year beyond all use, more
        than ten years. An inverted use is *not* refused: `check` gives it as a reason.
    """

    start: datetime
    stop: datetime
    quantity: int = 1

    def __post_init__(self) -> None:
        first = zone_of(self.start, "The start of a use")
        second = zone_of(self.stop, "The end of a use")
        if first is not second and first != second and str(first) != str(second):
            raise ValueError(
                f"A use lies in one time zone, not in {first} and {second}."
            )
        days = (self.stop - self.start).days
        if days > MAX_USE_DAYS:
            raise ValueError(f"A use lasts at most {MAX_USE_DAYS} days, not {days}.")

    @property
    def zone(self) -> Zone:
        """The asset's time zone."""
        return zone_of(self.start)


@dataclass(frozen=True)
class Usage:
    """What the organisation has booked already, without the use in question.

    :param minutes_by_period: first local day of a quota period → minutes booked in
        it; a period that is missing counts 0
    :param simultaneous: highest number of its other bookings that overlap the use at
        one time
    """

    minutes_by_period: Mapping[date, int] = field(default_factory=dict)
    simultaneous: int = 0


@dataclass(frozen=True)
class Reason:
    """One rule that a use breaks, and the figures that a sentence about it needs.

    Minutes and days are `int`; times are aware, in the asset's zone; "or None" means
    that the opening hours given do not reach that far.

    ==================  =========================================================
    code                figures
    ==================  =========================================================
    quantity            quantity (asked), min_quantity (1)
    inverted            start, stop
    granularity         granularity, start, stop, nearest_start, nearest_stop
    too_short           asked_minutes, min_minutes
    too_long            asked_minutes, max_minutes
    past                start, now, earliest (start of the running raster cell)
    lead_time           start, lead_minutes, earliest (first start on the raster)
    horizon             stop, horizon_days, latest (latest possible end)
    closed              closed_from (first closed time), next_opening or None
    closed_start        start, previous_closing or None, next_opening or None
    closed_end          stop, previous_closing or None, next_opening or None
    quota_minutes       period_start (date), period_stop (date, excluded), period
                        (week, month, year), booked_minutes, asked_minutes (of this
                        use, in this period), left_minutes, quota_minutes
    quota_simultaneous  simultaneous (others at the same time), quota_simultaneous
    cancel_deadline     deadline, cancel_minutes
    ==================  =========================================================
    """

    code: str
    figures: Mapping[str, object]


def _require_choice(what: str, value: str, choices: tuple[str, ...]) -> None:
    if value not in choices:
        known = ", ".join(choices)
        raise ValueError(f"Unknown {what} {value!r}; known are {known}.")


def _require_figure(name: str, value: int) -> None:
    most = MAX_DAYS if name.endswith("_days") else MAX_DAYS * 1440
    if not 0 <= value <= most:
        raise ValueError(f"{name} must lie between 0 and {most}, not {value}.")
