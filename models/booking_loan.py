from odoo import fields, models


class BookingLoan(models.Model):
    """A booking of another organisation's asset is an item of a loan."""

    _inherit = "ess.booking"

    loan_id = fields.Many2one(
        "ess.loan",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
        tracking=True,
    )
    need_id = fields.Many2one(
        "ess.need",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
    )
    loan_kind = fields.Selection(
        [("none", "No Agreement"), ("commodat", "Free Loan"), ("hire", "Hire")],
        readonly=True,
        copy=False,
        help="Legal kind, as it was when the use was promised.",
    )
    returned_quantity = fields.Integer(
        readonly=True, copy=False, help="Units that are back, or will never be."
    )
    inspection_line_ids = fields.One2many(
        "ess.loan.inspection.line", "booking_id", readonly=True
    )
    disruption_ids = fields.One2many("ess.loan.disruption", "booking_id", readonly=True)

    _commodat_free = models.Constraint(
        "CHECK (loan_kind IS DISTINCT FROM 'commodat' OR COALESCE(amount, 0) = 0)",
        "A free loan (commodat) has no price: Code civil, article 1876.",
    )
    _returned_within = models.Constraint(
        "CHECK (COALESCE(returned_quantity, 0) BETWEEN 0 AND quantity)",
        "No more units come back than left.",
    )
