from odoo import api, fields, models
from odoo.exceptions import UserError

from ..tools.round_decision import short_products
from .round import OFFICE

OPEN = "open"
ASKED = "asked"


class RoundProductMinimum(models.Model):
    """What happens when too little of a product is asked for, at the deadline.

    Products come before suppliers: what is ordered of a product counts for the minimum
    of its supplier.
    """

    _inherit = "ess.round"

    product_policy = fields.Selection(
        [
            ("cancel", "Leave this product out"),
            ("extend", "Put the deadline off once"),
            ("freight", "Order all the same, with freight"),
            ("ask", "Ask the coordinator"),
        ],
        string="When a Product's Minimum Fails",
        required=True,
        default="cancel",
        help="Less is asked for, with all tolerance, than the smallest order that the "
        "supplier takes of it.",
    )
    asked_offer_count = fields.Integer(
        compute="_compute_asked_offer_count",
        groups=OFFICE,
        help="Products about which the coordinator is asked.",
    )

    @api.depends("offer_ids.minimum_state")
    def _compute_asked_offer_count(self):
        for one in self:
            one.asked_offer_count = len(one._asked_offers())

    def _asked_offers(self):
        return self.offer_ids.filtered(lambda o: o.minimum_state == ASKED)

    def _treat_short_products(self, short):
        """Carry out the policy of the round for products below their minimum.

        :param dict short: as `short_products` finds them
        :return: whether the round goes on to close
        """
        self.ensure_one()
        offers = self.offer_ids.filtered(lambda o: o.id in short)
        if self.product_policy == "ask":
            offers.minimum_state = ASKED
            self._ask_coordinator(
                self._speaking().env._("A product's minimum is not reached")
            )
            return False
        if self.product_policy == "extend" and not self.extended_on:
            figures = [{"offer": o.id, **short[o.id]} for o in offers]
            self._extend(self._product_sentences(figures), {"products": figures})
            return False
        anyway = self.product_policy == "freight"
        offers.minimum_state = "anyway" if anyway else "out"
        return True

    def _close_product_minima(self):
        """Who is ordered from below the minimum of a product asks its freight; what was
        asked about and is reached by now needs no answer any more."""
        self._asked_offers().minimum_state = OPEN
        below = self.offer_ids.filtered(
            lambda o: o.minimum_state == "anyway" and o.ordered
        )
        below.supplier_id._add_freight()

    # === ANSWERS === #

    def action_products_anyway(self):
        """Order all products that are asked about, below their minimum."""
        return self._require("facilitator")._asked_offers()._answer(self, "anyway")

    def action_products_out(self):
        """Leave all products out that are asked about."""
        return self._require("facilitator")._asked_offers()._answer(self, "out")

    # === SENTENCES === #

    def _waiting_figures(self):
        """What is missing of the products that are asked about, as it is now.

        :return: for `_product_sentences`
        """
        self.ensure_one()
        asked = set(self._asked_offers().ids)
        if not asked:
            return []
        short = short_products(*self._decided())
        return [{"offer": key, **short[key]} for key in short if key in asked]

    def _product_sentences(self, figures):
        """One sentence for each product below its minimum, in the reader's language.

        :param list[dict] figures: `offer` and what `short_products` says of it
        """
        offers = self.env["ess.round.offer"].sudo()
        sentences = []
        for one in figures:
            offer = offers.browse(one["offer"])
            words = {
                name: offer._in_words(one[name])
                for name in ("asked", "most", "minimum", "missing")
            }
            if one["most"] == one["asked"]:
                sentence = self.env._(
                    "%(offer)s: %(asked)s are asked for at its price, the smallest "
                    "order is %(minimum)s; %(missing)s are missing.",
                    offer=offer.name,
                    **words,
                )
            else:
                sentence = self.env._(
                    "%(offer)s: %(asked)s are asked for at its price, %(most)s with "
                    "all tolerance, the smallest order is %(minimum)s; %(missing)s are "
                    "missing.",
                    offer=offer.name,
                    **words,
                )
            sentences.append(sentence)
        return sentences


class RoundOfferMinimum(models.Model):
    """The coordinator's answers about one product, or several."""

    _inherit = "ess.round.offer"

    minimum_state = fields.Selection(
        [
            (OPEN, "Open"),
            (ASKED, "Coordinator Asked"),
            ("anyway", "Below the Minimum"),
            ("out", "Left out"),
        ],
        string="Minimum Failed",
        required=True,
        default=OPEN,
        readonly=True,
        copy=False,
        help="What was decided when its minimum was not reached.",
    )

    def action_order_anyway(self):
        """Order although the minimum is not reached; the supplier's freight is shared.

        Below the first tier, the price is that of the first tier.
        """
        return self._answer(self.round_id, "anyway")

    def action_leave_out(self):
        """Order nothing of it in this round."""
        return self._answer(self.round_id, "out")

    def _answer(self, rounds, answer):
        rounds._require("facilitator")._require_state("open")
        own = self.sudo()
        for offer in own:
            if offer.minimum_state != ASKED:
                raise UserError(
                    self.env._(
                        "%s: nothing is asked about this product. Its minimum is "
                        "looked at when the round closes.",
                        offer.name,
                    )
                )
        own.round_id._touch()
        own.minimum_state = answer
        for one in own.round_id:
            one._answered()
        return True
