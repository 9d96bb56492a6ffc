from collections import defaultdict
from datetime import UTC, timedelta
from zoneinfo import ZoneInfo

import pytz

from odoo import fields, models

from ..tools.booking_rules import Use, candidates, check
from ..tools.occupancy import nearest

SEARCH_DAYS = 14


class AssetRules(models.Model):
    """Rules of use of an asset: opening hours, policy, and the times that obey them."""

    _inherit = "ess.asset"

    # === TIME ZONES === #

    def _zone(self):
        """The asset's time zone (ZoneInfo)."""
        self.ensure_one()
        return ZoneInfo(self.sudo().tz or "UTC")

    def _local(self, instant):
        """A naive UTC datetime as an aware one in the asset's time zone."""
        return instant.replace(tzinfo=UTC).astimezone(self._zone())

    @staticmethod
    def _utc(instant):
        """An aware datetime as Odoo stores it: naive, in UTC."""
        return instant.astimezone(UTC).replace(tzinfo=None)

    # === OPENING HOURS === #

    def _opening(self, start, stop):
        """Opening hours of these assets, worked out once per calendar and zone.

        :param start: naive UTC datetime
        :param stop: naive UTC datetime
        :return: {asset id: sorted aware local intervals, or None for always open}
        """
        groups = defaultdict(lambda: self.browse())
        for asset in self.sudo():
            groups[asset.resource_calendar_id, asset.tz or "UTC"] |= asset
        opening = {}
        for (calendar, tz), assets in groups.items():
            hours = calendar._ess_hours(start, stop, ZoneInfo(tz)) if calendar else None
            opening.update(dict.fromkeys(assets.ids, hours))
        return opening

    # === RULES === #

    def _use(self, start, stop, quantity=1):
        """The use as the pure rules know it, in the asset's local time."""
        return Use(self._local(start), self._local(stop), quantity)

    def _broken_rules(self, start, stop, quantity=1, usage=None):
        """Rules of the policy that this use breaks.

        :param start: naive UTC datetime
        :param stop: naive UTC datetime
        :param usage: tools Usage of the organisation; None leaves quotas out
        :rtype: list[Reason]
        """
        self.ensure_one()
        start, stop = self._check_window(start, stop)
        margin = timedelta(days=SEARCH_DAYS)
        return check(
            self.sudo().policy_id._rules(),
            self._use(start, stop, quantity),
            self._now(),
            self._opening(start - margin, stop + margin)[self.id],
            usage,
        )

    def _nearest_free(self, start, stop, quantity=1, without=None, limit=3):
        """Free times of the same length around the one asked for, obeying the rules.

        :param without: ess.occupancy rows that do not count (one's own)
        :return: list of (start, stop), naive UTC, nearest first
        """
        self.ensure_one()
        if stop <= start or quantity < 1:
            return []
        margin = timedelta(days=SEARCH_DAYS)
        policy = self.sudo().policy_id
        window = (start - margin - timedelta(days=1), stop + margin + timedelta(days=1))
        found = candidates(
            policy._rules(),
            self._use(start, stop, quantity),
            self._now(),
            self._opening(*window)[self.id],
            days=SEARCH_DAYS,
        )
        head, tail = self._buffers()
        steps = self.sudo()._free_steps(window[0] - head, window[1] + tail, without)
        near = nearest(
            steps[self.id],
            quantity,
            start - head,
            [(self._utc(a) - head, self._utc(b) + tail) for a, b in found],
            limit,
        )
        times = [(a + head, b - tail) for a, b in near]
        if not self.sudo().component_ids:
            return times
        # components may have longer buffers than the composite
        return [
            (a, b)
            for a, b in times
            if self._free_units(a, b, without)[self.id] >= quantity
        ]

    def _buffers(self):
        """The longest buffers of this asset and of its components."""
        policies = self.sudo().browse(self._needs()[self.id]).policy_id
        before = policies.mapped("buffer_before_minutes")
        after = policies.mapped("buffer_after_minutes")
        return (
            timedelta(minutes=max(before, default=0)),
            timedelta(minutes=max(after, default=0)),
        )

    @staticmethod
    def _now():
        return fields.Datetime.now().replace(tzinfo=UTC)

    def _rules_in_words(self):
        """The policy as sentences for somebody who has never seen it.

        :rtype: list[str]
        """
        self.ensure_one()
        return self.sudo().policy_id._in_words(self.sudo().approval)


class ResourceCalendar(models.Model):
    _inherit = "resource.calendar"

    def _ess_hours(self, start, stop, zone):
        """Opening hours in a zone, closing days of the calendar taken out.

        :param datetime start: naive UTC
        :param datetime stop: naive UTC
        :rtype: list[tuple[datetime, datetime]]
        """
        self.ensure_one()
        first = start.replace(tzinfo=UTC).astimezone(zone)
        last = stop.replace(tzinfo=UTC).astimezone(zone)
        # `resource` knows the zones of pytz only
        intervals = self._work_intervals_batch(first, last, tz=pytz.timezone(zone.key))
        return [
            (a.astimezone(zone), b.astimezone(zone))
            for a, b, _attendances in intervals[False]
        ]
