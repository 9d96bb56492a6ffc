from odoo import api, fields, models


class Circle(models.Model):
    """A set of member organisations that share with each other."""

    _name = "ess.circle"
    _description = "Circle"
    _inherit = ["ess.office.thread"]
    _order = "name"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True, tracking=True)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    description = fields.Text(translate=True)
    # not translated: what members accept is one text
    charter = fields.Html(
        help="What a member accepts before it may book, lend or commit. "
        "A change of this text asks every member to accept it again.",
    )
    charter_version = fields.Integer(default=1, readonly=True, copy=False)
    membership_ids = fields.One2many(
        "ess.circle.membership", "circle_id", string="Memberships"
    )
    entity_ids = fields.Many2many(
        "res.partner",
        string="Members",
        compute="_compute_entity_ids",
        search="_search_entity_ids",
    )
    asset_ids = fields.Many2many("ess.asset", string="Assets")
    member_count = fields.Integer(compute="_compute_counts")
    asset_count = fields.Integer(compute="_compute_counts")

    _name_company_uniq = models.UniqueIndex(
        "(company_id, name) WHERE active", "Two circles cannot have the same name."
    )

    # === COMPUTE METHODS === #

    @api.depends("membership_ids.entity_id")
    def _compute_entity_ids(self):
        for circle in self:
            circle.entity_ids = circle.membership_ids.entity_id

    def _search_entity_ids(self, operator, value):
        return [("membership_ids.entity_id", operator, value)]

    @api.depends("membership_ids", "asset_ids")
    def _compute_counts(self):
        members = dict(
            self.env["ess.circle.membership"]._read_group(
                [("circle_id", "in", self.ids)], ["circle_id"], ["__count"]
            )
        )
        assets = dict(
            self.env["ess.asset"]._read_group(
                [("circle_ids", "in", self.ids)], ["circle_ids"], ["__count"]
            )
        )
        for circle in self:
            circle.member_count = members.get(circle, 0)
            circle.asset_count = assets.get(circle, 0)

    # === CRUD METHODS === #

    def write(self, vals):
        """A new charter text is a new version, which members accept anew."""
        before = {circle: circle.charter for circle in self}
        res = super().write(vals)
        if "charter" in vals:
            for circle in self.filtered(lambda c: c.charter != before[c]):
                super(Circle, circle).write(
                    {"charter_version": circle.charter_version + 1}
                )
        return res

    # === ACTIONS === #

    def action_view_members(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "ess_mutualisation.res_partner_action_member"
        )
        action["domain"] = [
            ("ess_is_member", "=", True),
            ("ess_circle_ids", "in", self.ids),
        ]
        return action

    def action_view_assets(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "ess_mutualisation.ess_asset_action"
        )
        action["domain"] = [("circle_ids", "in", self.ids)]
        action["context"] = {"default_circle_ids": self.ids}
        return action
