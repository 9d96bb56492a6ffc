from odoo.tests import tagged

from .common import StockCommon


@tagged("post_install", "-at_install")
class TestReceipts(StockCommon):
    """What the warehouse takes in is what the round is asked to count."""

    def _activities(self):
        return self.one.activity_ids.mapped("activity_type_id.name")

    def test_in_two_receipts(self):
        """14 of 20 cartons come, then the rest: each count is filled in by them."""
        self.assertEqual(self.line.qty_received_method, "stock_moves")
        self.assertEqual(self._filled()[self.flour], (False, 0, 0))
        self._validate({self.flour: 168})
        self.assertEqual(self.line.qty_received, 14)
        self.assertEqual(
            self._filled(),
            {
                self.flour: (True, 168, 0),
                self.lentils: (False, 0, 0),
                self.paper: (False, 0, 0),
            },
        )
        self._count()
        self.assertEqual(self._got(self.flours), [70, 64, 34])
        self.assertEqual(self.flours.missing, 72)
        # lentils did not come: nobody gets nothing of them
        self.assertFalse(self.lentil.is_received)
        self.assertEqual(self.one.state, "ordered")
        self._validate({self.flour: 72, self.lentils: 5.5})
        self._validate({self.paper: 15}, self.sheets.purchase_line_id.order_id)
        self._count()
        self.assertEqual(self._got(self.flours), [100, 92, 48])
        self.assertEqual(self._got(self.lentil), [7, 4, 0])
        self.assertEqual((self.flours.missing, self.one.state), (0, "received"))
        # neither price nor account were touched by it
        self.assertEqual((self.line.price_unit, self.line.product_qty), (335.40, 20))
        account = str(self.one.analytic_account_id.id)
        self.assertEqual(self.line.analytic_distribution, {account: 100})

    def test_a_receipt_without_the_round_is_pointed_out(self):
        self.assertIn(
            "Not received yet: Flour, Lentils, Paper.", self.one.missing_facts
        )
        self._validate({self.flour: 168})
        self.one.invalidate_recordset(["missing_facts"])
        self.assertIn(
            "Received by its order, not counted yet: Flour.", self.one.missing_facts
        )
        self.assertEqual(self._activities(), ["Goods to Count"])
        self.assertEqual(self.one.activity_ids.user_id, self.buyer)
        self._count()
        self.assertFalse(self._activities())
        # the second receipt comes when nobody thinks of it any more
        self._validate({self.flour: 60, self.lentils: 5.5})
        self.assertEqual(self._activities(), ["Goods to Count"], "once")
        facts = "\n".join(self.one._missing_facts())
        self.assertIn("order since the count: Flour.", facts)
        self.assertIn("not counted yet: Lentils.", facts)

    def test_a_part_of_a_carton_is_no_piece_less(self):
        """100 pieces are 8.33 cartons on the order."""
        picking = self._validate({self.flour: 100})
        self.assertEqual(self.line.qty_received, 8.33)
        self.assertEqual(self._filled()[self.flour], (True, 100, 0))
        self._count()
        self.assertFalse(self.one._missing_receipts(self.flours))
        self._send_back(picking, {self.flour: 5})
        self.assertEqual(self._filled()[self.flour], (True, 100, 5))

    def test_goods_go_back_to_the_vendor(self):
        picking = self._validate({self.flour: 240})
        self._count()
        self._send_back(picking, {self.flour: 12})
        self.assertEqual(self.line.qty_received, 19)
        self.assertIn("sent back by its order", self.one._missing_facts()[1])
        self.assertEqual(self._filled()[self.flour], (True, 240, 12))
        self._count()
        self.assertEqual(sum(self._got(self.flours)), 228)
        # counted once more, they do not go back twice
        self.assertEqual(self._filled()[self.flour], (True, 240, 12))

    def test_counted_as_refused_before_they_go_back(self):
        picking = self._validate({self.flour: 240})
        with self._wizard() as form, form.line_ids.edit(0) as line:
            line.refused = 12
        form.record.action_apply()
        self.assertEqual(self._filled()[self.flour], (True, 240, 12))
        self._send_back(picking, {self.flour: 12})
        self.assertEqual(self._filled()[self.flour], (True, 240, 12))

    def test_goods_that_are_exchanged_were_received(self):
        """Torn ones go back and new ones come: nothing is to be refunded."""
        picking = self._validate({self.flour: 240})
        back = self._send_back(picking, {self.flour: 12}, refund=False)
        self.assertEqual(self._filled()[self.flour], (True, 240, 0))
        self._send_back(back, {self.flour: 12}, refund=False)
        self.assertEqual(self._filled()[self.flour], (True, 240, 0))

    def test_the_rest_never_comes(self):
        self._validate({self.flour: 168}, backorder=False)
        self._count()
        self.assertEqual(self._filled()[self.lentils], (False, 0, 0))
        with self._wizard() as form, form.line_ids.edit(1) as line:
            line.taken = True
        form.record.action_apply()
        self.assertEqual(self._got(self.lentil), [0, 0, 0])

    def test_a_cancelled_receipt_brought_nothing(self):
        self.order.picking_ids.action_cancel()
        self.assertEqual(self._filled()[self.flour], (False, 0, 0))
        self.assertIn("Not received yet: Flour", self.one.missing_facts)

    def test_more_than_ordered(self):
        """23 cartons: La Fabrique takes 10 more, Le Phare 18, 8 are nobody's."""
        self._validate({self.flour: 276})
        self._count()
        self.assertEqual(self._got(self.flours), [110, 110, 48])
        self.assertEqual(self.flours.surplus, 8)

    def test_the_confirmed_order_is_changed(self):
        """18 cartons are left of it; the price was agreed for 20."""
        self.line.with_user(self.buyer).product_qty = 18
        self.assertEqual(self.line.price_unit, 335.40)
        moves = self.line.move_ids.filtered(lambda m: m.state != "cancel")
        self.assertEqual(sum(moves.mapped("product_qty")), 216)
        self._validate({self.flour: 216, self.lentils: 5.5})
        self._count()
        self.assertEqual(self._got(self.flours), [90, 83, 43])

    def test_who_receives_needs_no_right_on_rounds(self):
        keeper = self._internal("keeper", "stock.group_stock_user")
        picking = self.order.picking_ids.with_user(keeper)
        for move in picking.move_ids:
            move.quantity = move.product_uom_qty
            move.picked = True
        picking.button_validate()
        self.env.flush_all()
        self.assertEqual(self.line.qty_received, 20)
        self.assertEqual(self._activities(), ["Goods to Count"])

    def test_who_counts_needs_no_right_on_the_warehouse(self):
        self._validate({self.flour: 240})
        self._count(self.facilitator)
        self.assertEqual(self._got(self.flours), [100, 92, 48])
        one = self.one.with_user(self.facilitator)
        self.assertIn("Not received yet: Lentils", one.missing_facts)

    def test_counted_by_hand_is_not_asked_again(self):
        """A coordinator who knows better than the warehouse is left in peace."""
        self._validate({self.flour: 240, self.lentils: 5.5})
        with self._wizard() as form, form.line_ids.edit(0) as line:
            line.received = 238
        form.record.action_apply()
        self.assertEqual(sum(self._got(self.flours)), 238)
        self.assertFalse(self.flours._receipts_changed())
        self.assertFalse(self._activities())


@tagged("post_install", "-at_install")
class TestReceiptsSettled(StockCommon):
    """Bills on received quantities, receipt by receipt, and the value of the stock."""

    def _bill(self):
        before = self.order.invoice_ids
        self.order.action_create_invoice()
        bill = self.order.invoice_ids - before
        bill.invoice_date = "2026-01-31"
        bill.action_post()
        return bill

    def _charged(self):
        exchanges = self.env["ess.exchange"].search(
            [("round_share_id.round_id", "=", self.one.id)]
        )
        return round(sum(exchanges.mapped("amount")), 2)

    def test_the_bill_of_a_partial_receipt(self):
        """Its lines of nothing are no bill of what is still to come."""
        self._validate({self.flour: 168})
        self._count()
        bill = self._bill()
        self.assertEqual(bill.invoice_line_ids.mapped("quantity"), [14, 0])
        self.one.action_settle()
        # 168 × 27.95
        self.assertEqual(self._charged(), 4695.60)
        self.assertEqual(self.one.state, "ordered")
        self._validate({self.flour: 72, self.lentils: 5.5})
        self._validate({self.paper: 15}, self.sheets.purchase_line_id.order_id)
        self._count()
        self.assertIn(
            "Not billed yet by its supplier: Lentils, Paper.", self.one.missing_facts
        )
        self.one.action_settle()
        self.assertEqual((self._charged(), self.one.state), (4695.60, "received"))
        self._bill()
        self.order = self.sheets.purchase_line_id.order_id
        self._bill()
        self.one.action_settle()
        # 6708.00, 5.5 × 4.30, 15 × 3.99
        self.assertEqual((self._charged(), self.one.state), (6791.50, "done"))
        self.assertEqual(self.one.residue_amount, 0)

    def test_from_the_receipts_to_the_credit_note(self):
        picking = self._validate({self.flour: 240, self.lentils: 5.5})
        self._validate({self.paper: 15}, self.sheets.purchase_line_id.order_id)
        self._count()
        self._bill()
        sheets = self.sheets.purchase_line_id.order_id
        sheets.action_create_invoice()
        sheets.invoice_ids.invoice_date = "2026-01-31"
        sheets.invoice_ids.action_post()
        self.one.action_settle()
        self.assertEqual((self._charged(), self.one.state), (6791.50, "done"))
        # a carton goes back after the round was settled
        self._send_back(picking, {self.flour: 12})
        self.assertEqual(
            self.one.activity_ids.activity_type_id.mapped("name"), ["Goods to Count"]
        )
        self._count()
        self.assertEqual(self.one.state, "received")
        self.assertIn("335.40", self.one.unsettled)
        self.one.action_settle()
        # it was billed: until it is credited, nobody bears it
        self.assertEqual((self._charged(), self.one.residue_amount), (6456.10, 335.40))
        credit = self._bill()
        self.assertEqual(
            (credit.move_type, credit.amount_untaxed), ("in_refund", 335.40)
        )
        self.one.action_settle()
        self.assertEqual((self._charged(), self.one.residue_amount), (6456.10, 0))
        self.assertEqual(self.one.state, "done")

    def test_the_value_of_the_stock_is_no_price(self):
        """In average cost, in real time: the round pays what was billed."""
        self.flour.categ_id = self.env["product.category"].create(
            {
                "name": "Valued",
                "property_cost_method": "average",
                "property_valuation": "real_time",
            }
        )
        self._validate({self.flour: 168})
        self._count()
        self.assertEqual(self.line.price_unit, 335.40)
        bill = self._bill()
        self.assertEqual(self.line.price_unit, 335.40)
        account = str(self.one.analytic_account_id.id)
        goods = bill.invoice_line_ids.filtered("quantity")
        self.assertEqual(goods.analytic_distribution, {account: 100})
        self.one.action_settle()
        self.assertEqual(self._charged(), 4695.60)
        settlement = self._settled()
        invoiced = settlement.move_ids.invoice_line_ids.mapped("price_subtotal")
        self.assertEqual(round(sum(invoiced), 2), 4695.60)


@tagged("post_install", "-at_install")
class TestReceiptsAgent(StockCommon):
    """What is bought in the name of members is no stock of the federation."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        third_parties = cls.env["account.account"].create(
            {"code": "467901", "account_type": "asset_current", "name": "For members"}
        )
        disbursement = cls._product(
            "Disbursement",
            cls._tax("0", 0),
            property_account_income_id=third_parties.id,
        )
        cls.third_parties = third_parties
        cls.one = cls._ordered(
            name="Agent",
            legal_mode="agent",
            disbursement_product_id=disbursement.id,
        )
        cls.line = cls.flours.purchase_line_id
        cls.order = cls.line.order_id

    def test_the_bill_is_no_expense(self):
        self._validate({self.flour: 240})
        self._count()
        self.order.action_create_invoice()
        bill = self.order.invoice_ids
        bill.invoice_date = "2026-01-31"
        bill.action_post()
        goods = bill.invoice_line_ids.filtered("quantity")
        self.assertEqual(goods.account_id, self.third_parties)
        self.one.action_settle()
        flour = self.one.share_ids.filtered(lambda s: s.offer_id == self.flours)
        self.assertEqual(round(sum(flour.mapped("amount")), 2), 6708.00)
        self.assertEqual(round(sum(flour.mapped("tax_amount")), 2), 1341.60)
