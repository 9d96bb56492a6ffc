from odoo import api, fields, models


class Settlement(models.Model):
    """A period closed for all members: the one place where exchanges become money.

    Prepared, it shows who owes what to whom and what is missing; posted, it has made
    the invoices, the draft bills and the clearing entry, all or none. It knows nothing
    of vans, cartons or keys: an exchange says everything that it needs.
    """

    _name = "ess.settlement"
    _description = "Settlement"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "date_to desc, id desc"
    _check_company_auto = True

    name = fields.Char(
        required=True, readonly=True, copy=False, default=lambda s: s.env._("New")
    )
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda s: s.env.company
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    date_from = fields.Date(required=True, tracking=True)
    date_to = fields.Date(required=True, tracking=True)
    date = fields.Date(
        string="Accounting Date",
        required=True,
        tracking=True,
        compute="_compute_date",
        store=True,
        readonly=False,
        precompute=True,
        help="Date of the invoices and entries.",
    )
    include_earlier = fields.Boolean(
        string="Take Earlier Ones Too",
        default=True,
        help="Also take what was left open before the period.",
    )
    mode = fields.Selection(
        [
            ("statement", "The members settle between themselves"),
            ("clearing", "The federation collects for them"),
        ],
        string="Between Two Members",
        required=True,
        tracking=True,
        default=lambda s: s.env.company.ess_settlement_mode,
    )
    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("prepared", "Prepared"),
            ("posted", "Posted"),
            ("reversed", "Reversed"),
        ],
        required=True,
        default="draft",
        readonly=True,
        copy=False,
        index=True,
        tracking=True,
    )
    item_ids = fields.One2many("ess.settlement.item", "settlement_id", readonly=True)
    line_ids = fields.One2many("ess.settlement.line", "settlement_id", readonly=True)
    issue_ids = fields.One2many("ess.settlement.issue", "settlement_id", readonly=True)
    transfer_ids = fields.One2many(
        "ess.settlement.transfer", "settlement_id", readonly=True
    )
    move_ids = fields.One2many("account.move", "ess_settlement_id", readonly=True)
    fingerprint = fields.Char(
        readonly=True,
        copy=False,
        help="What was shown when it was prepared: posting something else is refused.",
    )
    posting_version = fields.Integer(
        readonly=True,
        copy=False,
        help="Counts the attempts to post: two at the same moment collide here.",
    )
    posted_on = fields.Datetime(readonly=True, copy=False)
    posted_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    reversed_on = fields.Datetime(readonly=True, copy=False)
    reversed_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    reason = fields.Char(readonly=True, copy=False, tracking=True)

    _period_in_order = models.Constraint(
        "CHECK (date_from <= date_to)", "The period ends after it begins."
    )

    @api.depends("date_to")
    def _compute_date(self):
        for settlement in self:
            settlement.date = settlement.date_to
