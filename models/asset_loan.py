from odoo import fields, models


class AssetLoan(models.Model):
    """An asset that is lent: co-owners, and where its costs go."""

    _inherit = "ess.asset"

    cost_pool_id = fields.Many2one(
        "ess.cost.pool",
        check_company=True,
        index="btree_not_null",
        help="Its costs are carried together there, by ownership or by use.",
    )
    coowner_use = fields.Selection(
        [("paid", "Like everybody"), ("share", "Free up to its share")],
        string="Use by Co-owners",
        required=True,
        default="paid",
        tracking=True,
        help="Up to its share of the hours of the year, a co-owner uses it for free.",
    )
