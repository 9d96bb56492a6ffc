"""A run from the bills to the exchanges: who pays what, and why."""

from odoo.exceptions import UserError
from odoo.tests import tagged

from .common_cost import CostCommon


@tagged("post_install", "-at_install")
class TestCostRun(CostCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.key = cls._key("equal")
        cls.pool = cls._pool(cls.key)
        cls.bills = cls._bills(
            cls.pool,
            [("2026-01-28", "Rent", 1000.0), ("2026-03-15", "Electricity", 0.01)],
        )

    def test_pool_has_its_account(self):
        account = self.pool.analytic_account_id
        plan = self.env.ref("ess_mutualisation.analytic_plan_pools")
        self.assertEqual((account.name, account.plan_id), ("Depot", plan))
        self.pool.name = "Great depot"
        self.assertEqual(account.name, "Great depot")

    def test_thousand_euros_and_a_cent_among_three(self):
        run = self._run(self.pool)
        self.assertEqual(
            (run.state, run.kind, run.total), ("computed", "actual", 1000.01)
        )
        self.assertEqual(
            self._cents(run.share_ids),
            {"Fabrique": 33334, "Phare": 33334, "Semeurs": 33333},
        )
        self.assertEqual(set(run.share_ids.mapped("exact")), {"100001/3"})
        self.assertEqual(len(run.source_ids), 2)
        self.assertIn("3 members share equally.", run.share_ids[0].explanation)

    def test_from_computed_to_exchanges(self):
        run = self._posted(self.pool)
        self.assertEqual(run.state, "posted")
        exchanges = run.share_ids.exchange_ids
        self.assertEqual(sum(exchanges.mapped("amount")), 1000.01)
        self.assertEqual(exchanges.provider_id, self.env.company.partner_id)
        self.assertEqual(exchanges.tax_ids, self.regime.tax_ids)
        with self.assertRaisesRegex(UserError, "Nothing to split"):
            self._run(self.pool)
