from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain

from .booking_policy import APPROVALS


class Asset(models.Model):
    """Something that a member organisation shares: one thing, a pool of N, a set."""

    _name = "ess.asset"
    _description = "Shared Asset"
    _inherit = [
        "ess.links",
        "ess.office.thread",
        "mail.activity.mixin",
        "resource.mixin",
        "image.mixin",
        "portal.mixin",
        "ess.import.mixin",
    ]
    _order = "name, code, id"
    _rec_names_search = ["name", "code"]
    _check_company_auto = True

    name = fields.Char(required=True, tracking=True, index="trigram")
    code = fields.Char(copy=False, index=True, tracking=True)
    active = fields.Boolean(default=True, tracking=True)
    published = fields.Boolean(
        default=True, tracking=True, help="Shown to the members of its circles."
    )
    is_public = fields.Boolean(
        string="Shown to Everybody",
        tracking=True,
        help="Visitors who are not logged in see it in the public catalogue too.",
    )
    kind = fields.Selection(
        [("single", "Single"), ("pool", "Pool of Items"), ("composite", "Composite")],
        compute="_compute_kind",
        store=True,
    )
    category_id = fields.Many2one(
        "ess.asset.category", index=True, tracking=True, ondelete="restrict"
    )
    properties = fields.Properties(
        definition="category_id.asset_properties_definition", copy=True
    )
    description = fields.Html()
    private_instructions = fields.Html(
        groups="ess_mutualisation.group_facilitator",
        help="Door code, where the key is… Shown only to a confirmed borrower.",
    )
    # organisations and place
    owner_id = fields.Many2one(
        "res.partner",
        required=True,
        index=True,
        tracking=True,
        ondelete="restrict",
        domain="[('ess_is_member', '=', True)]",
    )
    custodian_id = fields.Many2one(
        "res.partner",
        compute="_compute_custodian_id",
        store=True,
        readonly=False,
        precompute=True,
        index=True,
        tracking=True,
        domain="[('ess_is_member', '=', True)]",
        help="Who keeps it and hands it over; the owner unless said otherwise.",
    )
    share_ids = fields.One2many("ess.asset.share", "asset_id", string="Co-owners")
    circle_ids = fields.Many2many(
        "ess.circle",
        string="Circles",
        help="Whose members may book it. Left empty at creation, the owner's circles.",
    )
    city = fields.Char(compute="_compute_city", store=True, readonly=False, index=True)
    street = fields.Char(compute="_compute_place", store=True, readonly=False)
    zip = fields.Char(compute="_compute_place", store=True, readonly=False)
    latitude = fields.Float(
        compute="_compute_place", store=True, readonly=False, digits=(10, 7)
    )
    longitude = fields.Float(
        compute="_compute_place", store=True, readonly=False, digits=(10, 7)
    )
    # what there is
    capacity = fields.Integer(
        required=True, default=1, tracking=True, help="How many units there are."
    )
    component_ids = fields.One2many(
        "ess.asset.component", "parent_id", string="Components", copy=True
    )
    used_in_ids = fields.One2many(
        "ess.asset.component", "component_id", string="Used in"
    )
    photo_ids = fields.One2many("ess.asset.photo", "asset_id", string="Photos")
    # rules
    policy_id = fields.Many2one(
        "ess.booking.policy", index=True, check_company=True, tracking=True
    )
    approval = fields.Selection(
        APPROVALS,
        compute="_compute_approval",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
        tracking=True,
        help="Who says yes to a request; the policy's choice unless changed here.",
    )
    # Not the company's office hours: an asset has opening hours only when it is told.
    resource_calendar_id = fields.Many2one(
        default=False, string="Opening Hours", tracking=True
    )
    # money
    currency_id = fields.Many2one(related="company_id.currency_id")
    deposit_amount = fields.Monetary(string="Deposit")
    replacement_value = fields.Monetary()
    analytic_account_id = fields.Many2one(
        "account.analytic.account", check_company=True, index="btree_not_null"
    )
    # time
    occupancy_version = fields.Integer(
        readonly=True,
        copy=False,
        prefetch=False,
        groups="base.group_system",
        help="Counts the changes of its taken time. The gate updates it, which makes "
        "two transactions that take time of the same asset collide.",
    )
    booking_ids = fields.One2many("ess.booking", "asset_id", string="Bookings")
    occupancy_ids = fields.One2many("ess.occupancy", "asset_id", string="Taken Time")
    booking_count = fields.Integer(compute="_compute_booking_count")

    _capacity_positive = models.Constraint(
        "CHECK (capacity > 0)", "An asset has at least one unit."
    )
    _amounts_not_negative = models.Constraint(
        "CHECK (deposit_amount >= 0 AND replacement_value >= 0)",
        "Deposit and replacement value cannot be negative.",
    )
    _code_company_uniq = models.UniqueIndex(
        "(company_id, code) WHERE code IS NOT NULL",
        "Another asset has this code already.",
    )

    # === COMPUTE METHODS === #

    @api.depends("capacity", "component_ids")
    def _compute_kind(self):
        for asset in self:
            if asset.component_ids:
                asset.kind = "composite"
            else:
                asset.kind = "pool" if asset.capacity > 1 else "single"

    @api.depends("owner_id")
    def _compute_custodian_id(self):
        for asset in self:
            asset.custodian_id = asset.custodian_id or asset.owner_id

    @api.depends("custodian_id")
    def _compute_city(self):
        """The place follows the custodian, until the asset is given another town."""
        for asset in self:
            asset.city = asset.custodian_id.sudo().city

    @api.depends("custodian_id", "city")
    def _compute_place(self):
        for asset in self:
            custodian = asset.custodian_id.sudo()
            there = not asset.city or asset.city == custodian.city
            asset.street = custodian.street if there else asset.street
            asset.zip = custodian.zip if there else asset.zip
            # another town: better no point on the map than a wrong one
            asset.latitude = custodian.partner_latitude if there else 0
            asset.longitude = custodian.partner_longitude if there else 0

    @api.depends("policy_id")
    def _compute_approval(self):
        for asset in self:
            asset.approval = asset.policy_id.approval or asset.approval or "auto"

    @api.depends("booking_ids")
    def _compute_booking_count(self):
        counts = dict(
            self.env["ess.booking"]._read_group(
                [("asset_id", "in", self.ids)], ["asset_id"], ["__count"]
            )
        )
        for asset in self:
            asset.booking_count = counts.get(asset, 0)

    def _compute_access_url(self):
        for asset in self:
            asset.access_url = f"/commons/{asset.id}"

    # === CONSTRAINTS === #

    @api.constrains("owner_id", "custodian_id")
    def _check_members(self):
        for asset in self:
            for partner in asset.owner_id | asset.custodian_id:
                if not partner.sudo().ess_is_member:
                    raise ValidationError(
                        self.env._(
                            "%(partner)s is not a member organisation, so it can "
                            "neither own nor keep %(asset)s.",
                            partner=partner.sudo().display_name,
                            asset=asset.name,
                        )
                    )

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            # `resource` would fall back to the company's office hours
            vals.setdefault("resource_calendar_id", False)
        assets = super().create(vals_list)
        for asset in assets.filtered(lambda a: not a.circle_ids):
            asset.circle_ids = asset.owner_id.ess_circle_ids
        return assets

    def _prepare_resource_values(self, vals, tz):
        values = super()._prepare_resource_values(vals, tz)
        company = self.env["res.company"].browse(
            vals.get("company_id") or self.env.company.id
        )
        return {
            **values,
            "resource_type": "material",
            "calendar_id": vals.get("resource_calendar_id", False),
            "tz": tz or company.partner_id.tz or self.env.user.tz or "Europe/Paris",
        }

    def write(self, vals):
        if vals.get("active") is False:
            self._check_no_future_booking()
        res = super().write(vals)
        if "capacity" in vals:
            self._recheck_capacity()
        return res

    def _check_no_future_booking(self):
        booking = self.env["ess.booking"].search(
            [
                ("asset_id", "in", self.ids),
                ("state", "in", ("waiting", "requested", "confirmed", "ongoing")),
                ("stop", ">", fields.Datetime.now()),
            ],
            order="start",
            limit=1,
        )
        if booking:
            raise UserError(
                self.env._(
                    "%(asset)s is promised to %(entity)s (%(booking)s): cancel or move "
                    "its bookings before you archive it.",
                    asset=booking.asset_id.display_name,
                    entity=booking.entity_id.display_name,
                    booking=booking.display_name,
                )
            )

    # === BUSINESS METHODS === #

    def _lender_entities(self):
        """Organisations that decide about these assets: owners and custodians."""
        return self.sudo().owner_id | self.sudo().custodian_id

    def _is_lender(self, user=None):
        """Whether the user acts for the owner or the custodian of each asset."""
        entity = (user or self.env.user)._ess_entity()
        return bool(entity) and all(
            entity in (asset.owner_id | asset.custodian_id) for asset in self.sudo()
        )

    def _portal_domain(self):
        """Assets that the current user finds in the catalogue (the rules apply too).

        :rtype: Domain
        """
        return Domain("published", "=", True)

    # === ACTIONS === #

    def action_view_bookings(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "ess_mutualisation.ess_booking_action"
        )
        action["domain"] = [("asset_id", "=", self.id)]
        action["context"] = {"default_asset_id": self.id}
        return action

    def action_view_occupancy(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "ess_mutualisation.ess_occupancy_action"
        )
        action["domain"] = [("asset_id", "=", self.id)]
        action["context"] = {"default_asset_id": self.id}
        return action

    def action_open_portal(self):
        self.ensure_one()
        return {"type": "ir.actions.act_url", "url": self.access_url, "target": "new"}
