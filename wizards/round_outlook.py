from odoo import api, fields, models
from odoo.fields import Command


class RoundOutlook(models.TransientModel):
    """What would happen if the round closed now; nothing is decided by looking."""

    _name = "ess.round.outlook"
    _description = "Outlook of a Round"
    _inherit = ["ess.question"]

    round_id = fields.Many2one("ess.round", required=True, readonly=True)
    # with the rights of who looks: what is stored is computed as superuser otherwise
    line_ids = fields.One2many(
        "ess.round.outlook.line",
        "outlook_id",
        compute="_compute_lines",
        compute_sudo=False,
        store=True,
        precompute=True,
    )
    member_ids = fields.One2many(
        "ess.round.outlook.member",
        "outlook_id",
        compute="_compute_lines",
        compute_sudo=False,
        store=True,
        precompute=True,
    )
    shortfalls = fields.Text(
        compute="_compute_lines", compute_sudo=False, store=True, precompute=True
    )

    @api.depends("round_id")
    def _compute_lines(self):
        for outlook in self:
            found = outlook.round_id._outlook() if outlook.round_id else {}
            offers = found.get("offers", [])
            outlook.line_ids = [
                Command.clear(),
                *(Command.create(self._line_vals(one)) for one in offers),
            ]
            outlook.member_ids = [
                Command.clear(),
                *(
                    Command.create(self._member_vals(one["offer"], member))
                    for one in offers
                    for member in one["members_get"]
                ),
            ]
            sentences = list(found.get("short", []))
            for supplier in found.get("suppliers", []):
                sentences += supplier["sentences"]
            outlook.shortfalls = "\n".join(sentences)

    def _line_vals(self, one):
        offer, missing = one["offer"], one["missing"]
        more = one["carton_more"]

        def words(steps):
            return offer._in_words(steps) if steps else False

        return {
            "offer_id": offer.id,
            "members": one["members"],
            "asked": offer._to_uom(one["asked"]),
            "tolerated": offer._to_uom(one["tolerated"]),
            "ordered": offer._to_uom(one["ordered"]),
            "price": one["price"] is not None and offer._price_in_words(one["price"]),
            "to_carton": words(missing.carton),
            "to_minimum": words(missing.minimum),
            "to_tier": words(missing.tier),
            "more": self._more_words(offer, one, more),
        }

    def _more_words(self, offer, one, more):
        """What one more carton would change, in a sentence."""
        if not more["ordered"]:
            return self.env._("Nothing would be ordered all the same.")
        words = {
            "ordered": offer._in_words(more["ordered"]),
            "price": offer._price_in_words(more["price"]),
            "gain": offer._in_words(more["gain"]),
            "loss": offer._in_words(more["loss"]),
        }
        if more["loss"]:
            return self.env._(
                "%(ordered)s ordered at %(price)s; the others get %(gain)s more and "
                "%(loss)s less.",
                **words,
            )
        if more["gain"]:
            return self.env._(
                "%(ordered)s ordered at %(price)s; the others get %(gain)s more.",
                **words,
            )
        return self.env._("%(ordered)s ordered at %(price)s.", **words)

    def _member_vals(self, offer, member):
        return {
            "offer_id": offer.id,
            "entity_id": member["entity"].id,
            "want": offer._to_uom(member["want"]),
            "gets": offer._to_uom(member["gets"]),
        }

    def action_refresh(self):
        """Look again: members commit meanwhile."""
        self.ensure_one()
        self.check_access("write")
        self._compute_lines()
        return {
            **self.env["ir.actions.act_window"]._for_xml_id(
                "ess_mutualisation.ess_round_outlook_action"
            ),
            "res_id": self.id,
        }
