from collections import defaultdict
from fractions import Fraction

from odoo import models

from .round_facts import as_fraction
from .round_words import in_words


class RoundPortalSupplier(models.Model):
    """How far all members together are from the minimum of a supplier."""

    _inherit = "ess.round"

    def _portal_suppliers_said(self, rows):
        """What the page says of each supplier that has a minimum.

        :param list rows: of all offers of the round, see `_portal_rows`
        :return: {ess.round.supplier: sentences}
        """
        self.ensure_one()
        amounts, weights = defaultdict(Fraction), defaultdict(Fraction)
        for row in rows:
            offer, seen = row["offer"], row["glance"]
            if seen.quantity:
                amounts[offer.supplier_id] += seen.quantity * Fraction(seen.price)
                weight = as_fraction(offer.weight) * offer._step()
                weights[offer.supplier_id] += seen.quantity * weight
        suppliers = self.sudo().supplier_ids
        return {
            one: one._portal_minima_said(amounts[one], weights[one])
            for one in suppliers
        }


class RoundSupplierPortal(models.Model):
    _inherit = "ess.round.supplier"

    def _portal_minima_said(self, amount, weight):
        """:return: a sentence for its minimum amount, one for its minimum weight"""
        self.ensure_one()
        said = []
        least, heavy = (
            as_fraction(self.minimum_amount),
            as_fraction(self.minimum_weight),
        )
        if least:
            said.append(self._portal_amount_said(amount, least))
        if heavy:
            said.append(self._portal_weight_said(weight, heavy))
        return said

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
