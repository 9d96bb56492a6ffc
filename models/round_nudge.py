from fractions import Fraction

from odoo import api, fields, models

from ..tools.group_buying import missing
from ..tools.round_decision import commitments_of, exact, offer_of

# A tier is near when so little of it is missing, or a carton.
NEAR = Fraction(1, 10)


class RoundNudge(models.Model):
    """ "Four more make it −7 % for everybody", told once for each price."""

    _inherit = "ess.round"

    @api.model
    def _cron_nudge(self):
        now = fields.Datetime.now()
        due = self.search([("state", "=", "open"), ("date_close", ">", now)])
        self._each(due, lambda one: one.state == "open" and one._nudge())

    def _nudge(self):
        """Tell who has committed which better prices are near, if any are new."""
        self.ensure_one()
        near, tiers = [], self.env["ess.round.tier"]
        for facts in self._facts()["offers"]:
            if not facts["commitments"]:
                continue
            offer = self.env["ess.round.offer"].browse(facts["id"])
            found = missing(
                offer_of(facts),
                commitments_of(facts),
                self.bump,
                self.ration_rule,
            )
            tier = offer._tier_of(found.price)
            if not found.tier or not tier or tier.nudged_on:
                continue
            if found.tier <= max(offer.carton, NEAR * tier.from_quantity):
                tiers |= tier
                near.append(
                    {
                        "offer": offer.id,
                        "missing": found.tier,
                        "price": str(found.price),
                        "gain": str(found.gain),
                    }
                )
        if near:
            tiers.sudo().nudged_on = fields.Datetime.now()
            self._tell("nudge", near)

    def _nudge_sentences(self, near):
        """What the mail says, in the language of its reader.

        :param list[dict] near: as `_nudge` has found it
        """
        sentences = []
        for one in near or []:
            offer = self.env["ess.round.offer"].sudo().browse(one["offer"])
            sentences.append(
                self.env._(
                    "%(offer)s: %(missing)s more make it %(price)s for everybody "
                    "(−%(gain)s %%).",
                    offer=offer.name,
                    missing=offer._in_words(one["missing"]),
                    price=offer._price_in_words(one["price"]),
                    gain=offer._number(Fraction(round(exact(one["gain"]) * 10), 10)),
                )
            )
        return sentences


class RoundOfferNudge(models.Model):
    _inherit = "ess.round.offer"

    def _tier_of(self, step_price):
        """The first tier with a price of one step, exactly; none for None."""
        self.ensure_one()
        if step_price is None:
            return self.tier_ids.browse()
        return self.tier_ids.sorted("from_quantity").filtered(
            lambda tier: tier._step_price() == step_price
        )[:1]
