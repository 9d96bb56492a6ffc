from odoo import fields, models


class SettlementItem(models.Model):
    """One exchange in a settlement: what becomes of it, and the line that it made."""

    _name = "ess.settlement.item"
    _description = "Settled Exchange"
    _order = "settlement_id, date, id"

    settlement_id = fields.Many2one(
        "ess.settlement", required=True, index=True, ondelete="cascade"
    )
    exchange_id = fields.Many2one(
        "ess.exchange", required=True, index=True, ondelete="restrict"
    )
    live = fields.Boolean(
        default=True,
        readonly=True,
        help="No longer once the settlement is reversed: the exchange is open again.",
    )
    kind = fields.Selection(
        [
            ("invoice", "Invoiced by the Federation"),
            ("bill", "Billed to the Federation"),
            ("clearing", "Cleared by the Federation"),
            ("statement", "Settled between Members"),
        ],
        required=True,
    )
    # frozen copies: the statement of a reversed settlement still reads the same
    date = fields.Date(required=True)
    provider_id = fields.Many2one("res.partner", required=True, ondelete="restrict")
    receiver_id = fields.Many2one("res.partner", required=True, ondelete="restrict")
    name = fields.Char(required=True)
    nature = fields.Selection(
        selection=lambda s: s.env["ess.exchange"]._fields["nature"].selection
    )
    quantity = fields.Float(digits="Product Unit")
    uom_id = fields.Many2one("uom.uom")
    currency_id = fields.Many2one(related="settlement_id.currency_id")
    value = fields.Monetary(string="Reference Value")
    amount = fields.Monetary(help="Untaxed.")
    is_earlier = fields.Boolean(help="Left open before the period.")
    move_line_id = fields.Many2one(
        "account.move.line",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
        string="Invoice Line",
    )
    move_id = fields.Many2one(related="move_line_id.move_id")
    company_id = fields.Many2one(
        related="settlement_id.company_id", store=True, index=True
    )

    _one_live_settlement = models.UniqueIndex(
        "(exchange_id) WHERE live", "This exchange is in a settlement already."
    )
