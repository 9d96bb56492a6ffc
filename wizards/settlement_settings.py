from odoo import api, fields, models
from odoo.exceptions import AccessError

# field of the wizard: field of the company
SETTINGS = {
    "mode": "ess_settlement_mode",
    "clearing_account_id": "ess_clearing_account_id",
    "sale_journal_id": "ess_sale_journal_id",
    "purchase_journal_id": "ess_purchase_journal_id",
    "clearing_journal_id": "ess_clearing_journal_id",
    "deposit_account_id": "ess_deposit_account_id",
    "damage_product_id": "ess_damage_product_id",
}


class SettlementSettings(models.TransientModel):
    """How the federation settles, set by its accountants.

    Odoo lets only administrators write on a company; what is asked here is the
    accountant's to decide, and nothing else of the company is touched.
    """

    _name = "ess.settlement.settings"
    _description = "How the Federation Settles"
    _inherit = ["ess.question"]
    _check_company_auto = True

    company_id = fields.Many2one(
        "res.company",
        required=True,
        readonly=True,
        ondelete="cascade",
        default=lambda s: s.env.company,
    )
    mode = fields.Selection(
        selection=lambda s: (
            s.env["res.company"]
            ._fields["ess_settlement_mode"]
            ._description_selection(s.env)
        ),
        string="Between Two Members",
        required=True,
    )
    clearing_account_id = fields.Many2one(
        "account.account",
        check_company=True,
        domain="[('reconcile', '=', True)]",
        help="A reconcilable account, with one balance per member.",
    )
    sale_journal_id = fields.Many2one(
        "account.journal",
        string="Invoices",
        check_company=True,
        domain="[('type', '=', 'sale')]",
    )
    purchase_journal_id = fields.Many2one(
        "account.journal",
        string="Bills",
        check_company=True,
        domain="[('type', '=', 'purchase')]",
    )
    clearing_journal_id = fields.Many2one(
        "account.journal",
        string="Clearing Entries",
        check_company=True,
        domain="[('type', '=', 'general')]",
    )

    deposit_account_id = fields.Many2one(
        "account.account",
        string="Account of Deposits",
        check_company=True,
        domain="[('account_type', 'not in', ('asset_receivable', "
        "'liability_payable'))]",
        help="Where deposits stand that the federation holds for loans, until they are "
        "given back.",
    )
    damage_product_id = fields.Many2one(
        "product.product",
        string="Product for Damages",
        help="Its account and taxes hold when the federation lends or borrows itself; "
        "left empty, those of the asset do.",
    )

    @api.model
    def default_get(self, fields):
        company = self.env.company.sudo()
        found = {name: company[origin] for name, origin in SETTINGS.items()}
        return {
            **super().default_get(fields),
            **{
                name: value.id if isinstance(value, models.BaseModel) else value
                for name, value in found.items()
                if name in fields
            },
        }

    def action_apply(self):
        self.ensure_one()
        self.check_access("write")
        if self.company_id not in self.env.companies:
            raise AccessError(
                self.env._(
                    "%s is not among your companies.", self.company_id.sudo().name
                )
            )
        self.company_id.sudo().write(
            {
                origin: self[name].id
                if isinstance(self[name], models.BaseModel)
                else self[name]
                for name, origin in SETTINGS.items()
            }
        )
        return {"type": "ir.actions.act_window_close"}
