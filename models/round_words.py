from fractions import Fraction

from odoo import models
from odoo.tools import format_amount, formatLang

from ..tools.round_decision import exact
from .round_facts import as_fraction

MOST_DECIMALS = 4


def in_words(env, value, grouping=True):
    """An exact number with no more decimals than it needs, in the language."""
    decimals = 0
    while decimals < MOST_DECIMALS and (value * 10**decimals) % 1:
        decimals += 1
    return formatLang(env, float(value), digits=decimals, grouping=grouping)


def plain_name(product):
    """The name of a product with its variant; its code has a place of its own."""
    return product.with_context(display_default_code=False).display_name


class RoundOfferWords(models.Model):
    """Quantities and prices of an offer as a person reads them."""

    _inherit = "ess.round.offer"

    def _in_words(self, steps):
        """A quantity in the unit of the offer: "3.5 kg", "12" of pieces.

        :param int steps: as everything is stored
        """
        self.ensure_one()
        number = self._number(steps * self._step())
        return number if self._is_pieces() else f"{number}\u00a0{self.uom_id.name}"

    def _is_pieces(self):
        """Pieces are counted without a unit: "12" says more than "12 Units"."""
        known = self.env["ir.model.data"]._xmlid_to_res_id("uom.product_uom_unit")
        return self.uom_id.id == known

    def _number(self, value):
        """:param value: exact, or a float as it is stored or was typed"""
        value = as_fraction(value) if isinstance(value, float) else value
        return in_words(self.env, value)

    def _count(self, steps, uom=None):
        """A quantity without its unit, where that stands in a column of its own."""
        self.ensure_one()
        return self._number(self._to_uom(steps, uom))

    def _price_in_words(self, step_price):
        """A price of one unit; with more decimals where cents are not exact.

        :param step_price: of one step, exactly, as a number or as stored text
        """
        self.ensure_one()
        price = exact(str(step_price)) / Fraction(self._step())
        cents = price * 10**self.currency_id.decimal_places
        if cents % 1 == 0:
            return format_amount(self.env, float(price), self.currency_id)
        symbol = self.currency_id.symbol
        return (
            f"{formatLang(self.env, float(price), digits=MOST_DECIMALS)}\u00a0{symbol}"
        )

    # === FROM WHAT IS TYPED === #

    def _to_steps(self, quantity):
        """Whole steps of a quantity in the unit.

        :param quantity: a float or a Fraction, as it was typed
        :return: (steps, exactly), the second False when it is no whole number of steps;
            then the steps are the nearest ones
        """
        self.ensure_one()
        exactly = quantity if isinstance(quantity, Fraction) else as_fraction(quantity)
        steps = exactly / self._step()
        return round(steps), steps % 1 == 0

    def _portal_typed(self, steps):
        """A quantity as it stands in a field: empty for nothing."""
        self.ensure_one()
        return self._typed_number(steps * self._step()) if steps else ""

    def _typed_number(self, value):
        """A number as one would type it: without anything that groups thousands."""
        value = value if isinstance(value, Fraction) else as_fraction(value)
        return in_words(self.env, value, grouping=False)
