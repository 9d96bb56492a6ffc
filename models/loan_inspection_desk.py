from odoo import fields, models


class LoanInspectionLineDesk(models.Model):
    """Checklist and photos of one item open beside the inspection."""

    _inherit = "ess.loan.inspection.line"

    state = fields.Selection(related="inspection_id.state")

    def action_view_line(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Checklist and Photos"),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "target": "new",
        }
