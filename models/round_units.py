from fractions import Fraction

from odoo import api, fields, models
from odoo.exceptions import UserError

# Factors of units are numbers with many digits: a third is 0.333… there.
LARGEST_DENOMINATOR = 10**6


class RoundUnits(models.Model):
    """Steps of an offer, units that members count in, cartons of the supplier.

    Whatever is decided is a whole number of steps; all conversions are exact.
    """

    _inherit = "ess.round.offer"

    ordered_quantity = fields.Float(
        string="Quantity Ordered", digits="Product Unit", compute="_compute_in_units"
    )
    kept_quantity = fields.Float(
        string="Quantity Received",
        digits="Product Unit",
        compute="_compute_in_units",
        help="Without what went back.",
    )
    missing_quantity = fields.Float(
        string="Quantity Missing", digits="Product Unit", compute="_compute_in_units"
    )
    surplus_quantity = fields.Float(
        string="Left Over",
        digits="Product Unit",
        compute="_compute_in_units",
        help="Received, but nobody's.",
    )

    @api.depends("ordered", "received", "refused", "missing", "surplus", "step")
    def _compute_in_units(self):
        for offer in self:
            step = offer._step()
            offer.ordered_quantity = float(offer.ordered * step)
            offer.kept_quantity = float((offer.received - offer.refused) * step)
            offer.missing_quantity = float(offer.missing * step)
            offer.surplus_quantity = float(offer.surplus * step)

    def _steps_per(self, uom):
        """:return: how many steps one of this unit holds, as a Fraction"""
        self.ensure_one()
        ratio = Fraction(repr(uom.factor)) / Fraction(repr(self.uom_id.factor))
        ratio = ratio.limit_denominator(LARGEST_DENOMINATOR)
        return ratio / self._step()

    def _to_uom(self, steps, uom=None):
        """:return: so many steps in this unit (what members count in), for people"""
        self.ensure_one()
        return float(Fraction(steps) / self._steps_per(uom or self.uom_id))

    def _exact_steps(self, quantity, uom=None):
        """:return: a quantity as people enter it, in steps: a Fraction"""
        self.ensure_one()
        digits = self.env["decimal.precision"].precision_get("Product Unit")
        entered = Fraction(repr(round(quantity, digits)))
        return entered * self._steps_per(uom or self.uom_id)

    def _whole_steps(self, quantity, label, uom=None):
        """As `_exact_steps`, but whole: nothing smaller than a step is handed out.

        :param label: the field that it was entered in
        """
        uom = uom or self.uom_id
        steps = self._exact_steps(quantity, uom)
        if steps.denominator == 1:
            return steps.numerator
        below = steps.numerator // steps.denominator
        raise UserError(
            self.env._(
                "%(field)s of %(offer)s: %(quantity)s %(unit)s cannot be handed out, "
                "the smallest amount is %(step)s %(base)s. The nearest are %(below)s "
                "and %(above)s.",
                field=label,
                offer=self.name,
                quantity=self._number(quantity),
                unit=uom.name,
                step=self._number(self.step),
                base=self.uom_id.name,
                below=self._count(below, uom),
                above=self._count(below + 1, uom),
            )
        )

    def _vendor_uom(self):
        self.ensure_one()
        return self.vendor_uom_id or self.uom_id

    def _decided_price(self):
        """:return: the price of one step that was solved, exact"""
        self.ensure_one()
        price = self._frozen_price()
        if price is None:
            price = Fraction(repr(self.unit_price)) * self._step()
        return price

    def _price_in(self, uom):
        """:return: what one of this unit costs at the price that was solved, exact"""
        return self._decided_price() * self._steps_per(uom)

    def _cents_per_step(self):
        return self._decided_price() * 10**self.currency_id.decimal_places
