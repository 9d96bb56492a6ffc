from odoo.exceptions import UserError
from odoo.tests import tagged

from .common_settlement import SettlementCommon


@tagged("post_install", "-at_install")
class TestSettlement(SettlementCommon):
    """January: the federation hires its van out and serves meals; members swap."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.exchanges = (
            # 3 days at 40.00 and meals for 10.00 to Le Phare, 2 days to Les Semeurs
            cls._exchange(cls.federation, cls.phare, 120, quantity=3)
            | cls._exchange(
                cls.federation, cls.phare, 10, product_id=cls.meals.id, quantity=7
            )
            | cls._exchange(cls.federation, cls.semeurs, 80, quantity=2)
            # La Fabrique lends its hall to the federation, and chairs to Le Phare
            | cls._exchange(cls.fabrique, cls.federation, 50, "2026-01-20")
            | cls._exchange(cls.fabrique, cls.phare, 33.34, "2026-01-21")
            # Les Semeurs lend for free what is worth 25.00
            | cls._exchange(cls.semeurs, cls.phare, 0, "2026-01-22", value=25)
        )

    def test_positions_before_anything_is_posted(self):
        settlement = self._settlement()
        settlement.action_prepare()
        self.assertEqual(settlement.state, "prepared")
        self.assertEqual(len(settlement.item_ids), 6)
        self.assertFalse(settlement.issue_ids, settlement.issue_ids.mapped("message"))
        self.assertFalse(settlement.move_ids)
        self.assertEqual(set(self.exchanges.mapped("state")), {"open"})
        self.assertEqual(
            self._figures(
                settlement.line_ids.sorted("net"),
                "gave_value",
                "received_value",
                "owes",
                "is_owed",
                "net",
                "tax_amount",
                "balance",
            ),
            [
                # 20 % of 120.00 and 5.5 % of 10.00
                ("Jardin Le Phare", 0, 188.34, 163.34, 0, -163.34, 24.55, -187.89),
                ("Labo Les Semeurs", 25, 80, 80, 0, -80, 16, -96),
                # the federation owes the 20 % of the bill of 50.00
                ("Radio La Fabrique", 83.34, 0, 0, 83.34, 83.34, -10, 93.34),
                (self.federation.name, 210, 50, 50, 210, 160, -30.55, 190.55),
            ],
        )
        transfers = [
            (t.debtor_id.name, t.creditor_id.name, t.amount)
            for t in settlement.transfer_ids
        ]
        self.assertEqual(sum(t[2] for t in transfers), 283.89)
        self.assertLessEqual(len(transfers), 3)

    def test_posted(self):
        settlement = self._settled()
        self.assertEqual(settlement.state, "posted")
        invoices = settlement.move_ids.filtered(lambda m: m.move_type == "out_invoice")
        self.assertEqual(
            sorted(
                (m.partner_id.name, m.amount_untaxed, m.amount_total, m.state)
                for m in invoices
            ),
            [
                ("Jardin Le Phare", 130, 154.55, "posted"),
                ("Labo Les Semeurs", 80, 96, "posted"),
            ],
        )
        invoice = invoices.filtered(lambda m: m.partner_id == self.phare)
        lines = invoice.invoice_line_ids.sorted("sequence")
        self.assertEqual(
            [(li.quantity, li.price_unit, li.price_subtotal) for li in lines],
            # 10.00 is not 7 × a price in cents
            [(3, 40, 120), (1, 10, 10)],
        )
        self.assertEqual(lines[0].tax_ids, self.tax_20)
        self.assertEqual(lines[1].tax_ids, self.tax_5)
        self.assertEqual(set(invoices.mapped("date")), {settlement.date})
        bill = settlement.move_ids - invoices
        self.assertEqual(
            (bill.move_type, bill.state, bill.partner_id, bill.amount_untaxed),
            ("in_invoice", "draft", self.fabrique, 50),
        )
        # linked both ways
        self.assertEqual(lines[0].ess_settlement_item_ids.exchange_id.amount, 120)
        self.assertEqual(set(self.exchanges.mapped("state")), {"settled"})
        self.assertEqual(self.exchanges.settlement_id, settlement)
        phare = settlement.line_ids.filtered(lambda li: li.entity_id == self.phare)
        self.assertEqual(phare.move_ids, invoice)
        for name in ("net", "tax_amount", "balance", "between_amount"):
            self.assertEqual(self._total(settlement.line_ids, name), 0, name)
        with self.assertRaisesRegex(UserError, "Nothing to settle"):
            self._settlement().action_prepare()

    def test_trial_balance(self):
        """Sales are what the federation provided, and the books balance."""
        self.company.ess_clearing_account_id = self.clearing_account
        settlement = self._settled(mode="clearing")
        posted = settlement.move_ids.filtered(lambda m: m.state == "posted").line_ids
        self.assertEqual(self._total(posted, "balance"), 0)
        sales = posted.filtered(
            lambda li: li.account_id.account_type == "income" and not li.tax_line_id
        )
        provided = self.exchanges.filtered(lambda e: e.provider_id == self.federation)
        self.assertEqual(
            -self._total(sales, "balance"), self._total(provided, "amount")
        )
        receivable = posted.filtered(
            lambda li: li.account_id.account_type == "asset_receivable"
        )
        self.assertEqual(self._total(receivable, "balance"), 154.55 + 96)

    def test_prepared_again_starts_anew(self):
        settlement = self._settlement()
        settlement.action_prepare()
        late = self._exchange(self.federation, self.phare, 40)
        settlement.action_prepare()
        self.assertIn(late, settlement.item_ids.exchange_id)
        self.assertEqual(len(settlement.line_ids), 4)
        settlement.action_reset()
        self.assertEqual(settlement.state, "draft")
        self.assertFalse(
            settlement.item_ids | self.env["ess.settlement.item"].search([])
        )
        self.assertFalse(settlement.line_ids or settlement.transfer_ids)

    def test_what_comes_after_it_was_shown_is_left_for_the_next(self):
        settlement = self._settlement()
        settlement.action_prepare()
        late = self._exchange(self.federation, self.phare, 40)
        settlement.action_post()
        self.assertEqual(late.state, "open")
        following = self._settlement("2026-02-01", "2026-02-28")
        following.action_prepare()
        self.assertEqual(following.item_ids.exchange_id, late)
        self.assertTrue(following.item_ids.is_earlier)

    def test_earlier_ones_are_left_if_one_says_so(self):
        december = self._exchange(self.federation, self.phare, 40, "2025-12-31")
        settlement = self._settlement(include_earlier=False)
        settlement.action_prepare()
        self.assertNotIn(december, settlement.item_ids.exchange_id)
        issue = settlement.issue_ids
        self.assertEqual((issue.code, issue.severity), ("earlier_left", "2_warning"))
        self.assertIn("1 exchanges before 01/01/2026 stay open", issue.message)
        settlement.action_reset()
        settlement.include_earlier = True
        settlement.action_prepare()
        self.assertIn(december, settlement.item_ids.exchange_id)

    def test_nothing_to_settle_says_what_there_is(self):
        with self.assertRaisesRegex(
            UserError, "from 12/01/2025 to 12/31/2025 is open. The first open one is of"
        ):
            self._settlement(
                "2025-12-01", "2025-12-31", include_earlier=False
            ).action_prepare()

    def test_two_drafts_do_not_share(self):
        self._settlement().action_prepare()
        with self.assertRaisesRegex(UserError, "Nothing to settle"):
            self._settlement().action_prepare()

    def test_frozen(self):
        settlement = self._settled()
        with self.assertRaisesRegex(UserError, "make a counter-exchange"):
            self.exchanges[0].amount = 1
        with self.assertRaisesRegex(UserError, "is posted; .* only while it is draft"):
            settlement.date_to = "2026-01-30"
        for act in ("action_prepare", "action_post", "action_reset"):
            with self.assertRaisesRegex(UserError, "is posted"):
                getattr(settlement, act)()
        with self.assertRaisesRegex(UserError, "never deleted"):
            settlement.unlink()

    def test_free_use_counts_and_makes_no_line(self):
        settlement = self._settled()
        free = settlement.item_ids.filtered(lambda item: item.value == 25)
        self.assertFalse(free.move_line_id)
        self.assertEqual(free.exchange_id.state, "settled")
        semeurs = settlement.line_ids.filtered(lambda li: li.entity_id == self.semeurs)
        self.assertEqual((semeurs.gave_value, semeurs.is_owed), (25, 0))

    def test_statement_token_is_there_from_the_start(self):
        settlement = self._settled()
        for line in settlement.line_ids:
            self.assertTrue(line.access_token)
            self.assertEqual(line.access_url, f"/my/statements/{line.id}")

    def test_as_many_queries_for_forty_members_as_for_ten(self):
        counts = []
        for members in (10, 40):
            for number in range(members):
                member = self._member(f"Member {number}", country_id=self.france.id)
                self._exchange(self.federation, member, 10)
                self._exchange(member, self.phare, 5)
            settlement = self._settlement()
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            settlement.action_prepare()
            self.env.flush_all()
            counts.append(self.cr.sql_log_count - before)
            self.assertGreaterEqual(len(settlement.line_ids), members)
            settlement.action_reset()
            self.exchanges.search([]).unlink()
        self.assertLessEqual(counts[1] - counts[0], 2, counts)
