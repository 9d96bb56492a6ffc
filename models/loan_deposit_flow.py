from odoo import models


class LoanDepositFlow(models.Model):
    _inherit = "ess.loan"

    def _ensure_deposit(self):
        """Ask for the deposit that the assets of these loans call for."""
