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
        self.assertEqual(sum(settlement.line_ids.mapped("balance")), 0)
        with self.assertRaisesRegex(UserError, "Nothing to settle"):
            self._settlement().action_prepare()
