from odoo import api, fields, models

# What holds figures of all members, or of the accounts: not for the portal.
OFFICE = "ess_mutualisation.group_facilitator,ess_mutualisation.group_accountant"
STATES = [
    ("draft", "Draft"),
    ("open", "Open"),
    ("closed", "Closed"),
    ("ordered", "Ordered"),
    ("received", "Received"),
    ("done", "Done"),
    ("cancelled", "Cancelled"),
]


class Round(models.Model):
    """A group purchase: members commit until the deadline, then it is ordered."""

    _name = "ess.round"
    _description = "Buying Round"
    _inherit = ["ess.office.thread", "mail.activity.mixin", "portal.mixin"]
    _order = "date_close desc, id desc"
    _check_company_auto = True

    name = fields.Char(required=True, tracking=True)
    reference = fields.Char(readonly=True, copy=False, default="/")
    description = fields.Html()
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda s: s.env.company
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    circle_id = fields.Many2one(
        "ess.circle",
        required=True,
        index=True,
        check_company=True,
        ondelete="restrict",
        help="Its members may commit.",
    )
    coordinator_id = fields.Many2one(
        "res.users",
        required=True,
        index=True,
        default=lambda s: s.env.user,
        tracking=True,
    )
    state = fields.Selection(
        STATES,
        required=True,
        default="draft",
        readonly=True,
        copy=False,
        index=True,
        tracking=True,
        group_expand=True,
    )
    date_open = fields.Datetime(string="Opens", copy=False, tracking=True)
    date_close = fields.Datetime(string="Closes", copy=False, index=True, tracking=True)
    date_delivery = fields.Date(string="Delivery", copy=False, tracking=True)
    place = fields.Char(string="Place of Collection", tracking=True)
    tz = fields.Char(default=lambda s: s.env.user.tz or "Europe/Paris", required=True)
    slot_ids = fields.One2many("ess.round.slot", "round_id", copy=False)
    # how it decides
    legal_mode = fields.Selection(
        [
            ("resale", "The federation buys and resells"),
            ("referencing", "Members order themselves"),
            ("agent", "The federation pays in their name (débours)"),
        ],
        required=True,
        default="resale",
        tracking=True,
    )
    commission_percent = fields.Float(digits=(5, 2))
    bump = fields.Selection(
        [
            ("never", "Never"),
            ("cheaper_total", "When the whole order costs no more"),
            ("cheaper_unit", "Whenever the price falls"),
        ],
        string="Tolerance Reaches a Better Price",
        required=True,
        default="cheaper_total",
    )
    ration_rule = fields.Selection(
        [
            ("proportional", "In proportion to what was asked"),
            ("equal", "As equal as possible"),
            ("priority", "First come, first served"),
        ],
        string="When There Is Not Enough",
        required=True,
        default="proportional",
    )
    minimum_policy = fields.Selection(
        [
            ("cancel", "Leave this supplier out"),
            ("extend", "Put the deadline off once"),
            ("freight", "Order all the same, with freight"),
            ("ask", "Ask the coordinator"),
        ],
        string="When a Supplier's Minimum Fails",
        required=True,
        default="ask",
    )
    extend_days = fields.Integer(
        default=3,
        help="By how many days the deadline is put off. When the minimum fails again "
        "then, the supplier is left out.",
    )
    extended_on = fields.Datetime(readonly=True, copy=False)
    # recurrence
    repeat = fields.Selection(
        [("no", "No"), ("week", "Every Week"), ("month", "Every Month")],
        required=True,
        default="no",
        string="Repeats",
    )
    previous_id = fields.Many2one(
        "ess.round", readonly=True, copy=False, index="btree_not_null"
    )
    next_ids = fields.One2many("ess.round", "previous_id", readonly=True)
    # what is in it
    supplier_ids = fields.One2many("ess.round.supplier", "round_id", copy=True)
    offer_ids = fields.One2many("ess.round.offer", "round_id", copy=False)
    commitment_ids = fields.One2many("ess.commitment", "round_id", copy=False)
    cost_ids = fields.One2many("ess.round.cost", "round_id", copy=False)
    share_ids = fields.One2many("ess.round.share", "round_id", copy=False)
    collection_ids = fields.One2many("ess.round.collection", "round_id", copy=False)
    analytic_account_id = fields.Many2one(
        "account.analytic.account",
        check_company=True,
        copy=False,
        index="btree_not_null",
        groups=OFFICE,
    )
    # the freeze
    version = fields.Integer(
        readonly=True,
        copy=False,
        prefetch=False,
        help="Counts what the whole round was changed by: a freeze and a commitment of "
        "the same second collide on it.",
    )
    frozen_on = fields.Datetime(readonly=True, copy=False)
    frozen_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    frozen_input = fields.Json(readonly=True, copy=False, groups=OFFICE)
    frozen_result = fields.Json(readonly=True, copy=False, groups=OFFICE)
    frozen_hash = fields.Char(readonly=True, copy=False)
    reminder_hours = fields.Integer(
        default=48, help="So long before the deadline members are reminded; 0: never."
    )
    reminded_on = fields.Datetime(readonly=True, copy=False)
    mails_due = fields.Json(
        readonly=True,
        copy=False,
        groups=OFFICE,
        help="What members are still to be told.",
    )
    reason = fields.Text(string="Cancelled Because", readonly=True, copy=False)

    _opens_before_it_closes = models.Constraint(
        "CHECK (date_close > date_open)", "A round closes after it opens."
    )
    _extend_days_positive = models.Constraint(
        "CHECK (extend_days > 0)", "A deadline is put off by at least a day."
    )
    _commission_in_bounds = models.Constraint(
        "CHECK (commission_percent >= 0 AND commission_percent <= 100)",
        "A commission lies between 0 and 100 %.",
    )

    def _open_groups(self, **kwargs):
        """On the board, what is over is folded."""
        for group in kwargs["groups"] if kwargs["groupby"][0] == "state" else ():
            if group["state"] in ("done", "cancelled"):
                group["__fold"] = True
        return super()._open_groups(**kwargs)

    def _compute_access_url(self):
        for one in self:
            one.access_url = f"/my/rounds/{one.id}"

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            if vals.get("reference", "/") == "/":
                vals["reference"] = (
                    self.env["ir.sequence"].next_by_code("ess.round") or "/"
                )
        rounds = super().create(vals_list)
        for one in rounds.sudo():
            # made here and not by a page: a GET never writes
            one._portal_ensure_token()
        return rounds
