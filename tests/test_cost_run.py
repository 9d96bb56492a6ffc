"""A run from the bills to the exchanges: who pays what, and why."""

import json

from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

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
        cls.rent_bill = cls.bills[0]

    # === FROM BILLS TO EXCHANGES === #

    def test_pool_has_its_account(self):
        account = self.pool.analytic_account_id
        plan = self.env.ref("ess_mutualisation.analytic_plan_pools")
        self.assertEqual((account.name, account.plan_id), ("Depot", plan))
        self.pool.name = "Great depot"
        self.assertEqual(account.name, "Great depot")
        with self.assertRaisesRegex(UserError, "makes and keeps its own"):
            self.pool.with_user(self.accountant).analytic_account_id = False

    def test_thousand_euros_and_a_cent_among_three(self):
        run = self._run(self.pool)
        self.assertEqual((run.state, run.kind), ("computed", "actual"))
        self.assertEqual(run.total, 1000.01)
        self.assertEqual(
            self._cents(run.share_ids),
            {"Fabrique": 33334, "Phare": 33334, "Semeurs": 33333},
        )
        self.assertEqual(set(run.share_ids.mapped("exact")), {"100001/3"})
        self.assertEqual(
            self._share(run, self.fabrique).explanation.replace("\xa0", " "),
            "1,000.01 € of Rent between 01/01/2026 and 12/31/2026. 3 members share "
            "equally. Your share: 333.34 €.",
        )

    def test_the_same_inputs_give_the_same_hash(self):
        run = self._run(self.pool)
        first = run.snapshot, run.content_hash
        run.with_user(self.accountant).action_compute()
        self.assertEqual((run.snapshot, run.content_hash), first)

    def test_exchanges(self):
        """Shares of the federation's costs, taxed as each regime says, to the cent."""
        run = self._posted(self.pool)
        self.assertEqual(run.state, "posted")
        exchanges = run.share_ids.exchange_ids
        self.assertEqual(sorted(exchanges.mapped("amount")), [333.33, 333.34, 333.34])
        self.assertEqual(exchanges.provider_id, self.env.company.partner_id)
        self.assertEqual(exchanges.tax_ids, self.regime.tax_ids)
        self.assertEqual(exchanges.product_id, self.product)
        self.assertEqual(set(exchanges.mapped("nature")), {"share"})
        self.assertEqual(
            exchanges[0].analytic_distribution,
            {str(self.pool.analytic_account_id.id): 100},
        )
        self.assertEqual(str(exchanges[0].date), "2026-12-31")

    def test_value_is_the_cost_alone_where_it_is_known(self):
        self._membership(self.pool, self.fabrique).standalone_cost = 800
        run = self._posted(self.pool)
        first = self._share(run, self.fabrique).exchange_ids
        self.assertEqual(
            (first.value, first.amount, first.saving), (800, 333.34, 466.66)
        )

    def test_the_federation_keeps_its_own_part(self):
        federation = self.env.company.partner_id
        self.pool.member_ids = [
            Command.create({"entity_id": federation.id, "date_from": "2020-01-01"})
        ]
        run = self._posted(self.pool)
        self.assertEqual(len(run.share_ids), 4)
        self.assertNotIn(federation, run.share_ids.exchange_ids.receiver_id)
        self.assertEqual(len(run.share_ids.exchange_ids), 3)

    # === SECOND RUN === #

    def test_nothing_is_left_for_a_second_run(self):
        self._posted(self.pool)
        with self.assertRaisesRegex(UserError, "Nothing to split: Depot has no posted"):
            self._run(self.pool)

    def test_one_run_at_a_time(self):
        run = self._run(self.pool)
        with self.assertRaisesRegex(UserError, f"{run.name} is computed for Depot"):
            self._run(self.pool)

    def test_a_late_bill_is_a_correction(self):
        """run(A) + correction(A→B) = run(B), to the cent, also with one cent more."""
        first = self._posted(self.pool)
        self._bills(self.pool, [("2026-05-01", "Late rent", 99.99)])
        second = self._posted(self.pool)
        self.assertEqual((second.kind, second.total), ("correction", 99.99))
        self.assertEqual(
            self._cents((first | second).share_ids),
            {"Fabrique": 36667, "Phare": 36667, "Semeurs": 36666},
        )
        why = self._share(second, self.fabrique).explanation.replace("\xa0", " ")
        self.assertIn("your part of 1,100.00 € is 366.67 €; 333.34 € of it was", why)
        self.assertEqual(second.previous_id, first)

    def test_a_credit_note_is_a_correction(self):
        self._posted(self.pool)
        self._bills(self.pool, [("2026-06-01", "Refund", -300.0)])
        second = self._posted(self.pool)
        self.assertEqual(
            self._cents(second.share_ids),
            {"Fabrique": -10000, "Phare": -10000, "Semeurs": -10000},
        )
        self.assertEqual(sum(second.share_ids.exchange_ids.mapped("amount")), -300)

    def test_overlapping_periods(self):
        self.pool.period = "month"
        self._posted(self.pool, "2026-01-01", "2026-01-31")
        self.pool.period = "year"
        with self.assertRaisesRegex(
            UserError, "splits 01/01/2026 to 01/31/2026 already: choose exactly"
        ):
            self._run(self.pool)

    # === STALE === #

    def _assert_stale(self, run, sentence):
        run.invalidate_recordset(["stale_reason"])
        self.assertRegex(run.stale_reason, sentence)
        second = run.with_user(self.second)
        with self.assertRaisesRegex(UserError, "no longer holds: .*Compute it again"):
            second.action_approve()

    def test_a_bill_reset_to_draft_makes_the_run_stale(self):
        run = self._run(self.pool)
        self.assertFalse(run.stale_reason)
        self.rent_bill.button_draft()
        self._assert_stale(
            run, r"was reset to draft, cancelled or deleted since \(1,000.00.€\)"
        )

    def test_a_bill_reset_to_draft_between_approval_and_posting(self):
        run = self._run(self.pool)
        run.with_user(self.second).action_approve()
        self.rent_bill.button_draft()
        with self.assertRaisesRegex(UserError, "no longer holds: .*reset to draft"):
            run.with_user(self.accountant).action_post()

    def test_a_new_bill_makes_the_run_stale(self):
        run = self._run(self.pool)
        self._bills(self.pool, [("2026-07-01", "Cleaning", 5.0)])
        self._assert_stale(run, r"New costs since \(1\): .*Cleaning \(5.00.€\)")

    def test_a_changed_membership_makes_the_run_stale(self):
        run = self._run(self.pool)
        self._membership(self.pool, self.fabrique).date_to = "2026-11-30"
        self._assert_stale(run, "The members of the pool were changed since")

    def test_a_changed_key_makes_the_run_stale(self):
        run = self._run(self.pool)
        self.key.version_ids.kind = "parts"
        self._assert_stale(run, "has no line for")

    # === TWO PERSONS, A DECISION === #

    def test_a_second_person_approves(self):
        run = self._run(self.pool)
        with self.assertRaisesRegex(UserError, "somebody else approves it"):
            run.with_user(self.accountant).action_approve()
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(IntegrityError),
            self.cr.savepoint(),
        ):
            run.sudo().approved_by_id = run.computed_by_id
            self.env.flush_all()
        groups = "ess_mutualisation.group_manager"
        manager = new_test_user(self.env, "boss", groups=groups)
        run.with_user(manager).action_approve()
        self.assertEqual(run.approved_by_id, manager)
        with self.assertRaises(AccessError):
            run.with_user(manager).action_post()
        facilitator = new_test_user(
            self.env, "fa", groups="ess_mutualisation.group_facilitator"
        )
        with self.assertRaises(AccessError):
            run.with_user(facilitator).action_approve()

    def test_posting_needs_the_approval(self):
        run = self._run(self.pool)
        with self.assertRaisesRegex(UserError, "possible only while it is approved"):
            run.with_user(self.accountant).action_post()

    def test_no_decision_no_approval(self):
        self.key.version_ids.decision = False
        run = self._run(self.pool)
        with self.assertRaisesRegex(UserError, "does not say who decided it"):
            run.with_user(self.second).action_approve()

    def test_a_person_enters_nothing_but_the_question(self):
        run = self._run(self.pool).with_user(self.accountant)
        for vals in ({"state": "posted"}, {"total": 1}, {"approved_by_id": 1}):
            with self.assertRaisesRegex(UserError, "use its actions"):
                run.write(vals)
        with self.assertRaisesRegex(UserError, "possible only while it is draft"):
            run.date_to = "2026-06-30"
        with self.assertRaisesRegex(UserError, "possible only while it is draft"):
            run.unlink()
        with self.assertRaises(AccessError):
            self._share(run, self.fabrique).amount = 0
        run.action_reset()
        self.assertFalse(run.share_ids or run.source_ids or run.content_hash)
        run.unlink()

    # === COMPLETE? === #

    def _refused(self, sentence):
        run = self._run(self.pool)
        run.with_user(self.second).action_approve()
        with self.assertRaisesRegex(UserError, sentence), self.cr.savepoint():
            run.with_user(self.accountant).action_post()
        self.assertEqual(run.state, "approved")
        self.assertFalse(run.share_ids.exchange_ids)
        return run

    def test_draft_bills_of_the_period(self):
        self._bills(self.pool, [("2026-08-01", "Heating", 7.0)], post=False)
        self._refused(
            "Bills of Depot between 01/01/2026 and 12/31/2026 that are still drafts "
            r"\(1\): Heating 2026-08-01. Post or delete"
        )

    def test_no_regime(self):
        self._membership(self.pool, self.phare).regime_id = False
        self._refused("Tax regime: none is chosen for Jardin Le Phare in Depot")

    def test_a_regime_without_a_tax(self):
        self.regime.tax_ids = False
        self._refused("the regime Exempt of Radio La Fabrique in Depot has no tax")

    def test_no_declaration_in_force(self):
        self.regime.needs_declaration = True
        members = self.pool.member_ids
        members.declared_until = "2026-12-30"
        self._refused("has none in Depot that holds on 12/31/2026")

    def test_too_many_taxed_receipts(self):
        """20 % is allowed, 20.01 % is not."""
        self.regime.needs_declaration = True
        members = self.pool.member_ids
        members.write({"declared_until": "2026-12-31", "declared_percent": 20})
        self._membership(self.pool, self.semeurs).declared_percent = 20.01
        run = self._refused("20.01 % of the receipts of Labo Les Semeurs are taxed")
        members.declared_percent = 20
        run.with_user(self.accountant).action_post()
        self.assertEqual(run.state, "posted")

    def test_no_product(self):
        self.pool.product_id = False
        self._refused("Settlement product: Depot has none")

    def test_locked_period(self):
        """Refused, and the date stays; an exception to the lock date is honoured."""
        run = self._run(self.pool)
        run.with_user(self.second).action_approve()
        company = self.env.company
        company.fiscalyear_lock_date = "2026-12-31"
        with self.assertRaisesRegex(UserError, "12/31/2026 is locked in the books"):
            run.with_user(self.accountant).action_post()
        self.env["account.lock_exception"].create(
            {
                "company_id": company.id,
                "user_id": self.accountant.id,
                "fiscalyear_lock_date": False,
                "end_datetime": "2027-01-01 00:00:00",
            }
        )
        run.with_user(self.accountant).action_post()
        self.assertEqual(str(run.share_ids.exchange_ids[0].date), "2026-12-31")

    # === POSTED COSTS STAY === #

    def test_a_bill_in_a_posted_run_stays(self):
        run = self._posted(self.pool)
        line = self.rent_bill.line_ids.analytic_line_ids
        column = self.pool.analytic_account_id.plan_id._column_name()
        sentence = f"is in {run.name} of Depot, which is posted: reverse that run first"
        for change in (
            self.rent_bill.button_draft,
            self.rent_bill.button_cancel,
            lambda: line.write({"amount": -1}),
            lambda: line.write({"date": "2027-01-01"}),
            lambda: line.write({column: False}),
            line.unlink,
            lambda: self.rent_bill.invoice_line_ids.write(
                {"analytic_distribution": False}
            ),
        ):
            with self.assertRaisesRegex(UserError, sentence), self.cr.savepoint():
                change()
        self.assertEqual(self.rent_bill.state, "posted")

    # === REVERSAL === #

    def test_reversal(self):
        """run + reversal = 0 for everybody; the same run again afterwards."""
        run = self._posted(self.pool)
        shares = self._cents(run.share_ids)
        with self.assertRaisesRegex(UserError, "say why"):
            run.with_user(self.accountant)._reverse(" ")
        wizard = self.env["ess.cost.run.reverse"].with_user(self.accountant)
        wizard = wizard.with_context(active_model="ess.cost.run", active_ids=run.ids)
        wizard.create({"reason": "Wrong key"}).action_apply()
        mirror = run.reversal_ids
        self.assertEqual(
            (run.state, mirror.kind, mirror.state), ("reversed", "reversal", "posted")
        )
        both = self._cents((run | mirror).share_ids)
        self.assertEqual(set(both.values()), {0})
        exchanges = self.env["ess.exchange"].search(
            [("share_id", "in", run.share_ids.ids)]
        )
        self.assertEqual(len(exchanges), 6)
        for member in self.fabrique | self.phare | self.semeurs:
            own = exchanges.filtered(lambda e, m=member: e.receiver_id == m)
            self.assertEqual(sum(own.mapped("amount")), 0)
        with self.assertRaisesRegex(UserError, "possible only while it is posted"):
            run.with_user(self.accountant)._reverse("Again")
        with self.assertRaisesRegex(UserError, "takes back"):
            mirror.with_user(self.accountant)._reverse("Again")
        again = self._posted(self.pool)
        self.assertEqual((again.kind, self._cents(again.share_ids)), ("actual", shares))
        self.assertEqual(again.previous_id, mirror)
        self.assertEqual(run._verify_chain(), [])

    def test_a_reversed_bill_can_be_corrected(self):
        run = self._posted(self.pool)
        run.with_user(self.accountant)._reverse("The rent was 900")
        self.rent_bill.button_draft()
        self.rent_bill.invoice_line_ids.price_unit = 900
        self.rent_bill.action_post()
        self.assertEqual(self._posted(self.pool).total, 900.01)

    # === CHAIN === #

    def _tampered(self, statement, *args):
        self.env.flush_all()
        self.cr.execute(statement, args)
        self.env.invalidate_all()

    def test_the_chain_finds_what_was_changed(self):
        first = self._posted(self.pool)
        self._bills(self.pool, [("2026-05-01", "Late rent", 99.99)])
        second = self._posted(self.pool)
        self.assertEqual(second._verify_chain(), [])
        cases = [
            ("UPDATE ess_cost_share SET exact = '0' WHERE run_id = %s", "shares"),
            ("UPDATE ess_cost_source SET amount = 0 WHERE run_id = %s", "costs"),
            ("UPDATE ess_cost_run SET snapshot = '{}' WHERE id = %s", "snapshot"),
            ("UPDATE ess_cost_run SET chain_hash = 'x' WHERE id = %s", "follow"),
        ]
        for statement, word in cases:
            with self.cr.savepoint() as savepoint:
                self._tampered(statement, first.id)
                found = second._verify_chain()
                self.assertTrue(any(word in f and first.name in f for f in found), word)
                savepoint.rollback()
            self.env.invalidate_all()
        self.assertEqual(second._verify_chain(), [])

    def test_the_chain_finds_a_changed_key(self):
        self.key.version_ids.write(
            {
                "kind": "parts",
                "line_ids": [
                    Command.create({"entity_id": m.id, "weight": 1})
                    for m in self.fabrique | self.phare | self.semeurs
                ],
            }
        )
        run = self._posted(self.pool)
        self._tampered("UPDATE ess_cost_key_line SET weight = 2")
        self.assertIn("the key that it used was changed", run._verify_chain()[0])

    def test_the_snapshot_says_everything(self):
        run = self._posted(self.pool)
        data = json.loads(run.snapshot)
        self.assertEqual(data["result"]["total"], 100001)
        self.assertEqual(len(data["inputs"]["sources"]), 2)
        self.assertEqual(data["inputs"]["key"]["kind"], "equal")

    # === EVIDENCE === #

    def test_evidence(self):
        run = self._posted(self.pool)
        evidence = run._evidence()
        self.assertTrue(evidence["proof"]["holds"])
        self.assertEqual(evidence["proof"]["exact_cents"], "100001")
        self.assertEqual(
            [share["member"] for share in evidence["shares"]],
            ["Radio La Fabrique", "Jardin Le Phare", "Labo Les Semeurs"],
        )
        self.assertEqual(evidence["hash"]["chain"], run.chain_hash)
        json.dumps(evidence)

    def test_evidence_for_one_member_names_no_other(self):
        self.key.version_ids.write(
            {
                "kind": "parts",
                "line_ids": [
                    Command.create({"entity_id": m.id, "weight": 1})
                    for m in self.fabrique | self.phare | self.semeurs
                ],
            }
        )
        run = self._posted(self.pool)
        evidence = run._evidence(self.phare)
        self.assertEqual(
            [share["member"] for share in evidence["shares"]],
            ["Member 1", "Jardin Le Phare", "Member 3"],
        )
        text = json.dumps(evidence)
        self.assertNotIn("Fabrique", text)
        self.assertNotIn("Semeurs", text)
        self.assertTrue(evidence["shares"][1]["explanation"])
        self.assertFalse(evidence["shares"][0]["explanation"])

    def test_exempt_tax_brings_its_code_and_note(self):
        self.regime.tax_ids.write(
            {
                "ubl_cii_tax_exemption_reason_code": "VATEX-FR-CGI261B",
                "invoice_legal_notes": "Art. 261 B",
            }
        )
        share = self._run(self.pool)._evidence()["shares"][0]
        self.assertEqual(share["exemption_codes"], ["VATEX-FR-CGI261B"])
        self.assertIn("Art. 261 B", share["legal_notes"][0])

    def test_invoices_of_a_settlement_are_no_cost(self):
        """They carry the account of the pool, and so do credit notes on them."""
        settlement = self.env["ess.settlement"].create(
            {
                "date_from": "2026-01-01",
                "date_to": "2026-12-31",
                "date": "2026-12-31",
            }
        )
        self.rent_bill.ess_settlement_id = settlement
        note = self._bills(self.pool, [("2026-04-01", "Credit", -5.0)])
        note.reversed_entry_id = self.rent_bill
        self.assertEqual(self._run(self.pool).total, 0.01)
