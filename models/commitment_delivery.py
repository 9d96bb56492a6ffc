from odoo import models

from .round_words import plain_name


class CommitmentDelivery(models.Model):
    """What a member reads about what really came."""

    _inherit = "ess.commitment"

    def _delivery_words(self):
        """Why it receives another quantity, or something else, than was ordered for it.

        :return: sentences; none where everything came as it was ordered
        """
        self.ensure_one()
        own = self.sudo()
        offer = own.offer_id
        if not offer.is_received:
            return []
        said = []
        if offer.substitute_id and own.received:
            said.append(
                self.env._(
                    "%(substitute)s came in place of it.",
                    substitute=plain_name(offer.substitute_id),
                )
            )
        if own.received < own.allotted:
            said.append(own._short_words())
        elif own.received > own.allotted:
            said.append(
                self.env._(
                    "More came than was ordered; %(extra)s of it are yours, within "
                    "what you asked for and tolerate.",
                    extra=offer._in_words(own.received - own.allotted),
                )
            )
        return said

    def _short_words(self):
        offer = self.offer_id
        words = {
            "ordered": offer._in_words(offer.ordered),
            "kept": offer._in_words(offer.received - offer.refused),
        }
        rule = self.round_id.ration_rule
        if offer.received == offer.refused:
            return self.env._("Nothing came of the %(ordered)s ordered.", **words)
        if rule == "equal":
            return self.env._(
                "%(kept)s came of the %(ordered)s ordered; they are shared out as "
                "equally as possible.",
                **words,
            )
        if rule == "priority":
            return self.env._(
                "%(kept)s came of the %(ordered)s ordered; who asked first is served "
                "first.",
                **words,
            )
        return self.env._(
            "%(kept)s came of the %(ordered)s ordered; they are shared out in "
            "proportion to what each was to get.",
            **words,
        )


class RoundDelivery(models.Model):
    """Members are told when their goods are there."""

    _inherit = "ess.round"

    def _mail_delivery(self, entity_id):
        """What came for a member, product by product, for its mail."""
        self.ensure_one()
        mine = self.sudo().commitment_ids.filtered(
            lambda one: one.entity_id.id == entity_id and (one.allotted or one.received)
        )
        return [
            {
                "name": one.offer_id.name,
                "ordered": one.offer_id._in_words(one.allotted),
                "comes": one.offer_id._in_words(one.received),
                "differs": one.received != one.allotted,
                "words": " ".join(one._delivery_words()),
            }
            for one in mine.sorted(lambda one: (one.offer_id.name, one.id))
        ]
