"""Too little of a product is asked for, and the four things that may follow.

Nord Bio takes no order of flour below 36 bags, by cartons of 12 at 30 €; 14 and 6 are
asked for, with 4 more tolerated. Soap is ordered in any case.
"""

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import utc
from .common_round import RoundCommon


@tagged("post_install", "-at_install")
class TestRoundProductMinimum(RoundCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.flour.minimum = 36
        cls.facilitator = cls._internal("fa", "ess_mutualisation.group_facilitator")
        cls.accountant = cls._internal("acc", "ess_mutualisation.group_accountant")
        cls.supplier = cls.flour.supplier_id
        cls.supplier.freight_amount = 15
        cls.round.action_open()
        cls.first = cls._commit(cls.flour, cls.phare, 14, tolerance=4)
        cls.second = cls._commit(cls.flour, cls.semeurs, 6)
        cls.bar = cls._commit(cls.soap, cls.phare, 12)

    def _due(self, at="2026-01-09 17:05:00"):
        with self.at(at), self.enter_registry_test_mode():
            cron = self.env.ref("ess_mutualisation.ir_cron_round_close")
            cron.method_direct_trigger()
        self.env.invalidate_all()

    SENTENCE = (
        "Flour T80: 20 are asked for at its price, 24 with all "
        "tolerance, the smallest order is 36; 12 are missing."
    )

    def test_left_out(self):
        """Nothing else is said about the rule: this product is left out."""
        self._due()
        self.assertEqual(self.round.state, "closed")
        self.assertEqual((self.flour.ordered, self.flour.minimum_state), (0, "out"))
        self.assertEqual((self.first.allotted, self.bar.allotted), (0, 12))
        self.assertIn("takes no order below 36", self.first._why())
        self.assertFalse(self.round.cost_ids)

    def test_put_off_once_then_left_out(self):
        self.round.product_policy = "extend"
        self._due()
        self.assertEqual(self.round.state, "open")
        self.assertEqual(self.round.date_close, utc("2026-01-12 18:00"))
        (due,) = [one for one in self.round.mails_due if one["step"] == "extended"]
        self.assertEqual(self.round._mail_shortfalls(due["figures"]), [self.SENTENCE])
        self._due("2026-01-12 17:00:00")
        self.assertEqual((self.round.state, self.first.allotted), ("closed", 0))

    def test_put_off_and_reached(self):
        self.round.product_policy = "extend"
        self._due()
        with self.at("2026-01-10 08:00:00"):
            self.second.want = 20
        self._due("2026-01-12 17:00:00")
        self.assertEqual((self.round.state, self.flour.ordered), ("closed", 36))
        self.assertEqual(self.flour.minimum_state, "open")

    def test_ordered_with_freight(self):
        """Two cartons, the last one filled by tolerance, at the first price."""
        self.round.product_policy = "freight"
        self._due()
        self.assertEqual((self.round.state, self.flour.ordered), ("closed", 24))
        self.assertEqual((self.first.allotted, self.second.allotted), (18, 6))
        self.assertEqual(self.flour.unit_price, 27, "24 reach the second tier")
        cost = self.round.cost_ids
        self.assertEqual(
            (cost.name, cost.estimated), ("Freight of Grossiste Nord Bio", 15)
        )
        self.assertEqual(self.round._replay(), [])
        self.round.action_reopen("2026-01-20 17:00:00")
        self.assertFalse(self.round.cost_ids, "decided anew")
        self.assertEqual(self.flour.minimum_state, "open")

    def test_freight_once_for_product_and_supplier(self):
        self.round.write({"product_policy": "freight", "minimum_policy": "freight"})
        self.supplier.minimum_amount = 5000
        self._due()
        self.assertEqual((self.round.state, self.supplier.state), ("closed", "freight"))
        self.assertEqual(len(self.round.cost_ids), 1)

    def test_no_freight_for_what_is_not_ordered_all_the_same(self):
        """Six do not fill a carton of twelve, whatever the supplier agrees to."""
        self.first.action_withdraw()
        self.round.product_policy = "freight"
        self._due()
        self.assertEqual((self.round.state, self.flour.ordered), ("closed", 0))
        self.assertFalse(self.round.cost_ids)
        self.assertIn("a carton holds 12", self.second._why())

    def test_the_coordinator_is_asked(self):
        self.round.product_policy = "ask"
        self._due()
        self.assertEqual(
            (self.round.state, self.flour.minimum_state), ("open", "asked")
        )
        self.assertEqual(self.round.waiting_for, self.SENTENCE)
        self.assertEqual(self.round.asked_offer_count, 1)
        todo = self.round.activity_ids
        self.assertEqual(todo.user_id, self.round.coordinator_id)
        self.assertIn("Flour T80", todo.note)
        self._due("2026-01-09 17:10:00")
        self.assertEqual(self.round.activity_ids, todo, "asked once")
        with self.at("2026-01-09 18:00:00"):
            self.flour.action_order_anyway()
        self.assertEqual((self.round.state, self.flour.ordered), ("closed", 24))
        self.assertFalse(self.round.waiting_for or self.round.activity_ids)

    def test_all_products_are_answered_at_once(self):
        self.soap.minimum = 100
        self.round.product_policy = "ask"
        self._due()
        self.assertEqual(self.round.asked_offer_count, 2)
        self.assertEqual(len(self.round.waiting_for.split("\n")), 2)
        self.soap.action_leave_out()
        self.assertEqual(self.round.state, "open", "flour waits for its answer")
        with self.assertRaisesRegex(UserError, "Soap: nothing is asked"):
            self.soap.action_order_anyway()
        self.round.action_products_out()
        self.assertEqual((self.round.state, self.flour.ordered), ("closed", 0))

    def test_terms_that_the_supplier_changes_are_looked_at_anew(self):
        """It agrees to 24: the minimum is changed, and the round closed."""
        self.round.product_policy = "ask"
        self._due()
        with self.at("2026-01-09 18:00:00"):
            self.flour.minimum = 24
            self.round.action_close()
        self.assertEqual((self.round.state, self.flour.ordered), ("closed", 24))
        self.assertEqual(self.flour.minimum_state, "open")
        self.assertFalse(self.round.cost_ids)

    def test_products_first_then_suppliers(self):
        """What is ordered of the product counts for the minimum of its supplier."""
        self.round.write({"product_policy": "ask", "minimum_policy": "ask"})
        self.supplier.minimum_amount = 600
        self._due()
        self.assertEqual(
            (self.flour.minimum_state, self.supplier.state), ("asked", "open")
        )
        self.flour.action_order_anyway()
        self.assertEqual((self.round.state, self.supplier.state), ("closed", "ok"))
        self.assertEqual(self.supplier.amount, 648)

    def test_more_time_for_all_that_was_answered(self):
        self.soap.minimum = 100
        self.round.product_policy = "ask"
        self._due()
        own = self.round.activity_schedule("mail.mail_activity_data_todo")
        own.automated = False
        self.soap.action_leave_out()
        with self.at("2026-01-09 18:00:00"):
            self.round.action_extend("2026-01-14 17:00:00")
        self.assertEqual(set(self.round.offer_ids.mapped("minimum_state")), {"open"})
        self.assertEqual(self.round.activity_ids, own, "what a person noted stays")

    def test_the_outlook_says_it_before(self):
        outlook = self.env["ess.round.outlook"].create({"round_id": self.round.id})
        self.assertEqual(outlook.shortfalls, self.SENTENCE)

    def test_what_nobody_may(self):
        with self.assertRaisesRegex(UserError, "nothing is asked about this product"):
            self.flour.action_leave_out()
        with self.assertRaisesRegex(UserError, "not entered by hand"):
            self.flour.with_user(self.facilitator).minimum_state = "anyway"
        self.round.product_policy = "ask"
        self._due()
        accountant = self.flour.with_user(self.accountant)
        for act in (accountant.action_leave_out, accountant.action_order_anyway):
            with self.assertRaises(AccessError):
                act()
        with self.assertRaises(AccessError):
            self.round.with_user(self.accountant).action_products_out()
