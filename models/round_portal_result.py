from odoo import api, models
from odoo.exceptions import UserError

GIVEN = ("ordered", "received", "done")


class RoundPortalResult(models.Model):
    """What a member reads after the freeze, and the check-off of the collection."""

    _inherit = "ess.round"

    def _portal_result(self, entity):
        """Asked versus given, and why, product by product.

        :return: [{'commitment', 'offer', 'asked', 'allotted', 'received', 'why',
            'came': sentences, 'price'}] in words
        """
        self.ensure_one()
        commitments = (
            self.env["ess.commitment"]
            .search(
                [
                    ("round_id", "=", self.id),
                    ("entity_id", "=", entity.id),
                    ("want", ">", 0),
                ]
            )
            .sudo()
        )
        return [self._portal_result_line(one) for one in commitments]

    def _portal_result_line(self, one):
        offer = one.offer_id
        price = offer._frozen_price() if one.allotted else None
        return {
            "commitment": one,
            "offer": offer,
            "asked": offer._in_words(one.want),
            "allotted": offer._in_words(one.allotted),
            "received": offer._in_words(one.received) if offer.is_received else "",
            "came": one._delivery_words(),
            "why": one._why() if self.sudo().state in ("closed", *GIVEN) else "",
            "price": offer._price_in_words(price) if price is not None else "",
        }

    def _portal_bill(self, entity):
        """:return: (the member's parts of the round, their sum)"""
        self.ensure_one()
        shares = (
            self.env["ess.round.share"]
            .search([("round_id", "=", self.id), ("entity_id", "=", entity.id)])
            .sudo()
            .filtered(lambda share: share.amount or share.quantity)
            # goods as they stand above, then what they are shared out with
            .sorted(lambda s: (not s.offer_id, s.offer_id.id, s.cost_id.id, s.id))
        )
        currency = self.sudo().currency_id
        return shares, currency.round(sum(shares.mapped("amount")))

    def _portal_suppliers(self, entity):
        """Suppliers to which the member sends an order of its own.

        :return: ess.round.supplier in superuser mode
        """
        self.ensure_one()
        own = self.sudo()
        if own.legal_mode != "referencing" or own.state not in ("closed", *GIVEN):
            return own.supplier_ids.browse()
        mine = own.commitment_ids.filtered(
            lambda one: one.entity_id == entity and one.allotted
        )
        return mine.offer_id.supplier_id

    # === COLLECTION === #

    def _portal_collection(self, entity):
        return self.sudo().collection_ids.filtered(lambda one: one.entity_id == entity)

    def _portal_slots(self, entity):
        """:return: [{'slot', 'said', 'left': places, None for no limit, 'mine'}]"""
        self.ensure_one()
        own = self.sudo()
        mine = own._portal_collection(entity).slot_id
        taken = own.collection_ids.grouped("slot_id")
        return [
            {
                "slot": slot,
                "said": slot._portal_said(),
                "mine": slot == mine,
                "left": slot.places - len(taken.get(slot, ())) if slot.places else None,
            }
            for slot in own.slot_ids
        ]

    def _portal_choose_slot(self, slot_id):
        """Say when the user's organisation comes for its goods.

        Two members who take the last place at once collide on the round.
        """
        self.ensure_one()
        entity = self.env.user._ess_entity()
        own = self._require("member", "buyer")
        own._require_state("closed", *GIVEN)
        own._touch()
        own.invalidate_recordset(["collection_ids"])
        choice = next(
            (one for one in own._portal_slots(entity) if one["slot"].id == slot_id),
            None,
        )
        if not choice:
            raise UserError(
                self.env._("Collection: choose one of the times of this round.")
            )
        if choice["left"] is not None and choice["left"] <= 0 and not choice["mine"]:
            raise UserError(
                self.env._(
                    "Collection: this time is full by now; choose another one, please."
                )
            )
        found = own._portal_collection(entity)
        if found:
            found.slot_id = slot_id
        else:
            found.create(
                {"round_id": own.id, "entity_id": entity.id, "slot_id": slot_id}
            )

    def _portal_may_collect(self):
        """Whether the user hands out: of the hosting organisation or the federation."""
        self.ensure_one()
        own = self.sudo()
        if own.state not in GIVEN:
            return False
        entity = self.env.user._ess_entity()
        hosts = bool(own.host_id) and own.host_id == entity
        return hosts or "facilitator" in self._roles()

    def _portal_hand_out(self):
        """:return: [{'member', 'slot', 'lines', 'left'}] of what came, by slot"""
        self.ensure_one()
        own = self.sudo()
        slots = {one.entity_id: one.slot_id for one in own.collection_ids}
        lines = own.commitment_ids.filtered("received")
        by_member = lines.grouped("entity_id")
        return [
            {
                "member": member,
                "slot": slots.get(member),
                "lines": by_member[member],
                "left": by_member[member].filtered(lambda c: c.collected < c.received),
            }
            for member in sorted(
                by_member, key=lambda m: self._portal_turn(slots.get(m), m)
            )
        ]

    @api.model
    def _portal_turn(self, slot, member):
        """Who comes first is first; who has not said when, last."""
        start = slot.start if slot else None
        return (not start, start or member.create_date, member.name or "", member.id)

    def _portal_ticked(self, commitment_id, member_id, undo):
        """What a form of the check-off is about, of this round alone.

        :return: ess.commitment, with the rights of the user
        """
        self.ensure_one()
        lines = self.sudo().commitment_ids.filtered("received")
        if commitment_id:
            lines = lines.filtered(lambda one: one.id == commitment_id)
        else:
            lines = lines.filtered(
                lambda one: (
                    one.entity_id.id == member_id
                    and (undo or one.collected < one.received)
                )
            )
        return lines.with_env(self.env)
