from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools.misc import clean_context

from .entered import entered

# What a settlement is about: changes only while it is a draft.
FRAME = {"company_id", "date_from", "date_to", "date", "include_earlier", "mode"}
# What only its own actions write.
OWN_ACTS = {
    "name",
    "state",
    "fingerprint",
    "posting_version",
    "posted_on",
    "posted_by_id",
    "reversed_on",
    "reversed_by_id",
    "reason",
    "item_ids",
    "line_ids",
    "issue_ids",
    "transfer_ids",
    "move_ids",
}


class Settlement(models.Model):
    """A period closed for all members: the one place where exchanges become money.

    Prepared, it shows who owes what to whom and what is missing; posted, it has made
    the invoices, the draft bills and the clearing entry, all or none. It knows nothing
    of vans, cartons or keys: an exchange says everything that it needs.
    """

    _name = "ess.settlement"
    _description = "Settlement"
    _inherit = ["ess.links", "mail.thread", "mail.activity.mixin"]
    _order = "date_to desc, id desc"
    _check_company_auto = True

    name = fields.Char(
        required=True, readonly=True, copy=False, default=lambda s: s.env._("New")
    )
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda s: s.env.company
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    date_from = fields.Date(
        string="First Day",
        required=True,
        tracking=True,
        default=lambda s: s._suggested_span()[0],
    )
    date_to = fields.Date(
        string="Last Day",
        required=True,
        tracking=True,
        default=lambda s: s._suggested_span()[1],
    )
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
    move_ids = fields.One2many(
        "account.move",
        "ess_settlement_id",
        string="Journal Entries",
        readonly=True,
        groups="ess_mutualisation.group_accountant",
    )
    fingerprint = fields.Char(
        readonly=True,
        copy=False,
        help="What was shown when it was prepared: posting something else is refused.",
    )
    posting_version = fields.Integer(
        readonly=True,
        copy=False,
        help="Counts the acts on it: two at the same moment collide here.",
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

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._check_own_acts(entered(self, vals))
        settlements = super().create(vals_list)
        for settlement in settlements.sudo():
            sequence = self.env["ir.sequence"].sudo()
            sequence = sequence.with_company(settlement.company_id)
            settlement.name = sequence.next_by_code("ess.settlement") or settlement.name
        return settlements

    def write(self, vals):
        self._check_own_acts(vals)
        if FRAME & set(vals):
            self._check_state("draft")
        return super().write(vals)

    def _check_own_acts(self, vals):
        """State, positions and documents come from the actions alone."""
        if self.env.su:
            return
        for name in sorted(OWN_ACTS & set(vals)):
            field = self._fields[name]
            if field.type == "one2many" and not vals[name]:
                continue
            raise UserError(
                self.env._(
                    "%s: use the actions of the settlement to change it.",
                    field._description_string(self.env),
                )
            )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_posted(self):
        for settlement in self:
            if settlement.state in ("posted", "reversed"):
                raise UserError(
                    self.env._(
                        "%s was posted and is never deleted: reverse it as a whole.",
                        settlement.name,
                    )
                )

    def _check_state(self, *states):
        """Refuse an act on a settlement that is in another state than these."""
        labels = dict(self._fields["state"]._description_selection(self.env))
        for settlement in self:
            if settlement.state not in states:
                raise UserError(
                    self.env._(
                        "%(settlement)s is %(state)s; this is possible only while it "
                        "is %(wanted)s.",
                        settlement=settlement.name,
                        state=labels[settlement.state].lower(),
                        wanted=self.env._(" or ").join(
                            labels[state].lower() for state in states
                        ),
                    )
                )

    # === ACTIONS === #

    def _begin(self, *states):
        """Whoever may write to it acts on it, in its company, without odd defaults.

        Two people who act at the same moment collide in the version, and the second
        starts anew, with what the first has left.
        """
        self.ensure_one()
        self.check_access("write")
        self._check_state(*states)
        self.sudo().posting_version += 1
        self.flush_recordset()
        clean = self.with_env(self.env(context=clean_context(self.env.context)))
        return clean.with_company(clean.company_id)

    def action_prepare(self):
        """Show who owes what to whom, and what is missing, before anything is posted.

        It can be repeated: it starts anew each time.
        """
        self._begin("draft", "prepared")._prepare()

    def action_reset(self):
        """Let the exchanges go again: nothing was posted."""
        settlement = self._begin("prepared")
        settlement._clear()
        settlement.sudo().write({"state": "draft", "fingerprint": False})

    def action_post(self):
        """Make the invoices, the draft bills and the clearing entry: all or none."""
        settlement = self._begin("prepared")
        settlement._post()
        settlement._after_post()

    # === AMOUNTS === #

    def _to_cents(self, amount):
        """:return: this amount of company currency in whole minor units"""
        return round(amount * 10**self.currency_id.decimal_places)

    def _from_cents(self, cents):
        return self.currency_id.round(cents / 10**self.currency_id.decimal_places)
