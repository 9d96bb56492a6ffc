from odoo import fields, models


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
    lender_count = fields.Integer(readonly=True)
    distance_km = fields.Float(
        string="Distance (km)", digits=(12, 1), readonly=True, help="Of all its places."
    )
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
