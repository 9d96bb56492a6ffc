from odoo import fields, models


class CostKeyComponent(models.Model):
    """A part of the costs that only some members need, or a level of need.

    The costs of a run go to the component of their product; what is left is spread
    over the components without products, in proportion to their amounts.
    """

    _name = "ess.cost.key.component"
    _description = "Component of a Cost Sharing Key"
    _inherit = ["ess.derived"]
    _order = "version_id, level, id"

    version_id = fields.Many2one(
        "ess.cost.key.version", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="version_id.company_id", store=True, index=True
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    name = fields.Char(required=True, translate=True)
    amount = fields.Monetary(
        help="Its estimated cost: only the proportions count. For levels of need, what "
        "this level costs on top of the one below."
    )
    product_ids = fields.Many2many(
        "product.product",
        string="Products",
        context={"active_test": False},
        help="Bill lines with these products are the cost of this component.",
    )
    level = fields.Integer(help="For levels of need: 1, 2, 3…")
    entity_ids = fields.Many2many(
        "res.partner",
        string="Needed by",
        # a member that has gone since still carries what it needed
        context={"active_test": False},
        domain="[('ess_is_member', '=', True)]",
    )

    _amount_not_negative = models.Constraint(
        "CHECK (amount >= 0)", "The cost of a component cannot be negative."
    )
