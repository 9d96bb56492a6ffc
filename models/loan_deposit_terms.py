from odoo import api, models


class LoanDepositTerms(models.Model):
    """What is asked for is a term of the agreement: a change voids the signatures."""

    _inherit = "ess.loan.deposit"

    @api.model_create_multi
    def create(self, vals_list):
        deposits = super().create(vals_list)
        deposits._void_signed()
        return deposits

    def write(self, vals):
        res = super().write(vals)
        if {"amount", "holder"} & set(vals):
            self._void_signed()
        return res

    def _void_signed(self):
        self.sudo().loan_id.filtered(
            lambda loan: loan.state in ("to_sign", "signed")
        )._void_if_changed()
