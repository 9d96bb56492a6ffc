"""Two real connections on one pool: one set of exchanges, and no cost lost."""

from freezegun import freeze_time

from odoo.tests import new_test_user, tagged

from .common import NOW, EssData
from .common_cost import CostData
from .common_races import RaceCase

COST_TABLES = (
    "ess_exchange ess_cost_call_line ess_cost_call ess_cost_budget ess_cost_share "
    "ess_cost_source ess_cost_run ess_cost_reading ess_cost_pool_member ess_cost_pool "
    "ess_cost_key_line ess_cost_key_version ess_cost_key ess_tax_regime "
    "account_analytic_line account_analytic_account account_move"
).split()
TABLES = (
    "ess_occupancy ess_booking ess_asset_ess_circle_rel ess_asset ess_booking_policy "
    "ess_asset_category ess_circle_membership ess_circle"
).split()


@tagged("post_install", "-at_install")
class TestCostRaces(CostData, EssData, RaceCase):
    seen_table = "ess_cost_run"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.startClassPatcher(freeze_time(NOW))
        cls.addClassCleanup(cls._clean_up)
        with cls._connection() as env:
            cls.env = env
            cls._set_up_federation()
            groups = "ess_mutualisation.group_accountant"
            cls.accountant = new_test_user(cls.env, "race1", groups=groups)
            cls.second = new_test_user(cls.env, "race2", groups=groups)
            cls._set_up_costs()
            cls.racing_user_id = cls.accountant.id
            cls.user_ids = (cls.accountant.id, cls.second.id)
            cls.made = {
                "res_partner": (cls.fabrique | cls.phare | cls.semeurs | cls.vendor).ids
                + (cls.accountant | cls.second).partner_id.ids,
                "account_journal": cls.journal.ids,
                "account_account": (cls.expense | cls.payable).ids,
                "account_tax": cls.regime.tax_ids.ids,
                "account_tax_group": cls.regime.tax_ids.tax_group_id.ids,
                "product_template": (
                    cls.product | cls.rent | cls.power
                ).product_tmpl_id.ids,
            }
            env.cr.commit()

    @classmethod
    def _clean_up(cls):
        with cls._connection() as env:
            cls._delete(env, (*COST_TABLES, *TABLES))
            cls._delete_resources(env)
            users = env["res.users"].browse(getattr(cls, "user_ids", ()))
            users.active = False
            env.flush_all()
            env.cr.execute("DELETE FROM res_users WHERE id IN %s", [cls.user_ids])
            for table in (
                "product_template",
                "account_tax",
                "account_tax_group",
                "account_journal",
                "account_account",
                "res_partner",
            ):
                env.cr.execute(  # pylint: disable=E8103
                    f'DELETE FROM "{table}" WHERE id IN %s', [tuple(cls.made[table])]
                )
            env.cr.commit()

    def setUp(self):
        """A pool with a rent of 100, in a run that is approved; committed."""
        super().setUp()
        with self._connection() as env:
            # the builders of the class work on this connection; records give ids
            type(self).env = env
            pool = self._pool(self._key("equal"))
            bill = self._bills(pool, [("2026-02-01", "Rent", 100.0)])
            run = self._run(pool)
            run.with_user(self.second.id).action_approve()
            self.pool_id, self.bill_id, self.run_id = pool.id, bill.id, run.id
            env.cr.commit()
        self.addCleanup(self._forget)

    def _forget(self):
        with self._connection() as env:
            self._delete(env, [t for t in COST_TABLES if t != "ess_tax_regime"])
            env.cr.commit()

    def _post(self, env):
        env["ess.cost.run"].browse(self.run_id).action_post()

    def _reset_bill(self, env):
        env["account.move"].sudo().browse(self.bill_id).button_draft()

    def _exchanges(self):
        with self._connection() as env:
            return env["ess.exchange"].search_count([])

    def test_posted_twice_at_the_same_moment(self):
        self._race(self._post, self._post, "is posted; this is possible only while")
        self.assertEqual(self._exchanges(), 3)

    def test_bill_reset_while_the_run_is_posted(self):
        self._race(self._post, self._reset_bill, "is in RUN.* which is posted")

    def test_run_posted_while_the_bill_is_reset(self):
        self._race(self._reset_bill, self._post, "no longer holds: .*reset to draft")
        self.assertEqual(self._exchanges(), 0)

    def test_amount_changed_while_the_run_is_posted(self):
        def change(env):
            lines = env["account.move"].sudo().browse(self.bill_id).line_ids
            lines.analytic_line_ids.amount = -50

        self._race(self._post, change, "is in RUN.* which is posted")

    def test_key_changed_while_the_run_is_posted(self):
        def change(env):
            run = env["ess.cost.run"].browse(self.run_id)
            run.version_id.decision = "Another one"

        self._race(self._post, change, "was used by RUN.* and cannot change any more")

    def test_weight_added_while_the_run_is_posted(self):
        def change(env):
            run = env["ess.cost.run"].browse(self.run_id)
            env["ess.cost.key.line"].create(
                {"version_id": run.version_id.id, "entity_id": self.phare.id}
            )

        self._race(self._post, change, "was used by RUN.* and cannot change any more")

    def test_membership_ended_while_the_run_is_posted(self):
        def end(env):
            member = env["ess.cost.pool"].browse(self.pool_id).member_ids[0]
            member.date_to = "2026-05-31"

        self._race(self._post, end, "its membership cannot be shortened")

    def test_reversed_twice_at_the_same_moment(self):
        with self._connection(self.accountant.id) as env:
            self._post(env)
            env.cr.commit()

        def reverse(env):
            env["ess.cost.run"].browse(self.run_id)._reverse("Wrong")

        self._race(reverse, reverse, "is reversed; this is possible only while")
        self.assertEqual(self._exchanges(), 6)

    def test_called_twice_at_the_same_moment(self):
        with self._connection(self.accountant.id) as env:
            budget = env["ess.cost.budget"].create(
                {
                    "pool_id": self.pool_id,
                    "date_from": "2026-01-01",
                    "date_to": "2026-12-31",
                    "amount": 90.0,
                }
            )
            budget.action_plan()
            call_id = budget.call_ids[0].id
            env.cr.commit()

        def call(env):
            env["ess.cost.call"].browse(call_id).action_call()

        self._race(call, call, "is called; this is possible only while")
        self.assertEqual(self._exchanges(), 3)
