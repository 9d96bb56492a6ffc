from odoo import api, fields, models


class CostCall(models.Model):
    """One instalment of a budget, called from all members on a day."""

    _name = "ess.cost.call"
    _description = "Advance Call"
    _inherit = ["ess.derived"]
    _order = "date, id"
    _rec_name = "date"

    budget_id = fields.Many2one(
        "ess.cost.budget", required=True, index=True, ondelete="restrict"
    )
    pool_id = fields.Many2one(related="budget_id.pool_id", store=True, index=True)
    company_id = fields.Many2one(related="budget_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    number = fields.Integer(required=True)
    date = fields.Date(required=True, index=True)
    state = fields.Selection(
        [("draft", "To Call"), ("posted", "Called"), ("cancelled", "Called Off")],
        required=True,
        default="draft",
        readonly=True,
    )
    line_ids = fields.One2many("ess.cost.call.line", "call_id", readonly=True)
    total = fields.Monetary(compute="_compute_total", store=True)

    _number_uniq = models.UniqueIndex(
        "(budget_id, number) WHERE state <> 'cancelled'",
        "This instalment exists already.",
    )

    @api.depends("line_ids.amount")
    def _compute_total(self):
        for call in self:
            call.total = sum(call.line_ids.mapped("amount"))
