from odoo import fields, models


class AccountMove(models.Model):
    """Knows the settlement that made it."""

    _inherit = "account.move"

    ess_settlement_id = fields.Many2one(
        "ess.settlement",
        string="Settlement",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
    )


class AccountMoveLine(models.Model):
    """Knows the exchanges that it stands for."""

    _inherit = "account.move.line"

    ess_settlement_item_ids = fields.One2many(
        "ess.settlement.item", "move_line_id", string="Exchanges", readonly=True
    )
