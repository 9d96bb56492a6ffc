from odoo import fields, models


class LoanDeposit(models.Model):
    """Money that stands for the return of a loan, until it is released."""

    _name = "ess.loan.deposit"
    _description = "Deposit of a Loan"
    _inherit = ["ess.derived", "ess.office.thread", "mail.activity.mixin"]
    _order = "id desc"
    _rec_name = "loan_id"

    loan_id = fields.Many2one("ess.loan", required=True, index=True, ondelete="cascade")
    entity_id = fields.Many2one(related="loan_id.entity_id", store=True, index=True)
    lender_id = fields.Many2one(related="loan_id.lender_id", store=True, index=True)
    company_id = fields.Many2one(related="loan_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    amount = fields.Monetary(required=True, tracking=True)
    holder = fields.Selection(
        [("lender", "The Lender"), ("federation", "The Federation")],
        required=True,
        default="lender",
        tracking=True,
    )
    method = fields.Selection(
        [
            ("cheque", "Cheque, not cashed"),
            ("transfer", "Bank Transfer"),
            ("cash", "Cash"),
            ("card", "Card Imprint"),
            ("other", "Otherwise"),
        ],
        tracking=True,
        help="How it is held.",
    )
    reference = fields.Char(tracking=True, help="Cheque or transfer number.")
    state = fields.Selection(
        [
            ("asked", "Asked"),
            ("held", "Held"),
            ("released", "Released"),
            ("kept", "Kept in Part"),
            ("waived", "Waived"),
        ],
        required=True,
        default="asked",
        readonly=True,
        copy=False,
        index=True,
        tracking=True,
    )
    held_on = fields.Datetime(readonly=True, copy=False)
    held_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    released_on = fields.Datetime(readonly=True, copy=False)
    waived_on = fields.Datetime(readonly=True, copy=False)
    kept_amount = fields.Monetary(readonly=True, copy=False, tracking=True)
    reason = fields.Text(readonly=True, copy=False, tracking=True)
    exchange_ids = fields.One2many("ess.exchange", "deposit_id", readonly=True)

    _amount_positive = models.Constraint(
        "CHECK (amount > 0)", "A deposit is more than nothing."
    )
    _kept_within = models.Constraint(
        "CHECK (COALESCE(kept_amount, 0) >= 0 AND COALESCE(kept_amount, 0) <= amount)",
        "What is kept of a deposit lies between nothing and all of it.",
    )
    _one_live = models.UniqueIndex(
        "(loan_id) WHERE state IN ('asked', 'held')",
        "This loan has a deposit already.",
    )
