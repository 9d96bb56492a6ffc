from freezegun import freeze_time

from odoo.tests import Form, tagged

from .common_cost import CostCommon
from .common_settlement import SettlementCommon


@tagged("post_install", "-at_install")
class TestCostSuggestions(CostCommon):
    """In January the costs of the year before are split, and keys compared on them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.key = cls._key(date_from="2025-01-01")
        cls.pool = cls._pool(cls.key)
        cls._bills(cls.pool, [("2025-11-15", "Rent", 100.0)])

    def _suggested(self):
        run = Form(self.env["ess.cost.run"].with_user(self.accountant))
        run.pool_id = self.pool
        return str(run.date_from), str(run.date_to)

    def test_costs_of_last_year_come_first(self):
        self.assertEqual(self._suggested(), ("2025-01-01", "2025-12-31"))
        self._posted(self.pool, "2025-01-01", "2025-12-31")
        self.assertEqual(self._suggested(), ("2026-01-01", "2026-12-31"))
        # a late bill asks for a correction of exactly these days
        self._bills(self.pool, [("2025-12-31", "Late", 9.0)])
        self.assertEqual(self._suggested(), ("2025-01-01", "2025-12-31"))

    def test_quarter_of_the_oldest_cost(self):
        self.pool.period = "quarter"
        self.assertEqual(self._suggested(), ("2025-10-01", "2025-12-31"))
        self._posted(self.pool, "2025-10-01", "2025-12-31")
        self.assertEqual(self._suggested(), ("2026-01-01", "2026-03-31"))

    def test_keys_are_compared_where_costs_are(self):
        compare = self.env["ess.cost.compare"].with_user(self.accountant)
        wizard = Form(compare.with_context(active_model=self.pool._name))
        self.assertFalse(wizard.date_from)
        wizard.pool_id = self.pool
        self.assertEqual(
            (str(wizard.date_from), str(wizard.date_to)), ("2025-01-01", "2025-12-31")
        )
        self.assertEqual(wizard.version_ids[:], self.key.version_ids)
        self._bills(self.pool, [("2026-01-02", "Rent", 10.0)])
        wizard = Form(
            compare.with_context(active_model=self.pool._name, active_id=self.pool.id)
        )
        self.assertEqual(str(wizard.date_from), "2026-01-01")


@tagged("post_install", "-at_install")
class TestSettlementSuggestions(SettlementCommon):
    """On 2 February 2026."""

    def _suggested(self):
        form = Form(self.env["ess.settlement"])
        return str(form.date_from), str(form.date_to)

    def test_from_the_last_one_to_the_end_of_the_month(self):
        self.env["ess.settlement"].search([]).unlink()
        self.assertEqual(self._suggested(), ("2026-01-01", "2026-01-31"))
        self._exchange(self.fabrique, self.phare, 40, day="2025-11-20")
        self.assertEqual(self._suggested(), ("2025-11-01", "2026-01-31"))
        self._settled(date_from="2025-11-01", date_to="2025-12-31")
        self.assertEqual(self._suggested(), ("2026-01-01", "2026-01-31"))
        self._exchange(self.fabrique, self.phare, 40)
        self._settled()
        self.assertEqual(self._suggested(), ("2026-02-01", "2026-02-28"))
        self.startPatcher(freeze_time("2026-05-04 09:00:00"))
        self.assertEqual(self._suggested(), ("2026-02-01", "2026-04-30"))

    def test_lists_of_documents_say_whose_they_are(self):
        """Odoo's lists of invoices hide the partner where they do not know the kind."""
        self._exchange(self.federation, self.phare, 40)
        self._exchange(self.fabrique, self.federation, 40)
        settlement = self._settled()
        for action in settlement.action_view_invoices(), settlement.action_view_bills():
            move = self.env["account.move"].search(action["domain"])
            self.assertEqual(len(move), 1)
            self.assertEqual(action["context"]["default_move_type"], move.move_type)

    def test_accountant_mends_a_missing_product(self):
        exchange = self._exchange(self.federation, self.phare, 40, product_id=False)
        settlement = self._settlement()
        settlement.action_prepare()
        issue = settlement.issue_ids.filtered(lambda one: one.code == "no_product")
        accountant = self._internal("mends", "ess_mutualisation.group_accountant")
        action = issue.with_user(accountant).action_open()
        self.assertEqual(
            (action["res_model"], action["res_id"]), (exchange._name, exchange.id)
        )
        form = Form(exchange.with_user(accountant))
        form.product_id = self.hire
        form.save()
        settlement.action_prepare()
        self.assertNotIn("no_product", settlement.issue_ids.mapped("code"))
