from odoo import fields, models


class LoanDepositHold(models.TransientModel):
    """The deposit is there: how it is held."""

    _name = "ess.loan.deposit.hold"
    _description = "Hold a Deposit"
    _inherit = ["ess.question"]

    deposit_id = fields.Many2one(
        "ess.loan.deposit",
        required=True,
        readonly=True,
        ondelete="cascade",
        default=lambda self: self.env.context.get("active_id"),
    )
    currency_id = fields.Many2one(related="deposit_id.currency_id")
    amount = fields.Monetary(related="deposit_id.amount")
    holder = fields.Selection(related="deposit_id.holder")
    method = fields.Selection(
        selection=lambda s: (
            s.env["ess.loan.deposit"]._fields["method"]._description_selection(s.env)
        ),
        string="Held as",
        required=True,
        default="cheque",
    )
    reference = fields.Char(help="Cheque or transfer number.")

    def action_apply(self):
        self.ensure_one()
        self.deposit_id.action_hold(self.method, self.reference)
        return {"type": "ir.actions.act_window_close"}
