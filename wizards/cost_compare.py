from odoo import api, fields, models
from odoo.exceptions import UserError


class CostCompare(models.TransientModel):
    """What each member would pay by two or more keys, side by side, before a vote."""

    _name = "ess.cost.compare"
    _description = "Compare Keys"
    _check_company_auto = True

    pool_id = fields.Many2one(
        "ess.cost.pool",
        required=True,
        check_company=True,
        default=lambda self: self._default_pool_id(),
    )
    company_id = fields.Many2one(related="pool_id.company_id")
    date_from = fields.Date(
        string="First Day",
        compute="_compute_dates",
        store=True,
        readonly=False,
        required=True,
        precompute=True,
    )
    date_to = fields.Date(
        string="Last Day",
        compute="_compute_dates",
        store=True,
        readonly=False,
        required=True,
        precompute=True,
    )
    version_ids = fields.Many2many(
        "ess.cost.key.version", string="Versions", check_company=True, required=True
    )

    @api.model
    def _default_pool_id(self):
        if self.env.context.get("active_model") != "ess.cost.pool":
            return False
        return self.env.context.get("active_id")

    @api.depends("pool_id")
    def _compute_dates(self):
        """The financial year of today: what the members know."""
        today = fields.Date.context_today(self)
        for wizard in self:
            if wizard.pool_id:
                wizard.date_from, wizard.date_to = wizard.pool_id._year(today)
            else:
                wizard.date_from = wizard.date_to = wizard.date_from or False

    def action_compare(self):
        """Simulate each version on the same costs, and open the shares side by side."""
        self.ensure_one()
        if len(self.version_ids) < 2:
            raise UserError(self.env._("Versions: choose at least two to compare."))
        runs = self.env["ess.cost.run"].create(
            [
                {
                    "pool_id": self.pool_id.id,
                    "kind": "simulation",
                    "date_from": self.date_from,
                    "date_to": self.date_to,
                    "version_id": version.id,
                }
                for version in self.version_ids
            ]
        )
        runs.action_compute()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Keys of %s, Side by Side", self.pool_id.name),
            "res_model": "ess.cost.share",
            "view_mode": "pivot,graph,list",
            "domain": [("run_id", "in", runs.ids)],
            "context": {
                "pivot_row_groupby": ["entity_id"],
                "pivot_column_groupby": ["version_id"],
                "pivot_measures": ["amount"],
                "graph_groupbys": ["entity_id", "version_id"],
                "graph_measure": "amount",
                "graph_mode": "bar",
            },
        }
