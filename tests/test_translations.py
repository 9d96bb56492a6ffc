"""A French volunteer reads French, in what the server says and in what scripts say."""

from odoo.tests import HttpCase, tagged


@tagged("post_install", "-at_install")
class TestTranslations(HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("fr_FR")

    def test_scripts_of_the_portal_speak_french(self):
        """Odoo sends a page the words of the modules that ask for it, and no others."""
        answer = self.url_open("/website/translations?lang=fr_FR").json()
        self.assertIn("ess_mutualisation", answer["modules"])
        words = {
            message["id"]: message["string"]
            for message in answer["modules"]["ess_mutualisation"]["messages"]
        }
        self.assertEqual(words["Free for these dates"], "Libre à ces dates")

    def test_pages_say_their_language(self):
        """Screen readers, the calendar and quotation marks go by it."""
        self.assertIn('<html lang="en-US"', self.url_open("/commons").text)
        self.opener.cookies["frontend_lang"] = "fr_FR"
        self.assertIn('<html lang="fr-FR"', self.url_open("/commons").text)

    def test_a_refusal_speaks_french(self):
        asset = self.env["ess.asset"].with_context(lang="fr_FR")
        self.assertEqual(asset._say_minutes(26 * 60), "1 jour 2\N{NO-BREAK SPACE}h")
