from odoo import api, models
from odoo.exceptions import UserError

from .entered import entered

# What a person enters on a draft; all else is the work of the acts.
ENTERED = {"pool_id", "kind", "date_from", "date_to", "version_id"}
TALK = {
    "message_follower_ids",
    "activity_ids",
    "message_ids",
    "message_main_attachment_id",
}


class CostRunGuard(models.Model):
    """What was computed is changed by the acts of a run only."""

    _inherit = "ess.cost.run"

    @api.model_create_multi
    def create(self, vals_list):
        self.browse().check_access("create")
        for vals in vals_list:
            if not self.env.su:
                self._check_entered(entered(self, vals))
            if vals.get("kind") == "simulation":
                vals["name"] = self.env._("Simulation")
            elif not vals.get("name"):
                code = "ess.cost.run"
                number = self.env["ir.sequence"].sudo().next_by_code(code)
                vals["name"] = number or self.env._("New")
        return super().create(vals_list)

    def write(self, vals):
        if not self.env.su and set(vals) - TALK:
            self.check_access("write")
            self._check_entered(vals)
            for run in self:
                run._require_state("draft")
        return super().write(vals)

    def _check_entered(self, vals):
        """A person enters the pool, the period and what to simulate, nothing else."""
        other = set(vals) - ENTERED - TALK
        if other or vals.get("kind") in ("correction", "reversal"):
            raise UserError(
                self.env._(
                    "Only the pool, the period and the key of a run are entered; use "
                    "its actions for the rest."
                )
            )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_computed(self):
        for run in self:
            if run.kind != "simulation":
                run._require_state("draft")
