"""A pool in the life of an accountant: credit notes, corrections, reversals, calls."""

from calendar import monthrange

from odoo.exceptions import UserError
from odoo.tests import tagged

from .common_cost import CostCommon


@tagged("post_install", "-at_install")
class TestCostLife(CostCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.key = cls._key("equal")

    @staticmethod
    def _month(month):
        return f"2026-{month:02}-01", f"2026-{month:02}-{monthrange(2026, month)[1]}"

    def _shares(self, pool):
        return self.env["ess.cost.share"].search([("pool_id", "=", pool.id)])

    def _total(self, records, name="amount"):
        return round(sum(records.mapped(name)), 2)

    def _budget(self, pool, amount, instalments):
        budget = self.env["ess.cost.budget"].create(
            {
                "pool_id": pool.id,
                "date_from": "2026-01-01",
                "date_to": "2026-12-31",
                "amount": amount,
                "instalments": instalments,
            }
        )
        budget.action_plan()
        return budget.call_ids.sorted("number")

    # === BILLS === #

    def test_one_bill_for_three_pools(self):
        """5 cents in thirds: Odoo rounds the lines, and they still make 5 cents."""
        pools = [self._pool(self.key, name=name) for name in "ABC"]
        vals = self._bill_vals(pools[0], "2026-01-10", "Stamps", 0.05)
        vals["invoice_line_ids"][0][2]["analytic_distribution"] = {
            str(pool.analytic_account_id.id): percent
            for pool, percent in zip(pools, (33.33, 33.33, 33.34), strict=True)
        }
        self.env["account.move"].create(vals).action_post()
        runs = self.env["ess.cost.run"].union(*(self._posted(p) for p in pools))
        self.assertEqual(self._total(runs, "total"), 0.05)
        self.assertEqual(self._total(runs.share_ids), 0.05)

    def test_a_bill_in_another_currency(self):
        own = self.env.company.currency_id
        usd, eur = self.env.ref("base.USD"), self.env.ref("base.EUR")
        foreign = usd if own != usd else eur
        foreign.active = True
        self.env["res.currency.rate"].create(
            {
                "currency_id": foreign.id,
                "name": "2026-01-01",
                "rate": 1.37,
                "company_id": self.env.company.id,
            }
        )
        pool = self._pool(self.key)
        vals = self._bill_vals(pool, "2026-01-10", "Licence", 100.01)
        self.env["account.move"].create(
            {**vals, "currency_id": foreign.id}
        ).action_post()
        self.assertEqual(self._posted(pool).total, 73.0)

    def test_distribution_changed_after_the_run(self):
        pool, other = self._pool(self.key), self._pool(self.key, name="Other")
        line = self._bills(pool, [("2026-02-01", "Rent", 1200)]).invoice_line_ids
        mine = {str(pool.analytic_account_id.id): 100}
        theirs = {str(other.analytic_account_id.id): 100}
        run = self._run(pool)
        line.analytic_distribution = theirs
        self.assertIn("reset to draft, cancelled or deleted since", run.stale_reason)
        run.action_reset()
        line.analytic_distribution = mine
        self._posted(pool)
        with self.assertRaisesRegex(UserError, "reverse that run first"):
            line.analytic_distribution = theirs
            self.env.flush_all()

    # === PERIODS === #

    def test_months_with_credit_corrections_and_reversals(self):
        """Half a year of 100.01 to 100.06; a credit note beyond March; February is
        taken back after June, split again, and a last cent comes late."""
        pool = self._pool(self.key, period="month")
        runs = {}
        for month in range(1, 7):
            rent = 100 + month / 100
            self._bills(pool, [(f"2026-{month:02}-05", "Rent", rent)])
            runs[month] = self._posted(pool, *self._month(month))
        self._bills(pool, [("2026-03-20", "Credit note", -250.55)])
        credit = self._posted(pool, *self._month(3))
        self.assertEqual((credit.kind, credit.total), ("correction", -250.55))
        runs[2].with_user(self.accountant)._reverse("Wrong bill")
        self.assertEqual(self._posted(pool, *self._month(2)).kind, "actual")
        self._bills(pool, [("2026-02-20", "Late", 0.01)])
        self._posted(pool, *self._month(2))
        shares = self._shares(pool)
        # 600.21 − 250.55 + 0.01 = 349.67 among three: 116.56, 116.56, 116.55
        self.assertEqual(sorted(self._cents(shares).values()), [11655, 11656, 11656])
        self.assertEqual(self._total(shares.exchange_ids), 349.67)
        self.assertEqual(runs[1]._verify_chain(), [])

    def test_the_first_run_taken_back_under_its_correction(self):
        """600 € a year alone for each: worth 1,800 in all, however it is split."""
        pool = self._pool(self.key)
        pool.member_ids.standalone_cost = 600
        self._bills(pool, [("2026-02-01", "Rent", 900.01)])
        first = self._posted(pool)
        self._bills(pool, [("2026-05-01", "Late", 90.0)])
        self._posted(pool)
        first.with_user(self.accountant)._reverse("Wrong bill")
        again = self._posted(pool)
        self.assertEqual((again.kind, again.total), ("actual", 900.01))
        exchanges = self._shares(pool).exchange_ids
        self.assertEqual(self._total(exchanges), 990.01)
        self.assertEqual(self._total(exchanges, "value"), 1800)
        self.assertIn("of it was counted already", again.share_ids[0].explanation)

    def test_a_financial_year_from_april(self):
        self.env.company.write({"fiscalyear_last_month": "3"})
        pool = self._pool(self.key, period="quarter")
        self._bills(
            pool, [("2026-01-05", "Rent", 100.0), ("2026-04-05", "Rent", 100.0)]
        )
        with self.assertRaisesRegex(UserError, "choose 01/01/2026 to 03/31/2026"):
            self._run(pool)
        before = self._posted(pool, "2026-01-01", "2026-03-31")
        after = self._posted(pool, "2026-04-01", "2026-06-30")
        # another year: the odd cent starts anew with the same member
        self.assertEqual(self._cents(before.share_ids), self._cents(after.share_ids))

    def test_a_key_that_changes_within_a_month(self):
        pool = self._pool(self.key, period="month")
        self.key.version_ids.date_to = "2026-03-15"
        self._version(
            self.key,
            date_from="2026-03-16",
            kind="parts",
            lines={self.fabrique: 2, self.phare: 1, self.semeurs: 0},
        )
        self._bills(pool, [("2026-03-05", "Rent", 10), ("2026-03-20", "Rent", 10)])
        with self.assertRaisesRegex(
            UserError,
            "choose 03/01/2026 to 03/15/2026 or 03/16/2026 to 03/31/2026",
        ):
            self._run(pool, *self._month(3))
        self._posted(pool, "2026-03-01", "2026-03-15")
        second = self._posted(pool, "2026-03-16", "2026-03-31")
        # 3.33⅓ + 6.66⅔ = 10; 3.33⅓ + 3.33⅓ = 6.66⅔; 3.33⅓
        self.assertEqual(
            self._cents(self._shares(pool)),
            {"Fabrique": 1000, "Phare": 667, "Semeurs": 333},
        )
        self.assertEqual(self._total(second.share_ids), 10)

    def test_a_pool_without_members(self):
        pool = self._pool(self.key, self.env["res.partner"])
        self._bills(pool, [("2026-02-01", "Rent", 1200)])
        with self.assertRaisesRegex(UserError, "Depot has no member between"):
            self._run(pool)

    # === ADVANCES === #

    def test_advances_without_any_cost_are_given_back(self):
        pool = self._pool(self.key)
        calls = self._budget(pool, 100, 2)
        calls.action_call()
        run = self._posted(pool)
        self.assertEqual(self._total(run.share_ids, "due"), -100)
        exchanges = run.share_ids.exchange_ids | calls.line_ids.exchange_ids
        self.assertEqual(self._total(exchanges), 0)
        self.assertIn("you get", run.share_ids[0].explanation)
        run.with_user(self.accountant)._reverse("There was a bill")
        self._bills(pool, [("2026-02-01", "Rent", 90)])
        run = self._posted(pool)
        self.assertEqual(self._total(run.share_ids, "due"), -10)
        self.assertEqual(run._verify_chain(), [])

    def test_planned_again_after_somebody_left(self):
        """It had been called for three months and stayed for a month and a half."""
        pool = self._pool(self.key)
        calls = self._budget(pool, 1200, 12)
        calls[:3].action_call()
        self._membership(pool, self.phare).date_to = "2026-02-15"
        calls.budget_id.action_plan()
        calls[3:].action_call()
        self._bills(pool, [("2026-02-01", "Rent", 1200)])
        run = self._posted(pool)
        self.assertEqual(self._total(run.share_ids, "called"), 1200)
        self.assertFalse(any(run.share_ids.mapped("due")))
