from odoo import api, fields, models


class LoanInspectionAnswer(models.TransientModel):
    """What one side said of an inspection on paper or on the phone; it is logged."""

    _name = "ess.loan.inspection.answer"
    _description = "Answer for a Side of an Inspection"
    _inherit = ["ess.question"]

    inspection_id = fields.Many2one(
        "ess.loan.inspection",
        required=True,
        readonly=True,
        ondelete="cascade",
        default=lambda self: self.env.context.get("active_id"),
    )
    side = fields.Selection(
        [("lender", "The lender"), ("borrower", "The borrower")],
        string="For",
        compute="_compute_side",
        compute_sudo=False,
        store=True,
        readonly=False,
        required=True,
        precompute=True,
    )
    answer = fields.Selection(
        [("agree", "It is so"), ("contest", "It is not so")],
        required=True,
        default="agree",
    )
    text = fields.Text(string="What Is Wrong", help="The other side reads it.")

    @api.depends("inspection_id")
    def _compute_side(self):
        """The side that has not answered yet, the borrower before the lender."""
        for question in self:
            agreed = question.inspection_id.borrower_ack_on
            question.side = "lender" if agreed else "borrower"

    def action_apply(self):
        self.ensure_one()
        if self.answer == "agree":
            self.inspection_id.action_acknowledge(self.side)
        else:
            self.inspection_id.action_contest(self.text, self.side)
        return {"type": "ir.actions.act_window_close"}
