from odoo import api, fields, models


class CostRunReverse(models.TransientModel):
    """Undo posted runs by mirror runs, and say why."""

    _name = "ess.cost.run.reverse"
    _description = "Reverse Cost Runs"
    _inherit = ["ess.question"]

    run_ids = fields.Many2many(
        "ess.cost.run",
        string="Runs",
        required=True,
        default=lambda self: self._default_run_ids(),
    )
    reason = fields.Char(required=True)

    @api.model
    def _default_run_ids(self):
        if self.env.context.get("active_model") != "ess.cost.run":
            return False
        return self.env.context.get("active_ids")

    def action_apply(self):
        self.ensure_one()
        mirrors = self.run_ids._reverse(self.reason)
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Runs"),
            "res_model": "ess.cost.run",
            "view_mode": "list,form",
            "domain": [("id", "in", (mirrors | self.run_ids).ids)],
        }
