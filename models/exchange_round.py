from odoo import fields, models


class ExchangeRound(models.Model):
    """The round that an exchange comes from, to group by."""

    _inherit = "ess.exchange"

    round_id = fields.Many2one(
        related="round_share_id.round_id",
        string="Buying Round",
        store=True,
        index="btree_not_null",
        groups="ess_mutualisation.group_facilitator,ess_mutualisation.group_accountant",
    )
