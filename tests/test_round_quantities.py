"""Quantities are written with all their digits, as the reader's language does."""

from odoo.exceptions import UserError
from odoo.tests import tagged

from .common_round import RoundCommon

MANY = 2_469_135  # half kilos: 1,234,567.5 kg


@tagged("post_install", "-at_install")
class TestRoundQuantities(RoundCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("fr_FR")
        cls.facilitator = cls._internal("fa", "ess_mutualisation.group_facilitator")
        cls.facilitator.lang = "en_US"
        cls.round.action_open()
        cls.mine = cls._commit(cls.soap, cls.phare, MANY)
        cls.round.action_close()
        cls.round.action_order()
        supplier = cls.soap.supplier_id
        cls.orders = ("report_round_member_orders", supplier)
        cls.lists = (
            ("report_round_by_member", cls.round),
            ("report_round_by_product", cls.round),
        )

    def _page(self, report, record, lang):
        reports = self.env["ir.actions.report"].with_user(self.facilitator)
        reports = reports.with_context(lang=lang)
        html, __ = reports._render_qweb_html(f"ess_mutualisation.{report}", record.ids)
        return html.decode()

    def test_on_paper(self):
        for report, record in (*self.lists, self.orders):
            self._check(report, record, "en_US", r"1,234,567\.5")
            # an order is in the language of who gets it
            self.soap.supplier_id.partner_id.lang = "fr_FR"
            self._check(report, record, "fr_FR", r"1\s234\s567,5")
            self.soap.supplier_id.partner_id.lang = "en_US"

    def _check(self, report, record, lang, quantity):
        page = self._page(report, record, lang)
        self.assertRegex(page, quantity, report)
        self.assertNotIn("e+06", page)

    def test_in_sentences(self):
        soap, sentence = self.soap, "1,234,567.5"
        self.mine.sudo().received = MANY
        for act in (
            lambda: soap._whole_steps(1234567.4, "Received"),
            lambda: soap._check_receipt(MANY, MANY + 1),
            lambda: self.mine._check_collected(MANY + 1),
        ):
            with self.assertRaises(UserError) as caught:
                act()
            said = str(caught.exception)
            self.assertIn(sentence, said)
            self.assertNotIn("e+06", said)
        said = self.env["ess.commitment"]._import_figures(
            {"quantity": 1234567.5, "minimum_quantity": 2345678.5}
        )
        self.assertIn("2,345,678.5 is more than the 1,234,567.5", said)
