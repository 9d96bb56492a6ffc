from odoo import models
from odoo.exceptions import UserError


class LoanInspectionFill(models.Model):
    """What people typed on a phone or at the desk, looked at before it is kept."""

    _inherit = "ess.loan.inspection"

    def _fill(self, vals):
        """Keep what was found, item by item; whoever records it may do so again.

        :param dict vals: 'note', and 'lines': {line id: {'quantity', 'lost_quantity',
            'damaged_quantity', 'condition', 'meter_km', 'meter_hours', 'note',
            'checks': {check id: 'ok' | 'not_ok' | 'none'},
            'photos': [(file name, bytes)]}}; numbers may be text as it was typed, and
            what is left out stays as it is
        :raise ValidationError: names the item and what is wrong with it
        """
        inspection = self._require_recorder()
        if "note" in vals:
            inspection.note = (vals["note"] or "").strip()
        by_id = {line.id: line for line in inspection.line_ids}
        for line_id, found in (vals.get("lines") or {}).items():
            line = by_id.get(int(line_id))
            if not line:
                raise UserError(
                    self.env._(
                        "The list has changed meanwhile: open the inspection again."
                    )
                )
            line.with_env(self.env)._fill(found)

    def _require_recorder(self):
        """:return: this draft in superuser mode, for whoever may record it"""
        self.ensure_one()
        self.sudo().loan_id.with_env(self.env)._require(
            "borrower", "lender", "facilitator"
        )
        if self.sudo().state != "draft":
            raise UserError(
                self.env._(
                    "This inspection was recorded on %s and does not change any more.",
                    self._on_in_words(),
                )
            )
        return self.sudo()
