from odoo import fields, models


class CostKeyLine(models.Model):
    """The weight of one member in a version of a key, or its level of need."""

    _name = "ess.cost.key.line"
    _description = "Line of a Cost Sharing Key"
    _inherit = ["ess.derived"]
    _order = "version_id, entity_id"
    _rec_name = "entity_id"

    version_id = fields.Many2one(
        "ess.cost.key.version", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="version_id.company_id", store=True, index=True
    )
    entity_id = fields.Many2one(
        "res.partner",
        string="Member",
        required=True,
        index=True,
        ondelete="restrict",
        domain="[('ess_is_member', '=', True)]",
    )
    # digits: a numeric column, thus an exact decimal
    weight = fields.Float(digits=(16, 4), default=1.0, help="Parts, staff, budget…")
    level = fields.Integer(help="Level of need: it pays for all levels up to it.")

    _once = models.Constraint(
        "UNIQUE (version_id, entity_id)", "This member has its line already."
    )
    _weight_not_negative = models.Constraint(
        "CHECK (weight >= 0)", "A weight cannot be negative."
    )
    _level_not_negative = models.Constraint(
        "CHECK (level >= 0)", "A level cannot be negative."
    )
