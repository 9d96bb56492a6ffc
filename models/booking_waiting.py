from odoo import fields, models

from .booking_rules import RuleBroken
from .occupancy import NotFree

# In the context while nobody else is to be served. An object and not True: it cannot
# be sent from outside.
SERVING = object()
# What was asked in time stays asked in time when it is served later.
WAIVED = {"lead_time"}


class BookingWaiting(models.Model):
    """The waiting list: served in order when time is given back."""

    _inherit = "ess.booking"

    def action_wait(self):
        """Wait for this time to be given back; the first who fits gets it."""
        bookings = self._require("borrower", "facilitator")
        self._require_state("draft")
        for booking in self:
            booking._assert_waitable()
        bookings.write(
            {
                "state": "waiting",
                "waiting_since": fields.Datetime.now(),
                "hold_until": False,
            }
        )
        bookings._tell("waiting")
        # it may have been given back in the meantime
        self._serve_waiting(bookings.asset_id)
        return True

    def _assert_waitable(self):
        """Nobody waits for what could never be promised.

        :raise RuleBroken: with the rules that say no
        """
        self.ensure_one()
        reasons = [r for r in self._reasons() if r.code not in WAIVED]
        if reasons:
            raise RuleBroken("\n".join(self._reason_sentences(reasons)), reasons)

    def _serve_waiting(self, assets):
        """Promise freed time to those who wait for it, first come, first served.

        :param assets: ess.asset whose time was given back; the composites that
            contain them may have become free as well
        """
        if self.env.context.get("ess_serving") is SERVING or not assets:
            return
        family = assets.sudo()._ancestors()
        waiting = (
            self.sudo()
            .with_context(ess_serving=SERVING)
            .search(
                [
                    ("asset_id", "in", family.ids),
                    ("state", "=", "waiting"),
                    ("start", ">", fields.Datetime.now()),
                ],
                order="waiting_since, id",
            )
        )
        for booking in waiting:
            booking._serve()

    def _serve(self):
        """Take the time for one who waits, if it fits and the rules still agree."""
        self.ensure_one()
        self._bump_quota()
        if any(reason.code not in WAIVED for reason in self._reasons()):
            return False
        try:
            with self.env.cr.savepoint():
                self._promise()
        except NotFree:
            self.invalidate_recordset()
            return False
        return True

    def _waiting_position(self):
        """Place in the queue, 1 for the next to be served."""
        self.ensure_one()
        booking = self.sudo()
        return 1 + self.sudo().search_count(
            [
                ("asset_id", "=", booking.asset_id.id),
                ("state", "=", "waiting"),
                ("start", "<", booking.stop),
                ("stop", ">", booking.start),
                "|",
                ("waiting_since", "<", booking.waiting_since),
                "&",
                ("waiting_since", "=", booking.waiting_since),
                ("id", "<", booking.id),
            ]
        )
