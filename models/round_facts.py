from fractions import Fraction

from odoo import models

from ..tools.group_buying_order import Terms
from ..tools.round_decision import exact, offer_of

DECISION = {"freight": "freight", "out": "out"}
OFFER_DECISION = {"anyway": "anyway", "out": "out"}


def as_fraction(number):
    """The figure that a person typed, exactly: 0.1 is a tenth.

    :param float number: as stored
    """
    return Fraction(repr(float(number or 0)))


class RoundFacts(models.Model):
    """The round as `tools.round_decision` reads it, in a constant number of queries."""

    _inherit = "ess.round"

    def _facts(self):
        """All that decides: offers, suppliers and raw commitments, as plain JSON."""
        self.ensure_one()
        own = self.sudo()
        commitments = own._facts_of_commitments()
        return {
            "bump": own.bump,
            "rule": own.ration_rule,
            "suppliers": [one._facts() for one in own.supplier_ids.sorted("id")],
            "offers": [
                {**offer._facts(), "commitments": commitments.get(offer.id, [])}
                for offer in own.offer_ids.sorted("id")
            ],
        }

    def _facts_of_commitments(self):
        """{offer id: rows}, a row as the tool reads it; withdrawn ones are no facts."""
        steps = {offer.id: offer._step() for offer in self.offer_ids}
        found = self.env["ess.commitment"].search_read(
            [("round_id", "=", self.id), ("want", ">", 0)],
            [
                "offer_id",
                "entity_id",
                "want",
                "tolerance",
                "minimum",
                "ceiling",
                "has_ceiling",
                "committed_on",
            ],
            order="id",
            load=None,
        )
        rows = {}
        for one in found:
            ceiling = None
            if one["has_ceiling"]:
                ceiling = str(as_fraction(one["ceiling"]) * steps[one["offer_id"]])
            moment = one["committed_on"]
            rows.setdefault(one["offer_id"], []).append(
                [
                    one["id"],
                    one["entity_id"],
                    one["want"],
                    one["tolerance"],
                    one["minimum"],
                    ceiling,
                    int(moment.timestamp()) if moment else 0,
                ]
            )
        return rows


class RoundSupplierFacts(models.Model):
    _inherit = "ess.round.supplier"

    def _facts(self):
        self.ensure_one()
        return {
            "id": self.id,
            "minimum_amount": str(as_fraction(self.minimum_amount)),
            "minimum_weight": str(as_fraction(self.minimum_weight)),
            "decision": DECISION.get(self.state, "check"),
        }


class RoundOfferFacts(models.Model):
    _inherit = "ess.round.offer"

    def _facts(self):
        """The terms, quantities in steps and prices of one step."""
        self.ensure_one()
        return {
            "id": self.id,
            "supplier": self.supplier_id.id,
            "carton": self.carton,
            "minimum": self.minimum,
            "available": self.available if self.is_limited else None,
            "weight": str(as_fraction(self.weight) * self._step()),
            "decision": OFFER_DECISION.get(self.minimum_state, "check"),
            "tiers": [
                [tier.from_quantity, str(tier._step_price())] for tier in self.tier_ids
            ],
        }

    def _smallest_order(self):
        """What the supplier takes at least, in steps: its minimum, or its first tier,
        in whole cartons."""
        self.ensure_one()
        return Terms(offer_of(self._facts())).first

    def _step(self):
        """The smallest amount that is handed out, exactly, in the unit."""
        self.ensure_one()
        return as_fraction(self.step)

    def _unit_price_of(self, step_price):
        """The price of one unit, exactly, from that of one step (as the tool says it).

        :param step_price: a number, or text as in stored facts; None stays None
        """
        self.ensure_one()
        if step_price is None:
            return None
        return exact(str(step_price)) / self._step()

    def _frozen_price(self):
        """The decided price of one step, exactly; None when nothing is ordered.

        Times `carton` it is the price of one carton of the supplier.
        """
        self.ensure_one()
        price = self.sudo().step_price
        return Fraction(price) if price else None


class RoundTierFacts(models.Model):
    _inherit = "ess.round.tier"

    def _step_price(self):
        """The price of one step, exactly: a part of the carton's, where that is given,
        because a twelfth of 50.00 is no number of cents."""
        self.ensure_one()
        if self.carton_price:
            return as_fraction(self.carton_price) / self.offer_id.carton
        return as_fraction(self.price) * self.offer_id._step()
