import json
from collections import defaultdict
from hashlib import sha256

from psycopg2.errors import UniqueViolation

from odoo import models
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tools.misc import format_date

from ..tools.netting import settle_up
from .exchange import HELD

EXCHANGES = "exchanges"


class SettlementPrepare(models.Model):
    """Takes the open exchanges and shows every position before anything is posted."""

    _inherit = "ess.settlement"

    def _prepare(self):
        settlement = self.sudo()
        settlement._clear()
        exchanges = settlement._find_exchanges()
        settlement._take(exchanges)
        plan = settlement._plan(exchanges)
        settlement._write_positions(settlement._estimate(plan))
        settlement.write(
            {
                "issue_ids": [
                    Command.create(issue) for issue in settlement._find_issues(plan)
                ],
                "fingerprint": settlement._fingerprint(plan),
                "state": "prepared",
            }
        )

    def _clear(self):
        settlement = self.sudo()
        settlement.item_ids.unlink()
        settlement.line_ids.unlink()
        settlement.issue_ids.unlink()
        settlement.transfer_ids.unlink()

    # === WHICH EXCHANGES === #

    def _open_domain(self):
        """Exchanges of the company that no settlement holds."""
        return [
            ("company_id", "=", self.company_id.id),
            ("settled_on", "=", False),
            ("settlement_item_ids", "not any", [("live", "=", True)]),
        ]

    def _find_exchanges(self):
        domain = [*self._open_domain(), ("date", "<=", self.date_to)]
        if not self.include_earlier:
            domain.append(("date", ">=", self.date_from))
        exchanges = self.env["ess.exchange"].search(domain, order="date, id")
        if not exchanges:
            raise UserError(self._nothing_to_settle())
        return exchanges

    def _nothing_to_settle(self):
        """The sentence, with what would be there to settle."""
        if self.include_earlier:
            text = self.env._(
                "Nothing to settle: no exchange up to %(date_to)s is open.",
                date_to=format_date(self.env, self.date_to),
            )
        else:
            text = self.env._(
                "Nothing to settle: no exchange from %(date_from)s to %(date_to)s is "
                "open.",
                date_from=format_date(self.env, self.date_from),
                date_to=format_date(self.env, self.date_to),
            )
        others = self.env["ess.exchange"].search(
            self._open_domain(), order="date", limit=1
        )
        if others:
            text += self.env._(
                " The first open one is of %s.", format_date(self.env, others.date)
            )
        return text

    def _take(self, exchanges):
        """One live item each; the database gives an exchange to one settlement."""
        try:
            with self.env.cr.savepoint():
                self.env["ess.settlement.item"].create(
                    [self._item_vals(exchange) for exchange in exchanges]
                )
        except UniqueViolation as error:
            raise UserError(
                self.env._(
                    "Another settlement has just taken some of the same exchanges: "
                    "prepare %s again, it then shows what is left.",
                    self.name,
                )
            ) from error

    def _item_vals(self, exchange):
        return {
            "settlement_id": self.id,
            "exchange_id": exchange.id,
            "kind": self._kind(exchange),
            "date": exchange.date,
            "provider_id": exchange.provider_id.id,
            "receiver_id": exchange.receiver_id.id,
            "name": exchange.name,
            "nature": exchange.nature,
            "quantity": exchange.quantity,
            "uom_id": exchange.uom_id.id,
            "value": exchange.value,
            "amount": exchange.amount,
            "is_earlier": exchange.date < self.date_from,
        }

    def _kind(self, exchange):
        """What becomes of an exchange: it depends on where the federation stands."""
        federation = self.company_id.partner_id
        if exchange.provider_id == federation:
            return "invoice"
        if exchange.receiver_id == federation:
            return "bill"
        return self.mode

    # === POSITIONS === #

    def _positions(self):
        """:return: {party: {column: cents}} of the items, the federation included"""
        federation = self.company_id.partner_id
        columns = (
            "gave_value received_value owes is_owed invoice_amount bill_amount "
            "between_amount"
        ).split()
        parties = defaultdict(lambda: dict.fromkeys(columns, 0))
        for item in self.item_ids:
            amount, value = self._to_cents(item.amount), self._to_cents(item.value)
            giver, taker = parties[item.provider_id], parties[item.receiver_id]
            if item.nature not in HELD:
                giver["gave_value"] += value
                taker["received_value"] += value
            giver["is_owed"] += amount
            taker["owes"] += amount
            if item.kind == "invoice":
                giver["invoice_amount"] -= amount
                taker["invoice_amount"] += amount
            elif item.kind == "bill":
                giver["bill_amount"] += amount
                taker["bill_amount"] -= amount
            else:
                giver["between_amount"] += amount
                taker["between_amount"] -= amount
        # it has its line even when it gave and received nothing
        parties.setdefault(federation, dict.fromkeys(columns, 0))
        return parties

    def _write_positions(self, taxes):
        """One line per party, and the transfers that would make everybody even.

        :param taxes: {member: cents of tax that it owes the federation on its invoice,
            less those of its bill}
        """
        federation = self.company_id.partner_id
        positions, vals_list, balances = self._positions(), [], {}
        taxes = {**taxes, federation: -sum(taxes.values())}
        for party in sorted(positions, key=lambda p: (p.name or "", p.id)):
            columns = positions[party]
            columns["net"] = columns["is_owed"] - columns["owes"]
            columns["tax_amount"] = taxes.get(party, 0)
            columns["balance"] = columns["net"] - columns["tax_amount"]
            balances[party.id] = columns["balance"]
            vals_list.append(
                {
                    "settlement_id": self.id,
                    "entity_id": party.id,
                    "is_federation": party == federation,
                    **{name: self._from_cents(n) for name, n in columns.items()},
                }
            )
        self.env["ess.settlement.line"].create(vals_list)
        self._write_transfers(balances)

    def _write_transfers(self, balances):
        """:param balances: {party id: cents}, positive = is owed; they sum to 0"""
        federation = self.company_id.partner_id.id
        if self.mode == "clearing":
            payments = [
                (key, federation, -cents) if cents < 0 else (federation, key, cents)
                for key, cents in balances.items()
                if cents and key != federation
            ]
        else:
            payments = settle_up(balances)
        self.transfer_ids.unlink()
        self.env["ess.settlement.transfer"].create(
            [
                {
                    "settlement_id": self.id,
                    "debtor_id": debtor,
                    "creditor_id": creditor,
                    "amount": self._from_cents(cents),
                }
                for debtor, creditor, cents in payments
            ]
        )

    # === FINGERPRINT === #

    def _fingerprint(self, plan):
        """What is shown now, in one number: posting something else is refused."""
        facts = {
            "settlement": [self.date, self.date_from, self.date_to, self.mode],
            EXCHANGES: [
                [
                    exchange.id,
                    exchange.date,
                    exchange.nature,
                    exchange.name,
                    exchange.provider_id.id,
                    exchange.receiver_id.id,
                    exchange.product_id.id,
                    exchange.quantity,
                    exchange.uom_id.id,
                    exchange.currency_id.id,
                    self._to_cents(exchange.value),
                    self._to_cents(exchange.amount),
                    exchange.tax_ids.ids,
                    exchange.analytic_distribution or {},
                    str(exchange.settled_on),
                ]
                for exchange in plan.exchanges.sorted("id")
            ],
            "documents": [document.facts() for document in plan.documents],
        }
        text = json.dumps(facts, sort_keys=True, default=str)
        return sha256(text.encode()).hexdigest()
