from psycopg2 import IntegrityError

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import EssCommon


@tagged("post_install", "-at_install")
class TestExchange(EssCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        booking = cls._booking(cls.van, "2026-01-12 09:00", "2026-01-15 09:00")
        booking.action_request()
        with cls.at("2026-01-15 09:00:00"):
            booking.action_done()
        cls.exchange = booking.exchange_ids
        cls.accountant = cls._internal(
            "accountant", "ess_mutualisation.group_accountant"
        )

    def test_open_exchange_is_corrected_by_the_accountant_alone(self):
        self.exchange.with_user(self.accountant).amount = 100
        self.assertEqual(self.exchange.saving, 20)
        facilitator = self._internal("fa", "ess_mutualisation.group_facilitator")
        with self.assertRaises(AccessError):
            self.exchange.with_user(facilitator).amount = 90

    def test_settled_exchange_never_changes(self):
        self.exchange.settled_on = fields.Datetime.now()
        self.assertEqual(self.exchange.state, "settled")
        with self.assertRaisesRegex(UserError, "make a counter-exchange"):
            self.exchange.amount = 1
        with self.assertRaisesRegex(UserError, "cannot change any more"):
            self.exchange.unlink()

    @mute_logger("odoo.sql_db")
    def test_settled_exchange_never_changes_in_sql_either(self):
        self.exchange.settled_on = fields.Datetime.now()
        self.env.flush_all()
        for statement in (
            "UPDATE ess_exchange SET amount = 1 WHERE id = %s",
            "UPDATE ess_exchange SET settled_on = NULL WHERE id = %s",
            "DELETE FROM ess_exchange WHERE id = %s",
        ):
            with (
                self.assertRaisesRegex(IntegrityError, "is settled"),
                self.cr.savepoint(),
            ):
                self.cr.execute(statement, [self.exchange.id])

    def test_counter_exchange(self):
        self.exchange.settled_on = fields.Datetime.now()
        with self.assertRaisesRegex(UserError, "say why"):
            self.exchange._make_counter(" ")
        counter = self.exchange._make_counter("The van did not start")
        self.assertEqual((counter.amount, counter.value), (-120, -120))
        self.assertEqual(sum((counter | self.exchange).mapped("amount")), 0)
        self.assertEqual(counter.state, "open")
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(IntegrityError),
            self.cr.savepoint(),
        ):
            self.exchange._make_counter("Twice")

    @mute_logger("odoo.sql_db")
    def test_one_origin_and_two_parties(self):
        for vals in ({"booking_id": False}, {"receiver_id": self.fabrique.id}):
            with self.assertRaises(IntegrityError), self.cr.savepoint():
                self.exchange.write(vals)
                self.env.flush_all()

    def test_search_by_state(self):
        search = self.env["ess.exchange"].search
        self.assertIn(self.exchange, search([("state", "=", "open")]))
        self.assertNotIn(self.exchange, search([("state", "=", "settled")]))
        self.assertNotIn(self.exchange, search([("state", "!=", "open")]))
