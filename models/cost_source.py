from odoo import fields, models

from ..tools.cost_run import to_cents


class CostSource(models.Model):
    """One posted analytic line that a run splits, as it was: a frozen copy."""

    _name = "ess.cost.source"
    _description = "Cost in a Run"
    _order = "run_id, date, id"

    run_id = fields.Many2one(
        "ess.cost.run", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="run_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    analytic_line_id = fields.Many2one(
        "account.analytic.line", readonly=True, index=True, ondelete="set null"
    )
    line_ref = fields.Integer(
        required=True, help="Which analytic line it was, also when that is gone."
    )
    live = fields.Boolean(
        readonly=True, help="Taken by this run: no other run may take the line."
    )
    date = fields.Date(required=True)
    name = fields.Char(required=True)
    move_id = fields.Many2one(
        "account.move", string="Journal Entry", index=True, ondelete="set null"
    )
    move_name = fields.Char()
    partner_id = fields.Many2one("res.partner", string="Vendor", ondelete="restrict")
    product_id = fields.Many2one("product.product", ondelete="restrict")
    amount = fields.Monetary(required=True, help="The cost, untaxed: positive = spent.")

    _one_live_run = models.UniqueIndex(
        "(analytic_line_id) WHERE live", "This cost is in another run already."
    )

    def _as_data(self):
        """This cost as plain data, as the hash of the run has it."""
        self.ensure_one()
        return [
            self.line_ref,
            fields.Date.to_string(self.date),
            to_cents(self.amount, self.currency_id.decimal_places),
            self.product_id.id or 0,
            self.move_name or "",
            self.name,
        ]
