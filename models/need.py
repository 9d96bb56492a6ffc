from odoo import fields, models


class Need(models.Model):
    """What a member needs and does not have: "200 chairs, 12 June, Roubaix"."""

    _name = "ess.need"
    _description = "Need"
    _inherit = ["mail.thread", "mail.activity.mixin", "portal.mixin"]
    _order = "start, id"
    _check_company_auto = True

    name = fields.Char(string="What", required=True, tracking=True)
    reference = fields.Char(readonly=True, copy=False, default="/")
    description = fields.Text()
    entity_id = fields.Many2one(
        "res.partner",
        string="Member",
        required=True,
        index=True,
        ondelete="restrict",
        domain="[('ess_is_member', '=', True)]",
    )
    contact_id = fields.Many2one("res.partner", index="btree_not_null")
    category_id = fields.Many2one("ess.asset.category", index=True, tracking=True)
    quantity = fields.Integer(required=True, default=1, tracking=True)
    start = fields.Datetime(required=True, tracking=True, index=True)
    stop = fields.Datetime(required=True, tracking=True)
    city = fields.Char(tracking=True)
    latitude = fields.Float(digits=(10, 7))
    longitude = fields.Float(digits=(10, 7))
    radius_km = fields.Float(string="Within (km)", default=0, help="0 sets no limit.")
    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("published", "Published"),
            ("met", "Met"),
            ("closed", "Closed"),
        ],
        required=True,
        default="draft",
        readonly=True,
        copy=False,
        index=True,
        tracking=True,
    )
    published_on = fields.Datetime(readonly=True, copy=False)
    reason = fields.Text(string="Closed Because", readonly=True, copy=False)
    proposal_ids = fields.One2many("ess.need.proposal", "need_id", copy=False)
    booking_ids = fields.One2many("ess.booking", "need_id", readonly=True)
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda s: s.env.company
    )

    _start_before_stop = models.Constraint(
        "CHECK (stop > start)", "A need ends after it starts."
    )
    _quantity_positive = models.Constraint(
        "CHECK (quantity > 0)", "A need is for at least one unit."
    )

    def _compute_access_url(self):
        for need in self:
            need.access_url = f"/my/needs/{need.id}"
