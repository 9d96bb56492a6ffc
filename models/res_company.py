from odoo import fields, models


class ResCompany(models.Model):
    """How the federation settles."""

    _inherit = "res.company"

    ess_settlement_mode = fields.Selection(
        [
            ("statement", "The members settle between themselves"),
            ("clearing", "The federation collects for them"),
        ],
        string="Between Two Members",
        required=True,
        default="statement",
    )
    ess_clearing_account_id = fields.Many2one(
        "account.account",
        string="Clearing Account",
        check_company=True,
        help="A reconcilable account, with one balance per member.",
    )
    ess_sale_journal_id = fields.Many2one(
        "account.journal", check_company=True, domain="[('type', '=', 'sale')]"
    )
    ess_purchase_journal_id = fields.Many2one(
        "account.journal", check_company=True, domain="[('type', '=', 'purchase')]"
    )
    ess_clearing_journal_id = fields.Many2one(
        "account.journal", check_company=True, domain="[('type', '=', 'general')]"
    )
    ess_deposit_account_id = fields.Many2one(
        "account.account",
        string="Account of Deposits",
        check_company=True,
        domain="[('account_type', 'not in', ('asset_receivable', "
        "'liability_payable'))]",
        help="Where deposits stand that the federation holds for loans, until they are "
        "given back.",
    )
    ess_damage_product_id = fields.Many2one(
        "product.product",
        string="Product for Damages",
        help="Its account and taxes hold when the federation lends or borrows itself; "
        "left empty, those of the asset do.",
    )
    ess_expense_product_id = fields.Many2one(
        "product.product",
        string="Product for Expenses",
        help="Of the actual expenses of loans; left empty, that for damages holds.",
    )
