from odoo import models


class CommitmentPacking(models.Model):
    """Its line on the packing lists."""

    _inherit = "ess.commitment"

    def _packed_steps(self):
        """What came for it, or what is expected while nothing has come."""
        self.ensure_one()
        return self.received if self.offer_id.is_received else self.allotted

    def _order_row(self):
        """What it orders itself, at the price that was reached together."""
        self.ensure_one()
        offer, one = self.offer_id, self.round_id
        cents = round(offer._cents_per_step() * self.allotted)
        return {
            "code": offer.code or "",
            "name": offer.name,
            "offer": offer,
            "quantity": offer._to_uom(self.allotted),
            "unit": offer.uom_id.name,
            "price": float(offer._price_in(offer.uom_id)),
            "amount": one._from_cents(cents),
            "cents": cents,
        }

    def _packing_line(self):
        self.ensure_one()
        offer = self.offer_id
        return {
            "member": self.entity_id,
            "offer": offer,
            "name": offer.substitute_id.display_name or offer.name,
            "instead_of": offer.name if offer.substitute_id else False,
            "code": offer.code or "",
            "unit": offer.uom_id.name,
            "quantity": offer._to_uom(self._packed_steps()),
            "asked": offer._to_uom(self.want),
            "is_expected": not offer.is_received,
            "collected": offer._to_uom(self.collected),
        }
