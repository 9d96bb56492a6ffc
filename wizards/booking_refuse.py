from odoo import models


class BookingRefuse(models.TransientModel):
    """Say no to requests, and why."""

    _name = "ess.booking.refuse"
    _description = "Refuse Bookings"
    _inherit = ["ess.booking.reason"]

    def action_apply(self):
        self.ensure_one()
        self.booking_ids.action_refuse(self.reason)
        return {"type": "ir.actions.act_window_close"}
