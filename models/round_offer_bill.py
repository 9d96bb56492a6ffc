from collections import Counter
from fractions import Fraction

from odoo import models

from ..tools.group_buying import Offer, price_at
from ..tools.round_bill import Goods


class RoundOfferBill(models.Model):
    """What the supplier really billed for an offer, and who received how much."""

    _inherit = "ess.round.offer"

    def _bill_facts(self, bills):
        """:param bills: {offer: (cents, steps, cents of tax)} of those with a bill
        :return: the facts that the rule needs of each of these offers"""
        return [offer._bill_fact(*bills.get(offer, (None, 0, 0))) for offer in self]

    def _bill_fact(self, billed, quantity, tax):
        self.ensure_one()
        step = self._step()
        return Goods(
            key=self.id,
            supplier=self.supplier_id.id,
            got=self._got(),
            surplus=max(0, self.surplus),
            billed=billed,
            quantity=quantity,
            tax=tax if self.round_id.legal_mode == "agent" else 0,
            price=self._cents_per_step(),
            size=step,
            weight=Fraction(repr(self.weight or 0.0)) * step,
        )

    def _invoiced_goods(self):
        """:return: the id of what members are invoiced for as goods; 0 where it is
        paid in their name, whatever it is"""
        self.ensure_one()
        if self.round_id.legal_mode == "agent":
            return 0
        return (self.substitute_id or self.product_id).id

    def _got(self):
        """:return: {member id: steps}; where members order themselves, what each was
        allotted is what it orders, unless somebody counted what came"""
        expected = self.round_id.legal_mode == "referencing" and not self.is_received
        got = Counter()
        for one in self.commitment_ids:
            steps = one.allotted if expected else one.received
            if steps and (expected or self.is_received):
                got[one.entity_id.id] += steps
        return got

    # === ALONE === #

    def _tiers_in_cents(self):
        """:return: the price list of one step, exact, in cents"""
        self.ensure_one()
        cents = 10**self.currency_id.decimal_places
        return Offer(
            tuple(
                (tier.from_quantity, tier._step_price() * cents)
                for tier in self.tier_ids
            )
            or ((0, self._cents_per_step()),)
        )

    def _alone_cents(self, steps):
        """:return: exact cents of so many steps at the price of this quantity alone

        Cartons and minima of the supplier are left aside: it would be more with them.
        """
        offer = self._tiers_in_cents()
        price = price_at(offer, steps)
        return steps * (self._first_price(offer) if price is None else price)

    def _first_cents(self, steps):
        """:return: exact cents of so many steps in the first tier"""
        return steps * self._first_price(self._tiers_in_cents())

    @staticmethod
    def _first_price(offer):
        return min(offer.tiers)[1]
