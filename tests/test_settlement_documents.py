from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from .common_settlement import SettlementCommon


@tagged("post_install", "-at_install")
class TestSettlementDocuments(SettlementCommon):
    """What invoices, credit notes, bills and the clearing entry say."""

    def _moves(self, settlement, move_type):
        return settlement.move_ids.filtered(lambda move: move.move_type == move_type)

    # === INVOICES === #

    def test_exchange_and_its_counter_meet_in_no_line(self):
        wrong = self._exchange(self.federation, self.phare, 120, quantity=3)
        wrong._make_counter("The van did not start")
        right = self._exchange(self.federation, self.phare, 80, quantity=2)
        settlement = self._settlement("2026-01-01", "2026-02-28")
        settlement.action_prepare()
        settlement.action_post()
        line = self._moves(settlement, "out_invoice").invoice_line_ids
        self.assertEqual((line.quantity, line.price_subtotal), (2, 80))
        self.assertEqual(line.ess_settlement_item_ids.exchange_id, right)
        self.assertEqual(len(settlement.item_ids), 3)
        self.assertEqual(wrong.state, "settled")

    def test_mistake_is_credited_in_the_next_settlement(self):
        """January: 120.00. February: 40.00 less the whole of January: 80.00 back."""
        wrong = self._exchange(self.federation, self.phare, 120, quantity=3)
        self._settled()
        wrong._make_counter("The van did not start")
        self._exchange(self.federation, self.phare, 40, "2026-02-01")
        february = self._settled(date_from="2026-02-01", date_to="2026-02-28")
        credit = self._moves(february, "out_refund")
        self.assertEqual(credit.state, "posted")
        self.assertEqual((credit.amount_untaxed, credit.amount_total), (80, 96))
        self.assertEqual(
            sorted(
                (li.quantity, li.price_unit, li.price_subtotal)
                for li in credit.invoice_line_ids
            ),
            [(-1, 40, -40), (3, 40, 120)],
        )
        phare = february.line_ids.filtered(lambda li: li.entity_id == self.phare)
        self.assertEqual((phare.net, phare.tax_amount, phare.balance), (80, -16, 96))
        transfer = february.transfer_ids
        self.assertEqual(
            (transfer.debtor_id, transfer.creditor_id, transfer.amount),
            (self.federation, self.phare, 96),
        )

    def test_lines_that_add_up_to_nothing_are_invoiced_all_the_same(self):
        """40.00 of the van at 20 % less 40.00 of meals at 5.5 %: 5.80 of tax."""
        self._exchange(self.federation, self.phare, 40)
        self._exchange(
            self.federation, self.phare, -40, product_id=self.meals.id, quantity=-1
        )
        invoice = self._settled().move_ids
        self.assertEqual((invoice.amount_untaxed, invoice.amount_total), (0, 5.8))

    def test_fiscal_position(self):
        """A member without the right to deduct: the exempt tax instead of 20 %."""
        position = self.env["account.fiscal.position"].create({"name": "Exempt"})
        exempt = self._tax(
            "exempt",
            0,
            fiscal_position_ids=[Command.set(position.ids)],
            original_tax_ids=[Command.set(self.tax_20.ids)],
        )
        self.semeurs.property_account_position_id = position
        self._exchange(self.federation, self.semeurs, 80)
        invoice = self._settled().move_ids
        self.assertEqual(invoice.fiscal_position_id, position)
        self.assertEqual(invoice.invoice_line_ids.tax_ids, exempt)
        self.assertEqual(invoice.amount_total, 80)

    def test_tax_decided_on_the_exchange_and_analytic_account(self):
        """The origin decided: no tax (0 %) and the account of its pool."""
        plan = self.env["account.analytic.plan"].search([], limit=1)
        depot = self.env["account.analytic.account"].create(
            {"name": "Depot", "plan_id": plan.id, "company_id": self.company.id}
        )
        zero = self._tax("0", 0)
        self._exchange(
            self.federation,
            self.phare,
            100,
            tax_ids=[Command.set(zero.ids)],
            analytic_distribution={str(depot.id): 100},
        )
        line = self._settled().move_ids.invoice_line_ids
        self.assertEqual(line.tax_ids, zero)
        self.assertEqual(line.analytic_line_ids.mapped("amount"), [100])

    def test_tax_in_the_price_still_gives_the_untaxed_amount(self):
        included = self._tax("20 in", 20, price_include_override="tax_included")
        self.hire.taxes_id = included
        for method in ("round_per_line", "round_globally"):
            self.company.tax_calculation_rounding_method = method
            for amount in (0.01, 0.03, 0.03, 0.03, 10, 33.33, 33.34, 99.99, 0.07):
                self._exchange(self.federation, self.phare, amount)
            invoice = self._settled().move_ids
            self.assertEqual(invoice.amount_untaxed, 176.83, method)
            invoice.ess_settlement_id._reverse("Only a rehearsal")
            invoice.ess_settlement_id.item_ids.exchange_id._make_counter("Rehearsal")
            self._settled(date_to="2026-02-28")

    def test_cents_under_both_roundings_of_taxes(self):
        """19 × 0.05 and 7 × 33.33: untaxed to the cent, whatever Odoo rounds."""
        for method in ("round_per_line", "round_globally"):
            self.company.tax_calculation_rounding_method = method
            for _number in range(19):
                self._exchange(self.federation, self.phare, 0.05, quantity=3)
            for _number in range(7):
                self._exchange(
                    self.federation,
                    self.phare,
                    33.33,
                    quantity=2,
                    product_id=self.meals.id,
                )
            settlement = self._settled()
            self.assertEqual(settlement.move_ids.amount_untaxed, 234.26, method)
            estimated = settlement.line_ids.filtered(
                lambda li: li.entity_id == self.phare
            )
            self.assertEqual(estimated.tax_amount, settlement.move_ids.amount_tax)

    def test_language_of_the_member(self):
        self.phare.lang = "fr_FR"
        self._exchange(self.federation, self.phare, 40, "2026-01-13", name="R1 Van")
        line = self._settled().move_ids.invoice_line_ids
        self.assertEqual(line.name, "R1 Van (13/01/2026)")

    # === BILLS === #

    def test_bill_is_posted_for_what_was_agreed_alone(self):
        self._exchange(self.fabrique, self.federation, 50)
        bill = self._settled().move_ids
        self.assertEqual(bill.invoice_line_ids.tax_ids, self.buy_20)
        bill.invoice_line_ids.price_unit = 60
        with self.assertRaisesRegex(
            UserError, r"60\.00.* untaxed, .* exchanges are 50\.00"
        ):
            bill.action_post()
        bill.invoice_line_ids.unlink()
        line = {"name": "Hall", "price_unit": 49.99, "tax_ids": self.buy_20.ids}
        bill.invoice_line_ids = [Command.create(line)]
        with self.assertRaisesRegex(UserError, r"49\.99.* exchanges are 50\.00"):
            bill.action_post()
        bill.invoice_line_ids.price_unit = 50
        bill.ref = "FAB-2026-1"
        bill.action_post()
        self.assertEqual((bill.state, bill.amount_total), ("posted", 60))
        bill.button_draft()
        with self.assertRaisesRegex(UserError, "belongs to the settlement"):
            bill.button_cancel()

    def test_refund_from_a_member(self):
        wrong = self._exchange(self.fabrique, self.federation, 50)
        self._settled()
        wrong._make_counter("It rained in")
        february = self._settled(date_from="2026-02-01", date_to="2026-02-28")
        refund = february.move_ids
        self.assertEqual((refund.move_type, refund.state), ("in_refund", "draft"))
        self.assertEqual(refund.amount_total, 60)
        fabrique = february.line_ids.filtered(lambda li: li.entity_id == self.fabrique)
        self.assertEqual((fabrique.net, fabrique.balance), (-50, -60))

    # === CLEARING === #

    def test_clearing_entry_partner_by_partner(self):
        """Le Phare received 30 + 12 and gave 5; La Fabrique gave 30, Les Semeurs 12."""
        self.company.ess_clearing_account_id = self.clearing_account
        self._exchange(self.fabrique, self.phare, 30)
        self._exchange(self.semeurs, self.phare, 12)
        self._exchange(self.phare, self.semeurs, 5)
        settlement = self._settled(mode="clearing")
        entry = settlement.move_ids
        self.assertEqual((entry.move_type, entry.state), ("entry", "posted"))
        self.assertEqual(entry.line_ids.account_id, self.clearing_account)
        self.assertEqual(
            sorted((li.partner_id.name, li.debit, li.credit) for li in entry.line_ids),
            [
                ("Jardin Le Phare", 0, 5),
                ("Jardin Le Phare", 42, 0),
                ("Labo Les Semeurs", 0, 12),
                ("Labo Les Semeurs", 5, 0),
                ("Radio La Fabrique", 0, 30),
            ],
        )
        self.assertEqual(
            sorted(
                (t.debtor_id.name, t.creditor_id.name, t.amount)
                for t in settlement.transfer_ids
            ),
            sorted(
                [
                    ("Jardin Le Phare", self.federation.name, 37),
                    (self.federation.name, "Labo Les Semeurs", 7),
                    (self.federation.name, "Radio La Fabrique", 30),
                ]
            ),
        )
        # the member pays: its balance on the clearing account can be reconciled
        phare = entry.line_ids.filtered(lambda li: li.partner_id == self.phare)
        phare.reconcile()
        self.assertEqual(
            self._total(phare, "amount_residual"), 37, "what it still has to pay"
        )
        received = settlement.item_ids.filtered(lambda i: i.receiver_id == self.phare)
        self.assertEqual(received.move_line_id.debit, 42)

    def test_between_members_nothing_is_posted(self):
        self._exchange(self.fabrique, self.phare, 30)
        self._exchange(self.phare, self.semeurs, 30)
        settlement = self._settled()
        self.assertFalse(settlement.move_ids)
        transfer = settlement.transfer_ids
        self.assertEqual(
            (transfer.debtor_id, transfer.creditor_id, transfer.amount),
            (self.semeurs, self.fabrique, 30),
        )

    def test_cleared_mistake_makes_no_entry(self):
        self.company.ess_clearing_account_id = self.clearing_account
        self._exchange(self.fabrique, self.phare, 30)._make_counter("Never came")
        settlement = self._settlement("2026-01-01", "2026-02-28", mode="clearing")
        settlement.action_prepare()
        settlement.action_post()
        self.assertFalse(settlement.move_ids)
        self.assertEqual(settlement.state, "posted")
