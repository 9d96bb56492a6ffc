from odoo import models

from .round_words import plain_name


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
            "quantity_words": offer._number(self.allotted * offer._step()),
            "unit": offer.uom_id.name,
            "price": float(offer._price_in(offer.uom_id)),
            "amount": one._from_cents(cents),
            "taxes": ", ".join(tax.invoice_label or tax.name for tax in offer.tax_ids),
            "cents": cents,
        }

    def _packing_line(self):
        self.ensure_one()
        offer = self.offer_id
        substitute = offer.substitute_id
        return {
            "member": self.entity_id,
            "offer": offer,
            "name": plain_name(substitute) or offer.name,
            "instead_of": offer.name if substitute else False,
            "code": (substitute.default_code if substitute else offer.code) or "",
            "unit": offer.uom_id.name,
            "quantity": offer._to_uom(self._packed_steps()),
            "quantity_words": offer._number(self._packed_steps() * offer._step()),
            "asked": offer._to_uom(self.want),
            "asked_words": offer._number(self.want * offer._step()),
            "is_expected": not offer.is_received,
            "collected": offer._to_uom(self.collected),
        }
