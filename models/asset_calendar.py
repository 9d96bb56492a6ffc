from datetime import datetime, time, timedelta

import babel.dates

from odoo import models
from odoo.tools.misc import babel_locale_parse, get_lang

from ..tools.wall_clock import at_wall, midnight

DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
MOMENT = timedelta(microseconds=1)


def span_in_words(env, first, last):
    """From when to when, in the reader's language.

    Whole days are said without hours, one day without its name twice.

    :param datetime first: what the wall shows
    :param datetime last: what the wall shows
    """
    locale = babel_locale_parse(get_lang(env).code)

    def day(moment):
        return babel.dates.format_date(moment, "EEE d MMM y", locale=locale)

    if not (first.time() > time() or last.time() > time()):
        last -= DAY
        if first.date() == last.date():
            return env._("%(day)s, all day", day=day(first))
        return env._("%(first)s to %(last)s", first=day(first), last=day(last))
    if first.date() == last.date():
        return env._(
            "%(day)s, %(start)s to %(stop)s",
            day=day(first),
            start=f"{first:%H:%M}",
            stop=f"{last:%H:%M}",
        )
    return env._(
        "%(first)s %(start)s to %(last)s %(stop)s",
        first=day(first),
        start=f"{first:%H:%M}",
        last=day(last),
        stop=f"{last:%H:%M}",
    )


class AssetCalendar(models.Model):
    """When an asset is free and open, for somebody who looks at a calendar."""

    _inherit = "ess.asset"

    def _at_wall(self, clock):
        """Naive UTC of what the wall shows at the asset's place."""
        return self._utc(at_wall(clock, self._zone()))

    def _wall(self, instant):
        """What the wall shows at the asset's place at a naive UTC time."""
        return self._local(instant).replace(tzinfo=None)

    def _within_opening(self, start, stop):
        """Whole days as they can be had here: from opening to closing, on full hours.

        A day without hours ("next Saturday") means the hours at which the place is
        open, where pick-up and return are bound to them.

        :param start: naive UTC
        :param stop: naive UTC
        :return: (start, stop), naive UTC; as they were where nothing is open
        """
        self.ensure_one()
        policy = self.sudo().policy_id
        opening = self._opening(start, stop)[self.id]
        if opening is None or policy.opening_rule in (False, "free"):
            return start, stop
        first, last = self._wall(start).date(), self._wall(stop - MOMENT).date()
        opens = [a for a, _b in opening if a.date() == first]
        closes = [b for _a, b in opening if (b - MOMENT).date() == last]
        if not opens or not closes:
            return start, stop
        full = {"minute": 0, "second": 0, "microsecond": 0}
        begin = self._utc((min(opens) + HOUR - MOMENT).replace(**full))
        end = self._utc((max(closes) + MOMENT).replace(**full))
        return (begin, end) if begin < end else (start, stop)

    def _calendar_steps(self, first, last):
        """Free units from the first day to the last (excluded), in wall times.

        :param date first: local day
        :param date last: local day
        :return: list of dicts `start`, `stop` (wall times), `free`, `capacity`
        """
        self.ensure_one()
        zone, asset = self._zone(), self.sudo()
        window = self._utc(midnight(first, zone)), self._utc(midnight(last, zone))
        return [
            {
                "start": self._wall(start),
                "stop": self._wall(stop),
                "free": max(free, 0),
                "capacity": asset.capacity,
            }
            for start, stop, free in asset._free_steps(*window)[self.id]
        ]

    def _calendar_days(self, first, last):
        """The same, day by day: what a list says beside the calendar.

        :return: list of dicts `date`, `state` (`free`, `partly`, `taken`, `closed`),
            `free` (fewest units), `times` (list of (from, to, units) with some free)
        """
        self.ensure_one()
        zone, asset = self._zone(), self.sudo()
        window = self._utc(midnight(first, zone)), self._utc(midnight(last, zone))
        opening = None
        if asset.policy_id and asset.policy_id.opening_rule != "free":
            opening = self._opening(*window)[self.id]
        steps = self._calendar_steps(first, last)
        days = []
        while first < last:
            days.append(self._calendar_day(first, steps, opening))
            first += DAY
        return days

    def _calendar_day(self, day, steps, opening):
        start = datetime.combine(day, time())
        stop = start + DAY
        parts = [
            (max(step["start"], start), min(step["stop"], stop), step["free"])
            for step in steps
            if step["start"] < stop and step["stop"] > start
        ]
        fewest = min((part[2] for part in parts), default=0)
        closed = opening is not None and not any(
            a.date() <= day <= b.date() for a, b in opening
        )
        if closed:
            state = "closed"
        elif fewest:
            state = "free"
        else:
            state = "partly" if any(part[2] for part in parts) else "taken"
        return {
            "date": day,
            "state": state,
            "free": fewest,
            "times": [
                (a.strftime("%H:%M"), "24:00" if b == stop else f"{b:%H:%M}", units)
                for a, b, units in parts
                if units
            ],
        }

    # === TIMES IN WORDS === #

    def _span_in_words(self, start, stop):
        """From when to when, on the asset's clock and in the reader's language.

        Whole days are said without hours, one day without its name twice.
        """
        self.ensure_one()
        return span_in_words(self.env, self._wall(start), self._wall(stop))

    # === OPENING HOURS IN WORDS === #

    def _opening_in_words(self):
        """Opening hours as lines, days with the same hours together.

        :return: list of ('Monday – Friday', '09:00–12:00, 14:00–18:00'); empty for an
            asset that is always open
        :rtype: list[tuple[str, str]]
        """
        self.ensure_one()
        calendar = self.sudo().resource_calendar_id
        hours = {day: [] for day in range(7)}
        for line in calendar.attendance_ids:
            if line.day_period != "lunch" and not line.display_type:
                span = (line.hour_from, line.hour_to)
                if span not in hours[int(line.dayofweek)]:
                    hours[int(line.dayofweek)].append(span)
        if not calendar:
            return []
        names = babel.dates.get_day_names(
            "wide", locale=babel_locale_parse(get_lang(self.env).code)
        )
        runs = []
        for day in range(7):
            if runs and hours[runs[-1][-1]] == hours[day]:
                runs[-1].append(day)
            else:
                runs.append([day])
        lines = []
        for days in runs:
            label = names[days[0]].capitalize()
            if len(days) > 1:
                label += f" – {names[days[-1]]}"
            lines.append((label, self._hours_in_words(sorted(hours[days[0]]))))
        return lines

    def _hours_in_words(self, spans):
        if not spans:
            return self.env._("closed")

        def clock(hours):
            minutes = round(hours * 60)
            return f"{minutes // 60:02d}:{minutes % 60:02d}"

        return ", ".join(f"{clock(a)}–{clock(b)}" for a, b in spans)
