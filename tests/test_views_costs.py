from lxml import etree

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import Form, tagged

from .common import EssCommon
from .common_cost import CostData
from .test_views import TestViews

MODULE = "ess_mutualisation"
OURS = "ess_mutualisation.%s"


class CostsOnScreen(EssCommon):
    """A pool with two members, its key, budget and run; nothing is posted."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.facilitator = cls._internal("screen-fa", OURS % "group_facilitator")
        cls.accountant = cls._internal("screen-ac", OURS % "group_accountant")
        cls.key = cls.env["ess.cost.key"].create(
            {
                "name": "By staff",
                "version_ids": [
                    Command.create(
                        {
                            "kind": "parts",
                            "date_from": "2026-01-01",
                            "decision": "Assembly of 12 December, item 7",
                            "line_ids": [
                                Command.create({"entity_id": one.id, "weight": weight})
                                for one, weight in ((cls.phare, 2), (cls.semeurs, 1))
                            ],
                        }
                    )
                ],
            }
        )
        cls.version = cls.key.version_ids
        cls.pool = cls.env["ess.cost.pool"].create(
            {
                "name": "Depot",
                "key_id": cls.key.id,
                "member_ids": [
                    Command.create({"entity_id": one.id, "date_from": "2026-01-01"})
                    for one in (cls.phare, cls.semeurs)
                ],
            }
        )
        cls.january = cls._draft(
            "2026-01-01", "2026-01-31", {cls.phare: 200, cls.semeurs: 100}
        )
        cls.budget = cls.env["ess.cost.budget"].create(
            {
                "pool_id": cls.pool.id,
                "date_from": "2026-01-01",
                "date_to": "2026-12-31",
                "amount": 1200,
            }
        )
        cls.reading = cls.env["ess.cost.reading"].create(
            {"key_id": cls.key.id, "entity_id": cls.phare.id, "quantity": 12.5}
        )

    @classmethod
    def _draft(cls, date_from, date_to, shares, **vals):
        return cls.env["ess.cost.run"].create(
            {
                "pool_id": cls.pool.id,
                "date_from": date_from,
                "date_to": date_to,
                "version_id": cls.version.id,
                "share_ids": [
                    Command.create(
                        {
                            "entity_id": entity.id,
                            "exact": str(amount * 100),
                            "amount": amount,
                        }
                    )
                    for entity, amount in shares.items()
                ],
                **vals,
            }
        )


@tagged("post_install", "-at_install")
class TestCostScreens(CostsOnScreen):
    def test_forms_open_for_who_only_reads(self):
        self.env["ess.settlement"].create(
            {"date_from": "2026-01-01", "date_to": "2026-01-31"}
        )
        for record in (
            self.pool,
            self.key,
            self.version,
            self.january,
            self.january.share_ids[0],
            self.budget,
            self.reading,
            self.env["ess.settlement"].search([], limit=1),
        ):
            for user in (self.accountant, self.facilitator):
                with self.subTest(model=record._name, user=user.login):
                    form = Form(record.with_user(user))
                    self.assertEqual(form.id, record.id)

    def test_accountant_makes_a_pool_by_hand(self):
        env = self.env(user=self.accountant)
        with Form(env["ess.cost.key"]) as form:
            form.name = "Half and half"
            with form.version_ids.new() as version:
                version.kind = "two_part"
                version.fixed_percent = 50
                version.measure = "km"
                version.date_from = "2026-01-01"
                with version.line_ids.new() as line:
                    line.entity_id = self.phare
        key = form.record
        self.assertEqual(key.version_ids.line_ids.weight, 1)
        with Form(env["ess.cost.pool"]) as form:
            form.name = "Van"
            form.key_id = key
            form.period = "month"
            with form.member_ids.new() as member:
                member.entity_id = self.phare
                member.date_from = "2026-03-01"
        self.assertEqual(form.record.member_count, 1)
        with Form(env["ess.cost.budget"]) as form:
            form.pool_id = self.pool
            form.date_from = "2027-01-01"
            form.date_to = "2027-12-31"
            form.amount = 1200
        self.assertEqual(form.record.instalments, 12)

    def test_facilitator_types_a_reading(self):
        with Form(self.env["ess.cost.reading"].with_user(self.facilitator)) as form:
            form.key_id = self.key
            form.entity_id = self.semeurs
            form.quantity = 40
        self.assertEqual(sorted(self.key.reading_ids.mapped("quantity")), [12.5, 40])

    def test_shown_by_kind_of_key_only(self):
        """A key of equal parts asks neither for weights nor for a meter."""
        form = Form(
            self.env["ess.cost.key.version"].with_context(default_key_id=self.key.id)
        )
        form.kind = "equal"
        for name, kind in (
            ("measure", "usage"),
            ("fixed_percent", "two_part"),
            ("indicator", "indicator"),
        ):
            with self.subTest(field=name):
                self.assertTrue(form._get_modifier(name, "invisible"))
                form.kind = kind
                self.assertFalse(form._get_modifier(name, "invisible"))
                form.kind = "equal"

    def test_menus_by_group(self):
        """The tax regimes and how we settle are the accountant's alone."""
        entries = {
            name: self.env.ref(OURS % name).id
            for name in (
                "ess_settlement_menu",
                "ess_cost_pool_menu",
                "ess_reciprocity_menu",
                "ess_tax_regime_menu",
                "ess_settlement_settings_menu",
                "res_config_settings_menu",
            )
        }
        shown = {
            user: {
                name
                for name, menu in entries.items()
                if menu in self.env["ir.ui.menu"].with_user(user).load_menus(False)
            }
            for user in (self.facilitator, self.accountant)
        }
        both = {"ess_settlement_menu", "ess_cost_pool_menu", "ess_reciprocity_menu"}
        self.assertEqual(shown[self.facilitator], both)
        self.assertEqual(
            shown[self.accountant],
            both | {"ess_tax_regime_menu", "ess_settlement_settings_menu"},
        )

    def test_search_filters_are_valid_domains(self):
        for name in (
            "ess.settlement",
            "ess.settlement.line",
            "ess.cost.pool",
            "ess.cost.key",
            "ess.cost.run",
            "ess.cost.share",
            "ess.cost.budget",
            "ess.cost.call",
            "ess.cost.reading",
            "ess.reciprocity",
            "ess.tax.regime",
        ):
            model = self.env[name].with_user(self.accountant)
            TestViews._tick(self, model, model.get_view(view_type="search")["arch"])

    def test_smart_buttons(self):
        pool = self.pool.with_user(self.accountant)
        self.assertEqual((pool.run_count, pool.budget_count), (1, 1))
        for action, model, records in (
            (pool.action_view_runs(), "ess.cost.run", self.january),
            (pool.action_view_budgets(), "ess.cost.budget", self.budget),
            (pool.action_view_shares(), "ess.cost.share", self.january.share_ids),
            (
                self.january.with_user(self.accountant).action_view_shares(),
                "ess.cost.share",
                self.january.share_ids,
            ),
        ):
            found = self.env[model].with_user(self.accountant).search(action["domain"])
            self.assertEqual(found, records)

    def test_lists_cost_the_same_for_ten_as_for_one(self):
        for model, fields in (
            ("ess.cost.pool", ["member_count", "run_count", "cost_total"]),
            ("ess.cost.run", ["share_count", "exchange_count"]),
            ("ess.settlement", ["item_count", "blocking_count", "invoice_count"]),
        ):
            if model == "ess.cost.pool":
                records = self.pool | self.pool.create(
                    [{"name": f"Pool {n}"} for n in range(9)]
                )
            elif model == "ess.cost.run":
                records = self.january
                for month in range(2, 11):
                    records |= self._draft(
                        f"2026-{month:02}-01", f"2026-{month:02}-28", {self.phare: 1}
                    )
            else:
                records = self.env[model].create(
                    [
                        {"date_from": f"2026-{m:02}-01", "date_to": f"2026-{m:02}-28"}
                        for m in range(1, 11)
                    ]
                )
            with self.subTest(model=model):
                self._queries(records, fields)  # what is cached for all requests
                counts = [self._queries(one, fields) for one in (records[:1], records)]
                self.assertEqual(counts[0], counts[1])

    def _queries(self, records, fields):
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.cr.sql_log_count
        records.read(fields)
        return self.cr.sql_log_count - before


@tagged("post_install", "-at_install")
class TestSettings(CostsOnScreen):
    def test_accountant_says_how_we_settle(self):
        """No right on the company is needed, and nothing else of it is touched."""
        company = self.env.company
        with self.assertRaises(AccessError), self.cr.savepoint():
            company.with_user(self.accountant).ess_settlement_mode = "clearing"
        account = self.env["account.account"].create(
            {
                "name": "Members",
                "code": "467901",
                "account_type": "asset_current",
                "reconcile": True,
            }
        )
        with Form(
            self.env["ess.settlement.settings"].with_user(self.accountant)
        ) as form:
            self.assertEqual(form.mode, company.ess_settlement_mode)
            form.mode = "clearing"
            form.clearing_account_id = account
        form.record.action_apply()
        self.assertEqual(company.ess_settlement_mode, "clearing")
        self.assertEqual(company.ess_clearing_account_id, account)
        with self.assertRaises(AccessError):
            self.env["ess.settlement.settings"].with_user(self.facilitator).create({})

    def test_administrator_finds_it_in_the_settings(self):
        arch = self.env["res.config.settings"].get_view(view_type="form")["arch"]
        app = etree.fromstring(arch).xpath("//app[@name='ess_mutualisation']")
        self.assertTrue(app and app[0].xpath(".//field[@name='ess_settlement_mode']"))

    def test_what_is_missing_leads_to_where_it_is_mended(self):
        settlement = self.env["ess.settlement"].create(
            {"date_from": "2026-01-01", "date_to": "2026-01-31"}
        )
        issues = self.env["ess.settlement.issue"].create(
            [
                {
                    "settlement_id": settlement.id,
                    "severity": "1_blocking",
                    "code": "test",
                    "message": "Mend it.",
                    "res_model": record._name,
                    "res_id": record.id,
                }
                for record in (self.phare, self.env.company)
            ]
        )
        member, company = issues.with_user(self.accountant)
        self.assertEqual(settlement.blocking_count, 2)
        action = member.action_open()
        self.assertEqual(
            (action["res_model"], action["res_id"]), ("res.partner", self.phare.id)
        )
        self.assertEqual(company.action_open()["res_model"], "ess.settlement.settings")
        issues[0].res_id = 999999999
        with self.assertRaisesRegex(UserError, "prepare the settlement again"):
            member.action_open()


@tagged("post_install", "-at_install")
class TestPoolCosts(CostData, EssCommon):
    def test_costs_are_what_was_spent(self):
        """Bills of 1 000.01 and a credit note of 100.00; not what members paid back."""
        self._set_up_costs()
        accountant = self._internal("pool-ac", OURS % "group_accountant")
        pool = self._pool(self._key())
        bills = self._bills(
            pool, [("2026-01-05", "Rent", 1000.01), ("2026-01-06", "Rent", -100)]
        )
        self._bills(pool, [("2026-01-07", "A draft", 55)], post=False)
        settlement = self.env["ess.settlement"].create(
            {"date_from": "2026-01-01", "date_to": "2026-01-31"}
        )
        back = self._bills(pool, [("2026-01-31", "Back", -900.01)])
        back.sudo().ess_settlement_id = settlement
        pool = pool.with_user(accountant)
        self.assertEqual(pool.cost_total, 900.01)
        action = pool.action_view_costs()
        lines = self.env[action["res_model"]].with_user(accountant)
        found = lines.search(action["domain"])
        self.assertEqual(found.move_line_id.move_id, bills)
