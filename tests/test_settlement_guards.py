"""What an accountant, who only invoices, and another member try on a settlement.

Posted on 31 January: an invoice of 120 € to Le Phare, a draft bill of 50 € from La
Fabrique, which lent its van to Les Semeurs for 33.34 €.
"""

from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common_settlement import SettlementCommon


@tagged("post_install", "-at_install")
class TestSettlementGuards(SettlementCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.exchanges = (
            cls._exchange(cls.federation, cls.phare, 120, quantity=3)
            | cls._exchange(cls.fabrique, cls.federation, 50)
            | cls._exchange(cls.fabrique, cls.semeurs, 33.34)
        )
        cls.settlement = cls._settled()
        moves = cls.settlement.move_ids
        cls.invoice = moves.filtered(lambda m: m.move_type == "out_invoice")
        cls.bill = moves.filtered(lambda m: m.move_type == "in_invoice")
        cls.bill.ref = "FAB-1"
        cls.accountant = cls._internal("ac", "ess_mutualisation.group_accountant")
        cls.biller = cls._internal("bi", "account.group_account_invoice")
        cls.member = cls._volunteer(cls.phare, "v9")

    def _line(self, entity):
        return self.settlement.line_ids.filtered(lambda li: li.entity_id == entity)

    # === THE BOOKS === #

    def test_a_reversed_bill_and_its_mirror_stay(self):
        self.bill.action_post()
        self.settlement._reverse("Wrong price")
        mirror = self.bill.reversal_move_ids
        self.assertEqual(mirror.ess_settlement_id, self.settlement)
        for move in (self.bill, mirror):
            with (
                self.assertRaisesRegex(UserError, "belongs to the settlement"),
                self.cr.savepoint(),
            ):
                move.with_user(self.accountant).button_draft()

    def test_a_bill_is_not_turned_into_a_refund(self):
        bill = self.bill.with_user(self.accountant)
        bill.action_switch_move_type()
        with self.assertRaisesRegex(UserError, "but its exchanges are"):
            bill.action_post()

    def test_a_bill_is_not_posted_in_another_currency(self):
        usd, eur = self.env.ref("base.USD"), self.env.ref("base.EUR")
        foreign = usd if self.company.currency_id != usd else eur
        foreign.active = True
        self.env["res.currency.rate"].create(
            {
                "currency_id": foreign.id,
                "name": "2026-01-01",
                "rate": 1.37,
                "company_id": self.company.id,
            }
        )
        self.bill.currency_id = foreign
        self.assertEqual(self.bill.amount_untaxed, 50)
        with self.assertRaisesRegex(UserError, "36.50.*but its exchanges are.*50"):
            self.bill.action_post()

    def test_who_only_invoices(self):
        """Reads the documents of a settlement like any other, and leaves them whole."""
        bill = self.bill.with_user(self.biller)
        self.assertTrue(bill.read() and bill.invoice_line_ids.read())
        with self.assertRaisesRegex(UserError, "belongs to the settlement"):
            bill.button_cancel()
        with self.assertRaisesRegex(UserError, "only a settlement says"):
            bill.with_context(default_ess_settlement_id=self.settlement.id).create(
                {"move_type": "in_invoice"}
            )
        for act in (
            lambda: bill.invoice_line_ids.write({"ess_settlement_item_ids": []}),
            lambda: self.settlement.with_user(self.biller).action_prepare(),
            lambda: self.settlement.with_user(self.biller)._reverse("x"),
        ):
            with self.assertRaises(AccessError):
                act()

    def test_a_settlement_is_not_entered_as_posted(self):
        mine = self.env["ess.settlement"].with_user(self.accountant)
        names = ["date_from", "date_to"]
        days = ["2026-01-01", "2026-01-31"]
        sentence = "use the actions of the settlement"
        with self.assertRaisesRegex(UserError, sentence):
            mine.with_context(default_state="posted").create(
                dict(zip(names, days, strict=True))
            )
        for model, fields, row in (
            (mine, [*names, "state"], [*days, "posted"]),
            (mine.with_context(default_state="posted"), names, days),
        ):
            told = model.load(fields, [row])
            self.assertIn(sentence, told["messages"][0]["message"])

    @mute_logger("odoo.sql_db")
    def test_a_settled_exchange_keeps_its_words_and_its_account_in_sql(self):
        self.env.flush_all()
        for change in (
            "name = 'Something else'",
            "reason = 'Because'",
            """analytic_distribution = '{"1": 100}'""",
            "counter_of_id = id",
        ):
            with (
                self.assertRaisesRegex(IntegrityError, "is settled"),
                self.cr.savepoint(),
            ):
                self.cr.execute(
                    f"UPDATE ess_exchange SET {change} WHERE id = %s",
                    [self.exchanges[0].id],
                )

    # === STATEMENTS === #

    def test_statement_of_a_reversed_settlement(self):
        """With the credit note, and with the bill that never came about."""
        self.settlement._reverse("Wrong price")
        credit = self.invoice.reversal_move_ids
        said = self._line(self.phare)._statement()
        self.assertEqual(
            [document["name"] for document in said["documents"]],
            [
                f"Invoice {self.invoice.name}",
                f"Credit note {credit.name}",
            ],
        )
        self.assertIn("nothing is to be paid on it", said["todo"][0])
        said = self._line(self.fabrique)._statement()
        self.assertEqual(
            [document["name"] for document in said["documents"]],
            ["Our bill, cancelled"],
        )

    def test_a_member_learns_nothing_of_the_others(self):
        lines = self.env["ess.settlement.line"].with_user(self.member)
        items = self.env["ess.settlement.item"].with_user(self.member)
        self.assertEqual(lines.search([]), self._line(self.phare))
        self.assertEqual(items.search([]).exchange_id, self.exchanges[0])
        for records, domain in (
            (lines, [("settlement_id.line_ids.net", ">", 0)]),
            (lines, [("settlement_id.transfer_ids.amount", ">", 0)]),
            (lines, [("move_ids.amount_total", ">", 0)]),
            (items, [("settlement_id.item_ids.amount", ">", 0)]),
            (items, [("exchange_id.settlement_id.item_ids.amount", ">", 0)]),
        ):
            with self.assertRaises(AccessError, msg=domain):
                records.search(domain)
        other = self._line(self.fabrique).with_user(self.member)
        for act in (other.get_portal_url, other._statement, other.read):
            with self.assertRaises(AccessError):
                act()

    # === ARCHIVED MEANWHILE === #

    def test_archived_members_and_products_are_settled_all_the_same(self):
        self._exchange(self.federation, self.semeurs, 10)
        self.hire.active = False
        self.semeurs.active = False
        settlement = self._settled()
        self.assertEqual(settlement.move_ids.amount_total, 12)
        self.assertIn(self.semeurs, settlement.line_ids.entity_id)

    def test_partly_paid_and_reversed(self):
        register = self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=self.invoice.ids
        )
        register.create({"amount": 10}).action_create_payments()
        self.settlement._reverse("Wrong price")
        self.assertEqual(self.invoice.payment_state, "reversed")
        mirrors = self.invoice.reversal_move_ids
        self.assertEqual((self.invoice | mirrors).mapped("amount_residual"), [0, 0])
