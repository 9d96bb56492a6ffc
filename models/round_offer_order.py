from datetime import datetime, time, timedelta

from odoo import models
from odoo.fields import Command


class RoundOfferOrder(models.Model):
    """The line of an order."""

    _inherit = "ess.round.offer"

    def _order_line_vals(self, sequence, position, now):
        """Everything is given: what Odoo fills in itself is the price of the smallest
        tier, and the quantity of the vendor's pricelist."""
        self.ensure_one()
        uom = self._order_uom()
        taxes = self.product_id.supplier_taxes_id
        return {
            "sequence": sequence,
            "product_id": self.product_id.id,
            "name": f"[{self.code}] {self.name}" if self.code else self.name,
            "product_qty": self._to_uom(self.ordered, uom),
            "product_uom_id": uom.id,
            "price_unit": float(self._price_in(uom)),
            "discount": 0.0,
            "tax_ids": [
                Command.set(
                    position.map_tax(
                        taxes._filter_taxes_by_company(self.company_id)
                    ).ids
                )
            ],
            "date_planned": self._planned_on(now),
            "analytic_distribution": self.round_id._analytic_distribution(),
            "ess_offer_id": self.id,
        }

    def _order_uom(self):
        """The supplier's unit, unless what is ordered is no whole number of it: a unit
        of 7 for cartons of 12 would be rounded, and something else ordered."""
        self.ensure_one()
        uom = self._vendor_uom()
        whole = (self.ordered / self._steps_per(uom)).denominator == 1
        return uom if whole else self.uom_id

    def _planned_on(self, now):
        day = self.round_id.date_delivery
        if day:
            return datetime.combine(day, time(12))
        return now + timedelta(days=self.delay or 0)
