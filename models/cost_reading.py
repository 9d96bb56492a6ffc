from odoo import fields, models


class CostReading(models.Model):
    """How much a member used on a day, read by hand or imported."""

    _name = "ess.cost.reading"
    _description = "Reading of Usage"
    _inherit = ["ess.derived", "ess.import.mixin"]
    _order = "date desc, id desc"
    _check_company_auto = True

    key_id = fields.Many2one(
        "ess.cost.key",
        required=True,
        index=True,
        ondelete="restrict",
        check_company=True,
    )
    entity_id = fields.Many2one(
        "res.partner",
        string="Member",
        required=True,
        index=True,
        ondelete="restrict",
        domain="[('ess_is_member', '=', True)]",
    )
    date = fields.Date(required=True, default=fields.Date.context_today)
    quantity = fields.Float(digits=(16, 4), required=True)
    note = fields.Char()
    company_id = fields.Many2one(related="key_id.company_id", store=True, index=True)

    _quantity_not_negative = models.Constraint(
        "CHECK (quantity >= 0)", "A reading cannot be negative."
    )
    _by_date = models.Index("(key_id, date)")
