from odoo import fields, models


class CostShare(models.Model):
    """The part of one member in a run: an exact fraction, its cents, and why."""

    _name = "ess.cost.share"
    _description = "Share of Costs"
    _inherit = ["portal.mixin"]
    _order = "run_id desc, entity_id"
    _rec_name = "entity_id"

    run_id = fields.Many2one(
        "ess.cost.run", required=True, index=True, ondelete="cascade"
    )
    pool_id = fields.Many2one(related="run_id.pool_id", store=True, index=True)
    company_id = fields.Many2one(related="run_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    state = fields.Selection(related="run_id.state", store=True)
    kind = fields.Selection(related="run_id.kind", store=True)
    version_id = fields.Many2one(related="run_id.version_id", store=True)
    date_from = fields.Date(related="run_id.date_from", store=True)
    date_to = fields.Date(related="run_id.date_to", store=True)
    entity_id = fields.Many2one(
        "res.partner", string="Member", required=True, index=True, ondelete="restrict"
    )
    days = fields.Integer(help="Days of membership in the period.")
    weight = fields.Char(help="Exact, as a fraction.")
    exact = fields.Char(
        required=True, help="Exact part of this run in cents, as a fraction."
    )
    amount = fields.Monetary(string="Share", help="In the books: rounded to the cent.")
    called = fields.Monetary(help="Advances of the period, taken back here.")
    due = fields.Monetary(help="Share − called: positive = to pay.")
    standalone = fields.Monetary(
        string="Cost Alone", help="For the period; 0 = not known."
    )
    facts = fields.Json(help="What the explanation is made of.")
    explanation = fields.Text(
        compute="_compute_explanation", help="In the language of the reader."
    )
    exchange_ids = fields.One2many("ess.exchange", "share_id", readonly=True)

    _due_is_the_rest = models.Constraint(
        "CHECK (due = amount - called)",
        "What is due is the share less what was called.",
    )
    _one_share = models.Constraint(
        "UNIQUE (run_id, entity_id)", "One share per member and run."
    )

    def _exchange_value(self):
        """What the share is worth: what it would cost alone, when that is known.

        A correction is worth nothing more: the first run counted the whole period.
        """
        self.ensure_one()
        if not self.standalone:
            return self.amount
        return 0 if self.kind == "correction" else self.standalone
