from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    """The administrator's way to what accountants set under How We Settle."""

    _inherit = "res.config.settings"

    ess_settlement_mode = fields.Selection(
        related="company_id.ess_settlement_mode", readonly=False
    )
    ess_clearing_account_id = fields.Many2one(
        related="company_id.ess_clearing_account_id",
        readonly=False,
        domain="[('reconcile', '=', True)]",
    )
    ess_sale_journal_id = fields.Many2one(
        related="company_id.ess_sale_journal_id", readonly=False
    )
    ess_purchase_journal_id = fields.Many2one(
        related="company_id.ess_purchase_journal_id", readonly=False
    )
    ess_clearing_journal_id = fields.Many2one(
        related="company_id.ess_clearing_journal_id", readonly=False
    )
    ess_deposit_account_id = fields.Many2one(
        related="company_id.ess_deposit_account_id", readonly=False
    )
    ess_damage_product_id = fields.Many2one(
        related="company_id.ess_damage_product_id", readonly=False
    )
    ess_expense_product_id = fields.Many2one(
        related="company_id.ess_expense_product_id", readonly=False
    )
