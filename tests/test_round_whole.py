"""The federation's own round: 96 offers, 1,020 commitments, from file to invoice."""

import time

from odoo.fields import Command, Date
from odoo.tests import tagged

from .test_round_import import RoundImportCase
from .test_round_settle import cents

SHORT = 5
"""So many products come with a carton less than was ordered."""


@tagged("post_install", "-at_install")
class TestRoundWhole(RoundImportCase):
    """Ordered from three suppliers, received with a shortage, billed at other prices;
    it ties out to the cent."""

    def test_from_the_files_to_the_invoices(self):
        self._decided()
        self._timed(10, self._ordered)
        self._timed(10, self._received)
        bills = self._billed()
        self._timed(10, self.round.action_settle)
        self._check_zero_sum(bills)
        exchanges = self.env["ess.exchange"].search(
            [("round_share_id.round_id", "=", self.round.id)]
        )
        self.round.action_settle()
        self.assertEqual(
            exchanges,
            self.env["ess.exchange"].search(
                [("round_share_id.round_id", "=", self.round.id)]
            ),
            "settling twice adds nothing",
        )
        self.assertEqual(self.round.state, "done")
        self._check_invoices(exchanges)

    def _timed(self, seconds, act):
        """Time of the processor: a busy machine is no failure."""
        began = time.process_time()
        act()
        self.env.flush_all()
        spent = time.process_time() - began
        self.assertLess(spent, seconds, act.__name__)

    def _decided(self):
        self._import_members()
        self._join()
        self._load_sheet("round_offers.csv")
        product = self.env["product.product"].create(
            {"name": "Transport", "type": "service"}
        )
        product.taxes_id = self.env["account.tax"].search(
            [("type_tax_use", "=", "sale"), ("amount", "=", 20)], limit=1
        )
        self.round.cost_product_id = product
        self.round.action_open()
        self._load_sheet("round_commitments.csv")
        self.round.with_user(self.facilitator).action_close()

    def _ordered(self):
        self.round.with_user(self.facilitator).action_order()
        self.round.action_confirm_orders()
        orders = self.round.supplier_ids.purchase_id
        self.assertEqual(len(orders), 3)
        self.assertEqual(set(orders.mapped("state")), {"purchase"})
        lines = self.round.offer_ids.filtered("ordered")
        self.assertEqual(len(orders.order_line), len(lines))
        for offer in lines:
            line = offer.purchase_line_id
            steps = offer._exact_steps(line.product_qty, line.product_uom_id)
            self.assertEqual(steps, offer.ordered)
            self.assertEqual(
                cents(line.price_subtotal),
                round(offer._cents_per_step() * offer.ordered),
                offer.name,
            )

    def _received(self):
        offers = self.round.offer_ids.filtered("ordered")
        self.round._receive(
            {
                offer: (
                    offer.ordered - (offer.carton if number < SHORT else 0),
                    0,
                    {},
                )
                for number, offer in enumerate(offers)
            }
        )
        for offer in offers:
            got = sum(offer.commitment_ids.mapped("received"))
            self.assertEqual(got, offer.received)
        self.assertEqual(sum(o.missing > 0 for o in offers), SHORT)

    def _billed(self):
        """Each supplier bills what it delivered, every tenth line 1 % dearer."""
        bills = self.env["account.move"]
        for order in self.round.supplier_ids.purchase_id:
            order.action_create_invoice()
            bill = order.invoice_ids
            bill.invoice_date = Date.context_today(bill)
            for number, line in enumerate(bill.invoice_line_ids):
                if number % 10 == 0:
                    line.price_unit *= 1.01
            bill.invoice_line_ids = [
                Command.create({"name": "Transport", "price_unit": 87.35})
            ]
            bills |= bill
        bills.action_post()
        self.env["ess.round.cost"].create(
            {
                "round_id": self.round.id,
                "name": "Salle",
                "kind": "fee",
                "amount": 49.99,
                "is_final": True,
                "basis": "equal",
            }
        )
        self.round.action_take_bill_lines()
        self.round.cost_ids.filtered("move_line_id")[0].basis = "weight"
        self.round.cost_ids.filtered("move_line_id")[1].basis = "quantity"
        return bills

    def _check_zero_sum(self, bills):
        shares = self.round.share_ids
        billed = sum(cents(bill.amount_untaxed) for bill in bills) + 4999
        self.assertEqual(sum(cents(share.amount) for share in shares), billed)
        self.assertFalse(shares.filtered(lambda s: s.kind == "residue" and s.amount))
        self.assertFalse(self.round._missing_facts())

    def _check_invoices(self, exchanges):
        settlement = self.env["ess.settlement"].create(
            {"date_from": "2026-01-01", "date_to": "2026-01-31"}
        )
        settlement.action_prepare()
        self.assertFalse(
            settlement.issue_ids.filtered(lambda i: i.severity == "1_blocking").mapped(
                "message"
            )
        )
        settlement.action_post()
        self.assertEqual(set(exchanges.mapped("state")), {"settled"})
        self.assertEqual(
            sum(cents(move.amount_untaxed) for move in settlement.move_ids),
            sum(cents(share.amount) for share in self.round.share_ids),
        )
