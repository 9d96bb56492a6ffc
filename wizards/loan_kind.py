from odoo import api, fields, models


class LoanKind(models.TransientModel):
    """Make a hire of a free loan, or the other way round, before anybody signed."""

    _name = "ess.loan.kind"
    _description = "Change the Kind of a Loan"
    _inherit = ["ess.question"]

    loan_id = fields.Many2one(
        "ess.loan",
        required=True,
        readonly=True,
        ondelete="cascade",
        default=lambda self: self.env.context.get("active_id"),
    )
    kind = fields.Selection(
        [("commodat", "Free Loan (commodat)"), ("hire", "Hire")],
        compute="_compute_kind",
        compute_sudo=False,
        store=True,
        readonly=False,
        required=True,
        precompute=True,
    )

    @api.depends("loan_id")
    def _compute_kind(self):
        """The other one: nobody opens this question to change nothing."""
        for question in self:
            other = {"commodat": "hire"}
            question.kind = other.get(question.loan_id.kind, "commodat")

    def action_apply(self):
        self.ensure_one()
        self.loan_id.action_set_kind(self.kind)
        return {"type": "ir.actions.act_window_close"}
