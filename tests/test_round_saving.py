from odoo.exceptions import AccessError
from odoo.tests import tagged

from .test_round_settle import SettleCommon, cents


@tagged("post_install", "-at_install")
class TestRoundSaving(SettleCommon):
    """What it saved: real bills against the price of the own quantity alone."""

    def test_nothing_is_claimed_before_the_bills(self):
        self.assertIsNone(self.one._saving(self.fabrique))
        self.assertEqual(self.one.saved_amount, 0)

    def test_paid_against_alone(self):
        self._both_bills()
        self.one.action_settle()
        saving = self.one._saving(self.fabrique)
        figures = {name: cents(value) for name, value in list(saving.items())[:5]}
        self.assertEqual(
            figures,
            {
                # 90 × 28.00 + 3.5 × 4.30
                "paid": 253505,
                # 90 × 30.05 + 3.5 × 4.30
                "alone": 271955,
                "first_tier": 271955,
                "saved_alone": 18450,
                "saved_first": 18450,
            },
        )
        self.assertEqual(len(saving["assumptions"]), 3)
        # 216 × 2.05: on lentils and paper nothing was saved
        self.assertEqual(cents(self.one.saved_amount), 44280)

    def test_who_reaches_a_tier_alone_saves_nothing_by_it(self):
        self.one.state = "draft"
        self.flours.tier_ids[1].from_quantity = 85
        self.one.state = "received"
        self._both_bills()
        self.one.action_settle()
        rows = self.env["ess.round.saving"].search([("offer_id", "=", self.flours.id)])
        saved = {
            row.entity_id.name.split()[-1]: (
                cents(row.saved_alone),
                cents(row.saved_first),
            )
            for row in rows
        }
        self.assertEqual(
            saved,
            {
                # 90 reach 27.95 alone, and 28.00 was billed
                "Fabrique": (-450, 18450),
                "Phare": (17015, 17015),
                "Semeurs": (8815, 8815),
            },
        )

    def test_the_report_agrees_with_the_exchanges(self):
        """The value of the exchanges is the same figure."""
        self._both_bills()
        self.one.action_settle()
        rows = self.env["ess.round.saving"].search([("round_id", "=", self.one.id)])
        goods = self._exchanges().filtered(lambda e: e.nature == "goods")
        self.assertEqual(
            sum(cents(row.alone) for row in rows),
            sum(cents(exchange.value) for exchange in goods),
        )

    def test_others_savings_are_not_read(self):
        volunteer = self._volunteer(self.phare, "volunteer")
        with self.assertRaises(AccessError):
            self.env["ess.round.saving"].with_user(volunteer).search([])
        self.assertIsNone(self.one.with_user(volunteer)._saving(self.phare))
