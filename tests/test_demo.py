"""The demonstration's data tells its story, and loads in a reasonable time."""

import time

from freezegun import freeze_time

from odoo.tests import TransactionCase, tagged
from odoo.tools import float_round
from odoo.tools.convert import convert_file

DEMO = ("demo/federation_demo.xml", "demo/users_demo.xml")


@tagged("post_install", "-at_install")
class TestDemo(TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # ten months after the middle of the file, in winter time
        cls.startClassPatcher(freeze_time("2027-02-10 10:30:00", tick=True))
        began = time.process_time()
        for name in DEMO:
            convert_file(
                cls.env, "ess_mutualisation", name, {}, mode="init", noupdate=True
            )
        cls.seconds = time.process_time() - began
        cls.bookings = cls.env["ess.booking"].search([])

    def _user(self, name):
        return self.env.ref(f"ess_mutualisation.user_{name}_demo")

    def test_story(self):
        self.assertLess(self.seconds, 60)
        members = self.env["res.partner"].search([("ess_is_member", "=", True)])
        self.assertEqual(len(members), 24)
        self.assertEqual(len(members.ess_circle_ids), 2)
        assets = self.env["ess.asset"].search([])
        # the good rows, a hall of three rooms, a sound kit of three parts
        self.assertEqual(len(assets), 134 + 1 + 4)
        self.assertTrue(all(assets.mapped("image_128")))
        self.assertEqual(set(assets.mapped("kind")), {"single", "pool", "composite"})
        self.assertEqual(len(self.bookings), 2330 + 5)
        # half of the file lies in the past
        over = self.bookings.filtered(lambda b: b.state == "done")
        self.assertGreater(len(over), 1000)
        self.assertGreater(len(self.bookings) - len(over), 1000)

    def test_exchanges_have_prices(self):
        exchanges = self.env["ess.exchange"].search([("nature", "=", "use")])
        self.assertGreater(len(exchanges), 1000)
        self.assertFalse(exchanges.filtered(lambda e: e.provider_id == e.receiver_id))
        voisins = exchanges.filtered(
            lambda e: e.receiver_id == self._user("borrower").commercial_partner_id
        )
        # its solidarity tariff takes 30 % off each unit price, to the cent
        self.assertTrue(voisins.filtered("value"))
        for exchange in voisins.filtered("value"):
            price = exchange.booking_id.asset_id.price
            unit = float_round(price * 0.7, precision_digits=2)
            self.assertAlmostEqual(exchange.amount, unit * exchange.quantity, 2)
            self.assertAlmostEqual(exchange.value, price * exchange.quantity, 2)

    def test_today(self):
        states = self.bookings.grouped("state")
        self.assertGreater(len(states["ongoing"]), 2)
        self.assertTrue(states["ongoing"].filtered("is_late"))
        self.assertTrue(states["waiting"])
        nadia, thomas = self._user("lender"), self._user("borrower")
        requests = states["requested"]
        self.assertTrue(requests.filtered(lambda b: b.with_user(nadia)._can_approve()))
        self.assertIn(thomas._ess_entity(), requests.entity_id)
        for booking in requests | states["waiting"]:
            self.assertFalse(booking._reasons(), booking.display_name)

    def test_rounds(self):
        """One is settled to the cent, one is open and has commitments."""
        if self.env.company.account_fiscal_country_id.code != "FR":
            self.skipTest("The demonstration of accounts is French")
        rounds = self.env["ess.round"].search([], order="date_close")
        self.assertEqual(rounds.mapped("state"), ["done", "open"])
        past, now = rounds
        self.assertEqual(past.purchase_count, 3)
        self.assertGreater(past.saved_amount, 0)
        shares = past.share_ids
        billed = sum(past._bills().mapped("amount_untaxed"))
        self.assertAlmostEqual(sum(shares.mapped("amount")), billed, 2)
        self.assertTrue(shares.exchange_ids)
        self.assertGreater(len(now.commitment_ids.entity_id), 5)

    def test_users_read_french(self):
        for name in ("facilitator", "accountant", "lender", "borrower"):
            user = self._user(name)
            self.assertEqual((user.lang, user.tz), ("fr_FR", "Europe/Paris"))
