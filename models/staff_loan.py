from odoo import fields, models


class StaffLoan(models.Model):
    """Hours of a person of the lender, at cost and with that person's consent.

    Code du travail, L8241-2: a written convention, the person's agreement, and a bill
    of wages, charges and expenses only.
    """

    _name = "ess.staff.loan"
    _description = "Loan of Staff Time"
    _inherits = {"ess.loan": "loan_id"}
    _inherit = ["mail.thread", "portal.mixin"]
    _order = "id desc"

    loan_id = fields.Many2one("ess.loan", required=True, ondelete="cascade", index=True)
    person_id = fields.Many2one(
        "res.partner", required=True, index=True, ondelete="restrict"
    )
    qualification = fields.Char(required=True, help="As the convention names it.")
    work = fields.Text(string="Work", help="What the person will do, and where.")
    hours = fields.Float(required=True, help="Agreed hours.")
    consent_document = fields.Binary(string="Consent of the Person", attachment=True)
    consent_name = fields.Char()
    consent_on = fields.Date()
    convention_document = fields.Binary(string="Convention", attachment=True)
    convention_name = fields.Char()
    line_ids = fields.One2many("ess.staff.loan.line", "staff_loan_id")
    billed_amount = fields.Monetary(readonly=True, copy=False)
    billed_on = fields.Datetime(readonly=True, copy=False)
    exchange_ids = fields.One2many("ess.exchange", "staff_loan_id", readonly=True)

    _hours_positive = models.Constraint(
        "CHECK (hours > 0)", "Staff time is lent for more than no hours."
    )
    _loan_once = models.Constraint(
        "UNIQUE (loan_id)", "This loan is of one person already."
    )
