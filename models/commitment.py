from odoo import fields, models


class Commitment(models.Model):
    """What one member asks for of one offer; quantities are in steps of the offer."""

    _name = "ess.commitment"
    _description = "Commitment"
    _inherit = ["ess.derived"]
    _order = "round_id, offer_id, id"
    _rec_name = "offer_id"

    round_id = fields.Many2one(related="offer_id.round_id", store=True, index=True)
    offer_id = fields.Many2one(
        "ess.round.offer", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="offer_id.company_id", store=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    entity_id = fields.Many2one(
        "res.partner",
        string="Member",
        required=True,
        index=True,
        ondelete="restrict",
        domain="[('ess_is_member', '=', True)]",
    )
    contact_id = fields.Many2one("res.partner", help="Who changed it last.")
    # in steps: of two offers they cannot be added up
    want = fields.Integer(required=True, string="Quantity", aggregator=None)
    tolerance = fields.Integer(
        aggregator=None, help="How much more, when that helps everybody."
    )
    minimum = fields.Integer(string="All or Nothing from", aggregator=None)
    ceiling = fields.Float(
        min_display_digits="Product Price",
        aggregator=None,
        help="The highest price of one unit that is paid.",
    )
    has_ceiling = fields.Boolean(string="Price Ceiling")
    version = fields.Integer(default=1, readonly=True, copy=False, aggregator=None)
    committed_on = fields.Datetime(readonly=True, default=fields.Datetime.now)
    # decided
    allotted = fields.Integer(readonly=True, copy=False, aggregator=None)
    reason_code = fields.Char(readonly=True, copy=False)
    reason_figures = fields.Json(readonly=True, copy=False)
    received = fields.Integer(readonly=True, copy=False, aggregator=None)
    collected = fields.Integer(readonly=True, copy=False, aggregator=None)
    collected_on = fields.Datetime(readonly=True, copy=False)

    _once = models.Constraint(
        "UNIQUE (offer_id, entity_id)", "This member has a commitment to this already."
    )
    # the upper bound keeps out what is no number: nothing could be decided from it
    _in_bounds = models.Constraint(
        "CHECK (want >= 0 AND COALESCE(tolerance, 0) >= 0 "
        "AND COALESCE(minimum, 0) BETWEEN 0 AND want "
        "AND COALESCE(ceiling, 0) BETWEEN 0 AND 1000000000)",
        "Quantities cannot be negative, and all-or-nothing is no more than what is "
        "asked for.",
    )
    _entity_round = models.Index("(round_id, entity_id)")
