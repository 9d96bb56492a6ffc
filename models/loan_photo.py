import base64

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools.image import image_process

MOST_PHOTOS = 12
SIDE = 1920
QUALITY = 85


class LoanPhoto(models.Model):
    """What a thing looked like, taken with a phone; seen by both sides."""

    _name = "ess.loan.photo"
    _description = "Photo of a Loan"
    _inherit = ["ess.derived", "ess.loan.inspection.part", "image.mixin"]
    _order = "id"

    name = fields.Char(
        string="Caption", help="Said aloud by screen readers in place of the photo."
    )
    loan_id = fields.Many2one("ess.loan", required=True, index=True, ondelete="cascade")
    line_id = fields.Many2one(
        "ess.loan.inspection.line", index="btree_not_null", ondelete="cascade"
    )
    damage_id = fields.Many2one(
        "ess.loan.damage", index="btree_not_null", ondelete="cascade"
    )
    image_1920 = fields.Image(required=True)
    taken_by_id = fields.Many2one("res.partner", readonly=True)
    company_id = fields.Many2one(related="loan_id.company_id", store=True)

    def _inspection(self):
        return self.line_id.inspection_id

    @api.model
    def _add(self, of, files):
        """Keep photos of an inspected item or of a damage, after a look at each.

        They are stored anew, as photos of phones also hold where they were taken.

        :param of: one ess.loan.inspection.line or ess.loan.damage
        :param list files: (file name, bytes)
        :return: the photos, in superuser mode
        :raise ValidationError: names the file, and says what is wrong with it
        """
        of.ensure_one()
        if not files:
            return self.sudo().browse()
        if len(of.sudo().photo_ids) + len(files) > MOST_PHOTOS:
            raise ValidationError(
                self.env._(
                    "Photos: %(asset)s has %(there)s already and %(new)s are added; "
                    "%(most)s at most are kept.",
                    asset=of.sudo().asset_id.name,
                    there=len(of.sudo().photo_ids),
                    new=len(files),
                    most=MOST_PHOTOS,
                )
            )
        for name, raw in files:
            self.env["ess.asset"]._check_photo(name, raw)
        link = "damage_id" if of._name == "ess.loan.damage" else "line_id"
        return self.sudo().create(
            [
                {
                    "name": of.sudo().asset_id.name,
                    "loan_id": of.sudo().loan_id.id,
                    link: of.id,
                    "image_1920": base64.b64encode(
                        image_process(raw, size=(SIDE, SIDE), quality=QUALITY)
                    ),
                    "taken_by_id": self.env.user.partner_id.id,
                }
                for name, raw in files
            ]
        )
