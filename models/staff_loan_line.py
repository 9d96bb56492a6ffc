from odoo import fields, models


class StaffLoanLine(models.Model):
    """One cost of the person lent; the borrower sees the total by nature alone."""

    _name = "ess.staff.loan.line"
    _description = "Cost of Staff Time"
    _order = "staff_loan_id, nature, id"
    _rec_name = "label"

    staff_loan_id = fields.Many2one(
        "ess.staff.loan", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="staff_loan_id.company_id", store=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    nature = fields.Selection(
        [
            ("wage", "Wages"),
            ("charge", "Social Charges"),
            ("expense", "Professional Expenses"),
        ],
        required=True,
    )
    label = fields.Char(required=True)
    hours = fields.Float()
    cost = fields.Monetary(required=True, help="What it really cost the lender.")
    amount = fields.Monetary(
        string="Billed", required=True, help="Exactly the cost: no margin is allowed."
    )
    receipt = fields.Binary(attachment=True)
    receipt_name = fields.Char()

    _cost_positive = models.Constraint(
        "CHECK (cost >= 0)", "A cost cannot be negative."
    )
    _no_margin = models.Constraint(
        "CHECK (amount <= cost)",
        "Staff time is lent at cost (Code du travail, L8241-2): no margin.",
    )
