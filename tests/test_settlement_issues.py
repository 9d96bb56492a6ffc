from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from .common_settlement import SettlementCommon


@tagged("post_install", "-at_install")
class TestSettlementIssues(SettlementCommon):
    """What is missing is named when it is prepared, and refuses the posting."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.exchange = cls._exchange(cls.federation, cls.phare, 40, name="R1 Van")

    def _issue(self, code, sentence, where=None, **vals):
        """Prepared, the settlement has this one issue and cannot be posted."""
        settlement = self._settlement(**vals)
        settlement.action_prepare()
        issue = settlement.issue_ids
        self.assertEqual(issue.mapped("code"), [code])
        self.assertRegex(issue.message, sentence)
        if where:
            self.assertEqual((issue.res_model, issue.res_id), (where._name, where.id))
        if issue.severity == "1_blocking":
            with self.assertRaisesRegex(UserError, sentence), self.cr.savepoint():
                settlement.action_post()
            self.assertFalse(settlement.move_ids)
            self.assertEqual(self.exchange.state, "open")
        return settlement

    def test_no_product(self):
        self.exchange.product_id = False
        self._issue("no_product", "R1 Van has no product", self.exchange)

    def test_no_tax(self):
        self.hire.taxes_id = False
        sentence = "R1 Van: no tax is decided, .* Van hire"
        settlement = self._issue("no_tax", sentence, self.hire)
        # mended: what is to be posted is looked at again
        self.hire.taxes_id = self._tax("0", 0)
        with self.assertRaisesRegex(UserError, "prepare it again"):
            settlement.action_post()
        settlement.action_prepare()
        settlement.action_post()
        self.assertEqual(settlement.move_ids.amount_total, 40)

    def test_no_account(self):
        self.company.income_account_id = False
        category = self.hire.categ_id
        category.property_account_income_categ_id = False
        journals = self.env["account.journal"].search([("type", "=", "sale")])
        journals.default_account_id = False
        self._issue("no_account", "Van hire has no income account", self.hire)

    def test_no_receivable_account(self):
        self.phare.property_account_receivable_id = False
        if self.phare.property_account_receivable_id:
            self.env["ir.default"].search(
                [("field_id.name", "=", "property_account_receivable_id")]
            ).unlink()
            self.env.invalidate_all()
        self._issue("no_receivable", "Phare has no receivable account", self.phare)

    def test_no_journal(self):
        self.env["account.journal"].search([("type", "=", "sale")]).active = False
        self._issue("no_journal", "no sales journal", self.company)

    def test_foreign_currency(self):
        dollar = self.env.ref("base.USD")
        dollar.active = True
        self.exchange.currency_id = dollar
        self._issue("foreign_currency", "R1 Van is in USD", self.exchange)

    def test_no_clearing_account(self):
        self.exchange.unlink()
        self.exchange = self._exchange(self.fabrique, self.phare, 30)
        self._issue(
            "no_clearing_account",
            "has no clearing account",
            self.company,
            mode="clearing",
        ).action_reset()
        self.clearing_account.reconcile = False
        self.company.ess_clearing_account_id = self.clearing_account
        self._issue(
            "no_clearing_account",
            "Clearing between members has to be active and reconcilable",
            self.clearing_account,
            mode="clearing",
        )

    def test_price_that_does_not_give_the_amount(self):
        """20 % in a price of 40.00 leaves 33.33: seen before and after posting."""
        included = self._tax("20 in", 20, price_include_override="tax_included")
        self.hire.taxes_id = included
        model = type(self.env["ess.settlement"])
        with patch.object(model, "_price_with_taxes", lambda s, line: 40.0):
            settlement = self._issue(
                "tax_included", r"would be .*33\.33.* untaxed, not .*40\.00", included
            )
            with (
                patch.object(model, "_find_issues", lambda s, plan: []),
                self.assertRaisesRegex(
                    UserError, r"33\.33.*40\.00.* Nothing was posted"
                ),
            ):
                settlement.action_post()

    def test_draft_bills_are_named(self):
        self.env["account.move"].create(
            {
                "move_type": "in_invoice",
                "partner_id": self.semeurs.id,
                "invoice_date": "2026-01-15",
                "ref": "EDF 12",
                "invoice_line_ids": [
                    Command.create(
                        {
                            "name": "Power",
                            "price_unit": 100,
                            "tax_ids": [Command.clear()],
                        }
                    )
                ],
            }
        )
        settlement = self._issue(
            "unposted_bill", r"not posted: Labo Les Semeurs EDF 12 .*100\.00"
        )
        settlement.action_post()
        self.assertEqual(settlement.state, "posted")

    def test_locked_periods(self):
        """Each lock that concerns an invoice with taxes; the purchase lock does not."""
        self._exchange(self.fabrique, self.phare, 30)
        for lock in (
            "fiscalyear_lock_date",
            "sale_lock_date",
            "tax_lock_date",
            "hard_lock_date",
        ):
            with self.subTest(lock), self.cr.savepoint() as savepoint:
                self.company[lock] = "2026-01-31"
                sentence = "accounting date 01/31/2026 .* first open day is 02/01/2026"
                settlement = self._issue("locked", sentence)
                settlement.action_reset()
                settlement.date = "2026-02-01"
                settlement.action_prepare()
                settlement.action_post()
                self.assertEqual(str(settlement.move_ids.date), "2026-02-01")
                savepoint.rollback()
                self.env.invalidate_all()
        self.company.purchase_lock_date = "2026-01-31"
        self.assertEqual(self._settled().state, "posted")

    def test_purchase_lock_concerns_bills(self):
        self._exchange(self.fabrique, self.federation, 30)
        self.company.purchase_lock_date = "2026-01-31"
        self._issue("locked", "Purchase Lock")

    def test_locked_between_preparing_and_posting(self):
        settlement = self._settlement()
        settlement.action_prepare()
        self.company.sale_lock_date = "2026-01-31"
        with self.assertRaisesRegex(UserError, "is in a locked period"):
            settlement.action_post()

    def test_changed_after_it_was_prepared(self):
        for change in (
            {"amount": 41},
            {"value": 41},
            {"receiver_id": self.semeurs.id},
            {"tax_ids": [Command.set(self.tax_5.ids)]},
        ):
            settlement = self._settlement()
            settlement.action_prepare()
            self.exchange.write(change)
            with self.assertRaisesRegex(UserError, "changed since it was prepared"):
                settlement.action_post()
            settlement.action_reset()

    def test_period_that_still_runs(self):
        settlement = self._issue(
            "period_open",
            "runs until 02/28/2026",
            date_from="2026-02-01",
            date_to="2026-02-28",
        )
        settlement.action_post()
        self.assertEqual(str(settlement.move_ids.date), "2026-02-28")
        self.assertEqual(settlement.move_ids.state, "posted")
