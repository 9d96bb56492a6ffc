"""A French volunteer reads French, in what the server says and in what scripts say."""

from odoo.tests import HttpCase, tagged

from .common_cost import CostCommon


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


@tagged("post_install", "-at_install")
class TestCostsInFrench(CostCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("fr_FR")
        cls.phare.lang = "fr_FR"

    def test_an_advance_is_named_in_the_language_of_its_member(self):
        """A scheduled action makes it, in English, and its name is kept for good."""
        pool = self._pool(self._key())
        budget = self.env["ess.cost.budget"].create(
            {
                "pool_id": pool.id,
                "date_from": "2026-01-01",
                "date_to": "2026-12-31",
                "amount": 1200,
            }
        )
        budget.action_plan()
        budget.call_ids[0].action_call()
        names = {
            exchange.receiver_id: exchange.name
            for exchange in budget.call_ids.line_ids.exchange_ids
        }
        space = "\N{NO-BREAK SPACE}"
        self.assertEqual(names[self.phare], f"{pool.name}{space}: provision 1 sur 12")
        self.assertEqual(names[self.fabrique], f"{pool.name}: advance 1 of 12")
