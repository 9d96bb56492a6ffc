"""A commodat is free by law: no channel puts a price on it (Code civil, 1876)."""

from psycopg2.errors import CheckViolation

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .common_loan import PIXEL, WINDOW, LoanCommon, utc


@tagged("post_install", "-at_install")
class TestLoanPrice(LoanCommon):
    """The stage is worth 50 € a day: Le Phare uses it for two days."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.facilitator = cls._internal("faye", "ess_mutualisation.group_facilitator")

    def test_free_with_its_value(self):
        booking = self._booking(self.stage, *WINDOW)
        self.assertEqual(booking.amount, 0, "as a draft already")
        booking.action_request()
        self.assertEqual((booking.amount, booking.unit_price), (0, 0))
        self.assertEqual(booking.value, 100)
        self.assertEqual(booking.loan_kind, "commodat")
        with self.at("2026-01-12 08:00:00"):
            booking._hand_over_use()
        with self.at("2026-01-14 08:00:00"):
            booking._close(utc("2026-01-14 09:00"))
        exchange = booking.exchange_ids
        self.assertEqual((exchange.amount, exchange.value), (0, 100))

    def test_by_the_form(self):
        with Form(self.env["ess.booking"].with_user(self.facilitator)) as form:
            form.asset_id = self.stage
            form.entity_id = self.phare
            form.start, form.stop = map(utc, WINDOW)
        booking = form.record
        self.assertEqual(booking.amount, 0)
        booking.action_request()
        with Form(booking) as form:
            with self.assertRaises(AssertionError):
                form.amount = 40
            form.purpose = "Concert"
        self.assertEqual(booking.amount, 0)

    def test_by_rpc(self):
        booking = self._loan(self.stage).booking_ids.with_user(self.facilitator)
        for vals in (
            {"amount": 40},
            {"unit_price": 20},
            {"loan_kind": "hire"},
            {"price_frozen": True, "amount": 40},
        ):
            with self.assertRaises(UserError, msg=str(vals)):
                booking.write(vals)
        with self.assertRaisesRegex(UserError, "article 1876"):
            booking.write({"amount": 40})
        draft = self._booking(self.stage, "2026-02-02 09:00", "2026-02-03 09:00")
        with self.assertRaisesRegex(UserError, "Stage is lent for free|lent for free"):
            draft.with_user(self.facilitator).write({"amount": 40})
        with self.assertRaises(UserError):
            booking.loan_id.write({"kind": "hire"})
        with self.assertRaisesRegex(UserError, "lent for free"):
            booking.create(
                {
                    "asset_id": self.stage.id,
                    "entity_id": self.phare.id,
                    "start": utc("2026-02-09 09:00"),
                    "stop": utc("2026-02-10 09:00"),
                    "amount": 40,
                }
            )
        self.assertEqual(booking.amount, 0)

    def test_by_a_forged_context(self):
        """The mark of the kind is an object: no text can stand for it."""
        draft = self._booking(self.van, *WINDOW)
        forged = draft.with_user(self.anais).with_context(
            ess_loan_kind=["x", "commodat"]
        )
        forged.action_request()
        self.assertEqual(draft.amount, 80)
        self.assertEqual(draft.loan_kind, "hire")

    def test_by_import(self):
        bookings = self.env["ess.booking"].with_user(self.facilitator)
        bookings = bookings.with_context(import_file=True)
        columns = ["asset_id", "entity_id", "start", "stop"]
        use = ["Stage", "Jardin Le Phare", "2026-01-12 09:00:00", "2026-01-14 09:00:00"]
        for column in ("amount", "unit_price"):
            found = bookings.load([*columns, column], [[*use, "40"]])
            self.assertFalse(found["ids"], column)
            self.assertIn("lent for free", str(found["messages"]))
        found = bookings.load(columns, [use])
        self.assertFalse(found["messages"])
        booking = bookings.browse(found["ids"])
        self.assertEqual((booking.state, booking.amount), ("confirmed", 0))
        self.assertEqual(booking.value, 100)
        self.assertEqual(booking.loan_id.kind, "commodat")

    def test_by_a_pricelist(self):
        pricelist = self.env["product.pricelist"].create(
            {
                "name": "Solidarity",
                "item_ids": [
                    Command.create(
                        {
                            "compute_price": "fixed",
                            "fixed_price": 30,
                            "applied_on": "0_product_variant",
                            "product_id": self.stage.product_id.id,
                        }
                    )
                ],
            }
        )
        self.phare.property_product_pricelist = pricelist
        booking = self._loan(self.stage).booking_ids
        self.assertEqual((booking.amount, booking.value), (0, 100))
        quote = self.stage._quote(self.phare, *map(utc, WINDOW))
        self.assertEqual((quote["amount"], quote["unit_price"]), (0, 0))

    def test_by_its_price_or_its_policy(self):
        """What is promised keeps its kind, both ways."""
        free = self._loan(self.stage).booking_ids
        hired = self._loan(self.van).booking_ids
        self.stage.price = 80
        self.free_policy.loan_kind = "hire"
        self.policy.loan_kind = "commodat"
        for booking in (free, hired):
            booking.action_reschedule(None, utc("2026-01-15 09:00"))
        self.assertEqual((free.amount, free.loan_kind), (0, "commodat"))
        self.assertEqual((hired.amount, hired.loan_kind), (120, "hire"))

    def test_by_an_exchange(self):
        booking = self._loan(self.stage).booking_ids
        booking._close(False)
        exchange = booking.exchange_ids
        accountant = self._internal("ada", "ess_mutualisation.group_accountant")
        with self.assertRaisesRegex(UserError, "lent for free"), self.cr.savepoint():
            exchange.with_user(accountant).amount = 40
        self.assertEqual(exchange.amount, 0)

    def test_by_sql(self):
        booking = self._loan(self.stage).booking_ids
        booking.flush_recordset()
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(CheckViolation),
            self.cr.savepoint(),
        ):
            self.cr.execute(
                "UPDATE ess_booking SET amount = 40 WHERE id = %s", [booking.id]
            )

    # === CHANGE OF KIND === #

    def test_the_kind_changes_before_anybody_signs(self):
        loan = self._loan(self.stage)
        with self.assertRaises(AccessError):
            loan.with_user(self.bob).action_set_kind("hire")
        loan.with_user(self.facilitator).action_set_kind("hire")
        self.assertEqual(loan.booking_ids.amount, 100)
        self.assertEqual(loan.booking_ids.loan_kind, "hire")
        self.assertEqual(loan.agreement_id.kind, "hire")
        loan.with_user(self.facilitator).action_set_kind("commodat")
        self.assertEqual(loan.booking_ids.amount, 0)
        loan.with_user(self.bob).action_sign("Bob", PIXEL)
        with self.assertRaisesRegex(UserError, "is signed already"):
            loan.with_user(self.facilitator).action_set_kind("hire")
        for kind in ("staff", "gift", None):
            with self.assertRaisesRegex(UserError, "Kind: choose"):
                loan.action_set_kind(kind)

    def test_the_page_says_why(self):
        start, stop = map(utc, WINDOW)
        quote = self.stage.with_user(self.anais)._portal_quote(start, stop)
        self.assertIn("article 1876", quote["detail"])
        hired = self.van.with_user(self.anais)._portal_quote(start, stop)
        self.assertNotIn("1876", hired["detail"])
