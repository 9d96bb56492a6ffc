from odoo import api, fields, models


class CommitmentWords(models.Model):
    """The reason as a field, for lists of the back office."""

    _inherit = "ess.commitment"

    why = fields.Char(compute="_compute_why")

    @api.depends("reason_code", "reason_figures")
    @api.depends_context("lang")
    def _compute_why(self):
        for one in self:
            one.why = one._why()
