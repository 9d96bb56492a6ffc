from odoo import fields, models


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
    distance_km = fields.Float(string="Distance (km)", digits=(12, 1))
    state = fields.Selection(
        [("asked", "Asked"), ("agreed", "Agrees"), ("declined", "Declines")],
        required=True,
        default="asked",
        readonly=True,
        index=True,
    )
    answered_on = fields.Datetime(readonly=True)
    answered_by_id = fields.Many2one("res.partner", readonly=True)
    reason = fields.Char(string="Declined Because", readonly=True)
    told_on = fields.Datetime(readonly=True)

    _quantity_positive = models.Constraint(
        "CHECK (quantity > 0)", "A part of a proposal is at least one unit."
    )
