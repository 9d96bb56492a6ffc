from odoo import fields, models
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tools.misc import format_date


class SettlementInvoice(models.Model):
    """Posts a prepared settlement: invoices and clearing posted, bills in draft."""

    _inherit = "ess.settlement"

    def _post(self):
        """One transaction: all of it, or a sentence and nothing."""
        settlement = self.sudo()
        plan = settlement._plan(settlement.item_ids.exchange_id)
        if settlement._fingerprint(plan) != settlement.fingerprint:
            raise UserError(
                self.env._(
                    "%s: an exchange, or what its invoice follows from, has changed "
                    "since it was prepared: prepare it again and look at it.",
                    self.name,
                )
            )
        settlement._check_no_blocking_issue(plan)
        # documents are made with the rights of the accountant
        moves = self._make_documents(plan)
        entry = self._make_clearing_entry(plan)
        to_post = entry | moves.filtered(lambda move: move.is_sale_document())
        if to_post:
            to_post._post(soft=False)
        self._check_documents(plan, moves, entry)
        plan.exchanges._settle(settlement)
        settlement._show_documents(moves)
        settlement.write(
            {
                "state": "posted",
                "posted_on": fields.Datetime.now(),
                "posted_by_id": self.env.uid,
            }
        )

    # === DOCUMENTS === #

    def _make_documents(self, plan):
        """:return: the moves, in the order of the documents of the plan"""
        moves = self.env["account.move"].create(
            [self._document_vals(plan, document) for document in plan.documents]
        )
        moves.sudo().ess_settlement_id = self
        items = {item.exchange_id.id: item for item in self.sudo().item_ids}
        for document, move in zip(plan.documents, moves, strict=True):
            lines = move.invoice_line_ids.sorted("sequence")
            for planned, line in zip(document.lines, lines, strict=True):
                for exchange in planned.exchanges:
                    items[exchange.id].move_line_id = line.id
        return moves

    def _document_vals(self, plan, document):
        return {
            "move_type": document.move_type,
            "company_id": self.company_id.id,
            "journal_id": plan.journals[document.kind].id,
            "partner_id": document.partner.id,
            "currency_id": self.currency_id.id,
            "invoice_date": self.date,
            "date": self.date,
            "fiscal_position_id": document.position.id,
            "invoice_origin": self.name,
            "invoice_line_ids": [
                Command.create(self._line_vals(document, line, sequence))
                for sequence, line in enumerate(document.lines, start=1)
            ],
        }

    def _line_vals(self, document, line, sequence):
        first = line.exchanges[0]
        quantity, price_unit = document.priced(line)
        return {
            "sequence": sequence,
            "product_id": line.product.id,
            "name": self._line_name(document, line),
            "quantity": quantity,
            "product_uom_id": (first.uom_id or line.product.uom_id).id,
            "price_unit": price_unit,
            "tax_ids": [Command.set(line.taxes.ids)],
            "account_id": line.account.id,
            "analytic_distribution": first.analytic_distribution or False,
        }

    # === CHECKS === #

    def _check_documents(self, plan, moves, entry):
        """What the books say is what the exchanges say, on the day that was chosen."""
        for document, move in zip(plan.documents, moves, strict=True):
            untaxed = document.sign * self._to_cents(move.amount_untaxed)
            if untaxed != document.cents:
                raise UserError(
                    self.env._(
                        "%(partner)s: its document would be %(found)s untaxed, its "
                        "exchanges are %(amount)s. Nothing was posted.",
                        partner=document.partner.display_name,
                        found=self._words(untaxed),
                        amount=self._words(document.cents),
                    )
                )
        for move in moves | entry:
            draft = move.is_purchase_document()
            if move.date != self.date or move.state != ("draft" if draft else "posted"):
                raise UserError(
                    self.env._(
                        "%(move)s would be dated %(found)s instead of %(date)s. "
                        "Nothing was posted.",
                        move=move.display_name,
                        found=format_date(self.env, move.date),
                        date=format_date(self.env, self.date),
                    )
                )

    def _show_documents(self, moves):
        """The positions with the taxes that were really invoiced, and the documents."""
        taxes = {}
        for move in moves:
            sign = -1 if move.move_type in ("out_refund", "in_invoice") else 1
            cents = sign * self._to_cents(move.amount_tax)
            taxes[move.partner_id] = taxes.get(move.partner_id, 0) + cents
        by_partner = moves.grouped("partner_id")
        federation, balances = self.company_id.partner_id, {}
        taxes[federation] = -sum(taxes.values())
        for line in self.line_ids:
            cents = taxes.get(line.entity_id, 0)
            balances[line.entity_id.id] = self._to_cents(line.net) - cents
            line.write(
                {
                    "tax_amount": self._from_cents(cents),
                    "balance": self._from_cents(balances[line.entity_id.id]),
                    "move_ids": [
                        Command.set(by_partner.get(line.entity_id, moves[:0]).ids)
                    ],
                }
            )
        self._write_transfers(balances)
