from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from .test_round_money import MoneyCommon
from .test_round_settle import cents


@tagged("post_install", "-at_install")
class TestRoundAgentMoney(MoneyCommon):
    """Base and tax of every bill go through, each to the cent."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        third_parties = cls.env["account.account"].create(
            {"code": "467902", "account_type": "asset_current", "name": "For members"}
        )
        cls.disbursement = cls._product(
            "Disbursement",
            cls._tax("0", 0),
            property_account_income_id=third_parties.id,
        )
        cls.one = cls._ordered(
            name="Agent",
            legal_mode="agent",
            disbursement_product_id=cls.disbursement.id,
        )
        cls.one._receive({offer: (offer.ordered, 0, {}) for offer in cls.one.offer_ids})

    def _assert_zero_sum(self):
        """What members and residue are is what stands on the bills, base and tax."""
        bills = self.one._bills()
        for name, field in (
            ("amount", "amount_untaxed_signed"),
            ("tax_amount", "amount_tax_signed"),
        ):
            self.assertEqual(
                sum(cents(share[name]) for share in self.one.share_ids),
                -sum(cents(bill[field]) for bill in bills),
                name,
            )
        total = -sum(cents(bill.amount_total_signed) for bill in bills)
        self.assertEqual(cents(self.one.billed_amount), total)

    def _taxes(self, offer):
        shares = self.one.share_ids.filtered(lambda s: s.offer_id == offer)
        return sum(cents(share.tax_amount) for share in shares)

    def test_a_line_below_zero_takes_its_own_tax_off(self):
        """A rebate of 100.00 at 20 % is no tax of flour and lentils."""
        self._bill(self.flours, extra=[("Rebate", -100.00)])
        self._settle()
        self.assertEqual(self._taxes(self.flours), 134160)
        self.assertEqual(self._taxes(self.lentil), 130)
        residue = self.one.share_ids.filtered(lambda s: s.kind == "residue")
        self.assertEqual((residue.amount, residue.tax_amount), (-100, -20))

    def test_credit_notes(self):
        bill = self._bill(self.flours)
        credit = self._refund(bill)
        self._line(credit).price_unit = 1.11
        credit.action_post()
        self._settle()
        self._refund(bill).action_post()
        self._settle()

    def test_a_tax_that_was_corrected_by_hand(self):
        """The supplier rounds another way: two cents more of tax."""
        bill = self._bill(self.flours, post=False)
        tax = bill.line_ids.filtered(lambda li: li.tax_line_id == self.buy_20)
        payable = bill.line_ids.filtered(lambda li: li.display_type == "payment_term")
        bill.line_ids = [
            Command.update(tax.id, {"amount_currency": tax.amount_currency + 0.02}),
            Command.update(
                payable.id, {"amount_currency": payable.amount_currency - 0.02}
            ),
        ]
        bill.action_post()
        self.assertEqual(cents(bill.amount_tax), 134160 + 130 + 2)
        self._settle()

    def test_taxes_rounded_on_the_whole_bill(self):
        self.company.tax_calculation_rounding_method = "round_globally"
        bill = self._bill(
            self.flours, 333.337, [("Sacks", 0.13), ("Straps", 0.13), ("Tape", 0.13)]
        )
        self.one.action_take_bill_lines()
        self.assertEqual(len(self.one.cost_ids), 3)
        self._settle()
        self.assertEqual(self._residues(), [])
        self.assertTrue(bill)

    def test_in_another_currency(self):
        dollars = self.env.ref("base.USD")
        dollars.active = True
        dollars.rate_ids.unlink()
        self.env["res.currency.rate"].create(
            {"name": "2025-01-01", "currency_id": dollars.id, "rate": 1.0837}
        )
        bill = self._bill(self.flours, post=False)
        bill.currency_id = dollars
        self._line(bill).price_unit = 377.77
        bill.action_post()
        self._settle()

    def test_taxes_in_the_price(self):
        included = self._tax(
            "20 in", 20, type_tax_use="purchase", price_include_override="tax_included"
        )
        bill = self._bill(self.flours, post=False)
        self._line(bill).write({"tax_ids": included.ids, "price_unit": 402.49})
        bill.action_post()
        self._settle()

    def test_the_tax_of_containers_goes_with_them(self):
        """Four crates at 2.50 with 20 %; one is nobody's."""
        self._bill(self.flours, extra=[("Crates", 10.00)])
        line = self.one._bill_lines()[2]
        self.env["ess.round.cost"].create(
            {
                "round_id": self.one.id,
                "name": "Crates",
                "kind": "container",
                "unit_amount": 2.5,
                "move_line_id": line.id,
                "weight_ids": [
                    Command.create({"entity_id": self.phare.id, "parts": 2}),
                    Command.create({"entity_id": self.semeurs.id, "parts": 1}),
                ],
            }
        )
        self._settle()
        crates = {
            share.entity_id: (share.amount, share.tax_amount)
            for share in self.one.share_ids.filtered("cost_id")
        }
        self.assertEqual(
            crates,
            {
                self.phare: (5, 1),
                self.semeurs: (2.5, 0.5),
                self.env["res.partner"]: (2.5, 0.5),
            },
        )

    def test_tax_on_tax_is_refused(self):
        self.disbursement.taxes_id = self.tax_20
        self._bill(self.flours)
        with self.assertRaisesRegex(UserError, "Disbursement has taxes of its own"):
            self.one.action_settle()

    def test_the_invoice_is_what_was_paid(self):
        bill = self._bill(self.flours, 333.33, [("Sacks", 7.77)])
        self.one.action_take_bill_lines()
        self._settle()
        invoices = self._settled().move_ids
        self.assertEqual(
            sum(cents(move.amount_total) for move in invoices),
            cents(bill.amount_total),
        )


class DecimalsCommon(MoneyCommon):
    """The company counts in a currency with another number of decimals."""

    rounding = 0.01

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.currency_id.rounding = cls.rounding
        cls.assertEqual(cls(), cls.one._cents(1), round(1 / cls.rounding))

    def _balances(self, lines):
        return sum(self.one._cents(line.balance) for line in lines)

    def _check(self):
        bill = self._bill(self.flours, 335.417, [("Transport", 44.123)])
        self.one.action_take_bill_lines()
        self.one.action_settle()
        before = self._exchanges()
        self.one.action_settle()
        self.assertEqual(self._exchanges(), before)
        billed = self._balances(bill.invoice_line_ids)
        shares = sum(self.one._cents(share.amount) for share in self.one.share_ids)
        charged = sum(self.one._cents(exchange.amount) for exchange in before)
        self.assertEqual((shares, charged), (billed, billed))
        self.assertEqual(self.one._cents(self.one.billed_amount), billed)
        invoices = self._settled().move_ids
        invoiced = sum(self.one._cents(move.amount_untaxed) for move in invoices)
        self.assertEqual(invoiced, billed)
        return billed


@tagged("post_install", "-at_install")
class TestRoundWithoutDecimals(DecimalsCommon):
    rounding = 1.0

    def test_yen(self):
        # 20 × 335.417, 5.5 × 4.30, 44.123
        self.assertEqual(self._check(), 6708 + 24 + 44)


@tagged("post_install", "-at_install")
class TestRoundWithThreeDecimals(DecimalsCommon):
    rounding = 0.001

    def test_dinar(self):
        self.assertEqual(self._check(), 6708340 + 23650 + 44123)
