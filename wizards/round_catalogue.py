from odoo import api, fields, models


class RoundCatalogue(models.TransientModel):
    """Choose vendors, and products if not all, whose prices come into a round."""

    _name = "ess.round.catalogue"
    _description = "Take Vendor Prices"
    _inherit = ["ess.question"]

    round_id = fields.Many2one(
        "ess.round",
        required=True,
        ondelete="cascade",
        default=lambda self: self._default_round_id(),
    )
    vendor_ids = fields.Many2many("res.partner", string="Vendors", required=True)
    product_ids = fields.Many2many(
        "product.product", string="Products", help="Left empty: all that they sell."
    )

    @api.model
    def _default_round_id(self):
        if self.env.context.get("active_model") != "ess.round":
            return False
        return self.env.context.get("active_id")

    def action_apply(self):
        self.ensure_one()
        self.round_id.action_take_vendor_prices(
            self.vendor_ids.ids, self.product_ids.ids
        )
        return {"type": "ir.actions.act_window_close"}
