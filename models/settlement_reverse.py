from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools.misc import format_date


class SettlementReverse(models.Model):
    """A posted settlement is undone as a whole, by mirror entries, never deleted."""

    _inherit = "ess.settlement"

    def _reverse(self, reason, date=None):
        """Undo invoices and entries by their mirror, and open the exchanges again.

        :param reason: said on the settlement and on its mirror entries
        :param date: accounting date of the mirror entries, by default that of the
            settlement
        """
        settlement = self._begin("posted")
        if not (reason or "").strip():
            raise UserError(
                self.env._("Reason: say why the settlement is reversed as a whole.")
            )
        date = fields.Date.to_date(date) or settlement.date
        settlement._check_reversible(date)
        own = settlement.sudo()
        own.write(
            {
                "state": "reversed",
                "reason": reason,
                "reversed_on": fields.Datetime.now(),
                "reversed_by_id": self.env.uid,
            }
        )
        own.item_ids.write({"live": False})
        own.item_ids.exchange_id._release()
        settlement._reverse_documents(reason, date)

    def _check_reversible(self, date):
        if date < self.date:
            raise UserError(
                self.env._(
                    "Date: the settlement is dated %(date)s, its reversal cannot be "
                    "earlier (%(found)s).",
                    date=format_date(self.env, self.date),
                    found=format_date(self.env, date),
                )
            )
        moves = self.sudo().move_ids.filtered(lambda move: move.state == "posted")
        if not moves:
            return
        credited = moves.reversal_move_ids.filtered(lambda move: move.state == "posted")
        if credited:
            raise UserError(
                self.env._(
                    "%(move)s is credited already by %(credit)s: cancel that first, or "
                    "it would be credited twice.",
                    move=credited[0].reversed_entry_id.display_name,
                    credit=credited[0].display_name,
                )
            )
        violations = self.sudo()._violated_locks(
            date,
            sale=any(move.is_sale_document() for move in moves),
            purchase=any(move.is_purchase_document() for move in moves),
            tax=bool(moves.line_ids.tax_ids),
        )
        if violations:
            raise UserError(self._locked_sentence(date, violations))

    def _reverse_documents(self, reason, date):
        """Posted ones get their mirror; bills that are still drafts are cancelled."""
        moves = self.env["account.move"].search(
            [("ess_settlement_id", "=", self.id), ("state", "!=", "cancel")]
        )
        drafts = moves.filtered(lambda move: move.state == "draft")
        drafts.button_cancel()
        posted = moves - drafts
        if not posted:
            return
        mirrors = posted._reverse_moves(
            [
                {
                    "date": date,
                    "invoice_date": date if move.is_invoice() else False,
                    "ref": self.env._(
                        "Reversal of %(move)s: %(reason)s",
                        move=move.name,
                        reason=reason,
                    ),
                    "invoice_origin": self.name,
                }
                for move in posted
            ],
            cancel=True,
        )
        self._show_mirrors(mirrors.sudo())
        for mirror in mirrors:
            if mirror.date != date or mirror.state != "posted":
                raise UserError(
                    self.env._(
                        "%(move)s would be dated %(found)s instead of %(date)s. "
                        "Nothing was reversed.",
                        move=mirror.display_name,
                        found=format_date(self.env, mirror.date),
                        date=format_date(self.env, date),
                    )
                )

    def _show_mirrors(self, mirrors):
        """They belong to the settlement, and stand on the statements of their members.

        :param mirrors: in superuser mode
        """
        mirrors.ess_settlement_id = self
        by_partner = mirrors.grouped("partner_id")
        for line in self.sudo().line_ids:
            line.move_ids |= by_partner.get(line.entity_id, mirrors.browse())
