from odoo import api, fields, models


class BookingOverride(models.TransientModel):
    """Ask for a use that breaks a rule: the manager says why it may."""

    _name = "ess.booking.override"
    _description = "Ask for a Booking with an Override"
    _inherit = ["ess.question"]

    booking_id = fields.Many2one(
        "ess.booking",
        required=True,
        ondelete="cascade",
        default=lambda self: self.env.context.get("active_id"),
    )
    rules = fields.Text(string="Rules It Breaks", compute="_compute_rules")
    reason = fields.Text(required=True, help="It is logged on the booking.")

    @api.depends("booking_id")
    def _compute_rules(self):
        for override in self:
            booking = override.booking_id
            reasons = booking._reasons() if booking else []
            override.rules = "\n".join(
                booking._reason_sentences(reasons) if reasons else []
            )

    def action_apply(self):
        self.ensure_one()
        self.booking_id.action_request(override=self.reason)
        return {"type": "ir.actions.act_window_close"}
