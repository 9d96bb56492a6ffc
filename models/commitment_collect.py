from odoo import fields, models
from odoo.exceptions import AccessError, UserError


class CommitmentCollect(models.Model):
    """Ticked off when it is handed out."""

    _inherit = "ess.commitment"

    def action_collect(self, quantity=None):
        """Tick off what was handed out.

        The coordinator does it, or somebody of the organisation that hosts the
        collection.

        :param quantity: in steps, of each of these; None = all that it received
        """
        self._check_may_collect()
        # two helpers at the same table: the second looks again at what is ticked
        self.sudo().round_id._touch()
        now = fields.Datetime.now()
        for one in self.sudo():
            got = one.received if quantity is None else quantity
            one._check_collected(got)
            one.write({"collected": got, "collected_on": now if got else False})
        self.sudo()._note_collection(now)

    def _check_may_collect(self):
        user = self.env.user
        rounds = self.sudo().round_id.sudo(self.env.su)
        if all("facilitator" in one._roles() for one in rounds):
            return
        entity = user._ess_entity()
        # one by one: a round without a host is not open to those of another
        if not entity or any(one.sudo().host_id != entity for one in rounds):
            raise AccessError(
                self.env._(
                    "Only the coordinator and the organisation that hosts the "
                    "collection tick off what is handed out."
                )
            )

    def _check_collected(self, quantity):
        self.round_id._require_state("ordered", "received", "done")
        if not isinstance(quantity, int) or not 0 <= quantity <= self.received:
            offer = self.offer_id
            raise UserError(
                self.env._(
                    "%(offer)s: %(quantity)s cannot be handed out to %(member)s, its "
                    "part is %(received)s %(unit)s.",
                    offer=offer.name,
                    quantity=offer._count(quantity)
                    if isinstance(quantity, int)
                    else quantity,
                    member=self.entity_id.name,
                    received=offer._count(self.received),
                    unit=offer.uom_id.name,
                )
            )

    def _note_collection(self, now):
        """The collection of a member is over when it has all of its goods."""
        collections = self.env["ess.round.collection"]
        for (one, entity), __ in self.grouped(
            lambda c: (c.round_id, c.entity_id)
        ).items():
            mine = one.commitment_ids.filtered(
                lambda c, entity=entity: c.entity_id == entity and c.received
            )
            complete = all(c.collected == c.received for c in mine)
            found = one.collection_ids.filtered(
                lambda c, entity=entity: c.entity_id == entity
            )
            vals = {
                "collected_on": now if complete else False,
                "collected_by_id": self.env.user.partner_id.id if complete else False,
            }
            if found:
                found.write(vals)
            elif complete:
                collections.create({"round_id": one.id, "entity_id": entity.id, **vals})
