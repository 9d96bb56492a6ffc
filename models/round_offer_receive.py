from fractions import Fraction
from math import floor

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..tools.group_buying import Commitment, deliver
from .round_words import plain_name


class RoundOfferReceive(models.Model):
    """What the supplier really brought, and who gets how much of it."""

    _inherit = "ess.round.offer"

    surplus = fields.Integer(
        compute="_compute_surplus",
        help="Received and kept, but nobody's: in steps.",
    )
    missing = fields.Integer(
        compute="_compute_surplus", help="Ordered and not received, in steps."
    )

    receipts_counted = fields.Integer(
        readonly=True,
        copy=False,
        help="What its order had received when it was counted, in steps.",
    )

    @api.depends(
        "received", "refused", "ordered", "is_received", "commitment_ids.received"
    )
    def _compute_surplus(self):
        sums = dict(
            self.env["ess.commitment"]._read_group(
                [("offer_id", "in", self.ids)], ["offer_id"], ["received:sum"]
            )
        )
        for offer in self:
            kept = offer.received - offer.refused
            taken = offer.is_received
            offer.surplus = kept - sums.get(offer._origin, 0) if taken else 0
            offer.missing = max(0, offer.ordered - kept) if taken else 0

    # === WHAT THE ORDER KNOWS === #

    def _is_by_receipts(self):
        self.ensure_one()
        return self.purchase_line_id.qty_received_method == "stock_moves"

    def _expected_receipt(self):
        """:return: what is to be counted, as the order knows it, by its receipts where
        there are any, else as ordered: (whether it came, steps received, steps sent
        back)"""
        self.ensure_one()
        net = self._receipt_steps()
        if self._is_by_receipts():
            back = self._returned_steps()
            came = bool(net or back or self.is_received)
            return came, net + back, max(self.refused, back)
        if self.is_received:
            return True, self.received, self.refused
        return True, net or self._ordered_steps(), self.refused

    def _ordered_steps(self):
        """What is ordered by now: the buyer may have changed the order."""
        line = self.purchase_line_id
        if line.state != "purchase":
            return self.ordered
        return floor(self._exact_steps(line.product_qty, line.product_uom_id))

    def _receipt_steps(self):
        """What the order has received, less what went back."""
        self.ensure_one()
        line = self.purchase_line_id
        if not line.qty_received:
            return 0
        uom = line.product_uom_id
        said = self._exact_steps(line.qty_received, uom)
        came, back = self._receipt_moves()
        moves = len(came) + len(back)
        # a third of a carton is 0.33 on the order: that is no piece less
        digits = self.env["decimal.precision"].precision_get("Product Unit")
        unsaid = max(1, moves) * self._steps_per(uom) / (2 * 10**digits)
        exact = self._moved_steps(came) - self._moved_steps(back)
        if moves and abs(exact - said) <= unsaid:
            said = exact
        else:
            said += min(unsaid, Fraction(1, 2))
        return max(0, floor(said))

    def _returned_steps(self):
        """What the receipts say was sent back to the supplier: the quantity received
        has it taken off already."""
        return floor(self._moved_steps(self._receipt_moves()[1]))

    def _receipt_moves(self):
        """:return: what the warehouse has taken in and sent back; Inventory is not
        always installed"""
        line = self.purchase_line_id
        if "move_ids" not in line._fields:
            return (), ()
        back, came = line._get_outgoing_incoming_moves()
        return tuple(m.filtered(lambda m: m.state == "done") for m in (came, back))

    def _moved_steps(self, moves):
        return sum(self._exact_steps(move.quantity, move.product_uom) for move in moves)

    def _receipts_changed(self):
        """:return: those of which the order received more or less since the count"""
        return self.filtered(
            lambda o: (
                o.is_received
                and o.purchase_line_id
                and o._receipt_steps() != o.receipts_counted
            )
        )

    # === COUNTING === #

    def _receive(self, received, refused=0, **vals):
        """Record a delivery and ration it; a later count replaces an earlier one.

        :param received: steps that came
        :param refused: steps of these that went back
        :param vals: `substitute_id`, `receipt_note`
        :return: the commitments that get less than their all or nothing
        """
        self.ensure_one()
        self._check_receipt(received, refused)
        self._check_substitute(vals.get("substitute_id"))
        self.write(
            {
                "received": received,
                "refused": refused,
                "is_received": True,
                **vals,
            }
        )
        short = self._ration(received - refused)
        line = self.purchase_line_id
        if line.qty_received_method == "manual":
            counting = line.with_context(ess_counting=True)
            counting.qty_received = self._to_uom(
                received - refused, line.product_uom_id
            )
        self.receipts_counted = self._receipt_steps()
        return short

    def _check_receipt(self, received, refused):
        words = {"offer": self.name, "received": received, "refused": refused}
        if not self.ordered:
            raise UserError(self.env._("%(offer)s was not ordered.", **words))
        if received < 0 or refused < 0:
            raise UserError(
                self.env._("%(offer)s: quantities cannot be negative.", **words)
            )
        if refused > received:
            raise UserError(
                self.env._(
                    "%(offer)s: %(refused)s cannot go back when %(received)s came.",
                    offer=self.name,
                    refused=self._in_words(refused),
                    received=self._in_words(received),
                )
            )

    def _check_substitute(self, product_id):
        """What came instead is counted as the offer is, and invoiced so."""
        product = self.env["product.product"].browse(product_id or [])
        if product and not product.uom_id._has_common_reference(self.uom_id):
            raise UserError(
                self.env._(
                    "%(offer)s is counted in %(unit)s: %(substitute)s, which is "
                    "counted in %(other)s, cannot come in place of it.",
                    offer=self.name,
                    unit=self.uom_id.name,
                    substitute=plain_name(product),
                    other=product.uom_id.name,
                )
            )

    # === RATIONING === #

    def _ration(self, quantity):
        """By the rule of the round, out of what each was allotted."""
        commitments = self.commitment_ids
        by_time = commitments.sorted(lambda c: (c.committed_on, c.id))
        allotted = {c.id: c.allotted for c in commitments if c.allotted}
        delivery = deliver(
            quantity,
            [
                Commitment(
                    key=one.id,
                    want=one.want,
                    tolerance=one.tolerance,
                    minimum=min(one.minimum, one.want),
                    priority=rank,
                )
                for rank, one in enumerate(by_time)
            ],
            allotted,
            self.round_id.ration_rule,
        )
        changed = commitments.filtered(lambda c: c.received != delivery.got[c.id])
        for amount, group in changed.grouped(lambda c: delivery.got[c.id]).items():
            group.received = amount
        return commitments.browse(delivery.below_minimum)
