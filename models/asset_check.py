from odoo import fields, models


class AssetCheck(models.Model):
    """A point to look at whenever something of this category leaves or comes back."""

    _name = "ess.asset.check"
    _description = "Point of a Checklist"
    _order = "category_id, sequence, id"

    category_id = fields.Many2one(
        "ess.asset.category", required=True, index=True, ondelete="cascade"
    )
    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)


class AssetCategory(models.Model):
    _inherit = "ess.asset.category"

    check_ids = fields.One2many("ess.asset.check", "category_id", string="Checklist")
    meter = fields.Selection(
        [("km", "Kilometres"), ("hours", "Hours")],
        help="What is read off at the hand-over and at the return.",
    )
