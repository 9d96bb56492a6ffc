from odoo import fields, models


class BookingDesk(models.Model):
    """From a booking to the loan that it is an item of."""

    _inherit = "ess.booking"

    loan_state = fields.Selection(related="loan_id.state", string="State of the Loan")

    def action_view_loan(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "ess.loan",
            "res_id": self.loan_id.id,
            "view_mode": "form",
        }
