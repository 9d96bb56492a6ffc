from odoo import fields, models


class LoanInspectionCheck(models.Model):
    """One point of the category's checklist, as it was found."""

    _name = "ess.loan.inspection.check"
    _description = "Checked Point"
    _inherit = ["ess.derived", "ess.loan.inspection.part"]
    _order = "line_id, sequence, id"

    line_id = fields.Many2one(
        "ess.loan.inspection.line", required=True, index=True, ondelete="cascade"
    )
    name = fields.Char(required=True)
    sequence = fields.Integer(default=10)
    result = fields.Selection(
        [("ok", "In Order"), ("not_ok", "Not in Order"), ("none", "Not Looked at")],
        required=True,
        default="none",
    )
    company_id = fields.Many2one(related="line_id.company_id", store=True)

    def _inspection(self):
        return self.line_id.inspection_id
