from odoo import models
from odoo.tools.pdf import merge_pdf

from odoo.addons.base.models.ir_actions_report import _wkhtml


class IrActionsReport(models.Model):
    _inherit = "ir.actions.report"

    def _run_wkhtmltopdf(self, bodies, report_ref=False, **kwargs):
        """Statements of all members at once, also where the printing engine of the
        system takes but one document at a time: they are printed one by one then."""
        bodies = list(bodies)
        ours = report_ref and self._get_report(report_ref).report_name.startswith(
            "ess_mutualisation."
        )
        if not ours or len(bodies) < 2 or _wkhtml().is_patched_qt:
            return super()._run_wkhtmltopdf(bodies, report_ref=report_ref, **kwargs)
        return merge_pdf(
            [
                super(IrActionsReport, self)._run_wkhtmltopdf(
                    [body], report_ref=report_ref, **kwargs
                )
                for body in bodies
            ]
        )
