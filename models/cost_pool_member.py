from odoo import fields, models


class CostPoolMember(models.Model):
    """A member in a pool from one day to another, both included."""

    _name = "ess.cost.pool.member"
    _description = "Member of a Cost Pool"
    _inherit = ["ess.derived"]
    _order = "pool_id, entity_id, date_from"
    _rec_name = "entity_id"
    _check_company_auto = True

    pool_id = fields.Many2one(
        "ess.cost.pool", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="pool_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    entity_id = fields.Many2one(
        "res.partner",
        string="Member",
        required=True,
        index=True,
        ondelete="restrict",
        domain="[('ess_is_member', '=', True)]",
    )
    date_from = fields.Date(string="First Day", required=True)
    date_to = fields.Date(string="Last Day", help="Empty: until further notice.")
    regime_id = fields.Many2one(
        "ess.tax.regime",
        string="Tax Regime",
        check_company=True,
        ondelete="restrict",
        help="Chosen for this member in this pool: nothing is assumed, and nothing is "
        "posted without it.",
    )
    standalone_cost = fields.Monetary(
        string="Cost Alone (Year)",
        help="What the member would pay by itself in a year: the ceiling of a capped "
        "key, and what sharing saves it. 0 = not known.",
    )
    declared_percent = fields.Float(
        string="Taxed Receipts (%)",
        digits=(5, 2),
        help="Declared by the member, of its total receipts.",
    )
    declared_until = fields.Date(help="Last day for which the declaration holds.")
    declaration = fields.Binary(attachment=True)
    declaration_name = fields.Char()

    _dates_in_order = models.Constraint(
        "CHECK (date_to IS NULL OR date_from <= date_to)",
        "A membership ends after it begins.",
    )
    _standalone_not_negative = models.Constraint(
        "CHECK (standalone_cost >= 0)", "A cost alone cannot be negative."
    )
    _no_overlap = models.Constraint(
        "EXCLUDE USING gist (int4range(pool_id, pool_id, '[]') WITH =, "
        "int4range(entity_id, entity_id, '[]') WITH =, "
        "daterange(date_from, date_to, '[]') WITH &&)",
        "This member is in the pool already at that time.",
    )
