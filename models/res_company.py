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
