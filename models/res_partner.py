from odoo import api, fields, models
from odoo.fields import Command


class ResPartner(models.Model):
    _name = "res.partner"
    _inherit = ["res.partner", "ess.import.mixin"]

    ess_is_member = fields.Boolean(
        string="Member Organisation",
        index="btree_not_null",
        tracking=True,
        help="This organisation shares with the others. Its people are its contacts.",
    )
    ess_membership_ids = fields.One2many(
        "ess.circle.membership", "entity_id", string="Memberships"
    )
    ess_circle_ids = fields.Many2many(
        "ess.circle",
        string="Circles",
        compute="_compute_ess_circle_ids",
        inverse="_inverse_ess_circle_ids",
        search="_search_ess_circle_ids",
    )
    ess_insurance_ids = fields.One2many(
        "ess.insurance.certificate", "entity_id", string="Insurance Certificates"
    )
    ess_headcount = fields.Float(string="Staff (FTE)", digits=(12, 2))
    ess_annual_budget = fields.Monetary(
        string="Annual Budget", currency_field="currency_id"
    )
    ess_booking_version = fields.Integer(
        readonly=True,
        copy=False,
        prefetch=False,
        groups="base.group_system",
        help="Counts the bookings made under a quota, so that two of them at the same "
        "moment cannot both take what is left of it.",
    )
    ess_asset_ids = fields.One2many("ess.asset", "owner_id", string="Shared Assets")
    ess_asset_count = fields.Integer(compute="_compute_ess_counts")
    ess_booking_count = fields.Integer(compute="_compute_ess_counts")
    ess_exchange_count = fields.Integer(compute="_compute_ess_counts")

    _ess_member_is_organisation = models.Constraint(
        "CHECK (NOT ess_is_member OR (is_company AND parent_id IS NULL))",
        "A member is an organisation of its own, neither a person nor a branch.",
    )

    # === COMPUTE METHODS === #

    @api.depends("ess_membership_ids.circle_id")
    def _compute_ess_circle_ids(self):
        for partner in self:
            partner.ess_circle_ids = partner.ess_membership_ids.circle_id

    def _inverse_ess_circle_ids(self):
        for partner in self:
            wanted, present = partner.ess_circle_ids, partner.ess_membership_ids
            gone = present.filtered(lambda m, wanted=wanted: m.circle_id not in wanted)
            new = wanted - present.circle_id
            partner.ess_membership_ids = [
                *(Command.delete(membership.id) for membership in gone),
                *(Command.create({"circle_id": circle.id}) for circle in new),
            ]

    def _search_ess_circle_ids(self, operator, value):
        return [("ess_membership_ids.circle_id", operator, value)]

    @api.depends_context("uid")
    def _compute_ess_counts(self):
        counts = {}
        for model, names in (
            ("ess.asset", ("owner_id",)),
            ("ess.booking", ("entity_id",)),
            ("ess.exchange", ("provider_id", "receiver_id")),
        ):
            counts[model] = dict.fromkeys(self, 0)
            if not self.env[model].has_access("read"):
                continue
            for name in names:
                for partner, count in self.env[model]._read_group(
                    [(name, "in", self.ids)], [name], ["__count"]
                ):
                    counts[model][partner] = counts[model].get(partner, 0) + count
        for partner in self:
            partner.ess_asset_count = counts["ess.asset"].get(partner, 0)
            partner.ess_booking_count = counts["ess.booking"].get(partner, 0)
            partner.ess_exchange_count = counts["ess.exchange"].get(partner, 0)

    # === BUSINESS METHODS === #

    def _ess_volunteers(self):
        """People of these organisations who act for them on the portal.

        :return: contacts with a login; else contacts with an address; else the
            organisation itself, so that somebody is always told.
        :rtype: recordset of res.partner
        """
        self.ensure_one()
        people = self.child_ids.filtered(lambda p: not p.is_company)
        return (
            people.filtered(lambda p: p.user_ids.filtered("active"))
            or people.filtered("email")
            or self
        )

    def _ess_accepted_circles(self):
        """Circles of this organisation whose present charter it has accepted."""
        return self.ess_membership_ids.filtered("charter_accepted").circle_id

    # === ACTIONS === #

    def _ess_action_of(self, xmlid, domain):
        action = self.env["ir.actions.act_window"]._for_xml_id(xmlid)
        return {**action, "domain": domain, "context": {}}

    def action_ess_assets(self):
        self.ensure_one()
        return self._ess_action_of(
            "ess_mutualisation.ess_asset_action", [("owner_id", "=", self.id)]
        )

    def action_ess_bookings(self):
        self.ensure_one()
        return self._ess_action_of(
            "ess_mutualisation.ess_booking_action", [("entity_id", "=", self.id)]
        )

    def action_ess_exchanges(self):
        self.ensure_one()
        return self._ess_action_of(
            "ess_mutualisation.ess_exchange_action",
            ["|", ("provider_id", "=", self.id), ("receiver_id", "=", self.id)],
        )
