from odoo import api, fields, models

from ..models.booking import TAKING
from ..models.occupancy import HAND_KINDS, KINDS


class AssetClose(models.TransientModel):
    """Close several assets for some time: all their units, or nothing."""

    _name = "ess.asset.close"
    _description = "Close Assets"
    _inherit = ["ess.question"]

    asset_ids = fields.Many2many(
        "ess.asset",
        string="Assets",
        required=True,
        default=lambda self: self._default_asset_ids(),
    )
    kind = fields.Selection(
        [choice for choice in KINDS if choice[0] in HAND_KINDS],
        required=True,
        default="closure",
    )
    start = fields.Datetime(required=True)
    stop = fields.Datetime(required=True)
    note = fields.Char(string="Reason")
    booking_ids = fields.Many2many(
        "ess.booking",
        string="Bookings in the Way",
        compute="_compute_booking_ids",
        help="Move or cancel them first: a promise is not broken by a closure.",
    )

    @api.model
    def _default_asset_ids(self):
        if self.env.context.get("active_model") != "ess.asset":
            return False
        return self.env.context.get("active_ids")

    @api.depends("asset_ids", "start", "stop")
    def _compute_booking_ids(self):
        for close in self:
            if not (close.start and close.stop and close.start < close.stop):
                close.booking_ids = False
                continue
            close.booking_ids = (
                self.env["ess.occupancy"]
                .search(
                    [
                        ("asset_id", "in", close.asset_ids.ids),
                        ("booking_id.state", "in", TAKING),
                        ("start", "<", close.stop),
                        ("stop", ">", close.start),
                    ]
                )
                .booking_id
            )

    def action_apply(self):
        self.ensure_one()
        self.env["ess.occupancy"].create(
            [
                {
                    "asset_id": asset.id,
                    "quantity": asset.capacity,
                    "start": self.start,
                    "stop": self.stop,
                    "kind": self.kind,
                    "note": self.note,
                }
                for asset in self.asset_ids
            ]
        )
        return {"type": "ir.actions.act_window_close"}
