from odoo import fields, models

SIDES = [("lender", "Lender"), ("borrower", "Borrower")]


class LoanSignature(models.Model):
    """One side's signature under the terms of a loan as they were then."""

    _name = "ess.loan.signature"
    _description = "Signature of a Loan"
    _order = "signed_on, id"
    _rec_name = "signer_name"

    loan_id = fields.Many2one(
        "ess.loan", required=True, index=True, ondelete="cascade", readonly=True
    )
    side = fields.Selection(SIDES, string="Party", required=True, readonly=True)
    entity_id = fields.Many2one(
        "res.partner", string="Organisation", required=True, readonly=True
    )
    contact_id = fields.Many2one(
        "res.partner", string="Signed by", required=True, readonly=True
    )
    signer_name = fields.Char(required=True, readonly=True)
    signature = fields.Image(
        required=True, readonly=True, attachment=True, max_width=1024, max_height=1024
    )
    signed_on = fields.Datetime(required=True, readonly=True)
    terms = fields.Json(readonly=True, help="What was signed, item by item.")
    terms_hash = fields.Char(
        required=True, readonly=True, help="SHA-256 of the terms that were signed."
    )
    voided_on = fields.Datetime(readonly=True)
    void_reason = fields.Char(readonly=True)
    company_id = fields.Many2one(related="loan_id.company_id", store=True)

    _one_per_side = models.UniqueIndex(
        "(loan_id, side) WHERE voided_on IS NULL",
        "This side has signed already.",
    )
