from odoo import fields, models


class RoundShare(models.Model):
    """What one member owes in a round for one offer or one shared cost.

    Computed from the facts as they are known; exchanges carry the differences, so that
    settling twice adds nothing.
    """

    _name = "ess.round.share"
    _description = "Member's Part of a Round"
    _order = "round_id, entity_id, id"
    _rec_name = "entity_id"

    round_id = fields.Many2one(
        "ess.round", required=True, index=True, ondelete="restrict"
    )
    company_id = fields.Many2one(related="round_id.company_id", store=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    entity_id = fields.Many2one(
        "res.partner",
        string="Member",
        index=True,
        ondelete="restrict",
        help="Empty for the residue that nobody bears.",
    )
    kind = fields.Selection(
        [
            ("goods", "Goods"),
            ("cost", "Shared Cost"),
            ("commission", "Commission"),
            ("residue", "Residue"),
        ],
        required=True,
    )
    offer_id = fields.Many2one(
        "ess.round.offer", index="btree_not_null", ondelete="restrict"
    )
    cost_id = fields.Many2one(
        "ess.round.cost", index="btree_not_null", ondelete="restrict"
    )
    quantity = fields.Integer(readonly=True, help="In steps of the offer.")
    amount = fields.Monetary(readonly=True, help="Untaxed.")
    tax_amount = fields.Monetary(readonly=True, help="Passed through (débours).")
    value = fields.Monetary(
        readonly=True,
        help="What the goods would have cost this member alone; else the amount.",
    )
    exact = fields.Char(readonly=True, help="The exact fraction, in cents.")
    exchange_ids = fields.One2many("ess.exchange", "round_share_id", readonly=True)

    _once = models.UniqueIndex(
        "(round_id, entity_id, kind, COALESCE(offer_id, 0), COALESCE(cost_id, 0))",
        "This part of the round is there already.",
    )
