from odoo.tests import tagged

from odoo.addons.mail.tests.common import MockEmail

from .common_settlement import SettlementCommon


@tagged("post_install", "-at_install")
class TestSettlementMail(SettlementCommon, MockEmail):
    """Le Phare got the van for 120 € from the federation, La Fabrique lent it chairs
    for 30 €; Les Semeurs have no part in January.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("fr_FR")
        cls._exchange(cls.federation, cls.phare, 120)
        cls._exchange(cls.fabrique, cls.phare, 30)
        cls.anais = cls._volunteer(cls.phare, "anais").partner_id
        cls.ben = cls._volunteer(cls.phare, "ben").partner_id
        cls.anais.lang, cls.ben.lang = "fr_FR", "en_US"
        cls.fabrique.lang = "en_US"

    def _mails(self, settlement):
        return (
            self.env["mail.mail"]
            .sudo()
            .search(
                [
                    ("model", "=", "ess.settlement.line"),
                    ("res_id", "in", settlement.line_ids.ids),
                ]
            )
        )

    def _mail_to(self, settlement, partner):
        return self._mails(settlement).filtered(
            lambda mail: mail.recipient_ids == partner
        )

    def test_the_people_of_each_member_are_told_once_it_is_posted(self):
        settlement = self._settlement()
        settlement.action_prepare()
        self.assertFalse(self._mails(settlement))
        settlement.action_post()
        readers = self._mails(settlement).recipient_ids
        self.assertEqual(readers, self.anais | self.ben | self.fabrique)

    def test_what_it_says(self):
        settlement = self._settled()
        line = settlement.line_ids.filtered(lambda one: one.entity_id == self.phare)
        mail = self._mail_to(settlement, self.ben)
        self.assertIn(settlement.name, mail.subject)
        self.assertRegex(mail.body_html, r"You pay .*30\.00.* to Radio La Fabrique")
        self.assertIn(f"/my/statements/{line.id}", mail.body_html)
        self.assertNotIn("access_token", mail.body_html, "ben logs in")

    def test_who_has_no_login_gets_the_token(self):
        settlement = self._settled()
        line = settlement.line_ids.filtered(lambda one: one.entity_id == self.fabrique)
        mail = self._mail_to(settlement, self.fabrique)
        self.assertIn(f"access_token={line.access_token}", mail.body_html)

    def test_in_the_language_of_the_reader(self):
        """A comma before the cents, as the French write."""
        settlement = self._settled()
        self.assertIn("30,00", self._mail_to(settlement, self.anais).body_html)
        self.assertIn("30.00", self._mail_to(settlement, self.ben).body_html)

    def test_an_import_tells_nobody(self):
        settlement = self._settlement()
        settlement.action_prepare()
        settlement.with_context(ess_silent=True).action_post()
        self.assertFalse(self._mails(settlement))
