from odoo import fields, models


class RoundOutlookMember(models.TransientModel):
    """What one member would get of an offer now."""

    _name = "ess.round.outlook.member"
    _description = "Outlook of a Member"
    _inherit = ["ess.question"]
    _order = "id"

    outlook_id = fields.Many2one("ess.round.outlook", required=True, ondelete="cascade")
    offer_id = fields.Many2one("ess.round.offer", readonly=True)
    uom_id = fields.Many2one(related="offer_id.uom_id")
    entity_id = fields.Many2one("res.partner", string="Member", readonly=True)
    want = fields.Float(string="Asked", readonly=True, digits="Product Unit")
    gets = fields.Float(readonly=True, digits="Product Unit")
