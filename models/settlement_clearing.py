from collections import defaultdict

from odoo import models
from odoo.fields import Command


class SettlementClearing(models.Model):
    """What members owe each other, collected by the federation: one entry."""

    _inherit = "ess.settlement"

    def _make_clearing_entry(self, plan):
        """Partner by partner: debit what it received, credit what it gave.

        :return: the draft entry, none when members owe each other nothing
        """
        moves = self.env["account.move"]
        lines = list(self._clearing_lines(plan))
        if not lines:
            return moves
        entry = moves.create(
            {
                "move_type": "entry",
                "company_id": self.company_id.id,
                "journal_id": plan.journals["clearing"].id,
                "date": self.date,
                "ref": self.name,
                "line_ids": [Command.create(vals) for vals in lines],
            }
        )
        entry.sudo().ess_settlement_id = self
        self._link_clearing(entry)
        return entry

    def _clearing_lines(self, plan):
        received, gave = defaultdict(int), defaultdict(int)
        for exchange in plan.exchanges:
            if self._kind(exchange) == "clearing":
                received[exchange.receiver_id] += self._to_cents(exchange.amount)
                gave[exchange.provider_id] += self._to_cents(exchange.amount)
        account = self.company_id.ess_clearing_account_id
        for partner in sorted(received | gave, key=lambda p: (p.name or "", p.id)):
            in_words = self.with_context(lang=partner.lang or self.env.lang)
            for cents, label in (
                (received[partner], in_words.env._("received from members")),
                (-gave[partner], in_words.env._("gave to members")),
            ):
                if cents:
                    yield {
                        "account_id": account.id,
                        "partner_id": partner.id,
                        "name": f"{self.name}: {label}",
                        "balance": self._from_cents(cents),
                    }

    def _link_clearing(self, entry):
        """An exchange is found at the line of who received."""
        first_lines = {line.partner_id.id: line.id for line in reversed(entry.line_ids)}
        for item in self.sudo().item_ids:
            if item.kind == "clearing" and item.amount:
                item.move_line_id = first_lines.get(item.receiver_id.id, False)
