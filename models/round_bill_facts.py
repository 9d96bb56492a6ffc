from collections import defaultdict
from fractions import Fraction

from odoo import models

from ..tools.round_bill import fit

BILLS = ("in_invoice", "in_refund")


class RoundBillFacts(models.Model):
    """What is known of a round: what was billed, and what is still missing."""

    _inherit = "ess.round"

    def _cents(self, amount):
        self.ensure_one()
        return round(amount * 10**self.currency_id.decimal_places)

    def _from_cents(self, cents):
        self.ensure_one()
        return self.currency_id.round(cents / 10**self.currency_id.decimal_places)

    # === BILLS === #

    def _bills(self):
        """:return: posted bills and credit notes of its orders and shared costs"""
        self.ensure_one()
        lines = self.env["account.move.line"].search(
            [
                ("parent_state", "=", "posted"),
                ("move_id.move_type", "in", BILLS),
                "|",
                ("purchase_line_id.order_id.ess_round_id", "=", self.id),
                ("id", "in", self.cost_ids.move_line_id.ids),
            ]
        )
        return lines.move_id

    def _bill_lines(self):
        """:return: (lines of offers, lines of shared costs, lines of neither)"""
        costs = self.cost_ids.move_line_id
        lines = self._bills().line_ids.filtered(self._is_billed)
        of_offers = lines.filtered(
            lambda line: (
                line.purchase_line_id.ess_offer_id.round_id == self
                and line not in costs
            )
        )
        of_costs = lines & costs
        orders = self.supplier_ids.purchase_id
        neither = (lines - of_offers - of_costs).filtered(
            lambda line: self._is_mine(line, orders)
        )
        return of_offers, of_costs, self._without_settled_advances(neither)

    def _without_settled_advances(self, lines):
        """An advance and the line that takes it off again are together nothing."""
        gone = lines.browse()
        for order_line, group in lines.grouped("purchase_line_id").items():
            if order_line.is_downpayment and not self._cents(
                sum(group.mapped("balance"))
            ):
                gone |= group
        return lines - gone

    @staticmethod
    def _is_billed(line):
        if line.display_type == "rounding":  # a bill rounded to five cents
            return not line.tax_repartition_line_id
        # the bill of a partial receipt has lines of nothing for what is to come
        return line.display_type == "product" and (line.quantity or line.balance)

    def _is_mine(self, line, orders):
        """A line of a bill that belongs to no other order, nor to another round."""
        order = line.purchase_line_id.order_id
        if order:
            return order.ess_round_id == self
        # the bill of a carrier may hold the transports of several rounds
        return any(
            other.purchase_line_id.order_id.ess_round_id == self
            for other in line.move_id.invoice_line_ids
        ) and not self.env["ess.round.cost"].search_count(
            [("move_line_id", "=", line.id)], limit=1
        )

    def _billed(self, lines):
        """:return: {offer: (cents, steps, cents of tax)}"""
        taxes = self._line_taxes(lines)
        found = defaultdict(lambda: (0, Fraction(0), 0))
        for line in lines:
            offer = line.purchase_line_id.ess_offer_id
            sign = -1 if line.move_id.move_type == "in_refund" else 1
            uom = line.product_uom_id or offer._vendor_uom()
            steps = Fraction(0)
            # kilos of what is counted in bags say nothing of how many there are
            if uom._has_common_reference(offer.uom_id):
                steps = Fraction(repr(line.quantity)) * offer._steps_per(uom)
            cents, quantity, tax = found[offer]
            found[offer] = (
                cents + self._cents(line.balance),
                quantity + sign * steps,
                tax + taxes[line],
            )
        # who credits more pieces than it billed has still billed nothing below zero
        return {
            offer: (cents, max(quantity, Fraction(0)), tax)
            for offer, (cents, quantity, tax) in found.items()
        }

    def _line_taxes(self, lines):
        """:return: {line: cents of its tax}; of a bill, they add up to its tax"""
        found = {}
        for move in lines.move_id:
            mine = move.invoice_line_ids.filtered(
                lambda line: line.display_type == "product"
            )
            sign = -1 if move.move_type == "in_refund" else 1
            cents = 10**self.currency_id.decimal_places
            # exact in the currency of the bill, as near as can be in that of the round
            if move.currency_id != self.currency_id:
                cents /= Fraction(repr(move.invoice_currency_rate or 1.0))
            parts = {
                line.id: sign
                * cents
                * Fraction(repr(round(line.price_total - line.price_subtotal, 6)))
                for line in mine
            }
            taxes = move.line_ids.filtered(
                lambda line: (
                    line.display_type in ("tax", "rounding")
                    and line.tax_repartition_line_id
                )
            )
            total = self._cents(sum(taxes.mapped("balance")))
            if total and not any(parts.values()):
                # written by hand on a bill whose lines have no tax
                parts = {li.id: Fraction(self._cents(li.balance)) for li in mine}
            if not any(parts.values()):
                parts = dict.fromkeys(parts, Fraction(1))
            shares = fit(total, parts)
            for line in mine:
                found[line] = shares[line.id]
        return found

    # === WHAT IS MISSING === #

    def _missing_facts(self):
        """:return: what has to be known before everything is settled: sentences"""
        self.ensure_one()
        one = self.sudo()
        missing = []
        ordered = one.offer_ids.filtered("ordered")
        if one.legal_mode != "referencing":
            missing += one._missing_receipts(ordered)
            of_offers, __, neither = one._bill_lines()
            billed = of_offers.purchase_line_id.ess_offer_id
            kept = ordered.filtered(lambda o: o.is_received and o.received > o.refused)
            if kept - billed:
                missing.append(
                    self.env._(
                        "Not billed yet by its supplier: %s.",
                        one._few((kept - billed).mapped("name")),
                    )
                )
            neither = neither.filtered(lambda line: line.display_type == "product")
            if neither:
                missing.append(
                    self.env._(
                        "Lines of bills that are neither goods nor a shared cost: %s.",
                        one._few(neither.mapped("name")),
                    )
                )
        open_costs = one.cost_ids.filtered(lambda c: not c.is_known)
        if open_costs:
            missing.append(
                self.env._(
                    "Shared costs whose real amount is not known: %s.",
                    one._few(open_costs.mapped("name")),
                )
            )
        return missing

    def _remarks(self):
        """:return: what does not keep from settling, but ought to be seen: sentences"""
        self.ensure_one()
        one = self.sudo()
        less, more = [], []
        billed = one._billed(one._bill_lines()[0])
        for offer, (__, quantity, __) in billed.items():
            kept = offer.received - offer.refused
            if not offer.is_received or not quantity or quantity == kept:
                continue
            (less if quantity < kept else more).append(
                self.env._(
                    "%(offer)s (%(billed)s of %(received)s)",
                    offer=offer.name,
                    billed=offer._in_words(quantity),
                    received=offer._in_words(kept),
                )
            )
        remarks = one._remarks_on_tax()
        if less:
            remarks.append(
                self.env._("Less was billed than received: %s.", one._few(less))
            )
        if more:
            remarks.append(
                self.env._(
                    "More was billed than received, a credit note is due: %s.",
                    one._few(more),
                )
            )
        return remarks

    def _remarks_on_tax(self):
        """Members who buy of the federation pay untaxed prices and the tax of the sale:
        a tax of the purchase that it cannot deduct is its own."""
        if self.legal_mode != "resale":
            return []
        of_offers, of_costs, __ = self._bill_lines()
        lines = of_offers | of_costs
        own = lines.filtered(
            lambda line: (
                line.tax_ids
                and not line.tax_ids.flatten_taxes_hierarchy()
                .invoice_repartition_line_ids.filtered(
                    lambda part: part.repartition_type == "tax"
                )
                .account_id
            )
        )
        taxes = self._line_taxes(own)
        cents = sum(taxes[line] for line in own)
        if not cents:
            return []
        return [
            self.env._(
                "Tax of the bills that is not deducted and that no member bears: "
                "%(amount)s.",
                amount=self._format_cents(cents),
            )
        ]

    def _missing_receipts(self, ordered):
        waiting = ordered.filtered(lambda o: not o.is_received)
        # the warehouse has it, the round does not know yet
        came = waiting.filtered(lambda o: o._receipt_steps())
        missing = []
        for offers, sentence in (
            (waiting - came, self.env._("Not received yet: %s.")),
            (came, self.env._("Received by its order, not counted yet: %s.")),
            (
                ordered._receipts_changed(),
                self.env._("Received or sent back by its order since the count: %s."),
            ),
        ):
            if offers:
                missing.append(sentence % self._few(offers.mapped("name")))
        return missing

    def _few(self, names, shown=5):
        names = [name or "/" for name in names]
        if len(names) <= shown:
            return ", ".join(names)
        return self.env._(
            "%(names)s and %(count)s more",
            names=", ".join(names[:shown]),
            count=len(names) - shown,
        )
