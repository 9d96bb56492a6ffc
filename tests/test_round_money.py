from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from .test_round_settle import SettleCommon, cents


@tagged("post_install", "-at_install")
class MoneyCommon(SettleCommon):
    """All came as ordered, 240 flours among them: the bills do what bills do."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        deductible = cls.env["account.account"].create(
            {"code": "445669", "account_type": "asset_current", "name": "VAT to deduct"}
        )
        taxes = cls.buy_20 | cls.buy_5
        parts = taxes.invoice_repartition_line_ids | taxes.refund_repartition_line_ids
        cls.tax_parts = parts.filtered(lambda part: part.repartition_type == "tax")
        cls.tax_parts.account_id = deductible
        cls.one._receive({cls.flours: (240, 0, {}), cls.sheets: (15, 0, {})})

    def _line(self, bill, name="Flour"):
        return bill.invoice_line_ids.filtered(lambda li: name in (li.name or ""))

    def _refund(self, bill):
        wizard = self.env["account.move.reversal"].with_context(
            active_model="account.move", active_ids=bill.ids
        )
        made = wizard.create({"journal_id": bill.journal_id.id}).refund_moves()
        return self.env["account.move"].browse(made["res_id"])

    def _settle(self):
        """Settle; what was charged is what is due, and once more adds nothing."""
        before = self._exchanges()
        self.one.action_settle()
        new = self._exchanges() - before
        self.one.action_settle()
        self.assertEqual(self._exchanges(), before | new)
        self._assert_zero_sum()
        self._assert_charged()
        self.one.invalidate_recordset(["unsettled"])
        self.assertEqual(self.one.unsettled, "")
        return new

    def _assert_charged(self):
        for share in self.one.share_ids.filtered("entity_id"):
            owed = cents(share.amount) + cents(share.tax_amount)
            paid = sum(cents(e.amount) for e in share.exchange_ids)
            self.assertEqual(paid, owed, share.display_name)
            if share.offer_id:
                steps = share.offer_id._exact_steps(
                    sum(share.exchange_ids.mapped("quantity"))
                )
                self.assertEqual(steps, share.quantity)

    def _charged(self, exchanges=None):
        exchanges = self._exchanges() if exchanges is None else exchanges
        return sum(cents(exchange.amount) for exchange in exchanges)


@tagged("post_install", "-at_install")
class TestRoundBills(MoneyCommon):
    """Whatever a bill looks like: members and residue are what it says, in cents."""

    def test_in_pieces_instead_of_cartons(self):
        bill = self._bill(self.flours, post=False)
        self._line(bill).write(
            {"product_uom_id": self.unit.id, "quantity": 240, "price_unit": 27.95}
        )
        bill.action_post()
        self._settle()
        self.assertEqual(self._charged(), 670800 + 2365)
        self.assertEqual(self._residues(), [])

    def test_in_kilos_of_what_is_counted_in_pieces(self):
        """6,000 kg say nothing of 240 bags: who received them pays them."""
        bill = self._bill(self.flours, post=False)
        self._line(bill).write(
            {"product_uom_id": self.kilo.id, "quantity": 6000, "price_unit": 1.118}
        )
        bill.action_post()
        self._settle()
        self.assertEqual(self._charged(), 670800 + 2365)
        self.assertEqual(self._residues(), [])

    def test_in_another_currency(self):
        """At 1.25 dollars for a euro: 8,385.00 dollars are 6,708.00."""
        dollars = self.env.ref("base.USD")
        dollars.active = True
        dollars.rate_ids.unlink()
        self.env["res.currency.rate"].create(
            {"name": "2025-01-01", "currency_id": dollars.id, "rate": 1.25}
        )
        bill = self._bill(self.flours, post=False)
        bill.currency_id = dollars
        self._line(bill).price_unit = 335.40 * 1.25
        bill.action_post()
        self.assertEqual(cents(self._line(bill).balance), 670800)
        self._settle()
        self.assertEqual(self._shares(offer=self.flours)["Fabrique"], 279500)

    def test_with_taxes_in_the_price(self):
        included = self._tax(
            "20 in",
            20,
            type_tax_use="purchase",
            price_include_override="tax_included",
        )
        bill = self._bill(self.flours, post=False)
        self._line(bill).write({"tax_ids": included.ids, "price_unit": 402.48})
        bill.action_post()
        self._settle()
        self.assertEqual(self._charged(), 670800 + 2365)

    def test_a_tax_that_cannot_be_deducted_can_be_seen(self):
        self.tax_parts.account_id = False
        self._bill(self.flours)
        self._settle()
        said = self.one.missing_facts.replace("\N{NO-BREAK SPACE}", " ")
        # 20 % of 6708.00, 5.5 % of 23.65
        self.assertIn("that no member bears: 1,342.90 €.", said)

    def test_a_discount_on_the_line(self):
        bill = self._bill(self.flours, post=False)
        self._line(bill).discount = 3
        bill.action_post()
        self._settle()
        # 97 % of 6708.00
        self.assertEqual(self._charged(), 650676 + 2365)

    def test_in_two_bills(self):
        """12 cartons first: what is there is shared; the rest is not forgotten."""
        bill = self._bill(self.flours, post=False)
        self._line(bill).quantity = 12
        bill.action_post()
        self._bill(self.sheets)
        self._settle()
        self.assertEqual(self._shares(offer=self.flours)["Fabrique"], 167700)
        self.assertRegex(
            self.one.missing_facts, r"Less was billed .*Flour \(144.* of 240.*\)"
        )
        second = self._bill(self.flours)
        self.assertEqual(self._line(second).quantity, 8)
        self.assertEqual(self.one.state, "received")
        self._settle()
        self.assertEqual(self._shares(offer=self.flours)["Fabrique"], 279500)
        self.assertEqual((self.one.state, self.one.missing_facts), ("done", ""))

    def test_more_than_received_waits_for_a_credit_note(self):
        bill = self._bill(self.flours)
        self._bill(self.sheets)
        self.one._receive({self.flours: (240, 12, {})})
        self._settle()
        self.assertEqual(self._residues(), [33540])
        self.assertRegex(
            self.one.missing_facts, r"a credit note is due: Flour \(240.* of 228.*\)"
        )
        credit = self._refund(bill)
        self._line(credit).quantity = 1
        self._line(credit, "Lentils").unlink()
        credit.action_post()
        self.one.invalidate_recordset(["missing_facts"])
        self.assertEqual(self._settle().mapped("amount"), [])
        self.assertEqual((self._residues(), self.one.missing_facts), ([0], ""))

    def test_credited_in_full_and_billed_anew(self):
        bill = self._bill(self.flours)
        self._settle()
        self._refund(bill).action_post()
        self.assertEqual(self._charged(self._settle()), -673165)
        self.assertEqual(self._charged(), 0)
        again = self._bill(self.flours, 336.00)
        self.assertEqual(self._line(again).quantity, 20)
        self._settle()
        self.assertEqual(self._charged(), 672000 + 2365)

    def test_a_credit_note_larger_than_the_bill(self):
        bill = self._bill(self.flours)
        credit = self._refund(bill)
        self._line(credit).price_unit = 340.00
        credit.action_post()
        self._settle()
        # 20 × 4.60 come back: of 100, 92 and 48 pieces
        self.assertEqual(
            self._shares(offer=self.flours),
            {"Fabrique": -3833, "Phare": -3527, "Semeurs": -1840},
        )

    def test_lines_of_another_order_are_not_the_round_s(self):
        other = self.env["purchase.order"].create(
            {
                "partner_id": self.nord.id,
                "order_line": [
                    Command.create(
                        {
                            "product_id": self.paper.id,
                            "product_qty": 1,
                            "price_unit": 77.00,
                        }
                    )
                ],
            }
        )
        other.button_confirm()
        bill = self._bill(self.flours, post=False)
        line = other.order_line._prepare_account_move_line()
        bill.invoice_line_ids = [Command.create({**line, "quantity": 1})]
        bill.action_post()
        self.assertEqual(cents(bill.amount_untaxed), 670800 + 2365 + 7700)
        self._settle()
        self.assertEqual((self._charged(), self._residues()), (673165, []))

    def test_a_line_of_the_order_that_is_no_offer(self):
        order = self.flours.purchase_line_id.order_id
        order.order_line = [
            Command.create(
                {
                    "product_id": self.freight.id,
                    "name": "Pallet",
                    "product_qty": 1,
                    "price_unit": 9.00,
                    "qty_received": 1,
                }
            )
        ]
        self._bill(self.flours)
        self._settle()
        self.assertEqual(self._residues(), [900])
        self.one.action_take_bill_lines()
        self._settle()
        self.assertEqual(sum(self._shares("cost").values()), 900)

    def test_an_advance_that_is_taken_off(self):
        order = self.flours.purchase_line_id.order_id
        advance = self.env["purchase.order.line"].create(
            {
                "order_id": order.id,
                "name": "Down Payment",
                "product_qty": 0,
                "price_unit": 1000.00,
                "is_downpayment": True,
                "tax_ids": [Command.set(self.buy_20.ids)],
            }
        )
        first = self._bill(self.flours, post=False)
        first.invoice_line_ids = [
            Command.clear(),
            Command.create(self._advance(advance, 1)),
        ]
        first.action_post()
        self._settle()
        self.assertEqual(self._residues(), [100000], "nobody's before the goods")
        last = self._bill(self.flours, post=False)
        self._line(last, "Down").unlink()
        last.invoice_line_ids = [Command.create(self._advance(advance, -1))]
        last.action_post()
        self._bill(self.sheets)
        self.assertEqual(cents(last.amount_untaxed), 673165 - 100000)
        self._settle()
        self.assertEqual((self._residues(), self.one.state), ([0], "done"))
        self.assertEqual(self._charged(), 673165 + 5985)

    def _advance(self, line, quantity):
        return {
            "name": "Down Payment",
            "quantity": quantity,
            "price_unit": 1000.00,
            "purchase_line_id": line.id,
            "tax_ids": [Command.set(self.buy_20.ids)],
            "is_downpayment": True,
        }

    def test_a_bill_that_is_rounded_to_five_cents(self):
        """The supplier takes no small coins: two cents are nobody's."""
        account = self.env["account.account"].search(
            [("account_type", "=", "expense")], limit=1
        )
        rounding = self.env["account.cash.rounding"].create(
            {
                "name": "Five cents",
                "rounding": 0.05,
                "strategy": "add_invoice_line",
                "loss_account_id": account.id,
                "profit_account_id": account.id,
                "rounding_method": "HALF-UP",
            }
        )
        bill = self._bill(self.flours, 335.41, post=False)
        bill.invoice_cash_rounding_id = rounding
        bill.action_post()
        self._bill(self.sheets)
        # 6708.20 + 1341.64 and 23.65 + 1.30 are 8074.79
        self.assertEqual(cents(bill.amount_total), 807480)
        self._settle()
        self.assertEqual((self._residues(), self.one.state), ([1], "done"))
        self.one.action_take_bill_lines()
        self.assertFalse(self.one.cost_ids)

    def test_a_line_that_is_deleted_from_the_bill(self):
        bill = self._bill(self.flours, extra=[("Transport", 45.00)])
        self._freight("equal")
        self._settle()
        bill.button_draft()
        self._line(bill, "Lentils").unlink()
        bill.action_post()
        self.assertEqual(self._charged(self._settle()), -2365)
        self.assertIn("Not billed yet by its supplier: Lentils", self.one.missing_facts)

    def test_nothing_was_received(self):
        self.one._receive({offer: (0, 0, {}) for offer in self.one.offer_ids})
        self._bill(self.flours, post=False).invoice_line_ids.write({"quantity": 3})
        self.one.purchase_ids.invoice_ids.action_post()
        self._settle()
        self.assertEqual(self._charged(), 0)
        self.assertEqual(sum(self._residues()), 3 * 33540 + 3 * 430)


@tagged("post_install", "-at_install")
class TestRoundCostsLater(MoneyCommon):
    """Shared costs that change after they were charged."""

    def setUp(self):
        super().setUp()
        self.bill = self._bill(self.flours, extra=[("Transport", 45.00)])
        self.cost = self._freight("equal")
        self._settle()

    def test_a_cost_that_was_charged_is_not_deleted(self):
        with self.assertRaisesRegex(UserError, "Transport was charged to the members"):
            self.cost.unlink()
        self.cost.write({"move_line_id": False, "amount": 0, "is_final": True})
        self._settle()
        self.assertEqual(set(self._shares("cost").values()), {0})
        self.assertEqual(self._residues(), [4500], "the line of the bill is nobody's")

    def test_a_cost_that_was_never_charged_is_deleted(self):
        other = self._fee(0)
        other.unlink()
        self.assertFalse(other.exists())
        self._settle()

    def test_two_costs_without_members_are_deleted(self):
        """Crates that nobody has: only residue, which must not mix."""
        crates = self._fee(7, kind="container", unit_amount=3.5)
        boxes = self._fee(5, kind="container", unit_amount=2.5)
        self._settle()
        self.assertEqual(self._residues(), [500, 700])
        (crates | boxes).unlink()
        self._settle()
        self.assertEqual(self._residues(), [])

    def _fee(self, amount, **vals):
        return self.env["ess.round.cost"].create(
            {
                "round_id": self.one.id,
                "name": "Fee",
                "amount": amount,
                "is_final": True,
                "basis": "equal",
                **vals,
            }
        )

    def test_it_is_linked_to_another_bill(self):
        carrier = self.env["account.move"].create(
            {
                "move_type": "in_invoice",
                "partner_id": self.papier.id,
                "invoice_date": "2026-01-31",
                "invoice_line_ids": [
                    Command.create({"name": "Carrier", "price_unit": 60.00})
                ],
            }
        )
        carrier.action_post()
        self.cost.move_line_id = carrier.invoice_line_ids
        self.assertEqual(self._charged(self._settle()), 1500)
        self.assertEqual(self._residues(), [4500])

    def test_its_bill_is_taken_back(self):
        self.bill.button_draft()
        self.assertIn("Shared costs whose real", "\n".join(self.one._missing_facts()))
        self._settle()
        self.assertEqual(self._charged(), 0)
        self.bill.action_post()
        self._settle()
        self.assertEqual(self._charged(), 673165 + 4500)

    def test_containers_come_back_after_the_settlement(self):
        crates = self._fee(
            10,
            kind="container",
            unit_amount=2.5,
            weight_ids=[
                Command.create({"entity_id": self.phare.id, "parts": 3}),
                Command.create({"entity_id": self.semeurs.id, "parts": 1}),
            ],
        )
        self._settle()
        self._settled()
        self.assertEqual(set(self._exchanges().mapped("state")), {"settled"})
        crates.weight_ids[0].returned = 3
        new = self._settle()
        self.assertEqual((new.receiver_id, self._charged(new)), (self.phare, -750))
        self.assertEqual(self._residues(), [750])


@tagged("post_install", "-at_install")
class TestRoundGoodsLater(MoneyCommon):
    """Goods that turn out to be something else, members that have left."""

    def _invoiced(self, partner, **vals):
        """{product: (untaxed, tax)} in cents, on all invoices of a member"""
        moves = self.env["account.move"].search(
            [
                ("partner_id", "=", partner.id),
                ("move_type", "in", ("out_invoice", "out_refund")),
                ("state", "=", "posted"),
            ]
        )
        found = {}
        for line in moves.invoice_line_ids:
            sign = -1 if line.move_id.move_type == "out_refund" else 1
            base, tax = found.get(line.product_id, (0, 0))
            total = cents(line.price_total) - cents(line.price_subtotal)
            found[line.product_id] = (
                base + sign * cents(line.price_subtotal),
                tax + sign * total,
            )
        return found

    def test_it_was_something_else_with_another_tax(self):
        """Invoiced as flour at 20 %; it was lentils, at 5.5 %."""
        self._bill(self.flours)
        self._settle()
        self._settled()
        self.assertEqual(self._invoiced(self.semeurs), {self.flour: (134160, 26832)})
        bags = self._product("Lentils by the bag", self.lentils.taxes_id)
        self.one._receive({self.flours: (240, 0, {"substitute_id": bags.id})})
        self.assertIn("the goods have changed", self.one.unsettled)
        new = self._settle()
        self.assertEqual(self._charged(new), 0)
        self._settled(date_from="2026-02-01", date_to="2026-02-28")
        self.assertEqual(
            self._invoiced(self.semeurs),
            {self.flour: (0, 0), bags: (134160, 7379)},
        )

    def test_a_member_left_and_a_product_is_archived(self):
        self._bill(self.flours)
        self.semeurs.active = False
        self.flour.product_tmpl_id.active = False
        self._settle()
        self._settled()
        self.assertEqual(self._invoiced(self.semeurs), {self.flour: (134160, 26832)})

    def test_counted_again_after_the_settlement(self):
        """5 of La Fabrique's go to nobody: a credit note in pieces, at the price."""
        self._bill(self.flours)
        self._settle()
        self._settled()
        self.one._receive({self.flours: (235, 0, {})})
        new = self._settle()
        self.assertEqual(sum(new.mapped("quantity")), -5)
        self.assertEqual(self._charged(new), -5 * 2795)
        self.assertEqual(self._residues(), [5 * 2795])

    def test_a_commission_is_rounded_for_each(self):
        self.one.write(
            {
                "commission_percent": 3.33,
                "commission_product_id": self._product("Margin", self.tax_20).id,
            }
        )
        self._bill(self.flours)
        self._settle()
        # 3.33 % of 2810.05, of 2571.40 + 8.60 and of 1341.60: paper has no bill yet
        self.assertEqual(
            self._shares("commission"),
            {"Fabrique": 9357, "Phare": 8591, "Semeurs": 4468},
        )
