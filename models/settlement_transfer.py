from odoo import fields, models


class SettlementTransfer(models.Model):
    """A proposed payment: with all of them everybody is even. Only a proposal."""

    _name = "ess.settlement.transfer"
    _description = "Proposed Transfer"
    _order = "settlement_id, amount desc, id"

    settlement_id = fields.Many2one(
        "ess.settlement", required=True, index=True, ondelete="cascade"
    )
    debtor_id = fields.Many2one("res.partner", required=True, ondelete="restrict")
    creditor_id = fields.Many2one("res.partner", required=True, ondelete="restrict")
    currency_id = fields.Many2one(related="settlement_id.currency_id")
    amount = fields.Monetary(required=True)
    company_id = fields.Many2one(
        related="settlement_id.company_id", store=True, index=True
    )

    _amount_positive = models.Constraint(
        "CHECK (amount > 0)", "A transfer moves a positive amount."
    )
