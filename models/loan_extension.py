from odoo import fields, models


class LoanExtension(models.Model):
    """More time, asked for by the borrower and answered by the lender."""

    _name = "ess.loan.extension"
    _description = "Extension of a Loan"
    _order = "id desc"
    _rec_name = "loan_id"

    loan_id = fields.Many2one("ess.loan", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="loan_id.company_id", store=True)
    stop_before = fields.Datetime(string="Agreed End", required=True, readonly=True)
    stop = fields.Datetime(string="New End", required=True, readonly=True)
    note = fields.Text(readonly=True)
    asked_by_id = fields.Many2one("res.partner", readonly=True)
    state = fields.Selection(
        [
            ("asked", "Asked"),
            ("agreed", "Agreed"),
            ("refused", "Refused"),
            ("cancelled", "Withdrawn"),
        ],
        required=True,
        default="asked",
        readonly=True,
        index=True,
    )
    answered_on = fields.Datetime(readonly=True)
    answered_by_id = fields.Many2one("res.partner", readonly=True)
    reason = fields.Text(string="Refused Because", readonly=True)

    _later = models.Constraint(
        "CHECK (stop > stop_before)", "An extension ends later than what was agreed."
    )
    _one_asked = models.UniqueIndex(
        "(loan_id) WHERE state = 'asked'", "An extension waits for an answer already."
    )
