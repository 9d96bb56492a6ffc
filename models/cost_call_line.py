from odoo import fields, models


class CostCallLine(models.Model):
    """What one member advances in one call."""

    _name = "ess.cost.call.line"
    _description = "Advance of a Member"
    _order = "call_id, entity_id"
    _rec_name = "entity_id"

    call_id = fields.Many2one(
        "ess.cost.call", required=True, index=True, ondelete="cascade"
    )
    pool_id = fields.Many2one(related="call_id.pool_id", store=True, index=True)
    company_id = fields.Many2one(related="call_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    date = fields.Date(related="call_id.date", store=True)
    state = fields.Selection(related="call_id.state", store=True)
    entity_id = fields.Many2one(
        "res.partner", string="Member", required=True, index=True, ondelete="restrict"
    )
    amount = fields.Monetary(required=True)
    exchange_ids = fields.One2many("ess.exchange", "call_line_id", readonly=True)
    run_id = fields.Many2one(
        "ess.cost.run",
        string="Taken Back by",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
    )

    _one_line = models.Constraint(
        "UNIQUE (call_id, entity_id)", "One advance per member and call."
    )
