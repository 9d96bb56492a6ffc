from odoo import models

from .booking_waiting import SERVING
from .loan_disruption import OPEN


class BookingDisruption(models.Model):
    """A booking whose asset is not there: what its disruptions follow."""

    _inherit = "ess.booking"

    def write(self, vals):
        """A disruption is over when its booking is used, refused or cancelled."""
        res = super().write(vals)
        if vals.get("state") in ("ongoing", "done", "refused", "cancelled"):
            ended = self.sudo().disruption_ids.filtered(lambda d: d.state in OPEN)
            if ended:
                over = vals["state"] in ("ongoing", "done")
                ended._end("over" if over else "cancelled")
        return res

    def _give_back_for_repair(self):
        """Give the time of these promises back, and wait for it before all others."""
        for booking in self:
            # nobody else is served: the time is for the maintenance
            booking.with_context(ess_serving=SERVING).write(
                {
                    "state": "waiting",
                    "waiting_since": booking.requested_on or booking.create_date,
                }
            )

    def _needs_answer(self):
        """What was confirmed before its asset broke is not asked for again."""
        broken = self.sudo().disruption_ids.filtered(
            lambda d: d.state in OPEN and d.cause == "damage"
        )
        if broken and self.confirmed_on:
            return False
        return super()._needs_answer()

    def _promise(self):
        """Promised again: what disrupted it is over."""
        res = super()._promise()
        served = self.sudo().disruption_ids.filtered(
            lambda d: d.state in OPEN and d.cause == "damage"
        )
        served._end()
        return res
