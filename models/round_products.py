from odoo import api, fields, models

from .round import OFFICE


class RoundProducts(models.Model):
    """What members are invoiced for besides goods: as in the round before."""

    _inherit = "ess.round"

    cost_product_id = fields.Many2one(
        "product.product",
        string="Product of Shared Costs",
        check_company=True,
        ondelete="restrict",
        groups=OFFICE,
        default=lambda s: s._last_product("cost_product_id"),
        help="For shared costs that have no product of their own.",
    )
    commission_product_id = fields.Many2one(
        "product.product",
        string="Product of Commissions",
        check_company=True,
        ondelete="restrict",
        groups=OFFICE,
        default=lambda s: s._last_product("commission_product_id"),
    )
    disbursement_product_id = fields.Many2one(
        "product.product",
        string="Product of Disbursements",
        check_company=True,
        ondelete="restrict",
        groups=OFFICE,
        default=lambda s: s._last_product("disbursement_product_id"),
        help="For what is paid in the name of members: on an account of third parties "
        "(467 in France), with a tax of 0 %.",
    )

    @api.model
    def _last_product(self, name):
        return self.sudo().search(
            [(name, "!=", False), ("company_id", "=", self.env.company.id)],
            order="id desc",
            limit=1,
        )[name]
