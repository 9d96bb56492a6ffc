from odoo import api, fields, models


class BookingCancel(models.TransientModel):
    """Give the time of bookings back, and say why."""

    _name = "ess.booking.cancel"
    _description = "Cancel Bookings"
    _inherit = ["ess.booking.reason"]

    is_promised = fields.Boolean(
        compute="_compute_is_promised",
        help="Somebody counts on one of these bookings, and wants to know why.",
    )

    @api.depends("booking_ids.state")
    def _compute_is_promised(self):
        for cancel in self:
            states = set(cancel.booking_ids.mapped("state"))
            cancel.is_promised = bool(states & {"requested", "confirmed"})

    def action_apply(self):
        self.ensure_one()
        self.booking_ids.action_cancel(self.reason)
        return {"type": "ir.actions.act_window_close"}
