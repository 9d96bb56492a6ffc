from odoo import fields, models


class TaxRegime(models.Model):
    """Why and how the part of a member is taxed: a decision, never a default.

    One per case of the law (exempt cost-sharing group, taxable, franchise…), each with
    the tax that says it on the invoice.
    """

    _name = "ess.tax.regime"
    _description = "Tax Regime of a Share"
    _order = "sequence, id"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda s: s.env.company
    )
    tax_ids = fields.Many2many(
        "account.tax",
        string="Taxes",
        check_company=True,
        context={"active_test": False},
        domain="[('type_tax_use', '=', 'sale')]",
    )
    needs_declaration = fields.Boolean(
        help="The member declares each year its share of taxed receipts: without a "
        "declaration in force, this regime is refused."
    )
    max_taxed_percent = fields.Float(
        string="Most Taxed Receipts (%)",
        digits=(5, 2),
        default=20.0,
        help="CGI 261 B: a member whose taxed receipts stay within 20 % of all its "
        "receipts does not spoil the exemption.",
    )
    note = fields.Text(translate=True)

    _code_uniq = models.Constraint(
        "UNIQUE (company_id, code)", "This regime exists already."
    )
