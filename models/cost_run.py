from odoo import fields, models


class CostRun(models.Model):
    """One computation: the costs of a period, split among the members of a pool.

    Its shares are `exact` fractions of this run; the cents come from the sum of all
    exact fractions of the financial year, rounded once, less what earlier runs gave:
    so runs add up to the annual computation, which is authoritative. A second run of
    the same period is a correction on the difference.
    """

    _name = "ess.cost.run"
    _description = "Cost Sharing Run"
    _inherit = ["ess.derived", "mail.thread", "mail.activity.mixin"]
    _order = "date_to desc, id desc"
    _check_company_auto = True

    name = fields.Char(
        required=True, readonly=True, copy=False, default=lambda s: s.env._("New")
    )
    pool_id = fields.Many2one(
        "ess.cost.pool",
        required=True,
        index=True,
        ondelete="restrict",
        check_company=True,
    )
    company_id = fields.Many2one(related="pool_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    kind = fields.Selection(
        [
            ("simulation", "Simulation"),
            ("actual", "Actual Costs"),
            ("correction", "Correction"),
            ("reversal", "Reversal"),
        ],
        required=True,
        readonly=True,
        default="actual",
        index=True,
    )
    date_from = fields.Date(string="First Day", required=True)
    date_to = fields.Date(string="Last Day", required=True)
    version_id = fields.Many2one(
        "ess.cost.key.version",
        string="Key Version",
        index=True,
        ondelete="restrict",
        check_company=True,
        help="The version in force; a simulation may take any.",
    )
    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("computed", "Computed"),
            ("approved", "Approved"),
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
    source_ids = fields.One2many("ess.cost.source", "run_id", readonly=True)
    share_ids = fields.One2many("ess.cost.share", "run_id", readonly=True)
    total = fields.Monetary(
        string="Costs", readonly=True, copy=False, help="Untaxed, of this run alone."
    )
    stale_reason = fields.Char(
        compute="_compute_stale_reason",
        help="Why the computation no longer holds: a bill reset to draft, a new line…",
    )
    snapshot = fields.Text(
        readonly=True,
        copy=False,
        help="Inputs and result in canonical JSON: what the hash is made of.",
    )
    content_hash = fields.Char(readonly=True, copy=False)
    previous_id = fields.Many2one(
        "ess.cost.run",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
        help="The run posted before this one in the pool.",
    )
    chain_hash = fields.Char(
        readonly=True,
        copy=False,
        help="SHA-256 over the chain hash of the previous run and the content hash.",
    )
    computed_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    computed_on = fields.Datetime(readonly=True, copy=False)
    approved_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    approved_on = fields.Datetime(readonly=True, copy=False)
    posted_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    posted_on = fields.Datetime(readonly=True, copy=False)
    reversal_of_id = fields.Many2one(
        "ess.cost.run",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
    )
    reversal_ids = fields.One2many("ess.cost.run", "reversal_of_id", readonly=True)
    reason = fields.Char(readonly=True, copy=False, tracking=True)

    _period_in_order = models.Constraint(
        "CHECK (date_from <= date_to)", "The period ends after it begins."
    )
    _two_persons = models.Constraint(
        "CHECK (approved_by_id <> computed_by_id)",
        "Whoever computed a run cannot approve it.",
    )
    _reversed_once = models.UniqueIndex(
        "(reversal_of_id) WHERE reversal_of_id IS NOT NULL",
        "This run is reversed already.",
    )
    _one_successor = models.UniqueIndex(
        "(previous_id) WHERE previous_id IS NOT NULL",
        "Another run was posted meanwhile: look again.",
    )
