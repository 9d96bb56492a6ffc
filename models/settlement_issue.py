from odoo import fields, models


class SettlementIssue(models.Model):
    """Something that is missing before a settlement can be posted, or worth knowing."""

    _name = "ess.settlement.issue"
    _description = "Settlement Issue"
    _order = "settlement_id, severity, id"

    settlement_id = fields.Many2one(
        "ess.settlement", required=True, index=True, ondelete="cascade"
    )
    severity = fields.Selection(
        [("1_blocking", "Must be solved"), ("2_warning", "To know")], required=True
    )
    code = fields.Char(required=True, help="Which rule speaks, for tests and filters.")
    message = fields.Text(required=True)
    exchange_id = fields.Many2one("ess.exchange", ondelete="cascade")
    res_model = fields.Char()
    res_id = fields.Integer(help="Where it can be mended.")
    company_id = fields.Many2one(
        related="settlement_id.company_id", store=True, index=True
    )
