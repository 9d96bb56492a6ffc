from odoo import api, fields, models


class LoanInspectionDesk(models.Model):
    """Which of its loan's inspections it is, wherever it is named."""

    _inherit = "ess.loan.inspection"

    @api.depends("kind", "loan_id.name")
    @api.depends_context("lang")
    def _compute_display_name(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        for inspection in self:
            inspection.display_name = (
                f"{inspection.loan_id.name} {kinds.get(inspection.kind, '')}".strip()
            )


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
