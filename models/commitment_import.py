from odoo import api, models

from .round_facts import as_fraction
from .round_words import in_words


class CommitmentImport(models.Model):
    """Commitments that came on paper or in a file, in the name of the members."""

    _name = "ess.commitment"
    _inherit = ["ess.commitment", "ess.import.mixin"]

    @api.model
    def _import_refusals(self, vals_list):
        refusals = super()._import_refusals(vals_list)
        offers = self.env["ess.round.offer"].browse(
            {vals["offer_id"] for vals in vals_list if vals.get("offer_id")}
        )
        members = {
            buying: set(buying.circle_id.entity_ids.ids) for buying in offers.round_id
        }
        taken = {
            (one.offer_id.id, one.entity_id.id): False
            for one in self.search([("offer_id", "in", offers.ids)])
        }
        for index, vals in enumerate(vals_list):
            sentence = (
                self._import_who(vals, members)
                or self._import_figures(vals)
                or self._import_again(vals, taken)
            )
            if sentence:
                refusals.setdefault(index, sentence)
        return refusals

    @api.model
    def _import_who(self, vals, members):
        offer = self.env["ess.round.offer"].browse(vals.get("offer_id") or [])
        if not offer:
            return self.env._("Offer: empty; give its reference.")
        entity = self.env["res.partner"].browse(vals.get("entity_id") or [])
        if not entity:
            return self.env._("Member: empty; give its name.")
        buying = offer.round_id
        if buying.state != "open":
            return self.env._(
                "Offer: %(offer)s belongs to %(round)s, which is not open.",
                offer=offer.name,
                round=buying.name,
            )
        if entity.id not in members[buying]:
            return self.env._(
                "Member: %(member)s is not in the circle %(circle)s, to which the "
                "round is open.",
                member=entity.name,
                circle=buying.circle_id.name,
            )
        return ""

    @api.model
    def _import_figures(self, vals):
        for name in ("quantity", "tolerance_quantity", "minimum_quantity", "ceiling"):
            if (vals.get(name) or 0) < 0:
                return self.env._(
                    "%(field)s: %(value)s; it cannot be negative.",
                    field=self._import_label(name),
                    value=vals[name],
                )
        asked, least = vals.get("quantity") or 0, vals.get("minimum_quantity") or 0
        if not asked and not vals.get("want"):
            return self.env._("Quantity: empty; give how much is asked for.")
        if least > asked and "quantity" in vals:
            return self.env._(
                "All or nothing: %(least)s is more than the %(asked)s asked for.",
                least=in_words(self.env, as_fraction(least)),
                asked=in_words(self.env, as_fraction(asked)),
            )
        return ""

    @api.model
    def _import_again(self, vals, taken):
        key = vals["offer_id"], vals["entity_id"]
        if key not in taken:
            taken[key] = True
            return ""
        words = {
            "member": self.env["res.partner"].browse(key[1]).name,
            "offer": self.env["ess.round.offer"].browse(key[0]).name,
        }
        if taken[key]:
            return self.env._(
                "%(member)s is in this file twice for %(offer)s.", **words
            )
        return self.env._(
            "%(member)s has committed to %(offer)s already: change it there.", **words
        )
