from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import format_datetime

from .entered import entered

STATES = [
    ("draft", "Draft"),
    ("waiting", "Waiting"),
    ("requested", "Requested"),
    ("confirmed", "Confirmed"),
    ("ongoing", "Ongoing"),
    ("done", "Done"),
    ("refused", "Refused"),
    ("cancelled", "Cancelled"),
]
# States in which a booking takes the time of its asset.
TAKING = ("requested", "confirmed", "ongoing", "done")
# States in which its time, quantity or asset may still change.
MOVABLE = ("draft", "waiting", "requested", "confirmed", "ongoing")
USE_FIELDS = {"asset_id", "start", "stop", "quantity"}


class Booking(models.Model):
    """The promise: this organisation uses this asset from start to stop."""

    _name = "ess.booking"
    _description = "Booking"
    _inherit = [
        "ess.derived",
        "ess.office.thread",
        "mail.activity.mixin",
        "portal.mixin",
        "ess.import.mixin",
    ]
    _order = "start desc, id desc"
    _check_company_auto = True

    name = fields.Char(
        string="Reference", readonly=True, copy=False, default="/", index="trigram"
    )
    asset_id = fields.Many2one(
        "ess.asset", required=True, index=True, tracking=True, ondelete="restrict"
    )
    owner_id = fields.Many2one(
        "res.partner",
        compute="_compute_lenders",
        store=True,
        precompute=True,
        index=True,
    )
    custodian_id = fields.Many2one(
        "res.partner",
        compute="_compute_lenders",
        store=True,
        precompute=True,
        index=True,
    )
    category_id = fields.Many2one(
        related="asset_id.category_id", store=True, index=True
    )
    company_id = fields.Many2one(related="asset_id.company_id", store=True, index=True)
    entity_id = fields.Many2one(
        "res.partner",
        string="Borrower",
        required=True,
        index=True,
        tracking=True,
        ondelete="restrict",
        domain="[('ess_is_member', '=', True)]",
    )
    contact_id = fields.Many2one(
        "res.partner",
        compute="_compute_contact_id",
        store=True,
        readonly=False,
        precompute=True,
        index="btree_not_null",
        domain="['|', ('id', '=', entity_id), ('parent_id', '=', entity_id)]",
    )
    quantity = fields.Integer(required=True, default=1, tracking=True)
    start = fields.Datetime(required=True, tracking=True, index=True)
    stop = fields.Datetime(required=True, tracking=True)
    duration = fields.Float(
        compute="_compute_duration", store=True, help="Elapsed hours."
    )
    tz = fields.Selection(related="asset_id.tz")
    purpose = fields.Char()
    distance_km = fields.Float(
        string="Kilometres",
        digits=(12, 1),
        copy=False,
        help="Driven, as read at the return: what some costs are shared by.",
    )
    state = fields.Selection(
        STATES,
        required=True,
        default="draft",
        readonly=True,
        copy=False,
        index=True,
        tracking=True,
    )
    approval = fields.Selection(related="asset_id.approval")
    hold_until = fields.Datetime(readonly=True, copy=False)
    series_id = fields.Many2one(
        "ess.booking.series", index="btree_not_null", copy=False, readonly=True
    )
    occupancy_ids = fields.One2many("ess.occupancy", "booking_id", readonly=True)
    exchange_ids = fields.One2many("ess.exchange", "booking_id", readonly=True)
    exchange_count = fields.Integer(compute="_compute_exchange_count")
    # what happened
    requested_on = fields.Datetime(readonly=True, copy=False)
    confirmed_on = fields.Datetime(readonly=True, copy=False)
    confirmed_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    waiting_since = fields.Datetime(readonly=True, copy=False)
    handed_over_on = fields.Datetime(readonly=True, copy=False)
    returned_on = fields.Datetime(readonly=True, copy=False)
    reminded_on = fields.Datetime(readonly=True, copy=False)
    reason = fields.Text(
        string="Refusal or Cancellation", readonly=True, copy=False, tracking=True
    )
    override_reason = fields.Text(
        readonly=True,
        copy=False,
        tracking=True,
        help="Why a manager let this booking break a rule of the policy.",
    )
    ics_sequence = fields.Integer(readonly=True, copy=False)
    is_late = fields.Boolean(compute="_compute_is_late", search="_search_is_late")

    _start_before_stop = models.Constraint(
        "CHECK (stop > start)", "A booking ends after it starts."
    )
    _quantity_positive = models.Constraint(
        "CHECK (quantity > 0)", "A booking is for at least one unit."
    )
    _asset_window = models.Index("(asset_id, start, stop)")
    _entity_window = models.Index("(entity_id, state, start)")

    # === COMPUTE METHODS === #

    @api.depends("asset_id.owner_id", "asset_id.custodian_id")
    def _compute_lenders(self):
        """Who lends it. What is over stays with those who lent it then."""
        for booking in self:
            over = booking.state in ("done", "refused", "cancelled")
            asset = booking.sudo().asset_id
            booking.owner_id = (over and booking.owner_id) or asset.owner_id
            booking.custodian_id = (over and booking.custodian_id) or asset.custodian_id

    @api.depends("entity_id")
    def _compute_contact_id(self):
        for booking in self:
            contact, entity = booking.contact_id, booking.entity_id
            if contact.commercial_partner_id != entity.commercial_partner_id:
                booking.contact_id = entity.child_ids[:1] or entity

    @api.depends("start", "stop")
    def _compute_duration(self):
        for booking in self:
            if booking.start and booking.stop:
                elapsed = booking.stop - booking.start
                booking.duration = elapsed.total_seconds() / 3600
            else:
                booking.duration = 0

    @api.depends("exchange_ids")
    def _compute_exchange_count(self):
        for booking in self:
            booking.exchange_count = len(booking.exchange_ids)

    @api.depends("state", "stop")
    def _compute_is_late(self):
        now = fields.Datetime.now()
        for booking in self:
            booking.is_late = (
                booking.state == "ongoing" and bool(booking.stop) and booking.stop < now
            )

    def _search_is_late(self, operator, value):
        if operator != "in":
            return NotImplemented
        late = Domain("state", "=", "ongoing") & Domain(
            "stop", "<", fields.Datetime.now()
        )
        return late if True in value else ~late

    @api.depends("name", "asset_id", "entity_id", "quantity", "start")
    @api.depends_context("lang", "ess_by_asset")
    def _compute_display_name(self):
        """In a calendar the time is seen: what and who say the rest."""
        by_asset = self.env.context.get("ess_by_asset")
        for booking in self:
            asset = booking.sudo().asset_id.name or ""
            if by_asset:
                units = f"{booking.quantity} × " if booking.quantity > 1 else ""
                entity = booking.sudo().entity_id.name or ""
                booking.display_name = f"{units}{asset} · {entity}"
            else:
                when = booking._when_in_words() if booking.start else ""
                booking.display_name = f"{booking.name} {asset} {when}".strip()

    def _compute_access_url(self):
        for booking in self:
            booking.access_url = f"/my/bookings/{booking.id}"

    def _when_in_words(self):
        """The start in the asset's local time and the reader's language."""
        self.ensure_one()
        return format_datetime(
            self.env, self.start, tz=self.sudo().tz, dt_format="d MMM y HH:mm"
        )

    # === CONSTRAINTS === #

    @api.constrains("entity_id")
    def _check_entity(self):
        for booking in self:
            if not booking.entity_id.sudo().ess_is_member:
                raise ValidationError(
                    self.env._(
                        "Borrower: %s is not a member organisation.",
                        booking.entity_id.sudo().display_name,
                    )
                )

    @api.constrains("contact_id", "entity_id")
    def _check_contact(self):
        for booking in self.sudo():
            contact, entity = booking.contact_id, booking.entity_id
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
        self._check_created_state(vals_list)
        for vals in vals_list:
            self._check_order(vals.get("start"), vals.get("stop"))
            if vals.get("name", "/") == "/":
                vals["name"] = (
                    self.env["ir.sequence"].next_by_code("ess.booking") or "/"
                )
        bookings = super().create(vals_list)
        bookings._ensure_tokens()
        bookings.filtered(lambda b: b.state in TAKING)._freeze_price()
        bookings._sync_occupancy()
        return bookings

    def write(self, vals):
        """Every change of what is used passes the gate; the state has its own acts."""
        if "state" in vals and not self.env.su:
            raise UserError(
                self.env._("State: use the actions of the booking to change it.")
            )
        moved = USE_FIELDS & set(vals)
        if moved:
            self._check_movable(vals)
        res = super().write(vals)
        if moved or "state" in vals or "hold_until" in vals:
            if moved:
                self.filtered(lambda b: b.state in TAKING)._freeze_price()
                self._check_moved_rules()
            self._sync_occupancy(moved=bool(moved))
        if moved and not self.env.su:
            self._after_move()
        return res

    def _after_move(self):
        """Moved at the desk (form, calendar): calendars follow, people are told."""
        promised = self.sudo().filtered(
            lambda b: b.state in ("requested", "confirmed", "ongoing")
        )
        for booking in promised:
            booking.ics_sequence += 1
            booking.reminded_on = False
        promised._tell("moved", "moved_lender")

    def copy_data(self, default=None):
        default = dict(default or {}, state="draft", name="/")
        return super().copy_data(default)

    def unlink(self):
        """A draft that goes gives its hold back, to whoever waits for it."""
        self.check_access("unlink")
        self._unlink_except_taken()
        held = self.sudo().occupancy_ids
        if held:
            self.env["ess.occupancy"].sudo()._replace(held, [])
        return super().unlink()

    @api.ondelete(at_uninstall=False)
    def _unlink_except_taken(self):
        taken = self.filtered(lambda b: b.state in TAKING)
        if taken:
            raise UserError(
                self.env._(
                    "%s is a promise to somebody: cancel it, so that it stays "
                    "on record.",
                    taken[0].display_name,
                )
            )

    def _check_created_state(self, vals_list):
        """By hand, a booking starts as a draft; an import brings promises made."""
        if self.env.su or self.env.context.get("import_file"):
            return
        if any(
            entered(self, vals).get("state", "draft") != "draft" for vals in vals_list
        ):
            raise UserError(
                self.env._("A booking starts as a draft: ask for it afterwards.")
            )

    def _check_order(self, start, stop):
        if start and stop:
            self.env["ess.asset"]._check_window(start, stop)

    def _check_movable(self, vals):
        for booking in self:
            self._check_order(
                vals.get("start", booking.start), vals.get("stop", booking.stop)
            )
            if booking.state not in MOVABLE:
                raise UserError(
                    self.env._(
                        "%(booking)s is %(state)s: its time can no longer change.",
                        booking=booking.display_name,
                        state=booking._state_label(),
                    )
                )

    def _ensure_tokens(self):
        """Tokens are made here and not by a page: a GET never writes."""
        for booking in self.sudo():
            booking._portal_ensure_token()

    def _state_label(self):
        self.ensure_one()
        selection = self._fields["state"]._description_selection(self.env)
        return dict(selection)[self.state].lower()

    # === ACTIONS === #

    def action_view_exchanges(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "ess_mutualisation.ess_exchange_action"
        )
        return {**action, "domain": [("booking_id", "=", self.id)], "context": {}}
