from odoo import api, fields, models


class BookingReason(models.AbstractModel):
    """A question about chosen bookings that is answered with a reason."""

    _name = "ess.booking.reason"
    _description = "Bookings and a Reason"
    _inherit = ["ess.question"]

    booking_ids = fields.Many2many(
        "ess.booking",
        string="Bookings",
        required=True,
        default=lambda self: self._default_booking_ids(),
    )
    reason = fields.Text(help="Those concerned read it in their mail.")

    @api.model
    def _default_booking_ids(self):
        if self.env.context.get("active_model") != "ess.booking":
            return False
        return self.env.context.get("active_ids")
