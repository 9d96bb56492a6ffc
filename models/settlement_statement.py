import re

from odoo import models
from odoo.tools import format_amount

from .exchange import USES

# Only what was really settled is shown to members.
SHOWN = ("posted", "reversed")


class SettlementStatement(models.Model):
    """The statement of a member as plain data: page, PDF and workbook show the same.

    Signs are those of the reader: plus is owed to it, minus it owes.
    """

    _inherit = "ess.settlement.line"

    def _get_report_base_filename(self):
        self.ensure_one()
        title = self.env._("Statement %s", self.settlement_id.sudo().name)
        return re.sub(r"\W+", "_", f"{title} {self.entity_id.name}").strip("_")

    # === WHAT IT SAYS === #

    def _statement(self):
        """All that the statement says, in the language of the context.

        Rights are checked here, because the exchanges of both sides are read as the
        federation knows them.

        :rtype: dict
        """
        self.ensure_one()
        self.check_access("read")
        line = self.sudo()
        return {
            "line": line,
            "settlement": line.settlement_id,
            "positions": line._statement_positions(),
            "todo": line._statement_todo(),
            "documents": line._statement_documents(),
            "rows": line._statement_rows(),
        }

    def _statement_positions(self):
        """Name, label and amount, in the order of the page."""
        labels = {
            "gave_value": self.env._("You gave (reference value)"),
            "received_value": self.env._("You received (reference value)"),
            "is_owed": self.env._("Owed to you"),
            "owes": self.env._("You owe"),
            "net": self.env._("Net (+ owed to you)"),
        }
        if self.tax_amount:
            labels["tax_amount"] = self.env._("Taxes (+ you owe)")
            labels["balance"] = self.env._("Net with taxes")
        return [
            {"name": name, "label": label, "amount": self[name]}
            for name, label in labels.items()
        ]

    def _statement_todo(self):
        """What to pay or to expect, one plain sentence each; the first matters most.

        :rtype: list[str]
        """
        settlement = self.settlement_id
        if settlement.state == "reversed":
            return [
                self.env._(
                    "This settlement was reversed: nothing is to be paid on it. What "
                    "it held is settled anew in a later one."
                )
            ]
        transfers = settlement.transfer_ids
        pays = [
            self.env._("You pay %(amount)s to %(member)s.", **one)
            for one in self._transfers_with(transfers, "debtor_id", "creditor_id")
        ]
        gets = [
            self.env._("You receive %(amount)s from %(member)s.", **one)
            for one in self._transfers_with(transfers, "creditor_id", "debtor_id")
        ]
        return pays + gets or [self._statement_balance_sentence()]

    def _transfers_with(self, transfers, mine, theirs):
        return [
            {
                "amount": format_amount(self.env, one.amount, one.currency_id),
                "member": one[theirs].name,
            }
            for one in transfers
            if one[mine] == self.entity_id
        ]

    def _statement_balance_sentence(self):
        currency = self.currency_id
        amount = format_amount(self.env, abs(self.balance), currency)
        if currency.is_zero(self.balance):
            return self.env._("You are even: nothing is to be paid.")
        if self.balance < 0:
            return self.env._("In all, you owe %s.", amount)
        return self.env._("In all, %s are owed to you.", amount)

    def _statement_documents(self):
        """Invoices, credit notes and bills that this settlement made for the member.

        :return: list of dicts; `url` where its portal shows the document
        """
        return [
            {
                "move": move,
                "name": self._move_words(move),
                "url": f"/my/invoices/{move.id}" if self._is_on_portal(move) else None,
            }
            for move in self.move_ids.sorted("id")
            if move.is_invoice(include_receipts=True)
        ]

    def _is_on_portal(self, move):
        return move.state == "posted" and move.is_invoice(include_receipts=True)

    def _move_words(self, move):
        """The document as its reader calls it."""
        kind = {
            "out_invoice": self.env._("Invoice"),
            "out_refund": self.env._("Credit note"),
            "in_invoice": self.env._("Our bill"),
            "in_refund": self.env._("Our credit note"),
        }.get(move.move_type, self.env._("Document"))
        if move.state == "draft":
            return self.env._("%s in preparation", kind)
        if move.state == "cancel":
            return self.env._("%s, cancelled", kind)
        return f"{kind} {move.name}"

    # === LINE BY LINE === #

    def _statement_items(self):
        """Settled exchanges of this member, with all that the rows read from them."""
        return self.env["ess.settlement.item"].search(
            [
                ("settlement_id", "=", self.settlement_id.id),
                "|",
                ("provider_id", "=", self.entity_id.id),
                ("receiver_id", "=", self.entity_id.id),
            ],
            order="date, id",
        )

    def _statement_rows(self):
        """The exchanges one by one; their amounts add up to the net position."""
        return [self._statement_row(item) for item in self._statement_items()]

    def _statement_row(self, item):
        gave = item.provider_id == self.entity_id
        move = item.move_id
        return {
            "date": item.date,
            "name": item.name,
            "gave": gave,
            "with": (item.receiver_id if gave else item.provider_id).name,
            # "1 unit" of a share of costs says nothing
            "quantity": item.quantity if item.nature in USES else None,
            "unit": item.uom_id.name or "" if item.nature in USES else "",
            "value": item.value,
            "amount": item.amount if gave else -item.amount,
            "earlier": item.is_earlier,
            "fate": self._fate(item),
            "url": f"/my/invoices/{move.id}" if self._is_on_portal(move) else None,
        }

    def _fate(self, item):
        """What became of an exchange, in words."""
        move = item.move_id
        if not item.amount:
            return self.env._("Free of charge")
        if item.kind == "statement":
            return self.env._("Settled between members")
        if item.kind == "clearing":
            return self.env._("Cleared by the federation")
        if not move:
            return dict(item._fields["kind"]._description_selection(self.env))[
                item.kind
            ]
        if move.state == "draft":
            return self.env._("On a bill in preparation")
        return self.env._("Invoiced in %s", move.name)
