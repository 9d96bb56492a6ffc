"""A budget called month by month, and the year's run that bills the difference."""

from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common_cost import CostCommon


@tagged("post_install", "-at_install")
class TestCostAdvances(CostCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.key = cls._key("parts", {cls.fabrique: 1, cls.phare: 2, cls.semeurs: 4})
        cls.pool = cls._pool(cls.key)
        cls.budget = cls._budget(cls.pool, 1000.0)

    @classmethod
    def _budget(cls, pool, amount, **vals):
        return cls.env["ess.cost.budget"].create(
            {
                "pool_id": pool.id,
                "date_from": "2026-01-01",
                "date_to": "2026-12-31",
                "amount": amount,
                **vals,
            }
        )

    def _plan(self, budget=None):
        (budget or self.budget).with_user(self.accountant).action_plan()
        return (budget or self.budget).call_ids

    def _call(self, calls):
        calls.with_user(self.accountant).action_call()

    def _annual(self, state=("draft", "posted")):
        lines = self.budget.call_ids.line_ids
        return self._cents(lines.filtered(lambda line: line.state in state))

    SHARES = {"Fabrique": 14286, "Phare": 28571, "Semeurs": 57143}

    def test_twelve_equal_months(self):
        calls = self._plan()
        self.assertEqual(len(calls), 12)
        self.assertEqual([str(c.date)[:7] for c in calls[:2]], ["2026-01", "2026-02"])
        self.assertEqual(self._annual(), self.SHARES)
        self.assertEqual(set(calls.mapped("total")), {83.33, 83.34})
        self.assertLessEqual(max(calls.mapped("total")) - 83.33, 0.011)

    def test_a_call_is_exchanges(self):
        first = self._plan()[0]
        self._call(first)
        exchanges = first.line_ids.exchange_ids
        self.assertEqual(first.state, "posted")
        self.assertEqual(round(sum(exchanges.mapped("amount")), 2), first.total)
        self.assertEqual(set(exchanges.mapped("nature")), {"advance"})
        self.assertEqual(exchanges.tax_ids, self.regime.tax_ids)
        self.assertEqual(set(exchanges.mapped("saving")), {0})
        with self.assertRaisesRegex(UserError, "is called; this is possible only"):
            self._call(first)

    def test_calls_and_the_true_up_are_the_annual_share(self):
        """1,000 called, 1,234.56 spent: calls + true-up = share, each and in total."""
        calls = self._plan()
        self._call(calls)
        self._bills(self.pool, [("2026-05-01", "Rent", 1234.56)])
        run = self._posted(self.pool)
        shares = self._cents(run.share_ids)
        self.assertEqual(shares, {"Fabrique": 17637, "Phare": 35273, "Semeurs": 70546})
        self.assertEqual(self._cents(run.share_ids, "called"), self.SHARES)
        exchanges = self.env["ess.exchange"].search([])
        for share in run.share_ids:
            own = exchanges.filtered(lambda e, s=share: e.receiver_id == s.entity_id)
            self.assertEqual(round(sum(own.mapped("amount")), 2), share.amount)
            called = sum(
                calls.line_ids.filtered(
                    lambda li, s=share: li.entity_id == s.entity_id
                ).mapped("amount")
            )
            self.assertEqual(round(called + share.due, 2), share.amount)
        self.assertEqual(calls.line_ids.run_id, run)
        why = self._share(run, self.fabrique).explanation.replace("\xa0", " ")
        self.assertIn("Already called: 142.86 €; 33.51 € to pay.", why)

    def test_too_much_was_called(self):
        self._call(self._plan())
        self._bills(self.pool, [("2026-05-01", "Rent", 700.0)])
        run = self._posted(self.pool)
        why = self._share(run, self.fabrique).explanation.replace("\xa0", " ")
        self.assertIn("Already called: 142.86 €; you get 42.86 € back.", why)

    def test_a_year_without_costs_gives_the_advances_back(self):
        self._call(self._plan())
        run = self._posted(self.pool)
        self.assertEqual(run.total, 0)
        self.assertEqual(sum(run.share_ids.exchange_ids.mapped("amount")), -1000)
        with self.assertRaisesRegex(UserError, "Nothing to split"):
            self._run(self.pool)

    def test_reversing_the_run_frees_the_calls(self):
        calls = self._plan()
        self._call(calls)
        self._bills(self.pool, [("2026-05-01", "Rent", 700.0)])
        run = self._posted(self.pool)
        run.with_user(self.accountant)._reverse("A bill was missing")
        self.assertFalse(calls.line_ids.run_id)
        again = self._posted(self.pool)
        self.assertEqual(self._cents(again.share_ids, "called"), self.SHARES)

    def test_a_call_between_computing_and_posting(self):
        calls = self._plan()
        self._call(calls[:3])
        self._bills(self.pool, [("2026-05-01", "Rent", 700.0)])
        run = self._run(self.pool)
        self._call(calls[3])
        self.assertEqual(run._stale(), "An advance was called or cancelled since.")

    # === JOINING AND LEAVING === #

    def test_who_leaves_in_june_gets_back_what_is_too_much(self):
        """Σ called + Σ to call stays the annual share: 181 days for Les Semeurs."""
        calls = self._plan()
        self._call(calls[:6])
        self._membership(self.pool, self.semeurs).date_to = "2026-06-30"
        self._call(calls[6])
        self.assertEqual(
            self._annual(), {"Fabrique": 20066, "Phare": 40132, "Semeurs": 39802}
        )
        self.assertEqual(sum(self._annual().values()), 100000)

    def test_who_joins_in_july(self):
        self._membership(self.pool, self.semeurs).date_from = "2026-07-01"
        calls = self._plan()
        before = self._annual()
        self._membership(self.pool, self.semeurs).date_from = "2026-10-01"
        self._call(calls[0])
        self.assertLess(self._annual()["Semeurs"], before["Semeurs"])
        self.assertEqual(sum(self._annual().values()), 100000)

    def test_planning_twice_changes_nothing(self):
        calls = self._plan()
        self._call(calls[0])
        lines = calls.line_ids
        self._plan()
        self.assertEqual(self.budget.call_ids.line_ids, lines)

    def test_a_larger_budget_is_called_from_what_is_left(self):
        calls = self._plan()
        self._call(calls[:10])
        self.budget.amount = 1400
        self._plan()
        self.assertEqual(sum(self._annual().values()), 140000)
        with self.assertRaisesRegex(UserError, "only its amount can change"):
            self.budget.instalments = 4

    # === CANCELLED === #

    def test_a_call_is_cancelled_by_counter_exchanges(self):
        calls = self._plan()
        self._call(calls[:2])
        calls[0].with_user(self.accountant).action_cancel()
        exchanges = calls[0].line_ids.exchange_ids
        self.assertEqual((len(exchanges), sum(exchanges.mapped("amount"))), (6, 0))
        self._call(calls[2])
        self.assertEqual(self._annual(), self.SHARES)

    def test_a_settled_call_is_not_cancelled(self):
        calls = self._plan()
        self._call(calls[0])
        calls[0].line_ids.exchange_ids.settled_on = "2026-01-31 10:00:00"
        with self.assertRaisesRegex(UserError, "was settled"):
            calls[0].with_user(self.accountant).action_cancel()

    def test_a_call_taken_back_is_not_cancelled(self):
        calls = self._plan()
        self._call(calls[0])
        self._bills(self.pool, [("2026-05-01", "Rent", 700.0)])
        self._posted(self.pool)
        with self.assertRaisesRegex(UserError, "took the call of 01/01/2026 back"):
            calls[0].with_user(self.accountant).action_cancel()

    # === REFUSALS === #

    def test_no_use_to_base_advances_on(self):
        key = self._key("usage", measure="reading", date_from="2025-01-01")
        pool = self._pool(key, name="Power")
        budget = self._budget(pool, 500.0, instalments=4)
        with self.assertRaisesRegex(
            UserError, "used nothing between 01/01/2025 and 12/31/2025"
        ):
            self._plan(budget)
        for member, units in ((self.phare, 3), (self.semeurs, 1)):
            self.env["ess.cost.reading"].create(
                {
                    "key_id": key.id,
                    "entity_id": member.id,
                    "date": "2025-06-01",
                    "quantity": units,
                }
            )
        calls = self._plan(budget)
        self.assertEqual([str(c.date)[5:7] for c in calls], ["01", "04", "07", "10"])
        self.assertEqual(
            self._cents(calls.line_ids), {"Phare": 37500, "Semeurs": 12500}
        )

    def test_a_budget_within_a_year(self):
        with self.assertRaisesRegex(ValidationError, "within one financial year"):
            self._budget(self.pool, 1.0, date_from="2027-06-01", date_to="2028-01-31")

    def test_locked(self):
        calls = self._plan()
        self.env.company.fiscalyear_lock_date = "2026-01-31"
        with self.assertRaisesRegex(UserError, "01/01/2026 is locked"):
            self._call(calls[0])

    def test_nobody_writes_calls_by_hand(self):
        call = self._plan()[0].with_user(self.accountant)
        with self.assertRaisesRegex(UserError, "plan again"):
            call.state = "posted"
        call.date = "2026-01-15"
        self._call(call)
        with self.assertRaisesRegex(UserError, "is called"):
            call.date = "2026-01-16"
        with self.assertRaisesRegex(UserError, "cancel them first"):
            self.budget.unlink()

    # === BY ITSELF === #

    def _cron(self):
        with self.enter_registry_test_mode():
            self.env.ref("ess_mutualisation.ir_cron_call_due").method_direct_trigger()

    def test_calls_that_are_due(self):
        """On 5 January: the first one; one pool without a product does not stop it."""
        other = self._pool(self.key, name="Power", product_id=False)
        stuck = self._budget(other, 500.0)
        due, waiting = self._plan()[:2]
        self._plan(stuck)
        self.env.flush_all()
        with mute_logger("odoo.addons.ess_mutualisation.models.cost_call_post"):
            self._cron()
            self._cron()
        self.env.invalidate_all()
        self.assertEqual((due.state, waiting.state), ("posted", "draft"))
        self.assertEqual(stuck.call_ids[0].state, "draft")
        told = stuck.message_ids.filtered(lambda m: "was not made" in (m.body or ""))
        self.assertEqual(len(told), 1)
        self.assertIn("Settlement product: Power has none", told.body)

    def test_members_of_other_pools_do_not_matter(self):
        other = self._pool(self.key, self.fabrique, name="Power")
        other.member_ids = [
            Command.create({"entity_id": self.phare.id, "date_from": "2026-01-01"})
        ]
        self._plan()
        self.assertEqual(self._annual(), self.SHARES)
