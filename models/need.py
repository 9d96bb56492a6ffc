from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from .booking import TAKING
from .entered import entered

STATES = [
    ("draft", "Draft"),
    ("published", "Published"),
    ("met", "Met"),
    ("closed", "No Longer Wanted"),
]
# What the proposals are made from: when it changes, others are asked.
ASKED_FIELDS = {
    "category_id",
    "city",
    "entity_id",
    "latitude",
    "longitude",
    "name",
    "quantity",
    "radius_km",
    "start",
    "stop",
}


class Need(models.Model):
    """What a member needs and does not have: "200 chairs, 12 June, Roubaix"."""

    _name = "ess.need"
    _description = "Need"
    _inherit = [
        "ess.links",
        "ess.office.thread",
        "mail.activity.mixin",
        "portal.mixin",
        "ess.wall.time",
    ]
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
    contact_id = fields.Many2one(
        "res.partner",
        index="btree_not_null",
        domain="['|', ('id', '=', entity_id), ('parent_id', '=', entity_id)]",
    )
    category_id = fields.Many2one("ess.asset.category", index=True, tracking=True)
    quantity = fields.Integer(required=True, default=1, tracking=True)
    start = fields.Datetime(required=True, tracking=True, index=True)
    stop = fields.Datetime(required=True, tracking=True)
    city = fields.Char(
        tracking=True, help="Where it is needed; empty for the member's own place."
    )
    latitude = fields.Float(digits=(10, 7), copy=False, readonly=True)
    longitude = fields.Float(digits=(10, 7), copy=False, readonly=True)
    radius_km = fields.Float(string="Within (km)", default=0, help="0 sets no limit.")
    state = fields.Selection(
        STATES,
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
    line_ids = fields.One2many("ess.need.proposal.line", "need_id", copy=False)
    booking_ids = fields.One2many("ess.booking", "need_id", readonly=True)
    missing = fields.Integer(
        string="Still Missing",
        compute="_compute_missing",
        store=True,
        help="Units that no booking brings yet.",
    )
    ready_count = fields.Integer(string="To Choose from", compute="_compute_counts")
    asked_count = fields.Integer(string="Lenders Asked", compute="_compute_counts")
    answer_version = fields.Integer(
        readonly=True,
        copy=False,
        prefetch=False,
        groups="base.group_system",
        help="Counts the answers, so that two lenders who say yes at the same moment "
        "do not overlook each other.",
    )
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda s: s.env.company
    )

    _start_before_stop = models.Constraint(
        "CHECK (stop > start)", "A need ends after it starts."
    )
    _quantity_positive = models.Constraint(
        "CHECK (quantity > 0)", "A need is for at least one unit."
    )
    _state_start = models.Index("(state, start)")

    # === COMPUTE METHODS === #

    @api.depends("quantity", "booking_ids.state", "booking_ids.quantity")
    def _compute_missing(self):
        for need in self:
            taken = need.sudo().booking_ids.filtered(lambda b: b.state in TAKING)
            need.missing = max(need.quantity - sum(taken.mapped("quantity")), 0)

    @api.depends("proposal_ids.state", "line_ids.state")
    def _compute_counts(self):
        """For many needs at once, whatever the reader may see of the lines."""
        ready = dict(
            self.env["ess.need.proposal"]
            .sudo()
            ._read_group(
                [("need_id", "in", self.ids), ("state", "=", "ready")],
                ["need_id"],
                ["__count"],
            )
        )
        asked = dict(
            self.env["ess.need.proposal.line"]
            .sudo()
            ._read_group(
                [("need_id", "in", self.ids), ("is_waiting", "=", True)],
                ["need_id"],
                ["lender_id:count_distinct"],
            )
        )
        for need in self:
            published = need.state == "published"
            need.ready_count = published and ready.get(need.sudo(), 0)
            need.asked_count = published and asked.get(need.sudo(), 0)

    def _compute_access_url(self):
        for need in self:
            need.access_url = f"/my/needs/{need.id}"

    @api.depends("name", "quantity")
    def _compute_display_name(self):
        for need in self:
            name = need.name or ""
            # who wrote "200 chairs" has said how many
            counted = need.quantity == 1 or name[:1].isdigit()
            need.display_name = name if counted else f"{need.quantity} × {name}"

    # === CONSTRAINTS === #

    @api.constrains("entity_id", "contact_id")
    def _check_entity(self):
        for need in self.sudo():
            entity, contact = need.entity_id, need.contact_id
            if not entity.ess_is_member:
                raise ValidationError(
                    self.env._(
                        "Member: %s is not a member organisation.", entity.display_name
                    )
                )
            if contact and contact.commercial_partner_id != entity:
                raise ValidationError(
                    self.env._(
                        "Contact: %(contact)s does not belong to %(entity)s.",
                        contact=contact.display_name,
                        entity=entity.display_name,
                    )
                )

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            state = entered(self, vals).get("state", "draft")
            if not self.env.su and state != "draft":
                raise UserError(
                    self.env._("State: a need starts as a draft; publish it then.")
                )
            if vals.get("start") and vals.get("stop"):
                self._check_window(vals["start"], vals["stop"])
            if vals.get("reference", "/") == "/":
                sequence = self.env["ir.sequence"]
                vals["reference"] = sequence.next_by_code("ess.need") or "/"
        needs = super().create(vals_list)
        for need in needs.sudo():
            # made here and not by a page: a GET never writes
            need._portal_ensure_token()
        return needs

    def write(self, vals):
        if "state" in vals and not self.env.su:
            raise UserError(
                self.env._("State: use the actions of the need to change it.")
            )
        if "entity_id" in vals:
            self._check_still_draft(vals["entity_id"])
        if {"start", "stop"} & set(vals):
            for need in self:
                self._check_window(
                    vals.get("start", need.start), vals.get("stop", need.stop)
                )
        names = ASKED_FIELDS & set(vals)
        before = {need: [need[name] for name in names] for need in self}
        res = super().write(vals)
        changed = self.filtered(
            lambda need: before[need] != [need[name] for name in names]
        )
        if {"city", "entity_id"} & names:
            changed.sudo()._locate()
        changed.filtered(lambda n: n.state == "published").sudo()._ask_anew()
        return res

    def _check_still_draft(self, entity_id):
        """Lenders said yes to this member, and to no other."""
        for need in self:
            if need.state != "draft" and need.entity_id.id != entity_id:
                raise UserError(
                    self.env._(
                        "Member: %(need)s was published for %(entity)s; close it and "
                        "publish another one.",
                        need=need.display_name,
                        entity=need.entity_id.display_name,
                    )
                )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_published(self):
        for need in self:
            if need.state != "draft":
                raise UserError(
                    self.env._(
                        "%s was published: close it, so that it stays on record.",
                        need.display_name,
                    )
                )

    # === WORDS === #

    def _state_label(self):
        self.ensure_one()
        selection = self._fields["state"]._description_selection(self.env)
        return dict(selection)[self.state].lower()
