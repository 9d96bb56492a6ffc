"""A supplier's minimum that fails at the deadline, and the four things that may follow.

La Lessive takes no order below 100 €; 10 kg of soap at 8 € are asked for. Of Nord Bio,
a carton of flour is ordered in any case.
"""

from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import utc
from .common_round import CLOSES, RoundCommon


@tagged("post_install", "-at_install")
class TestRoundMinimum(RoundCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.supplier = cls.soap.supplier_id
        cls.supplier.write({"minimum_amount": 100, "freight_amount": 15})
        cls.round.action_open()
        cls.bag = cls._commit(cls.flour, cls.phare, 12)
        cls.bar = cls._commit(cls.soap, cls.phare, 12)
        cls.second = cls._commit(cls.soap, cls.semeurs, 8)

    def _due(self, at="2026-01-09 17:05:00"):
        with self.at(at), self.enter_registry_test_mode():
            self.env.ref(
                "ess_mutualisation.ir_cron_round_close"
            ).method_direct_trigger()
        self.env.invalidate_all()

    def _todo(self):
        return self.round.activity_ids

    def test_left_out(self):
        self.round.minimum_policy = "cancel"
        self._due()
        self.assertEqual(self.round.state, "closed")
        self.assertEqual((self.bar.allotted, self.bag.allotted), (0, 12))
        self.assertEqual(
            self.bar._why(),
            "Nothing: it would have been 6\u00a0kg, but all orders to La Lessive "
            "together came to 80.00\u00a0€, and its minimum is 100.00\u00a0€.",
        )
        self.assertEqual((self.soap.ordered, self.soap.unit_price), (0, 0))
        self.assertEqual((self.supplier.state, self.supplier.amount), ("out", 0))
        self.assertEqual(self.flour.supplier_id.state, "ok")
        self.assertEqual(self.round._replay(), [])

    def test_put_off_once_then_left_out(self):
        """Three days later, at the same time on the clock; then no more."""
        self.round.write({"minimum_policy": "extend", "extend_days": 3})
        self._due()
        self.assertEqual(self.round.state, "open")
        self.assertEqual(self.round.date_close, utc("2026-01-12 18:00"))
        self.assertTrue(self.round.extended_on)
        self._due("2026-01-12 16:55:00")
        self.assertEqual(self.round.state, "open")
        self._due("2026-01-12 17:00:00")
        self.assertEqual((self.round.state, self.supplier.state), ("closed", "out"))

    def test_put_off_and_reached(self):
        self.round.minimum_policy = "extend"
        self._due()
        with self.at("2026-01-10 08:00:00"):
            self.second.want = 13
        self._due("2026-01-12 17:00:00")
        self.assertEqual((self.round.state, self.supplier.state), ("closed", "ok"))
        self.assertEqual((self.bar.allotted, self.second.allotted), (12, 13))
        self.assertEqual(self.supplier.amount, 100, "exactly the minimum is enough")

    def test_ordered_with_freight(self):
        self.round.minimum_policy = "freight"
        self._due()
        self.assertEqual((self.round.state, self.supplier.state), ("closed", "freight"))
        self.assertEqual((self.bar.allotted, self.supplier.amount), (12, 80))
        cost = self.round.cost_ids
        self.assertEqual((cost.name, cost.kind), ("Freight of La Lessive", "freight"))
        self.assertEqual((cost.estimated, cost.supplier_ids), (15, self.supplier))
        self.round.action_reopen("2026-01-20 17:00:00")
        self.assertFalse(self.round.cost_ids, "decided anew")
        self.assertEqual(self.supplier.state, "open")

    def test_the_freight_is_named_in_the_language_of_the_coordinator(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.env["ir.module.module"]._load_module_terms(
            ["ess_mutualisation"], ["fr_FR"]
        )
        self.round.coordinator_id.lang = "fr_FR"
        self.round.minimum_policy = "freight"
        self._due()
        self.assertEqual(self.round.cost_ids.name, "Frais de port de La Lessive")

    def test_the_coordinator_is_asked(self):
        self._due()
        self.assertEqual((self.round.state, self.supplier.state), ("open", "asked"))
        sentence = (
            "La Lessive: 80.00\u00a0€ are ordered, its minimum is 100.00\u00a0€; "
            "20.00\u00a0€ are missing."
        )
        self.assertEqual(self.round.waiting_for, sentence)
        todo = self._todo()
        self.assertEqual(todo.user_id, self.round.coordinator_id)
        self.assertIn("La Lessive", todo.note)
        self._due("2026-01-09 17:10:00")
        self.assertEqual(self._todo(), todo, "asked once")
        with self.at("2026-01-09 18:00:00"):
            self.supplier.action_order_anyway()
        self.assertEqual((self.round.state, self.supplier.state), ("closed", "freight"))
        self.assertEqual(self.bar.allotted, 12)
        self.assertFalse(self.round.waiting_for)
        self.assertFalse(self._todo())

    def test_the_coordinator_leaves_it_out(self):
        self._due()
        self.supplier.action_leave_out()
        self.assertEqual((self.round.state, self.bar.allotted), ("closed", 0))
        with self.assertRaisesRegex(UserError, "January is closed"):
            self.supplier.action_leave_out()

    def test_the_coordinator_gives_more_time(self):
        self._due()
        with self.at("2026-01-09 18:00:00"):
            with self.assertRaisesRegex(
                UserError, "lies ahead.*Monday 12 January 2026 18:00"
            ):
                self.round.action_extend("2026-01-09 17:30:00")
            self.round.action_extend("2026-01-14 17:00:00")
        self.assertEqual((self.round.state, self.supplier.state), ("open", "open"))
        self.assertFalse(self.round.waiting_for or self._todo())
        with self.at("2026-01-13 08:00:00"):
            self.second.want = 20
        self._due("2026-01-14 17:00:00")
        self.assertEqual((self.round.state, self.supplier.state), ("closed", "ok"))

    def test_nothing_is_asked_before(self):
        with self.assertRaisesRegex(UserError, "nothing is asked about this supplier"):
            self.supplier.action_order_anyway()

    def test_a_minimum_in_kilograms(self):
        self.supplier.write({"minimum_amount": 0, "minimum_weight": 10.5})
        self._due()
        self.assertEqual(
            self.round.waiting_for,
            "La Lessive: 10\u00a0kg are ordered, its minimum is 10.5\u00a0kg; "
            "0.5\u00a0kg are missing.".replace("\u00a0", " "),
        )
        self.supplier.action_leave_out()
        self.assertIn("weighed 10 kg, and its minimum is 10.5 kg", self.bar._why())

    def test_of_whom_nothing_is_ordered_nothing_is_asked(self):
        (self.bar | self.second).action_withdraw()
        self._due()
        self.assertEqual((self.round.state, self.supplier.state), ("closed", "out"))

    def test_not_before_the_deadline(self):
        self._due("2026-01-09 16:55:00")
        self.assertEqual(self.round.state, "open")
        self.assertEqual(self.round.date_close, utc(CLOSES))
