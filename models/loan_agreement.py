from odoo import api, fields, models

KINDS = [
    ("commodat", "Free Loan (commodat)"),
    ("hire", "Hire"),
    ("staff", "Staff Time"),
]


class LoanAgreement(models.Model):
    """The text of an agreement: edited like a mail template, one per legal kind."""

    _name = "ess.loan.agreement"
    _description = "Text of Loan Agreements"
    _inherit = ["mail.render.mixin"]
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    kind = fields.Selection(KINDS, required=True, default="commodat")
    body = fields.Html(
        required=True,
        translate=True,
        sanitize="email_outgoing",
        render_engine="qweb",
        render_options={"post_process": True},
        help="Its fields are those of the loan, written as in a mail template.",
    )
    company_id = fields.Many2one(
        "res.company", help="Left empty, every company may choose it."
    )

    def _compute_render_model(self):
        self.render_model = "ess.loan"

    @api.model
    def _for_kind(self, kind, company):
        """:return: the first text of this kind that the company may use"""
        return self.search(
            [("kind", "=", kind), ("company_id", "in", (False, company.id))], limit=1
        )
