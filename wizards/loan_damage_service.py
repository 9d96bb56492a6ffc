from odoo import api, fields, models

from ..models.booking import TAKING


class LoanDamageService(models.TransientModel):
    """Take a damaged asset out of service, seeing which bookings that breaks."""

    _name = "ess.loan.damage.service"
    _description = "Take a Damaged Asset out of Service"

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
        string="Bookings in This Time",
        compute="_compute_booking_ids",
        help="Those for which nothing is left are told, and choose: wait, take "
        "another asset, or cancel.",
    )

    @api.depends("damage_id", "until")
    def _compute_booking_ids(self):
        now = fields.Datetime.now()
        for service in self:
            if not service.until or service.until <= now:
                service.booking_ids = False
                continue
            service.booking_ids = (
                self.env["ess.occupancy"]
                .search(
                    [
                        ("asset_id", "=", service.asset_id.id),
                        ("booking_id.state", "in", TAKING),
                        ("booking_id", "!=", service.damage_id.booking_id.id),
                        ("start", "<", service.until),
                        ("stop", ">", now),
                    ]
                )
                .booking_id
            )

    def action_apply(self):
        self.ensure_one()
        self.damage_id.action_out_of_service(self.until)
        return {"type": "ir.actions.act_window_close"}
