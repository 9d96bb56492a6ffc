from odoo import fields, models


class AssetPhoto(models.Model):
    _name = "ess.asset.photo"
    _description = "Asset Photo"
    _inherit = ["ess.derived", "image.mixin"]
    _order = "sequence, id"

    name = fields.Char(
        string="Caption", help="Said aloud by screen readers in place of the photo."
    )
    sequence = fields.Integer(default=10)
    asset_id = fields.Many2one(
        "ess.asset", required=True, ondelete="cascade", index=True
    )
    image_1920 = fields.Image(required=True)
    company_id = fields.Many2one(related="asset_id.company_id", store=True)
