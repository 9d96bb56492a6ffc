"""What an accountant, or somebody with its login, might enter by another way.

A depot for 900.01 €, shared by three: 300.01, 300.00 and 300.00.
"""

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from .common_cost import CostCommon


@tagged("post_install", "-at_install")
class TestCostGuards(CostCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.key = cls._key("equal")
        cls.pool = cls._pool(cls.key)
        cls.bill = cls._bills(cls.pool, [("2026-02-01", "Rent", 900.01)])
        cls.budget = cls.env["ess.cost.budget"].create(
            {
                "pool_id": cls.pool.id,
                "date_from": "2026-01-01",
                "date_to": "2026-12-31",
                "amount": 1200,
                "instalments": 12,
            }
        )

    def _calls(self):
        self.budget.action_plan()
        return self.budget.call_ids.sorted("number")

    def _settled(self):
        self.product.property_account_income_id = self._account(
            "708999", "income", "Contributions"
        )
        settlement = self.env["ess.settlement"].create(
            {"date_from": "2026-01-01", "date_to": "2026-12-31"}
        )
        settlement.action_prepare()
        settlement.action_post()
        return settlement

    # === WHAT IS COMPUTED IS NOT ENTERED === #

    def _counter(self, exchange):
        wizard = self.env["ess.exchange.counter"].with_user(self.accountant)
        wizard.create(
            {"exchange_ids": [Command.set(exchange.ids)], "reason": "Too much"}
        ).action_apply()

    def test_a_call_is_not_corrected_by_itself(self):
        """The run would take back an advance that was given back already."""
        call = self._calls()[0]
        call.action_call()
        exchange = call.line_ids.exchange_ids[0]
        with self.assertRaisesRegex(UserError, "is a call of advances: cancel the"):
            self._counter(exchange)
        with self.assertRaisesRegex(UserError, "is a call of advances"):
            exchange.with_user(self.accountant).amount = 1

    def test_a_share_is_not_corrected_by_itself(self):
        run = self._posted(self.pool)
        exchange = run.share_ids.exchange_ids[0].with_user(self.accountant)
        for act in (
            lambda: self._counter(exchange),
            lambda: exchange.write({"amount": 1}),
            lambda: exchange.write({"receiver_id": self.semeurs.id}),
            lambda: exchange.write({"date": "2027-01-01"}),
        ):
            with self.assertRaisesRegex(UserError, f"was computed by {run.name}"):
                act()
        # what is missing for its invoice can be mended all the same
        exchange.product_id = self.rent

    def test_exchanges_are_not_forged(self):
        exchange = self._posted(self.pool).share_ids.exchange_ids[0]
        exchanges = self.env["ess.exchange"].with_user(self.accountant)
        vals = {
            "name": "Advance",
            "nature": "advance",
            "provider_id": exchange.provider_id.id,
            "receiver_id": exchange.receiver_id.id,
            "amount": -300,
        }
        with self.assertRaisesRegex(UserError, "by their run or call alone"):
            exchanges.create({**vals, "share_id": exchange.share_id.id})
        with self.assertRaisesRegex(UserError, "by their run or call alone"):
            exchanges.with_context(default_share_id=exchange.share_id.id).create(vals)
        with self.assertRaisesRegex(UserError, "settled by settlements alone"):
            exchanges.create({**vals, "settled_on": "2026-01-05 09:00:00"})
        with self.assertRaisesRegex(UserError, "not entered by hand"):
            exchange.with_user(self.accountant).share_id = False

    def test_defaults_of_the_context_are_entered_too(self):
        runs = self.env["ess.cost.run"].with_user(self.accountant)
        vals = {
            "pool_id": self.pool.id,
            "date_from": "2026-01-01",
            "date_to": "2026-12-31",
        }
        for context in (
            {"default_state": "approved"},
            {"default_computed_by_id": self.second.id},
            {"default_kind": "reversal"},
        ):
            with self.assertRaisesRegex(UserError, "use its actions"):
                runs.with_context(**context).create(vals)
        pools = self.env["ess.cost.pool"].with_user(self.accountant)
        with self.assertRaisesRegex(UserError, "makes and keeps its own"):
            pools.with_context(
                default_analytic_account_id=self.pool.analytic_account_id.id
            ).create({"name": "Twin"})

    # === CALLS === #

    def test_planned_anew_after_a_call_was_cancelled(self):
        first = self._calls()[0]
        first.action_call()
        first.action_cancel()
        calls = self._calls().filtered(lambda call: call.state == "draft")
        self.assertEqual(len(calls), 12)
        self.assertEqual(sum(calls.mapped("total")), 1200)
        self.assertTrue(first.line_ids.exchange_ids)
        with self.assertRaisesRegex(UserError, "were called and cancelled: it stays"):
            self.budget.unlink()
        other = self._pool(self.key, name="Other")
        with self.assertRaisesRegex(UserError, "called from the members of Depot"):
            self.budget.pool_id = other

    def test_what_is_split_is_not_called(self):
        call = self._calls()[-1]
        run = self._posted(self.pool)
        with self.assertRaisesRegex(UserError, f"{run.name} has split the costs of"):
            call.action_call()
        run.with_user(self.accountant)._reverse("Too early")
        call.action_call()
        self.assertEqual(call.state, "posted")

    def test_a_call_lies_in_its_budget(self):
        call = self._calls()[-1].with_user(self.accountant)
        with self.assertRaisesRegex(ValidationError, "from 01/01/2026 to 12/31/2026"):
            call.date = "2027-01-01"

    def test_an_archived_pool_calls_nothing(self):
        calls = self._calls()
        self.pool.active = False
        with self.enter_registry_test_mode():
            self.env.ref("ess_mutualisation.ir_cron_call_due").method_direct_trigger()
        self.assertEqual(set(calls.mapped("state")), {"draft"})
        self.pool.active = True
        with self.enter_registry_test_mode():
            self.env.ref("ess_mutualisation.ir_cron_call_due").method_direct_trigger()
        self.assertEqual(calls[0].state, "posted")

    def test_called_by_itself_in_the_language_of_who_reads_it(self):
        """That of the member, else of the federation; never that of the machine."""
        self.env["res.lang"]._activate_lang("fr_FR")
        self.env.company.partner_id.lang = "fr_FR"
        self.phare.lang = "en_US"
        (self.fabrique | self.semeurs).lang = False
        calls = self._calls()
        with self.enter_registry_test_mode():
            self.env.ref("ess_mutualisation.ir_cron_call_due").method_direct_trigger()
        french = self.budget.with_context(lang="fr_FR").env._(
            "%(pool)s: advance %(number)s of %(all)s", pool="Depot", number=1, all=12
        )
        english = "Depot: advance 1 of 12"
        self.assertEqual(
            {e.receiver_id: e.name for e in calls[0].line_ids.exchange_ids},
            {self.phare: english, self.fabrique: french, self.semeurs: french},
        )

    # === COSTS === #

    def test_no_bill_hides_behind_a_settlement(self):
        settlement = self.env["ess.settlement"].create(
            {"date_from": "2026-01-01", "date_to": "2026-12-31"}
        )
        bill = self.bill.with_user(self.accountant)
        sentence = "only a settlement says which documents it made"
        with self.assertRaisesRegex(UserError, sentence):
            bill.ess_settlement_id = settlement
        vals = self._bill_vals(self.pool, "2026-03-01", "Rent", 10.0)
        for context, more in (
            ({}, {"ess_settlement_id": settlement.id}),
            ({"default_ess_settlement_id": settlement.id}, {}),
        ):
            with self.assertRaisesRegex(UserError, sentence):
                bill.with_context(**context).create({**vals, **more})

    def test_a_credit_note_to_a_member_is_no_cost(self):
        """Made by hand from an invoice of a settlement, with its analytic account."""
        self._posted(self.pool)
        invoice = self._settled().move_ids[0]
        credit = invoice._reverse_moves(
            [{"invoice_date": "2026-12-31", "date": "2026-12-31"}]
        )
        self.env.flush_all()
        run = self._run(self.pool, compute=False)
        with self.assertRaisesRegex(UserError, "Nothing to split"):
            run.action_compute()
        credit.action_post()
        with self.assertRaisesRegex(UserError, "Nothing to split"):
            run.action_compute()
        self.assertEqual(self.pool.cost_total, 900.01)

    def test_bills_of_a_branch(self):
        branch = self.env["res.company"].create(
            {"name": "Antenne Sud", "parent_id": self.env.company.id}
        )
        self.env.user.company_ids |= branch
        self.vendor.with_company(branch).property_account_payable_id = self.payable
        vals = self._bill_vals(self.pool, "2026-03-01", "Rent", 100.0)
        bill = self.env["account.move"].create({**vals, "company_id": branch.id})
        bill.action_post()
        self.assertEqual(bill.line_ids.analytic_line_ids.company_id, branch)
        self.assertEqual(self._run(self.pool).total, 1000.01)

    # === ARCHIVED MEANWHILE === #

    def test_an_archived_tax_is_not_replaced_by_that_of_the_product(self):
        self.product.taxes_id = self.env["account.tax"].create(
            {"name": "20 %", "amount": 20, "type_tax_use": "sale"}
        )
        run = self._run(self.pool)
        run.with_user(self.second).action_approve()
        self.regime.tax_ids.active = False
        with self.assertRaisesRegex(UserError, "of the regime Exempt is archived"):
            run.with_user(self.accountant).action_post()
        self.regime.tax_ids.active = True
        run.with_user(self.accountant).action_post()
        self.regime.tax_ids.active = False
        with self.assertRaisesRegex(UserError, "which was decided for it, is archived"):
            self._settled()

    def test_an_archived_asset_was_used_all_the_same(self):
        key = self._key("usage", measure="uses", asset_ids=[Command.set(self.van.ids)])
        booking = self._booking(self.van, "2026-01-12 09:00", "2026-01-12 12:00")
        booking.write({"state": "done"})
        pool = self._pool(key, name="Van")
        self._bills(pool, [("2026-02-01", "Repair", 90.0)])
        run = self._posted(pool)
        self.van.active = False
        self.env.invalidate_all()
        self.assertEqual(run._verify_chain(), [])
        self._bills(pool, [("2026-03-01", "Repair", 10.0)])
        late = self._run(pool)
        self.assertEqual(self._share(late, self.phare).amount, 10)

    # === AS IT WAS === #

    def test_evidence_keeps_the_regime_of_its_day(self):
        self.pool.member_ids.write(
            {"declared_percent": 12.5, "declared_until": "2026-12-31"}
        )
        run = self._posted(self.pool)
        before = run._evidence()["shares"]
        self.pool.member_ids.write(
            {
                "regime_id": self.regime.copy({"name": "Other", "code": "T9"}).id,
                "declared_percent": 50,
                "declared_until": "2027-12-31",
            }
        )
        self.assertEqual(run._evidence()["shares"], before)
        self.assertEqual(before[0]["regime"], "Exempt")
        self.assertEqual(before[0]["taxed_percent"], 12.5)
        mirror = run.with_user(self.accountant)._reverse("Wrong key")
        share = mirror._evidence()["shares"][0]
        self.assertEqual((share["regime"], share["taxed_percent"]), ("Exempt", 12.5))

    def test_the_declaration_of_somebody_who_left(self):
        """It left in March: nobody asks it for a declaration until December."""
        self.regime.needs_declaration = True
        self.pool.member_ids.declared_until = "2026-12-31"
        self._membership(self.pool, self.phare).write(
            {"date_to": "2026-03-31", "declared_until": "2026-03-30"}
        )
        run = self._run(self.pool)
        run.with_user(self.second).action_approve()
        with self.assertRaisesRegex(UserError, "none in Depot that holds on 03/31"):
            run.with_user(self.accountant).action_post()
        self._membership(self.pool, self.phare).declared_until = "2026-03-31"
        run.with_user(self.accountant).action_post()
        self.assertEqual(run.state, "posted")

    # === CHAIN === #

    TAMPERED = [
        ("UPDATE ess_cost_run SET chain_hash = NULL WHERE id = %s", "is broken"),
        ("UPDATE ess_cost_run SET state = 'draft' WHERE id = %s", "its state"),
        ("UPDATE ess_cost_run SET state = 'reversed' WHERE id = %s", "its state"),
        ("UPDATE ess_cost_run SET date_to = '2026-11-30' WHERE id = %s", "its days"),
        ("UPDATE ess_cost_source SET live = FALSE WHERE run_id = %s", "let go"),
        (
            "UPDATE ess_exchange SET amount = 0 WHERE share_id IN "
            "(SELECT id FROM ess_cost_share WHERE run_id = %s)",
            "its exchanges",
        ),
        (
            "DELETE FROM ess_exchange WHERE share_id IN "
            "(SELECT id FROM ess_cost_share WHERE run_id = %s)",
            "its exchanges",
        ),
        (
            "UPDATE ess_cost_key_version SET decision = 'The chair' WHERE id = "
            "(SELECT version_id FROM ess_cost_run WHERE id = %s)",
            "the decision",
        ),
    ]

    def test_the_chain_is_more_than_its_hashes(self):
        self._calls()[0].action_call()
        run = self._posted(self.pool)
        self.env.flush_all()
        for statement, words in self.TAMPERED:
            with self.cr.savepoint() as savepoint:
                self.cr.execute(statement, [run.id])
                self.env.invalidate_all()
                found = run._verify_chain()
                self.assertTrue(any(words in sentence for sentence in found), statement)
                savepoint.rollback()
            self.env.invalidate_all()
        self.assertEqual(run._verify_chain(), [])

    def test_verified_from_the_form(self):
        run = self._posted(self.pool)
        run.with_user(self.accountant)._reverse("Once more")
        self._posted(self.pool)
        said = run.with_user(self.second).action_verify_chain()["params"]
        self.assertEqual(said["type"], "success")
        self.env.flush_all()
        self.cr.execute("UPDATE ess_cost_source SET name = 'Party'")
        self.env.invalidate_all()
        said = run.with_user(self.second).action_verify_chain()["params"]
        self.assertEqual(said["type"], "danger")
        self.assertIn("its costs were changed", said["message"])
        with self.assertRaises(AccessError):
            run.with_user(self._volunteer(self.phare, "v1")).action_verify_chain()

    # === ANOTHER MEMBER === #

    def test_a_member_learns_nothing_of_the_others(self):
        run = self._posted(self.pool)
        shares = self.env["ess.cost.share"].with_user(self._volunteer(self.phare, "v1"))
        self.assertEqual(shares.search([]), self._share(run, self.phare))
        for domain in (
            [("run_id.share_ids.amount", ">", 0)],
            [("pool_id.member_ids.standalone_cost", ">", 0)],
            [("version_id.line_ids.weight", ">", 0)],
        ):
            with self.assertRaises(AccessError):
                shares.search(domain)
        for group in ("run_id.computed_by_id", "version_id.decision"):
            with self.assertRaises(AccessError):
                shares._read_group([], [group], ["__count"])
