from collections import defaultdict
from fractions import Fraction

from odoo import models

from .round_facts import DECISION, as_fraction
from .round_words import in_words


class RoundPortalSupplier(models.Model):
    """How far all members together are from the minimum of a supplier."""

    _inherit = "ess.round"

    def _portal_minima(self, rows):
        """What all members together would order of each supplier now.

        :param list rows: of all offers of the round, see `_portal_rows`
        :return: {ess.round.supplier: {'amount', 'weight': Fraction, 'short': whether
            its minimum is not reached, 'said': sentences about its minima}}
        """
        self.ensure_one()
        amounts, weights = defaultdict(Fraction), defaultdict(Fraction)
        for row in rows:
            offer, seen = row["offer"], row["glance"]
            if seen.quantity:
                amounts[offer.supplier_id] += seen.quantity * Fraction(seen.price)
                weight = as_fraction(offer.weight) * offer._step()
                weights[offer.supplier_id] += seen.quantity * weight
        return {
            one: one._portal_seen(amounts[one], weights[one])
            for one in self.sudo().supplier_ids
        }

    def _portal_freights(self, minima):
        """What is asked for below a minimum, where it is ordered all the same.

        :param dict minima: see `_portal_minima`
        :return: {ess.round.supplier: Fraction}
        """
        if self.sudo().minimum_policy != "freight":
            return {}
        return {
            one: as_fraction(one.freight_amount)
            for one, seen in minima.items()
            if seen["short"] and seen["amount"] and one.freight_amount
        }


class RoundSupplierPortal(models.Model):
    _inherit = "ess.round.supplier"

    def _portal_seen(self, amount, weight):
        """:return: see `_portal_minima`"""
        self.ensure_one()
        least = as_fraction(self.minimum_amount)
        heavy = as_fraction(self.minimum_weight)
        said = []
        if least:
            said.append(self._portal_amount_said(amount, least))
        if heavy:
            said.append(self._portal_weight_said(weight, heavy))
        below = amount < least or weight < heavy
        # what the coordinator has answered holds until the deadline moves
        short = below and self.state not in DECISION
        return {"amount": amount, "weight": weight, "short": short, "said": said}

    def _portal_amount_said(self, amount, least):
        if amount >= least:
            return self.env._(
                "It takes orders from %(minimum)s, without tax: that is reached.",
                minimum=self._money(least),
            )
        return self.env._(
            "It takes orders from %(minimum)s, without tax; %(missing)s more are "
            "missing of all of us.",
            minimum=self._money(least),
            missing=self._money(least - amount),
        )

    def _portal_weight_said(self, weight, heavy):
        if weight >= heavy:
            return self.env._(
                "It takes orders from %(minimum)s kg: that is reached.",
                minimum=in_words(self.env, heavy),
            )
        return self.env._(
            "It takes orders from %(minimum)s kg; %(missing)s kg more are missing of "
            "all of us.",
            minimum=in_words(self.env, heavy),
            missing=in_words(self.env, heavy - weight),
        )
