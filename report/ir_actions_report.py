from odoo import models
from odoo.tools.pdf import merge_pdf

from odoo.addons.base.models.ir_actions_report import _wkhtml


class IrActionsReport(models.Model):
    _inherit = "ir.actions.report"

    def _run_wkhtmltopdf(
        self,
        bodies,
        report_ref=False,
        header=None,
        footer=None,
        landscape=False,
        specific_paperformat_args=None,
        set_viewport_size=False,
    ):
        """Statements of all members at once, also where the printing engine of the
        system takes but one document at a time: they are printed one by one then."""
        bodies = list(bodies)
        options = {
            "report_ref": report_ref,
            "header": header,
            "footer": footer,
            "landscape": landscape,
            "specific_paperformat_args": specific_paperformat_args,
            "set_viewport_size": set_viewport_size,
        }
        ours = report_ref and self._get_report(report_ref).report_name.startswith(
            "ess_mutualisation."
        )
        if not ours or len(bodies) < 2 or _wkhtml().is_patched_qt:
            return super()._run_wkhtmltopdf(bodies, **options)
        return merge_pdf(
            [
                super(IrActionsReport, self)._run_wkhtmltopdf([body], **options)
                for body in bodies
            ]
        )
