from odoo import api, fields, models
from odoo.exceptions import AccessError, ValidationError


class RoundCollect(models.Model):
    """Where the goods are handed out, and what goes to whom: packing lists."""

    _inherit = "ess.round"

    host_id = fields.Many2one(
        "res.partner",
        string="Hosted by",
        index="btree_not_null",
        ondelete="restrict",
        domain="[('ess_circle_ids', '=', circle_id)]",
        help="A member of the circle: its people may tick off on their phone what is "
        "handed out.",
    )

    @api.constrains("host_id", "circle_id")
    def _check_host(self):
        """Who is not in the circle reaches no page of the round."""
        for one in self.sudo().filtered("host_id"):
            if one.host_id not in one.circle_id.membership_ids.entity_id:
                raise ValidationError(
                    self.env._(
                        "Hosted by: %(host)s is not in the circle %(circle)s, and "
                        "could not open the page of %(round)s.",
                        host=one.host_id.name,
                        circle=one.circle_id.name,
                        round=one.name,
                    )
                )

    def _is_counted(self):
        """Whether the figures are what came, or still what is expected."""
        self.ensure_one()
        return all(o.is_received for o in self.offer_ids if o.ordered)

    def _for_packing(self):
        """Packing lists name everybody: a report can be printed by any user, so it is
        asked here who reads them."""
        self.ensure_one()
        user = self.env.user
        if not (
            "facilitator" in self._roles()
            or user.has_group("ess_mutualisation.group_accountant")
            or (self.sudo().host_id and self.sudo().host_id == user._ess_entity())
        ):
            raise AccessError(
                self.env._(
                    "Packing lists are for the coordinator and the organisation that "
                    "hosts the collection."
                )
            )
        self.check_access("read")
        return self.sudo()

    def _packing_by_member(self):
        """:return: [{member, slot, lines: [{offer, quantity, expected, collected}]}]"""
        one = self._for_packing()
        slots = {c.entity_id: c.slot_id for c in one.collection_ids}
        pages = []
        by_member = one._packed().grouped("entity_id")
        for member in sorted(by_member, key=lambda m: (m.name or "", m.id)):
            lines = by_member[member].sorted(
                lambda c: (c.offer_id.supplier_id.id, c.offer_id.name, c.id)
            )
            pages.append(
                {
                    "member": member,
                    "slot": slots.get(member),
                    "lines": [line._packing_line() for line in lines],
                }
            )
        return pages

    def _packing_by_product(self):
        """:return: [{offer, total, surplus, lines: [{member, quantity, …}]}]"""
        one = self._for_packing()
        pages = []
        by_offer = one._packed().grouped("offer_id")
        order = {offer: rank for rank, offer in enumerate(one.offer_ids)}
        for offer in sorted(by_offer, key=order.get):
            lines = by_offer[offer].sorted(lambda c: (c.entity_id.name or "", c.id))
            steps = sum(line._packed_steps() for line in lines)
            pages.append(
                {
                    "offer": offer,
                    "total": offer._to_uom(steps),
                    "total_words": offer._number(steps * offer._step()),
                    "surplus": offer._to_uom(offer.surplus),
                    "surplus_words": offer._number(offer.surplus * offer._step()),
                    "lines": [line._packing_line() for line in lines],
                }
            )
        return pages

    def _packed(self):
        return self.commitment_ids.filtered(lambda c: c._packed_steps())
