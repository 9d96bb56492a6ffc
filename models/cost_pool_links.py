from odoo import api, fields, models
from odoo.tools import float_round

# What was spent; invoices of settlements, tagged as well, are how it comes back.
COSTS = [
    ("move_line_id.parent_state", "=", "posted"),
    ("move_line_id.move_id.ess_settlement_id", "=", False),
    # nor is a credit note that somebody made of such an invoice
    "|",
    ("move_line_id.move_id.reversed_entry_id", "=", False),
    ("move_line_id.move_id.reversed_entry_id.ess_settlement_id", "=", False),
]


class CostPoolLinks(models.Model):
    """What belongs to a pool, to be counted and opened from its form."""

    _inherit = "ess.cost.pool"

    member_count = fields.Integer(compute="_compute_counts")
    run_count = fields.Integer(compute="_compute_counts")
    budget_count = fields.Integer(compute="_compute_counts")
    cost_total = fields.Monetary(
        string="Costs", compute="_compute_cost_total", help="Ever tagged, untaxed."
    )

    # === COMPUTE METHODS === #

    @api.depends("member_ids", "run_ids", "budget_ids")
    def _compute_counts(self):
        for name, model in (
            ("member_count", "ess.cost.pool.member"),
            ("run_count", "ess.cost.run"),
            ("budget_count", "ess.cost.budget"),
        ):
            aggregate = (
                "entity_id:count_distinct" if name == "member_count" else "__count"
            )
            domain = [("pool_id", "in", self.ids)]
            if name == "run_count":
                domain += [("kind", "!=", "simulation")]
            counts = dict(self.env[model]._read_group(domain, ["pool_id"], [aggregate]))
            for pool in self:
                pool[name] = counts.get(pool._origin, 0)

    @api.depends("analytic_account_id")
    def _compute_cost_total(self):
        # A total without the lines, also for who may not open them.
        plan = self.env.ref("ess_mutualisation.analytic_plan_pools").sudo()
        column = plan._column_name()
        totals = {
            account.id: total
            for account, total in self.env["account.analytic.line"]
            .sudo()
            ._read_group(
                [(column, "in", self.analytic_account_id.ids), *COSTS],
                [column],
                ["amount:sum"],
            )
        }
        for pool in self:
            total = -totals.get(pool.analytic_account_id.id, 0.0)
            pool.cost_total = float_round(
                total, precision_rounding=pool.currency_id.rounding or 0.01
            )

    # === ACTIONS === #

    def _action_of(self, xmlid, **context):
        self.ensure_one()
        return {
            **self.env["ir.actions.act_window"]._for_xml_id(xmlid),
            "domain": [("pool_id", "=", self.id)],
            "context": {"default_pool_id": self.id, **context},
        }

    def action_view_runs(self):
        return self._action_of("ess_mutualisation.ess_cost_run_action")

    def action_view_budgets(self):
        return self._action_of("ess_mutualisation.ess_cost_budget_action")

    def action_view_shares(self):
        return self._action_of("ess_mutualisation.ess_cost_share_action")

    def action_view_costs(self):
        """The analytic lines of the pool: its costs as the books have them."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "analytic.account_analytic_line_action_entries"
        )
        account = self.analytic_account_id
        return {
            **action,
            "domain": [("auto_account_id", "=", account.id), *COSTS],
            "context": {},
        }
