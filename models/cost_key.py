from odoo import fields, models


class CostKey(models.Model):
    """A rule that splits costs, as decided over time: its versions."""

    _name = "ess.cost.key"
    _description = "Cost Sharing Key"
    _inherit = ["ess.links", "mail.thread"]
    _order = "name, id"

    name = fields.Char(required=True, translate=True, tracking=True)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda s: s.env.company
    )
    version_ids = fields.One2many("ess.cost.key.version", "key_id", copy=True)
    reading_ids = fields.One2many("ess.cost.reading", "key_id")
    pool_ids = fields.One2many("ess.cost.pool", "key_id")
