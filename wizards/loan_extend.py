from odoo import api, fields, models


class LoanExtend(models.TransientModel):
    """More time for a loan, asked for the borrower; agreed if the lender said so."""

    _name = "ess.loan.extend"
    _description = "Extend a Loan"
    _inherit = ["ess.question"]

    loan_id = fields.Many2one(
        "ess.loan",
        required=True,
        readonly=True,
        ondelete="cascade",
        default=lambda self: self.env.context.get("active_id"),
    )
    stop_before = fields.Datetime(related="loan_id.stop", string="Agreed End")
    tz = fields.Char(related="loan_id.tz", string="Its Time Zone")
    stop = fields.Datetime(
        string="New End",
        compute="_compute_stop",
        compute_sudo=False,
        store=True,
        readonly=False,
        required=True,
        precompute=True,
    )
    note = fields.Text(string="Why")
    is_agreed = fields.Boolean(
        string="The Lender Has Agreed",
        help="On the phone, say: otherwise the lender is asked on the portal.",
    )

    @api.depends("loan_id")
    def _compute_stop(self):
        for question in self:
            question.stop = question.loan_id.stop

    def action_apply(self):
        self.ensure_one()
        loan = self.loan_id
        loan.action_ask_extension(self.stop, self.note)
        if self.is_agreed:
            loan.extension_ids.filtered(lambda e: e.state == "asked").action_agree()
        return {"type": "ir.actions.act_window_close"}
