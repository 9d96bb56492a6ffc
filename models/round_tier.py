from odoo import fields, models


class RoundTier(models.Model):
    """From this quantity of all members together, this price."""

    _name = "ess.round.tier"
    _description = "Price Tier of an Offer"
    _inherit = ["ess.derived"]
    _order = "offer_id, from_quantity, id"
    _rec_name = "from_quantity"

    offer_id = fields.Many2one(
        "ess.round.offer", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="offer_id.company_id", store=True)
    from_quantity = fields.Integer(
        string="From (steps)",
        required=True,
        default=0,
        aggregator=None,
        help="How many steps of the offer, not units: with a step of 0.5 kg, 40 means "
        "from 20 kg on.",
    )
    price = fields.Float(
        required=True,
        min_display_digits="Product Price",
        aggregator=None,
        help="Of one unit.",
    )
    carton_price = fields.Float(
        min_display_digits="Product Price",
        aggregator=None,
        help="Of one carton, as the supplier asks it. When it is given, it counts: a "
        "twelfth of it is no whole number of cents.",
    )
    nudged_on = fields.Datetime(
        readonly=True, copy=False, help="When members were told that it is near."
    )

    _once = models.Constraint(
        "UNIQUE (offer_id, from_quantity)", "This tier has a price already."
    )
    _not_negative = models.Constraint(
        # the upper bound keeps out what is no number
        "CHECK (from_quantity >= 0 AND price BETWEEN 0 AND 1000000000 "
        "AND COALESCE(carton_price, 0) BETWEEN 0 AND 1000000000)",
        "Quantity and price of a tier cannot be negative.",
    )
