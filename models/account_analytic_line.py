from odoo import api, models
from odoo.exceptions import UserError

KEPT = {"amount", "auto_account_id", "company_id", "date", "move_line_id", "product_id"}


class AccountAnalyticLine(models.Model):
    """A cost that a posted run has split stays as it was."""

    _inherit = "account.analytic.line"

    def write(self, vals):
        plan = self.env.ref("ess_mutualisation.analytic_plan_pools")
        if (KEPT | {plan.sudo()._column_name()}) & set(vals):
            self._check_not_split()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_split(self):
        self._check_not_split()

    def _check_not_split(self):
        """Refuse what would take a cost away from under a posted run."""
        source = (
            self.env["ess.cost.source"]
            .sudo()
            .search(
                [
                    ("analytic_line_id", "in", self.ids),
                    ("live", "=", True),
                    ("run_id.state", "=", "posted"),
                ],
                limit=1,
            )
        )
        if source:
            raise UserError(
                self.env._(
                    "%(bill)s is in %(run)s of %(pool)s, which is posted: reverse that "
                    "run first, or enter a credit note and compute a correction.",
                    bill=source.move_name or source.name,
                    run=source.run_id.name,
                    pool=source.run_id.pool_id.name,
                )
            )
