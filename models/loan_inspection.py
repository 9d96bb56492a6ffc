from odoo import fields, models


class LoanInspection(models.Model):
    """The state of things when they leave, or when (some of) them come back."""

    _name = "ess.loan.inspection"
    _description = "Inspection of a Loan"
    _inherit = ["ess.derived", "ess.office.thread"]
    _order = "loan_id, id"
    _rec_name = "loan_id"

    loan_id = fields.Many2one("ess.loan", required=True, index=True, ondelete="cascade")
    lender_id = fields.Many2one(related="loan_id.lender_id", store=True, index=True)
    entity_id = fields.Many2one(related="loan_id.entity_id", store=True, index=True)
    company_id = fields.Many2one(related="loan_id.company_id", store=True, index=True)
    kind = fields.Selection(
        [("hand_over", "Hand-over"), ("return", "Return")], required=True
    )
    state = fields.Selection(
        [("draft", "Being Recorded"), ("recorded", "Recorded"), ("agreed", "Agreed")],
        required=True,
        default="draft",
        readonly=True,
        copy=False,
        index=True,
    )
    line_ids = fields.One2many("ess.loan.inspection.line", "inspection_id")
    note = fields.Text()
    recorded_on = fields.Datetime(readonly=True, copy=False)
    recorded_by_id = fields.Many2one("res.partner", readonly=True, copy=False)
    # each side says that it is so, or what it contests
    lender_ack_on = fields.Datetime(readonly=True, copy=False)
    lender_ack_by_id = fields.Many2one("res.partner", readonly=True, copy=False)
    borrower_ack_on = fields.Datetime(readonly=True, copy=False)
    borrower_ack_by_id = fields.Many2one("res.partner", readonly=True, copy=False)
    contested = fields.Text(readonly=True, copy=False)
    contested_by_id = fields.Many2one("res.partner", readonly=True, copy=False)

    _one_draft = models.UniqueIndex(
        "(loan_id, kind) WHERE state = 'draft'",
        "Somebody is recording this inspection already.",
    )
