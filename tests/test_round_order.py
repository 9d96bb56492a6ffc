from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common_purchase import PurchaseCommon


@tagged("post_install", "-at_install")
class TestRoundOrder(PurchaseCommon):
    """One purchase order per supplier, in its unit, at the price reached together."""

    def _line(self, offer):
        return offer.purchase_line_id

    # === ORDERS === #

    def test_one_order_per_supplier_in_its_unit(self):
        one = self._ordered(confirm=False)
        self.assertEqual(one.state, "ordered")
        orders = one.purchase_ids
        self.assertEqual(orders.partner_id, self.nord | self.papier)
        self.assertEqual(one.purchase_count, 2)
        flour = self._line(self.flours)
        # 240 pieces are 20 cartons at 12 × 27.95
        self.assertEqual(
            (flour.product_uom_id, flour.product_qty, flour.price_unit),
            (self.carton, 20, 335.40),
        )
        self.assertEqual(flour.price_subtotal, 6708.00)
        self.assertEqual(flour.name, "[FL12] Flour")
        # 11 steps of half a kilo are 5.5 kg at 4.30
        lentils = self._line(self.lentil)
        self.assertEqual(
            (lentils.product_uom_id, lentils.product_qty, lentils.price_unit),
            (self.kilo, 5.5, 4.30),
        )
        self.assertEqual(lentils.tax_ids, self.buy_5)
        self.assertEqual(orders.mapped("origin"), [one.reference] * 2)
        self.assertEqual(str(flour.date_planned), "2026-01-20 12:00:00")

    def test_a_unit_that_does_not_fit_is_not_rounded(self):
        """240 pieces are no whole number of packs of 7: pieces are ordered."""
        one = self._closed()
        one.state = "draft"
        self.flours.vendor_uom_id = self.env["uom.uom"].create(
            {
                "name": "Pack of 7",
                "relative_uom_id": self.unit.id,
                "relative_factor": 7,
            }
        )
        one.state = "closed"
        one.action_order()
        line = self._line(self.flours)
        self.assertEqual(
            (line.product_uom_id, line.product_qty, line.price_subtotal),
            (self.unit, 240, 6708.00),
        )

    def test_every_line_carries_the_account_of_the_round(self):
        one = self._ordered(confirm=False)
        account = one.analytic_account_id
        self.assertEqual(
            account.plan_id, self.env.ref("ess_mutualisation.analytic_plan_rounds")
        )
        for line in one.purchase_ids.order_line:
            self.assertEqual(line.analytic_distribution, {str(account.id): 100})

    def test_what_nobody_was_allotted_is_not_ordered(self):
        one = self._closed()
        self.sheets.ordered = 0
        one.action_order()
        self.assertEqual(one.purchase_ids.partner_id, self.nord)

    def test_nothing_to_order(self):
        one = self._closed()
        one.offer_ids.ordered = 0
        with self.assertRaisesRegex(UserError, "nothing to order"):
            one.action_order()

    def test_an_open_round_is_not_ordered(self):
        one = self._closed()
        one.state = "open"
        with self.assertRaisesRegex(UserError, "Spring is open.*closed, ordered"):
            one.action_order()

    def test_ordering_twice_makes_nothing(self):
        one = self._ordered(confirm=False)
        with self.assertRaisesRegex(UserError, "ordered already: P"):
            one.action_order()
        self.assertEqual(one.purchase_count, 2)

    def test_a_cancelled_order_can_be_made_anew(self):
        one = self._ordered(confirm=False)
        first = self.flours.purchase_line_id.order_id
        first.button_cancel()
        self.assertTrue(one.is_order_cancelled)
        one.action_order()
        self.assertFalse(one.is_order_cancelled)
        second = self.flours.purchase_line_id.order_id
        self.assertNotEqual(first, second)
        self.assertEqual(second.state, "draft")
        self.assertEqual(len(one.purchase_ids), 3)

    def test_the_database_keeps_one_order_per_supplier(self):
        one = self._ordered(confirm=False)
        supplier = one.supplier_ids[0]
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(IntegrityError),
            self.cr.savepoint(),
        ):
            other = supplier.purchase_id.copy()
            other.ess_supplier_id = supplier
            other.flush_recordset()

    # === THE TRAPS OF ODOO === #

    def _seller(self, product, qty, price, uom=None):
        return self.env["product.supplierinfo"].create(
            {
                "partner_id": self.nord.id,
                "product_tmpl_id": product.product_tmpl_id.id,
                "min_qty": qty,
                "price": price,
                "product_uom_id": (uom or self.unit).id,
            }
        )

    def test_trap_the_price_of_the_smallest_tier(self):
        """Odoo takes 30.05, the tier of the smallest quantity, when none is given."""
        self._seller(self.flour, 1, 30.05)
        self._seller(self.flour, 240, 27.95)
        plain = self.env["purchase.order"].create(
            {
                "partner_id": self.nord.id,
                "order_line": [
                    Command.create({"product_id": self.flour.id, "product_qty": 240})
                ],
            }
        )
        self.assertEqual(plain.order_line.price_unit, 30.05)
        self._ordered(confirm=False)
        self.assertEqual(self._line(self.flours).price_unit, 12 * 27.95)

    def test_trap_the_price_of_a_carton_for_each_piece(self):
        """Odoo takes 335.40 for one piece when the vendor sells by the carton."""
        self._seller(self.flour, 1, 335.40, self.carton)
        plain = self.env["purchase.order"].create(
            {
                "partner_id": self.nord.id,
                "order_line": [
                    Command.create(
                        {
                            "product_id": self.flour.id,
                            "product_qty": 240,
                            "product_uom_id": self.unit.id,
                        }
                    )
                ],
            }
        )
        self.assertEqual(plain.order_line.price_subtotal, 240 * 335.40)
        self._ordered(confirm=False)
        self.assertEqual(self._line(self.flours).price_subtotal, 6708.00)

    def test_a_later_change_of_quantity_keeps_the_price(self):
        """19 cartons alone would be in the first tier: the price was agreed for 20."""
        self._seller(self.flour, 1, 360.60, self.carton)
        self._ordered()
        line = self._line(self.flours).with_user(self.buyer)
        line.product_qty = 19
        self.assertEqual(line.price_unit, 335.40)
        # counted in pieces it is the same price
        line.write({"product_uom_id": self.unit.id, "product_qty": 228})
        self.assertAlmostEqual(line.price_unit, 27.95, 6)
        self.assertEqual(line.price_subtotal, 6372.60)

    def test_a_price_by_hand_stays_too(self):
        self._ordered()
        line = self._line(self.flours).with_user(self.buyer)
        line.price_unit = 330
        line.product_qty = 19
        self.assertEqual(line.price_unit, 330)

    def test_two_rounds_are_never_merged(self):
        first = self._ordered(confirm=False)
        second = self._ordered(confirm=False, name="Summer")
        orders = (first | second).supplier_ids.purchase_id.filtered(
            lambda o: o.partner_id == self.nord
        )
        self.assertEqual(len(orders), 2)
        with self.assertRaises(UserError):
            orders.with_user(self.buyer).action_merge()
        self.assertEqual(orders.mapped("state"), ["draft", "draft"])

    def test_the_price_reached_together_is_not_saved_as_a_price_for_one(self):
        self._ordered()
        self.assertFalse(self.flour.seller_ids)

    # === ACCESS === #

    def test_confirming_is_up_to_who_buys(self):
        one = self._closed()
        one.with_user(self.facilitator).action_order()
        with self.assertRaises(AccessError):
            one.with_user(self.facilitator).action_confirm_orders()
        one.with_user(self.buyer).action_confirm_orders()
        self.assertEqual(set(one.purchase_ids.mapped("state")), {"purchase"})

    def test_others_do_not_order(self):
        one = self._closed()
        for user in (
            self._volunteer(self.phare, "volunteer"),
            self._internal("employee", "base.group_user"),
            self.accountant,
            self.env.ref("base.public_user"),
        ):
            with self.assertRaises(AccessError, msg=user.login):
                one.with_user(user).action_order()

    def test_the_round_of_an_order_is_not_entered(self):
        one = self._ordered(confirm=False)
        order = one.purchase_ids[0].with_user(self.buyer)
        with self.assertRaisesRegex(UserError, "only a round says"):
            order.ess_supplier_id = False
        with self.assertRaisesRegex(UserError, "only a round says"):
            order.order_line[0].ess_offer_id = self.sheets

    def test_a_buyer_without_rounds_opens_the_order(self):
        one = self._ordered()
        purchaser = self._internal("purchaser", "purchase.group_purchase_user")
        order = one.purchase_ids[0].with_user(purchaser)
        line = order.order_line[0]
        line.product_qty += 1
        self.assertTrue(order.read(["name", "amount_untaxed"]))
