from odoo import api, fields, models

from .need_proposal import LIVE


class NeedProposalLine(models.Model):
    """What one asset of one lender would give to a need."""

    _name = "ess.need.proposal.line"
    _description = "Part of a Proposal"
    _order = "proposal_id, id"
    _rec_name = "asset_id"

    proposal_id = fields.Many2one(
        "ess.need.proposal", required=True, index=True, ondelete="cascade"
    )
    need_id = fields.Many2one(related="proposal_id.need_id", store=True, index=True)
    company_id = fields.Many2one(related="proposal_id.company_id", store=True)
    asset_id = fields.Many2one(
        "ess.asset", required=True, index=True, ondelete="cascade"
    )
    lender_id = fields.Many2one(
        "res.partner", required=True, index=True, ondelete="restrict"
    )
    quantity = fields.Integer(required=True)
    start = fields.Datetime(readonly=True, help="The dates that were asked about.")
    stop = fields.Datetime(readonly=True)
    distance_km = fields.Float(string="Distance (km)", digits=(12, 1))
    state = fields.Selection(
        [("asked", "Asked"), ("agreed", "Agrees"), ("declined", "Declines")],
        required=True,
        default="asked",
        readonly=True,
        index=True,
    )
    is_waiting = fields.Boolean(
        string="Waits for an Answer", compute="_compute_is_waiting", store=True
    )
    answered_on = fields.Datetime(readonly=True)
    answered_by_id = fields.Many2one("res.partner", readonly=True)
    reason = fields.Char(string="Declined Because", readonly=True)
    told_on = fields.Datetime(readonly=True)

    _quantity_positive = models.Constraint(
        "CHECK (quantity > 0)", "A part of a proposal is at least one unit."
    )

    _waiting = models.Index("(lender_id) WHERE is_waiting")

    @api.depends("state", "proposal_id.state", "need_id.state")
    def _compute_is_waiting(self):
        for line in self:
            line.is_waiting = (
                line.state == "asked"
                and line.proposal_id.state in LIVE
                and line.need_id.state == "published"
            )

    def _is_current(self):
        """Whether it was asked about the dates that the need has now."""
        self.ensure_one()
        need = self.need_id
        return (self.start, self.stop) == (need.start, need.stop)
