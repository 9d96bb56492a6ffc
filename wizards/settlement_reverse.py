from odoo import api, fields, models


class SettlementReverse(models.TransientModel):
    """Reverse a settlement as a whole, and say why."""

    _name = "ess.settlement.reverse"
    _description = "Reverse a Settlement"
    _inherit = ["ess.question"]

    settlement_id = fields.Many2one(
        "ess.settlement",
        required=True,
        ondelete="cascade",
        default=lambda self: self._default_settlement_id(),
    )
    date = fields.Date(
        string="Accounting Date",
        required=True,
        compute="_compute_date",
        compute_sudo=False,
        store=True,
        readonly=False,
        precompute=True,
        help="Date of the mirror entries.",
    )
    reason = fields.Char(required=True)

    @api.model
    def _default_settlement_id(self):
        if self.env.context.get("active_model") != "ess.settlement":
            return False
        return self.env.context.get("active_id")

    @api.depends("settlement_id")
    def _compute_date(self):
        for wizard in self:
            wizard.date = wizard.settlement_id.date

    def action_apply(self):
        self.ensure_one()
        self.settlement_id._reverse(self.reason, self.date)
        return {"type": "ir.actions.act_window_close"}
