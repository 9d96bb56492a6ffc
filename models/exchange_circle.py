from odoo import api, fields, models


class ExchangeCircle(models.Model):
    """In which circle an exchange happened: one, so that sums by circle add up.

    Two organisations may share several circles, and their circles change over time.
    An exchange keeps the narrowest that both were in when it was recorded; where the
    asset is shared in one of them, that one comes first. The federation is in all.
    """

    _inherit = "ess.exchange"

    circle_id = fields.Many2one(
        "ess.circle",
        compute="_compute_circle_id",
        store=True,
        precompute=True,
        index="btree_not_null",
        ondelete="set null",
        help="The narrowest circle that both parties were in when it was recorded.",
    )

    @api.depends("provider_id", "receiver_id")
    def _compute_circle_id(self):
        circles, sizes = self._circles_of_parties()
        for exchange in self:
            federation = exchange.company_id.partner_id
            common = None
            for party in exchange.provider_id | exchange.receiver_id:
                if party != federation:
                    mine = circles.get(party, set())
                    common = mine if common is None else common & mine
            shared_in = exchange.booking_id.asset_id.circle_ids
            exchange.circle_id = min(
                common or (),
                key=lambda c, first=shared_in: (c not in first, sizes[c], c.id),
                default=False,
            )

    def _circles_of_parties(self):
        """(circles of each party, members of each circle), in two queries."""
        memberships = self.env["ess.circle.membership"]
        circles = {
            entity: {circle for circle in found if circle.active}
            for entity, found in memberships._read_group(
                [("entity_id", "in", (self.provider_id | self.receiver_id).ids)],
                ["entity_id"],
                ["circle_id:recordset"],
            )
        }
        ids = {circle.id for found in circles.values() for circle in found}
        sizes = dict(
            memberships._read_group(
                [("circle_id", "in", ids)], ["circle_id"], ["__count"]
            )
        )
        return circles, sizes
