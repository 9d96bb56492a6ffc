from datetime import timedelta

from odoo import fields, models

from ..tools.booking_rules import Reason
from .occupancy import NotFree

# How many moments before the next uses are tried for the end of a stretched one.
MOST_TRIED = 5
HOUR = timedelta(hours=1)


def full_hour(instant):
    """The instant, or the next full hour after it."""
    full = instant.replace(minute=0, second=0, microsecond=0)
    return full if full == instant else full + HOUR


class BookingLate(models.Model):
    """An item that is still out takes its asset's time until it is back."""

    _inherit = "ess.booking"

    stretched_until = fields.Datetime(
        readonly=True,
        copy=False,
        help="Until when its time is taken, as long as it is not back.",
    )

    # === RULES === #

    def _access_reasons(self):
        """A policy may refuse who has not brought something back."""
        reasons = super()._access_reasons()
        blocks = self.asset_id.policy_id.overdue_blocks
        if reasons or not blocks or self.entity_id in self.asset_id._lender_entities():
            return reasons
        loans = self.env["ess.loan"].sudo()
        late = loans.search(
            loans._late_domain() & fields.Domain("entity_id", "=", self.entity_id.id),
            order="stop, id",
            limit=1,
        )
        if late:
            asset = late._late_bookings()[:1].asset_id or self.asset_id
            figures = {
                "loan": late.name,
                "asset": asset.name,
                "stop": asset._local(late.stop),
            }
            reasons.append(Reason("overdue", figures))
        return reasons

    # === TIME === #

    def _claim(self):
        """What is not back takes its time; what came back late took it until then."""
        claim = super()._claim()
        until = self.stretched_until
        if not claim or not until or until <= self.stop:
            return claim
        if self.state == "ongoing":
            claim["stop"] = until
        elif self.state == "done" and self.returned_on and self.returned_on > self.stop:
            claim["stop"] = min(until, self.returned_on)
        return claim

    def _taken_until(self):
        """The end of the time that this booking has, buffers left out."""
        return max(self.stop, self.stretched_until or self.stop)

    def _stretch_to(self, target):
        """Take more time, as far as the gate lets it: never over a promise.

        :return: whether all of it could be taken
        """
        self.ensure_one()
        booking = self.sudo()
        if booking.state != "ongoing" or booking._taken_until() >= target:
            return True
        stop = booking._longest_stop(target)
        if stop > booking._taken_until():
            try:
                with self.env.cr.savepoint():
                    booking.stretched_until = stop
                    booking._sync_occupancy()
            except NotFree:
                # the buffers of its policy grew since it was promised
                booking.invalidate_recordset()
                return False
        return stop >= target

    def _longest_stop(self, target):
        """How far this use could last, up to `target`; its present end at least."""
        own, asset = self.occupancy_ids, self.asset_id
        own |= own.child_ids
        present, quantity = self._taken_until(), self._out_quantity()

        def fits(stop):
            return asset._free_units(self.start, stop, own)[asset.id] >= quantity

        if fits(target):
            return target
        tail = asset._buffers()[1]
        others = self.env["ess.occupancy"].search(
            [
                ("asset_id", "in", list(asset._needs()[asset.id])),
                ("id", "not in", own.ids),
                ("start", ">", present),
                ("start", "<", target + tail),
            ]
        )
        ends = {other.start - tail for other in others}
        tried = sorted((end for end in ends if end > present), reverse=True)
        return next((end for end in tried[:MOST_TRIED] if fits(end)), present)

    # === WHO COMES NEXT === #

    def _next_holders(self, until):
        """Promises that cannot be kept if this is out until then.

        :param until: naive UTC
        :return: ess.booking, requested or confirmed
        """
        self.ensure_one()
        now = fields.Datetime.now()
        booking = self.sudo()
        if until <= now:
            return booking.browse()
        claim = {**booking._claim(), "start": now, "stop": until}
        claim["quantity"] = booking._out_quantity()
        own = booking.occupancy_ids
        return self.env["ess.occupancy"].sudo()._broken_by([claim], own | own.child_ids)

    def _earliest_after(self, stop):
        """When a use of this asset may start if another lasts until `stop`."""
        before, after = self.sudo().asset_id._buffers()
        return stop + before + after

    def _bring_forward(self, start):
        """Start at `start` again, or as soon as the asset may be there, if it can be.

        :param start: naive UTC, as it was promised at first
        """
        self.ensure_one()
        booking = self.sudo()
        soonest = full_hour(booking._earliest_after(fields.Datetime.now()))
        start = max(start, soonest)
        if booking.state not in ("requested", "confirmed") or start >= booking.start:
            return
        try:
            with self.env.cr.savepoint():
                booking.write(
                    {"start": start, "ics_sequence": booking.ics_sequence + 1}
                )
        except NotFree:
            booking.invalidate_recordset()
