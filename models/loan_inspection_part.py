from odoo import api, models


class LoanInspectionPart(models.AbstractModel):
    """A part of an inspection: written at the desk only while that is a draft."""

    _name = "ess.loan.inspection.part"
    _description = "Part of an Inspection"

    def _inspection(self):
        """The inspections that these records are part of, none for other photos."""
        raise NotImplementedError

    @api.model_create_multi
    def create(self, vals_list):
        parts = super().create(vals_list)
        if not self.env.su:
            parts._inspection()._check_draft()
        return parts

    def write(self, vals):
        if not self.env.su:
            self._inspection()._check_draft()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_recorded(self):
        if not self.env.su:
            self._inspection()._check_draft()
