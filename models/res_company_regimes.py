from markupsafe import Markup

from odoo import models
from odoo.exceptions import UserError
from odoo.fields import Command

# code: (exemption category and reason of e-invoicing, legal mention of the invoice).
# A mention of the law is French whatever the language of the reader.
EXEMPT = {
    "FR-261B": (
        "E",
        "VATEX-FR-CGI261B",
        "Exonération de TVA – article 261 B du Code général des impôts "
        "(groupement de moyens)",
    ),
    "FR-261-7-1": (
        "E",
        "VATEX-FR-CGI261-7",
        "Exonération de TVA – article 261, 7, 1° du Code général des impôts",
    ),
    "FR-293B": (
        "E",
        "VATEX-FR-FRANCHISE",
        "TVA non applicable, article 293 B du Code général des impôts",
    ),
    "FR-OUT": (
        "O",
        "VATEX-EU-O",
        "Opération hors du champ d'application de la TVA",
    ),
}
TAX_NAMES = {
    "FR-261B": "0% EX 261 B",
    "FR-261-7-1": "0% EX 261-7-1°",
    "FR-293B": "0% 293 B",
    "FR-OUT": "0% HC",
}
# The French chart reports exempt services under this tax's tags (CA3).
EXEMPT_SERVICE = "account.%s_tva_sale_service_0"
DECLARED = ("FR-261B", "FR-261-7-1")


class ResCompanyRegimes(models.Model):
    """The tax regimes of French law, as records with their taxes.

    Taxes of the chart are left alone: each exemption gets a tax of its own, which
    says it on the invoice and in the electronic invoice.
    """

    _inherit = "res.company"

    def _ess_install_regimes(self):
        """Make what is missing; what exists is left as it is.

        :return: the regimes that were made
        :raise UserError: for a company without French taxes or without a chart
        """
        regimes = self.env["ess.tax.regime"].sudo()
        for company in self.sudo():
            company._ess_check_french()
            known = set(
                regimes.with_context(active_test=False)
                .search([("company_id", "=", company.id)])
                .mapped("code")
            )
            regimes += company._ess_make_regimes(known)
        return regimes

    def _ess_check_french(self):
        self.ensure_one()
        country = self.account_fiscal_country_id
        if country.code != "FR":
            raise UserError(
                self.env._(
                    "The French regimes are for companies that declare VAT in France; "
                    "%(company)s declares in %(country)s. Make its own regimes here.",
                    company=self.name,
                    country=country.name or self.env._("no country"),
                )
            )
        if not self.root_id.chart_template:
            raise UserError(
                self.env._(
                    "%s has no chart of accounts yet: choose one under Invoicing / "
                    "Configuration / Settings first, then make the regimes.",
                    self.name,
                )
            )

    def _ess_make_regimes(self, known):
        words = self._ess_regime_words()
        codes = [code for code in words if code not in known]
        taxes = self._ess_exempt_taxes([code for code in codes if code in EXEMPT])
        taxes["FR-20"] = self.account_sale_tax_id or self.root_id.account_sale_tax_id
        made = (
            self.env["ess.tax.regime"]
            .sudo()
            .create(
                [
                    {
                        "code": code,
                        "company_id": self.id,
                        "sequence": 10 * (list(words).index(code) + 1),
                        "tax_ids": [Command.set(taxes[code].ids)],
                        "needs_declaration": code == "FR-261B",
                        **words[code],
                    }
                    for code in codes
                ]
            )
        )
        for lang, _name in self.env["res.lang"].get_installed():
            translated = self.with_context(lang=lang)._ess_regime_words()
            for regime in made.with_context(lang=lang):
                regime.write(translated[regime.code])
        return made

    def _ess_regime_words(self):
        """Name and note of each regime, in the language of the context, in order."""
        return {
            "FR-261B": {
                "name": self.env._("Exempt group (CGI 261 B)"),
                "note": self.env._(
                    "For services that serve exempt or non-taxable activities, "
                    "directly and exclusively, at exactly the member's part of the "
                    "common expenses. The member declares each year its share of "
                    "taxed receipts. Keep the evidence pack of each run."
                ),
            },
            "FR-261-7-1": {
                "name": self.env._("Exempt non-profit body (CGI 261-7-1°)"),
                "note": self.env._(
                    "For services of a social, educational, cultural or sporting kind "
                    "of a disinterested body to its members."
                ),
            },
            "FR-293B": {
                "name": self.env._("Small business franchise (CGI 293 B)"),
                "note": self.env._(
                    "For a federation below the thresholds of the franchise."
                ),
            },
            "FR-20": {
                "name": self.env._("Taxable"),
                "note": self.env._("At the rate of the company's default sales tax."),
            },
            "FR-OUT": {
                "name": self.env._("Out of the scope of VAT"),
                "note": self.env._(
                    "For sums that are not the price of a service, such as "
                    "contributions without a counterpart."
                ),
            },
        }

    def _ess_exempt_taxes(self, codes):
        """The taxes of exempt regimes, by code; those that exist are found again."""
        root, france = self.root_id, self.account_fiscal_country_id
        taxes = self.env["account.tax"].sudo().with_company(root)
        model = taxes.with_context(active_test=False)
        chart = self.env.ref(EXEMPT_SERVICE % root.id, raise_if_not_found=False)
        found = {}
        for code in codes:
            found[code] = model.search(
                [
                    ("company_id", "=", root.id),
                    ("name", "=", TAX_NAMES[code]),
                    ("type_tax_use", "=", "sale"),
                    ("country_id", "=", france.id),
                ],
                limit=1,
            ) or self._ess_make_exempt_tax(taxes, code, chart)
        return found

    def _ess_make_exempt_tax(self, taxes, code, chart):
        root, france = self.root_id, self.account_fiscal_country_id
        category, reason, mention = EXEMPT[code]
        group = self.env["account.tax.group"].sudo()
        group = group.create(
            {
                "name": f"TVA {TAX_NAMES[code]}",
                "company_id": root.id,
                "country_id": france.id,
            }
        )
        tax = taxes.create(
            {
                "name": TAX_NAMES[code],
                "invoice_label": TAX_NAMES[code],
                "description": mention,
                "amount": 0.0,
                "amount_type": "percent",
                "type_tax_use": "sale",
                "tax_scope": "service",
                "company_id": root.id,
                "country_id": france.id,
                "tax_group_id": group.id,
                "ubl_cii_tax_category_code": category,
                "ubl_cii_tax_exemption_reason_code": reason,
                "invoice_legal_notes": Markup("<p>%s</p>") % mention,
            }
        )
        if chart and code in DECLARED:
            for name in ("invoice_repartition_line_ids", "refund_repartition_line_ids"):
                tags = chart.sudo()[name].filtered(
                    lambda r: r.repartition_type == "base"
                )
                tax[name].filtered(
                    lambda r: r.repartition_type == "base"
                ).tag_ids = tags.tag_ids
        return tax
