from odoo import api, fields, models
from odoo.exceptions import UserError


class CostCompare(models.TransientModel):
    """What each member would pay by two or more keys, side by side, before a vote."""

    _name = "ess.cost.compare"
    _description = "Compare Keys"
    _inherit = ["ess.question"]
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
        compute_sudo=False,
        store=True,
        readonly=False,
        required=True,
        precompute=True,
    )
    date_to = fields.Date(
        string="Last Day",
        compute="_compute_dates",
        compute_sudo=False,
        store=True,
        readonly=False,
        required=True,
        precompute=True,
    )
    version_ids = fields.Many2many(
        "ess.cost.key.version",
        string="Keys",
        check_company=True,
        compute="_compute_version_ids",
        compute_sudo=False,
        store=True,
        readonly=False,
        precompute=True,
        required=True,
    )

    @api.model
    def _default_pool_id(self):
        if self.env.context.get("active_model") != "ess.cost.pool":
            return False
        return self.env.context.get("active_id")

    @api.depends("pool_id")
    def _compute_dates(self):
        """The financial year that has costs to compare on: in January, the last."""
        for wizard in self:
            if wizard.pool_id:
                wizard.date_from, wizard.date_to = wizard.pool_id._year_of_costs()
            else:
                wizard.date_from = wizard.date_to = wizard.date_from or False

    @api.depends("pool_id")
    def _compute_version_ids(self):
        """What the pool has now, for the others to be compared with."""
        for wizard in self:
            versions = wizard.pool_id.key_id.version_ids
            wizard.version_ids = versions.filtered(
                lambda v, day=wizard.date_to: v.date_from <= day
            ).sorted("date_from")[-1:]

    def action_compare(self):
        """Simulate each version on the same costs, and open the shares side by side."""
        self.ensure_one()
        if len(self.version_ids) < 2:
            raise UserError(self.env._("Keys: choose at least two to compare."))
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
        views = [
            (self.env.ref(f"ess_mutualisation.ess_cost_compare_view_{kind}").id, kind)
            for kind in ("pivot", "graph", "list")
        ]
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Keys of %s, Side by Side", self.pool_id.name),
            "res_model": "ess.cost.share",
            "view_mode": "pivot,graph,list,form",
            "views": [*views, (False, "form")],
            "domain": [("run_id", "in", runs.ids)],
        }
