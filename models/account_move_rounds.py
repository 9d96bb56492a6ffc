from odoo import models


class AccountMoveRounds(models.Model):
    """Tells a round that was settled of its bills."""

    _inherit = "account.move"

    def write(self, vals):
        """Whatever posts a bill or takes it back ends here."""
        if "state" not in vals:
            return super().write(vals)
        changed = self.filtered(
            lambda move: (
                move.is_purchase_document()
                and move.state != vals["state"]
                and "posted" in (move.state, vals["state"])
            )
        )
        res = super().write(vals)
        for bill in changed:
            bill._ess_rounds()._bill_changed(bill)
        return res

    def _ess_rounds(self):
        """:return: rounds whose goods or shared costs are on these bills"""
        lines = self.sudo().invoice_line_ids
        costs = self.env["ess.round.cost"].sudo()
        return (
            lines.purchase_line_id.order_id.ess_round_id
            | costs.search([("move_line_id", "in", lines.ids)]).round_id
        )
