from odoo import models

from ..tools.group_buying import Commitment, missing, solve
from ..tools.round_decision import (
    commitments_of,
    decide,
    offer_of,
    short_of,
    short_products,
)

# Somebody who asks for one more carton at any price; no commitment has this id.
MORE = 0


class RoundLive(models.Model):
    """What would happen if the round closed now, by the very rule of the freeze."""

    _inherit = "ess.round"

    def _outlook(self):
        """The coordinator's view of an open round; it writes nothing.

        Quantities are in steps; `price` is exact, of one step, None without an order.

        :return: {'offers': [{'offer', 'asked', 'tolerated', 'members', 'ordered',
            'price', 'missing': tools' Missing, 'members_get': [{'entity', 'want',
            'gets', 'code', 'figures'}], 'carton_more': {'ordered', 'price', 'gain':
            who gets more, 'loss': who gets less}}],
            'suppliers': [{'supplier', 'amount', 'weight', 'reached', 'sentences'}],
            'short': sentences about the minima of products}
        """
        self.ensure_one()
        self._require("facilitator")
        own = self.sudo()
        facts = own._facts()
        result = decide(facts)
        offers = self.env["ess.round.offer"].sudo()
        short = short_products(facts, result)
        rows = {row[0]: row for row in result["commitments"]}
        decided = {one["id"]: one for one in result["offers"]}
        return {
            "offers": [
                {
                    "offer": offers.browse(one["id"]),
                    **own._outlook_of_offer(one, decided[one["id"]], rows),
                }
                for one in facts["offers"]
            ],
            "suppliers": own._outlook_of_suppliers(result),
            "short": self._product_sentences(
                [{"offer": key, **one} for key, one in short.items()]
            ),
        }

    def _outlook_of_offer(self, facts, decided, rows):
        offer, commitments = offer_of(facts), commitments_of(facts)
        rule = self.bump, self.ration_rule
        partners = self.env["res.partner"].sudo()
        got = {one.key: rows[one.key][1] for one in commitments}
        return {
            "asked": sum(one.want for one in commitments),
            "tolerated": sum(one.tolerance for one in commitments),
            "members": len(commitments),
            "ordered": decided["ordered"],
            "price": decided["price"],
            "missing": missing(offer, commitments, *rule),
            "members_get": [
                {
                    "entity": partners.browse(row[1]),
                    "want": row[2],
                    "gets": rows[row[0]][1],
                    "code": rows[row[0]][2],
                    "figures": rows[row[0]][3],
                }
                for row in facts["commitments"]
            ],
            "carton_more": self._one_carton_more(offer, commitments, got),
        }

    def _one_carton_more(self, offer, commitments, got):
        """What changes for the others when somebody asks for one more carton."""
        extra = Commitment(MORE, offer.carton)
        outcome = solve(offer, [*commitments, extra], self.bump, self.ration_rule)
        change = {key: outcome.allotted.get(key, 0) - had for key, had in got.items()}
        return {
            "ordered": outcome.quantity,
            "price": outcome.unit_price,
            "gain": sum(one for one in change.values() if one > 0),
            "loss": -sum(one for one in change.values() if one < 0),
            "served": outcome.allotted.get(MORE, 0),
        }

    def _outlook_of_suppliers(self, result):
        """Amounts as they would be ordered, and what is missing to the minima."""
        short = set(short_of(result))
        found = []
        for one in result["suppliers"]:
            supplier = self.env["ess.round.supplier"].sudo().browse(one["id"])
            found.append(
                {
                    "supplier": supplier,
                    "amount": one["amount"],
                    "weight": one["weight"],
                    "reached": one["id"] not in short,
                    "sentences": supplier._short_sentences(one)
                    if one["id"] in short
                    else [],
                }
            )
        return found


class RoundOfferLive(models.Model):
    _inherit = "ess.round.offer"

    def _totals(self):
        """What all members ask for together, without names, in steps.

        :return: {offer: (asked, tolerated more, number of members)}, one query
        """
        groups = (
            self.env["ess.commitment"]
            .sudo()
            ._read_group(
                [("offer_id", "in", self.ids), ("want", ">", 0)],
                ["offer_id"],
                ["want:sum", "tolerance:sum", "__count"],
            )
        )
        found = {offer.id: tuple(sums) for offer, *sums in groups}
        return {offer: found.get(offer.id, (0, 0, 0)) for offer in self}
