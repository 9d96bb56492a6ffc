from odoo import api, fields, models
from odoo.exceptions import UserError

from ..tools.group_buying import Commitment, deliver


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

    def _received_steps(self):
        """:return: what is to be received, as the order knows it: by its receipts
        where there are any, else as ordered"""
        self.ensure_one()
        line = self.purchase_line_id
        by_receipts = line.qty_received_method == "stock_moves"
        if self.is_received and not by_receipts:
            return self.received
        if line.qty_received or by_receipts:
            return int(self._exact_steps(line.qty_received, line.product_uom_id))
        return self.ordered

    def _receive(self, received, refused=0, **vals):
        """Record a delivery and ration it; a later count replaces an earlier one.

        :param received: steps that came
        :param refused: steps of these that went back
        :param vals: `substitute_id`, `receipt_note`
        :return: the commitments that get less than their all or nothing
        """
        self.ensure_one()
        self._check_receipt(received, refused)
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
            line.qty_received = self._to_uom(received - refused, line.product_uom_id)
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
                    refused=f"{self._to_uom(refused):g} {self.uom_id.name}",
                    received=f"{self._to_uom(received):g} {self.uom_id.name}",
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
