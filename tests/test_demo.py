"""The demonstration's data tells its story, and loads in a reasonable time."""

import time

from freezegun import freeze_time

from odoo.tests import TransactionCase, tagged
from odoo.tools import float_round
from odoo.tools.convert import convert_file

DEMO = (
    "demo/federation_demo.xml",
    "demo/users_demo.xml",
    "demo/lending_demo.xml",
)


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
        # the good rows, a hall of three rooms, a sound kit of three parts, five to lend
        self.assertEqual(len(assets), 134 + 1 + 4 + 5)
        self.assertTrue(all(assets.mapped("image_128")))
        self.assertEqual(set(assets.mapped("kind")), {"single", "pool", "composite"})
        lent = self.bookings.filtered("loan_id")
        self.assertEqual(len(self.bookings - lent), 2330 + 5)
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
        self.assertEqual((len(past.offer_ids), len(now.offer_ids)), (96, 96))
        self.assertEqual(set(past.offer_ids.mapped("tax_percent")), {5.5, 20})
        self.assertEqual(past.purchase_count, 3)
        self.assertGreater(past.saved_amount, 0)
        shares = past.share_ids
        billed = sum(past._bills().mapped("amount_untaxed"))
        self.assertAlmostEqual(sum(shares.mapped("amount")), billed, 2)
        self.assertTrue(shares.exchange_ids)
        self.assertGreater(len(now.commitment_ids.entity_id), 5)

    def test_loans_in_every_state(self):
        loans = self.env["ess.loan"].search([])
        self.assertEqual(
            {state: len(found) for state, found in loans.grouped("state").items()},
            {
                "draft": 1,
                "to_sign": 2,
                "signed": 2,
                "ongoing": 2,
                "done": 2,
                "cancelled": 1,
            },
        )
        late = loans.filtered("is_late")
        self.assertEqual(late.item_words, "2 × Barnum 6 × 3 m – La Courée")
        self.assertEqual(late.deposit_state, "held")
        self.assertEqual(late.disruption_ids.mapped("state"), ["open"])
        half = loans.filtered("extension_asked")
        self.assertEqual(half.booking_ids.returned_quantity, 20)
        self.assertEqual((half.kind, half.booking_ids.amount), ("commodat", 0))
        for loan in loans.filtered(lambda one: one.state == "to_sign"):
            self.assertTrue(loan.missing)

    def test_deposit_kept_in_part(self):
        """Half of 120.00 is kept of 200.00; both exchanges offset each other."""
        damage = self.env["ess.loan.damage"].search([])
        self.assertEqual((damage.state, damage.amount), ("agreed", 60))
        deposit = damage.loan_id.deposit_ids
        self.assertEqual((deposit.state, deposit.kept_amount), ("kept", 60))
        exchanges = damage.exchange_ids | deposit.exchange_ids
        self.assertEqual(sum(exchanges.mapped("amount")), 0)

    def test_need_with_proposals(self):
        need = self.env["ess.need"].search([])
        best = need.proposal_ids.sorted("rank")[0]
        self.assertEqual(sum(best.line_ids.mapped("quantity")), 150)
        self.assertEqual(best.lender_count, 2)
        self.assertEqual(set(best.line_ids.mapped("state")), {"asked", "agreed"})

    def test_staff_time_at_cost(self):
        staff = self.env["ess.staff.loan"].search([])
        self.assertEqual(staff.state, "signed")
        self.assertFalse(staff._bill_reasons())
        self.assertEqual(sum(staff.line_ids.mapped("amount")), 722.64)

    def test_users_read_french(self):
        for name in ("facilitator", "accountant", "lender", "borrower"):
            user = self._user(name)
            self.assertEqual((user.lang, user.tz), ("fr_FR", "Europe/Paris"))
