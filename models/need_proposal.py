from odoo import api, fields, models

# A proposal that may still be accepted.
LIVE = ("proposed", "ready")


class NeedProposal(models.Model):
    """A combination of free assets of one or several lenders that meets a need."""

    _name = "ess.need.proposal"
    _description = "Proposal for a Need"
    _order = "need_id, rank, id"
    _rec_name = "need_id"

    need_id = fields.Many2one("ess.need", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="need_id.company_id", store=True)
    rank = fields.Integer(readonly=True, help="1 is the best: fewest lenders, nearest.")
    line_ids = fields.One2many("ess.need.proposal.line", "proposal_id", readonly=True)
    lender_count = fields.Integer(string="Lenders", readonly=True)
    distance_km = fields.Float(
        string="Distance (km)", digits=(12, 1), readonly=True, help="Of all its places."
    )
    unknown_count = fields.Integer(
        string="Places Unknown", readonly=True, help="Whose distance nobody knows."
    )
    proposed_on = fields.Datetime(readonly=True, default=fields.Datetime.now)
    by_hand = fields.Boolean(
        string="Offered", readonly=True, help="A member offered it by itself."
    )
    quantity = fields.Integer(compute="_compute_quantity", store=True)
    state = fields.Selection(
        [
            ("proposed", "Lenders Asked"),
            ("ready", "Every Lender Agrees"),
            ("accepted", "Accepted"),
            ("declined", "Declined"),
            ("stale", "No Longer Free"),
        ],
        required=True,
        default="proposed",
        readonly=True,
        index=True,
    )

    @api.depends("line_ids.quantity")
    def _compute_quantity(self):
        for proposal in self:
            proposal.quantity = sum(proposal.line_ids.mapped("quantity"))
