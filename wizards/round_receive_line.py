from odoo import fields, models


class RoundReceiveLine(models.TransientModel):
    """One offer, in the units that members count in."""

    _name = "ess.round.receive.line"
    _description = "Received Goods"
    _inherit = ["ess.question"]
    _order = "id"

    receive_id = fields.Many2one("ess.round.receive", required=True, ondelete="cascade")
    offer_id = fields.Many2one("ess.round.offer", required=True, readonly=True)
    supplier_id = fields.Many2one(related="offer_id.supplier_id")
    uom_id = fields.Many2one(related="offer_id.uom_id")
    ordered = fields.Float(compute="_compute_ordered", digits="Product Unit")
    taken = fields.Boolean(string="Came", default=True)
    received = fields.Float(digits="Product Unit")
    refused = fields.Float(string="Sent Back", digits="Product Unit")
    substitute_id = fields.Many2one("product.product", string="Came Instead")
    note = fields.Char()

    def _compute_ordered(self):
        for line in self:
            line.ordered = line.offer_id._to_uom(line.offer_id.ordered)
