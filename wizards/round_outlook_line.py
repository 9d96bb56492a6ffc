from odoo import fields, models


class RoundOutlookLine(models.TransientModel):
    """One offer as it would be ordered now, in the unit of members."""

    _name = "ess.round.outlook.line"
    _description = "Outlook of an Offer"
    _inherit = ["ess.question"]
    _order = "id"

    outlook_id = fields.Many2one("ess.round.outlook", required=True, ondelete="cascade")
    offer_id = fields.Many2one("ess.round.offer", readonly=True)
    uom_id = fields.Many2one(related="offer_id.uom_id")
    members = fields.Integer(readonly=True)
    asked = fields.Float(readonly=True, digits="Product Unit")
    tolerated = fields.Float(
        string="Tolerated More", readonly=True, digits="Product Unit"
    )
    ordered = fields.Float(readonly=True, digits="Product Unit")
    price = fields.Char(string="Unit Price", readonly=True)
    to_carton = fields.Char(string="Missing to the Carton", readonly=True)
    to_minimum = fields.Char(string="Missing to the Minimum", readonly=True)
    to_tier = fields.Char(string="Missing to the Next Tier", readonly=True)
    more = fields.Char(string="With One More Carton", readonly=True)
