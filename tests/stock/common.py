"""Receipts of the Inventory app: how a warehouse takes in what a round ordered."""

from odoo.tests import Form

from ..common_purchase import PurchaseCommon


class StockCommon(PurchaseCommon):
    """The round of the story, ordered: 20 cartons of flour, which is stored, 5.5 kg of
    lentils and 15 papers, which are not."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        if "stock.picking" not in cls.env:
            raise AssertionError("Inventory is not installed: ./dev test tests/stock")
        cls.flour.is_storable = True
        cls.one = cls._ordered(cost_product_id=cls.freight.id)
        cls.line = cls.flours.purchase_line_id
        cls.order = cls.line.order_id

    @classmethod
    def _validate(cls, quantities, order=None, backorder=True):
        """Take in an open receipt.

        :param quantities: {product: quantity in its own unit}, the others did not come
        """
        pickings = (order or cls.order).picking_ids
        picking = pickings.filtered(lambda p: p.state not in ("done", "cancel"))
        picking.ensure_one()
        for move in picking.move_ids:
            move.quantity = quantities.get(move.product_id, 0)
            move.picked = bool(move.quantity)
        ours = {} if backorder else {"picking_ids_not_to_backorder": picking.ids}
        picking.with_context(skip_backorder=True, **ours).button_validate()
        # what orders received is computed when the transaction ends, at the latest
        cls.env.flush_all()
        cls.assertEqual(cls(), picking.state, "done")
        return picking

    @classmethod
    def _send_back(cls, picking, quantities, refund=True):
        """Return goods to the vendor, and take that transfer as done."""
        wizard = (
            cls.env["stock.return.picking"]
            .with_context(active_id=picking.id, active_model="stock.picking")
            .create({"picking_id": picking.id})
        )
        for line in wizard.product_return_moves:
            line.quantity = quantities.get(line.product_id, 0)
            line.to_refund = refund
        action = wizard.action_create_returns()
        back = cls.env["stock.picking"].browse(action["res_id"])
        back.move_ids.picked = True
        back.button_validate()
        cls.env.flush_all()
        cls.assertEqual(cls(), back.state, "done")
        return back

    def _wizard(self, user=None):
        user = user or self.buyer
        action = self.one.with_user(user).action_receive()
        model = self.env[action["res_model"]].with_user(user)
        return Form(model.with_context(**action["context"]))

    def _filled(self):
        """{product: (ticked, received, sent back)} as the wizard is filled in"""
        return {
            line.offer_id.product_id: (line.taken, line.received, line.refused)
            for line in self._wizard().save().line_ids
        }

    def _count(self, user=None):
        """As a coordinator who believes what the wizard says."""
        self._wizard(user).save().action_apply()

    def _got(self, offer):
        """Of La Fabrique, Le Phare, Les Semeurs."""
        return [
            self._of(offer.commitment_ids, member).received
            for member in (self.fabrique, self.phare, self.semeurs)
        ]
