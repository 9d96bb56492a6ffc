from odoo import fields, models


class LoanDepositDesk(models.Model):
    """A deposit beside the loan it stands for, in one list."""

    _inherit = "ess.loan.deposit"

    loan_state = fields.Selection(related="loan_id.state", string="State of the Loan")
    damage_ids = fields.One2many(related="loan_id.damage_ids")
    loan_stop = fields.Datetime(related="loan_id.stop", string="Due Back")
