from odoo import fields, models


class RoundCatalogue(models.TransientModel):
    """Offers from the pricelists of vendors."""

    _name = "ess.round.catalogue"
    _description = "Take Vendor Prices"

    round_id = fields.Many2one("ess.round", required=True, readonly=True)
    vendor_ids = fields.Many2many(
        "res.partner",
        string="Vendors",
        required=True,
        domain="[('id', 'in', possible_vendor_ids)]",
    )
    possible_vendor_ids = fields.Many2many(
        "res.partner", compute="_compute_possible_vendor_ids"
    )
    product_ids = fields.Many2many(
        "product.product", string="Products", help="Left empty, all that they sell."
    )

    def _compute_possible_vendor_ids(self):
        groups = self.env["product.supplierinfo"]._read_group([], ["partner_id"])
        vendors = self.env["res.partner"].union(*(partner for (partner,) in groups))
        self.possible_vendor_ids = vendors

    def action_apply(self):
        self.ensure_one()
        self.round_id.action_take_vendor_prices(
            self.vendor_ids.ids, self.product_ids.ids
        )
        return {"type": "ir.actions.act_window_close"}
