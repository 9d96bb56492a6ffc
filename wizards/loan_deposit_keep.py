from odoo import api, fields, models


class LoanDepositKeep(models.TransientModel):
    """Keep some or all of a deposit; the rest is given back."""

    _name = "ess.loan.deposit.keep"
    _description = "Keep a Deposit"
    _inherit = ["ess.question"]

    deposit_id = fields.Many2one(
        "ess.loan.deposit",
        required=True,
        readonly=True,
        ondelete="cascade",
        default=lambda self: self.env.context.get("active_id"),
    )
    currency_id = fields.Many2one(related="deposit_id.currency_id")
    deposit_amount = fields.Monetary(related="deposit_id.amount", string="In All")
    damage_ids = fields.One2many(
        related="deposit_id.loan_id.damage_ids",
        string="Damages and Losses",
    )
    amount = fields.Monetary(
        string="Amount Kept",
        compute="_compute_amount",
        compute_sudo=False,
        store=True,
        readonly=False,
        required=True,
        precompute=True,
    )
    rest = fields.Monetary(string="Given Back", compute="_compute_rest")
    reason = fields.Text()
    force = fields.Text(
        string="All the Same",
        help="Why this much is kept before a damage is decided, or less than was "
        "agreed for it. It is logged on the deposit.",
    )

    @api.depends("deposit_id")
    def _compute_amount(self):
        """What was agreed to be taken from it, as far as it goes."""
        for keep in self:
            deposit = keep.deposit_id
            agreed = deposit.loan_id.damage_ids.filtered(
                lambda d: d.from_deposit and d.state == "agreed"
            )
            keep.amount = min(deposit.amount, sum(agreed.mapped("amount")))

    @api.depends("amount", "deposit_id")
    def _compute_rest(self):
        for keep in self:
            keep.rest = keep.deposit_id.amount - keep.amount

    def action_apply(self):
        self.ensure_one()
        self.deposit_id.action_keep(self.amount, self.reason, self.force)
        return {"type": "ir.actions.act_window_close"}
