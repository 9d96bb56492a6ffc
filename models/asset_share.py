from odoo import api, fields, models


class AssetShare(models.Model):
    """The part of one co-owner in an asset, in whole parts (of any total)."""

    _name = "ess.asset.share"
    _description = "Asset Co-owner Share"
    _inherit = ["ess.derived"]
    _order = "asset_id, parts desc, id"
    _rec_name = "entity_id"

    asset_id = fields.Many2one(
        "ess.asset", required=True, ondelete="cascade", index=True
    )
    entity_id = fields.Many2one(
        "res.partner",
        string="Co-owner",
        required=True,
        index=True,
        ondelete="restrict",
        domain="[('ess_is_member', '=', True)]",
    )
    parts = fields.Integer(required=True, default=1)
    percent = fields.Float(compute="_compute_percent", digits=(5, 2))
    company_id = fields.Many2one(related="asset_id.company_id", store=True)

    _parts_positive = models.Constraint(
        "CHECK (parts > 0)", "A co-owner holds at least one part."
    )
    _once = models.Constraint(
        "UNIQUE (asset_id, entity_id)", "This co-owner is listed already."
    )

    @api.depends("parts", "asset_id.share_ids.parts")
    def _compute_percent(self):
        """For the reader only: shares are computed from `parts`."""
        for share in self:
            total = sum(share.asset_id.share_ids.mapped("parts"))
            share.percent = 100 * share.parts / total if total else 0
