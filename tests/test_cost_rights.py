"""Who reads and does what in cost pools, and how many queries a run costs."""

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from .common_cost import CostCommon


@tagged("post_install", "-at_install")
class TestCostRights(CostCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.key = cls._key("usage", measure="reading")
        cls.pool = cls._pool(cls.key)
        cls.facilitator = new_test_user(
            cls.env, "fa", groups="ess_mutualisation.group_facilitator"
        )
        cls.volunteer = cls._volunteer(cls.phare, "volunteer")
        cls._bills(cls.pool, [("2026-02-01", "Rent", 100.0)])

    def test_the_facilitator_records_readings_and_reads_the_rest(self):
        reading = (
            self.env["ess.cost.reading"]
            .with_user(self.facilitator)
            .create({"key_id": self.key.id, "entity_id": self.phare.id, "quantity": 3})
        )
        run = self._run(self.pool)
        seen = run.with_user(self.facilitator)
        self.assertEqual(seen.share_ids.filtered("amount").entity_id, self.phare)
        self.assertFalse(seen.stale_reason)
        for act in (
            seen.action_compute,
            seen.action_post,
            seen.action_reset,
            seen.action_approve,
            lambda: seen.write({"date_to": "2026-06-30"}),
            lambda: self.pool.with_user(self.facilitator).write({"name": "Mine"}),
            lambda: self.key.version_ids.with_user(
                self.facilitator
            ).action_fill_from_members(),
        ):
            with self.assertRaises(AccessError):
                act()
        reading.unlink()

    def test_a_member_reads_its_own_posted_share(self):
        self.env["ess.cost.reading"].create(
            {"key_id": self.key.id, "entity_id": self.semeurs.id, "quantity": 3}
        )
        run = self._run(self.pool)
        shares = self.env["ess.cost.share"].with_user(self.volunteer)
        self.assertFalse(shares.search([]))
        run.with_user(self.second).action_approve()
        run.with_user(self.accountant).action_post()
        own = shares.search([])
        self.assertEqual(own.entity_id, self.phare)
        self.assertTrue(own.explanation)
        with self.assertRaises(AccessError):
            run.with_user(self.volunteer).read(["name"])
        with self.assertRaises(AccessError):
            own.amount = 0

    def test_the_reader_reads_its_own_language(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.rent.with_context(lang="fr_FR").name = "Loyer"
        key = self._key("equal")
        pool = self._pool(key, name="Hall")
        self._bills(pool, [("2026-02-01", "Rent", 90.0)])
        share = self._run(pool).share_ids[0]
        self.assertIn("Rent", share.explanation)
        self.assertIn("Loyer", share.with_context(lang="fr_FR").explanation)

    # === QUERIES === #

    def _queries(self, members, bills):
        """How many queries the computation of so many shares and costs takes."""
        entities = self.env["res.partner"].create(
            [
                {"name": f"M{i}", "is_company": True, "ess_is_member": True}
                for i in range(members)
            ]
        )
        key = self._key("parts", dict.fromkeys(entities, 2))
        pool = self._pool(key, entities, name=f"Pool of {members}")
        self._bills(
            pool, [(f"2026-02-{1 + i % 28:02}", "Rent", 10.0 + i) for i in range(bills)]
        )
        run = self._run(pool, compute=False)
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.cr.sql_log_count
        run.with_user(self.accountant).action_compute()
        self.env.flush_all()
        return self.cr.sql_log_count - before

    def test_the_number_of_queries_does_not_grow(self):
        self._queries(3, 1)  # what is read once in a process
        few = self._queries(10, 4)
        many = self._queries(40, 16)
        self.assertLessEqual(many, few)

    def test_simulations_are_deleted_at_will(self):
        other = self._key("equal")
        run = self._run(self.pool, kind="simulation", version_id=other.version_ids.id)
        run.with_user(self.accountant).unlink()

    def test_other_companies_see_nothing(self):
        company = self.env["res.company"].create({"name": "Elsewhere"})
        stranger = new_test_user(
            self.env,
            "elsewhere",
            groups="ess_mutualisation.group_accountant",
            company_id=company.id,
            company_ids=[Command.set(company.ids)],
        )
        for model in ("ess.cost.pool", "ess.cost.key", "ess.cost.run"):
            self.assertFalse(self.env[model].with_user(stranger).search([]))
