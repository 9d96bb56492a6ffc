from odoo import api, models
from odoo.exceptions import UserError

from .entered import entered

# What an inspection still takes once it is recorded: nothing that was found.
FREE = {"message_follower_ids", "activity_ids", "message_ids", "note"}


class LoanInspectionGuard(models.Model):
    """What was recorded is what both sides looked at: it does not change any more."""

    _inherit = "ess.loan.inspection"

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list if not self.env.su else ():
            given = entered(self, vals)
            told = {name for name, value in given.items() if value}
            if given.get("state", "draft") != "draft" or self._acts() & told - {
                "state"
            }:
                self._refuse_by_hand()
        return super().create(vals_list)

    def write(self, vals):
        if not self.env.su:
            if self._acts() & set(vals):
                self._refuse_by_hand()
            if set(vals) - FREE:
                self._check_draft()
        return super().write(vals)

    @api.model
    def _acts(self):
        """What its acts write. What it has of its loan is looked at as such."""
        return {
            name
            for name, field in self._fields.items()
            if field.readonly and not field.related
        }

    @api.ondelete(at_uninstall=False)
    def _unlink_except_recorded(self):
        self._check_draft()

    def _refuse_by_hand(self):
        raise UserError(
            self.env._("Inspection: record it, then let the other side answer.")
        )

    def _check_draft(self):
        for inspection in self:
            if inspection.state != "draft":
                raise UserError(
                    self.env._(
                        "This inspection was recorded on %s and does not change any "
                        "more.",
                        inspection._on_in_words(),
                    )
                )
