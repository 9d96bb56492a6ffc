from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from .common import EssCommon

MENTION = "article 261 B du Code général des impôts"


@tagged("post_install", "-at_install")
class TestRegimes(EssCommon):
    """A federation in France, with the French chart."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        france = cls.env.ref("base.fr")
        cls.company = cls.env["res.company"].create(
            {
                "name": "Fédération",
                "country_id": france.id,
                "street": "1 rue des Communs",
                "zip": "59100",
                "city": "Roubaix",
                "vat": "FR23334175221",
                "company_registry": "33417522101010",
            }
        )
        cls.accountant = cls._internal("regimes", "ess_mutualisation.group_accountant")
        cls.accountant.write(
            {
                "company_ids": [Command.link(cls.company.id)],
                "company_id": cls.company.id,
            }
        )
        cls.bare = cls.env["res.company"].create(
            {"name": "Without a chart", "country_id": france.id}
        )
        cls.env["account.chart.template"].try_loading(
            "fr", cls.company, install_demo=False
        )
        cls.regimes = cls.env["ess.tax.regime"].with_company(cls.company)

    def _made(self):
        self.company._ess_install_regimes()
        found = self.regimes.search([("company_id", "=", self.company.id)])
        return {regime.code: regime for regime in found}

    def test_each_with_its_tax(self):
        made = self._made()
        self.assertEqual(
            {
                code: (
                    regime.tax_ids.amount,
                    regime.tax_ids.ubl_cii_tax_category_code,
                    regime.tax_ids.ubl_cii_tax_exemption_reason_code,
                )
                for code, regime in made.items()
                if code != "FR-20"
            },
            {
                "FR-261B": (0, "E", "VATEX-FR-CGI261B"),
                "FR-261-7-1": (0, "E", "VATEX-FR-CGI261-7"),
                "FR-293B": (0, "E", "VATEX-FR-FRANCHISE"),
                "FR-OUT": (0, "O", "VATEX-EU-O"),
            },
        )
        self.assertEqual(made["FR-20"].tax_ids, self.company.account_sale_tax_id)
        self.assertEqual(made["FR-20"].tax_ids.amount, 20)
        exempt = made["FR-261B"]
        self.assertEqual(
            (exempt.needs_declaration, exempt.max_taxed_percent), (True, 20)
        )
        self.assertFalse(made["FR-293B"].needs_declaration)
        self.assertEqual(len(exempt.tax_ids.tax_group_id), 1)
        self.assertNotIn(
            exempt.tax_ids.tax_group_id, made["FR-261-7-1"].tax_ids.tax_group_id
        )

    def test_twice_changes_nothing(self):
        made = self._made()
        made["FR-261B"].name = "Our group"
        made["FR-OUT"].active = False
        taxes = self.env["account.tax"].search_count([])
        self.assertFalse(self.company._ess_install_regimes())
        self.assertEqual(made["FR-261B"].name, "Our group")
        self.assertEqual(self.env["account.tax"].search_count([]), taxes)

    def test_taxes_of_the_chart_are_left_alone(self):
        self.assertFalse(
            self.env["account.tax"].search(
                [
                    ("company_id", "=", self.company.id),
                    ("name", "=like", "%261%"),
                ]
            )
        )
        before = self._notes()
        self._made()
        self.assertEqual(
            {k: v for k, v in self._notes().items() if k in before}, before
        )

    def _notes(self):
        taxes = self.env["account.tax"].search([("company_id", "=", self.company.id)])
        return {
            tax.id: (tax.name, tax.ubl_cii_tax_exemption_reason_code, tax.amount)
            for tax in taxes
        }

    def test_on_the_invoice_and_in_the_electronic_one(self):
        exempt = self._made()["FR-261B"]
        self.phare.write(
            {
                "country_id": self.env.ref("base.fr").id,
                "street": "2 rue du Phare",
                "zip": "59100",
                "vat": "FR23334175221",
            }
        )
        product = self.env["product.product"].create(
            {"name": "Share of the depot", "type": "service"}
        )
        invoice = (
            self.env["account.move"]
            .with_company(self.company)
            .create(
                {
                    "move_type": "out_invoice",
                    "partner_id": self.phare.id,
                    "invoice_date": "2026-01-05",
                    "invoice_line_ids": [
                        Command.create(
                            {
                                "product_id": product.id,
                                "quantity": 1,
                                "price_unit": 333.34,
                                "tax_ids": [Command.set(exempt.tax_ids.ids)],
                            }
                        )
                    ],
                }
            )
        )
        invoice.action_post()
        self.assertEqual((invoice.amount_untaxed, invoice.amount_tax), (333.34, 0))
        self.assertIn(MENTION, invoice.taxes_legal_notes)
        for builder in ("account.edi.xml.cii", "account.edi.xml.ubl_bis3"):
            with self.subTest(format=builder):
                xml, _errors = self.env[builder]._export_invoice(invoice)
                self.assertIn(b"VATEX-FR-CGI261B", xml)
        page, _kind = self.env["ir.actions.report"]._render_qweb_html(
            "account.account_invoices", invoice.ids
        )
        self.assertIn(MENTION, page.decode())

    def test_words_in_french(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        regime = self._made()["FR-20"]
        self.assertTrue(regime.with_context(lang="fr_FR").name)
        self.assertEqual(regime.with_context(lang="en_US").name, "Taxable")

    def test_without_a_chart_or_in_another_country(self):
        with self.assertRaisesRegex(UserError, "has no chart of accounts yet"):
            self.bare._ess_install_regimes()
        self.bare.account_fiscal_country_id = self.env.ref("base.be")
        with self.assertRaisesRegex(UserError, "declares in Belgium"):
            self.bare._ess_install_regimes()

    def test_the_accountant_asks_by_a_button(self):
        regimes = self.env["ess.tax.regime"].with_user(self.accountant)
        regimes = regimes.with_company(self.company)
        action = regimes.action_install_french()
        self.assertEqual(action["params"]["type"], "success")
        self.assertEqual(regimes.search_count([]), 5)
        self.assertEqual(regimes.action_install_french()["params"]["type"], "info")
        facilitator = self._internal("re-fa", "ess_mutualisation.group_facilitator")
        with self.assertRaises(AccessError):
            regimes.with_user(facilitator).action_install_french()
