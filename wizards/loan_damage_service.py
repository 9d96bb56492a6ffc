from odoo import api, fields, models


class LoanDamageService(models.TransientModel):
    """Take a damaged asset out of service, seeing which bookings that breaks."""

    _name = "ess.loan.damage.service"
    _description = "Take a Damaged Asset out of Service"
    _inherit = ["ess.question"]

    damage_id = fields.Many2one(
        "ess.loan.damage",
        required=True,
        readonly=True,
        ondelete="cascade",
        default=lambda self: self.env.context.get("active_id"),
    )
    asset_id = fields.Many2one(related="damage_id.asset_id")
    quantity = fields.Integer(related="damage_id.quantity")
    until = fields.Datetime(required=True)
    booking_ids = fields.Many2many(
        "ess.booking",
        string="Bookings That This Breaks",
        compute="_compute_booking_ids",
        help="They are told, and choose: wait, take another asset, or cancel.",
    )

    @api.depends("damage_id", "until")
    def _compute_booking_ids(self):
        now = fields.Datetime.now()
        for service in self:
            late = not service.until or service.until <= now
            service.booking_ids = (
                False if late else service.damage_id._broken_bookings(service.until)
            )

    def action_apply(self):
        self.ensure_one()
        self.damage_id.action_out_of_service(self.until)
        return {"type": "ir.actions.act_window_close"}
