from odoo import api, fields, models

from ..tools.booking_rules import Rules

MINUTES_PER_HOUR = 60
# Who says yes to a request: the same choice on a policy and on an asset.
APPROVALS = [("auto", "Automatic"), ("owner", "Owner"), ("federation", "Federation")]


class BookingPolicy(models.Model):
    """Booking rules shared by many assets."""

    _name = "ess.booking.policy"
    _description = "Booking Policy"
    _inherit = ["mail.thread"]
    _order = "sequence, name"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    granularity = fields.Selection(
        [("hour", "Hour"), ("half_day", "Half-day"), ("day", "Day")],
        required=True,
        default="hour",
        tracking=True,
        help="Uses start and end on this raster, in the asset's local time: on the "
        "hour, at midnight or noon, at midnight.",
    )
    min_hours = fields.Float(string="Shortest Use (hours)", tracking=True)
    max_hours = fields.Float(string="Longest Use (hours)", tracking=True)
    lead_hours = fields.Float(
        string="Notice (hours)",
        tracking=True,
        help="How long before its start a use must be asked for.",
    )
    horizon_days = fields.Integer(
        string="Horizon (days)",
        tracking=True,
        help="How many days ahead a use may be asked for; 0 sets no limit.",
    )
    buffer_before_minutes = fields.Integer(string="Before (minutes)", tracking=True)
    buffer_after_minutes = fields.Integer(string="After (minutes)", tracking=True)
    cancel_hours = fields.Float(
        string="Cancel until (hours before)",
        tracking=True,
        help="Until when the borrower may cancel or change a confirmed booking.",
    )
    approval = fields.Selection(APPROVALS, required=True, default="auto", tracking=True)
    hold_minutes = fields.Integer(
        default=15,
        string="Hold (minutes)",
        help="How long the time is kept while somebody fills in the request.",
    )
    quota_hours = fields.Float(
        string="Hours per Organisation",
        tracking=True,
        help="Hours that one organisation may book per period; 0 sets no limit.",
    )
    quota_period = fields.Selection(
        [("week", "Week"), ("month", "Month"), ("year", "Year")],
        required=True,
        default="month",
        tracking=True,
    )
    quota_simultaneous = fields.Integer(
        string="Bookings at Once",
        tracking=True,
        help="How many bookings one organisation may have at the same time under this "
        "policy; 0 sets no limit.",
    )
    opening_rule = fields.Selection(
        [
            ("inside", "The whole use lies within opening hours"),
            ("ends", "Pick-up and return lie within opening hours"),
            ("free", "At any hour"),
        ],
        required=True,
        default="ends",
        tracking=True,
    )
    reminder_hours = fields.Float(string="Reminder (hours before)", default=24)
    asset_ids = fields.One2many("ess.asset", "policy_id", string="Assets")
    asset_count = fields.Integer(compute="_compute_asset_count")

    _not_negative = models.Constraint(
        "CHECK (min_hours >= 0 AND max_hours >= 0 AND lead_hours >= 0 "
        "AND horizon_days >= 0 AND buffer_before_minutes >= 0 "
        "AND buffer_after_minutes >= 0 AND cancel_hours >= 0 AND hold_minutes >= 0 "
        "AND quota_hours >= 0 AND quota_simultaneous >= 0 AND reminder_hours >= 0)",
        "Durations, deadlines and quotas of a policy cannot be negative.",
    )
    _min_max = models.Constraint(
        "CHECK (max_hours = 0 OR min_hours <= max_hours)",
        "The shortest use cannot be longer than the longest.",
    )

    @api.depends("asset_ids")
    def _compute_asset_count(self):
        counts = dict(
            self.env["ess.asset"]._read_group(
                [("policy_id", "in", self.ids)], ["policy_id"], ["__count"]
            )
        )
        for policy in self:
            policy.asset_count = counts.get(policy, 0)

    def _rules(self):
        """These rules as the pure value that `tools.booking_rules` checks.

        An asset without a policy is free of rules: by the hour, at any time.

        :rtype: Rules
        """
        if not self:
            return Rules()
        self.ensure_one()

        def minutes(hours):
            return round(hours * MINUTES_PER_HOUR)

        return Rules(
            granularity=self.granularity,
            min_minutes=minutes(self.min_hours),
            max_minutes=minutes(self.max_hours),
            lead_minutes=minutes(self.lead_hours),
            horizon_days=self.horizon_days,
            opening_rule=self.opening_rule,
            cancel_minutes=minutes(self.cancel_hours),
            quota_minutes=minutes(self.quota_hours),
            quota_period=self.quota_period,
            quota_simultaneous=self.quota_simultaneous,
        )

    def action_view_assets(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "ess_mutualisation.ess_asset_action"
        )
        action["domain"] = [("policy_id", "=", self.id)]
        action["context"] = {"default_policy_id": self.id}
        return action
