from odoo import fields, models


class LoanPhoto(models.Model):
    """What a thing looked like, taken with a phone; seen by both sides."""

    _name = "ess.loan.photo"
    _description = "Photo of a Loan"
    _inherit = ["image.mixin"]
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
