from odoo import fields, models


class CostBudget(models.Model):
    """What a pool will cost over a year, called from the members in instalments."""

    _name = "ess.cost.budget"
    _description = "Budget of a Cost Pool"
    _inherit = ["ess.derived", "mail.thread"]
    _order = "date_from desc, id desc"
    _check_company_auto = True

    pool_id = fields.Many2one(
        "ess.cost.pool",
        required=True,
        index=True,
        ondelete="restrict",
        check_company=True,
    )
    company_id = fields.Many2one(related="pool_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    date_from = fields.Date(string="First Day", required=True)
    date_to = fields.Date(string="Last Day", required=True)
    amount = fields.Monetary(required=True, tracking=True)
    instalments = fields.Integer(required=True, default=12)
    decision = fields.Char(help="Who decided when.")
    call_ids = fields.One2many("ess.cost.call", "budget_id", readonly=True)

    _dates_in_order = models.Constraint(
        "CHECK (date_from <= date_to)", "A budget ends after it begins."
    )
    _amount_positive = models.Constraint(
        "CHECK (amount > 0)", "A budget is more than 0."
    )
    _instalments_possible = models.Constraint(
        "CHECK (instalments BETWEEN 1 AND 366)", "A budget has 1 to 366 calls."
    )
    _no_overlap = models.Constraint(
        "EXCLUDE USING gist (int4range(pool_id, pool_id, '[]') WITH =, "
        "daterange(date_from, date_to, '[]') WITH &&)",
        "This pool has a budget already at that time.",
    )
