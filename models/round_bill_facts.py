from collections import defaultdict
from fractions import Fraction

from odoo import models

from ..tools.apportionment import apportion

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
        lines = self._bills().invoice_line_ids.filtered(
            # the bill of a partial receipt has lines of nothing for what is to come
            lambda line: (
                line.display_type == "product" and (line.quantity or line.balance)
            )
        )
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
        return of_offers, of_costs, neither

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
            weights = {
                line.id: max(0, sign * (line.price_total - line.price_subtotal))
                for line in mine
            }
            weights = {
                key: Fraction(repr(round(weight, 6))) for key, weight in weights.items()
            }
            taxes = move.line_ids.filtered(lambda line: line.display_type == "tax")
            total = self._cents(sum(taxes.mapped("balance")))
            shares = apportion(total, weights) if any(weights.values()) else {}
            for line in mine:
                found[line] = shares.get(line.id, 0)
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
