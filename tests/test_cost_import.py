"""Readings from a spreadsheet: good rows go in, faulty ones are named."""

from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged
from odoo.tools import file_open

from ..demo.columns import COLUMNS
from .common_cost import CostCommon

HEADER = "Structure;Date;Quantité;Clé;Remarque"
OPTIONS = {
    "has_headers": True,
    "quoting": '"',
    "separator": ";",
    "encoding": "utf-8",
    "date_format": "%d/%m/%Y",
    "datetime_format": "%d/%m/%Y %H:%M",
    "float_thousand_separator": ".",
    "float_decimal_separator": ",",
}


@tagged("post_install", "-at_install")
class TestCostImport(CostCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("fr_FR")
        cls.key = cls._key("usage", measure="reading")
        cls.key.name = "Électricité"
        cls.pool = cls._pool(cls.key)
        cls._membership(cls.pool, cls.semeurs).date_to = "2026-03-31"
        cls.facilitator = new_test_user(
            cls.env, "camille", groups="ess_mutualisation.group_facilitator"
        )
        cls.facilitator.lang = "fr_FR"

    def _wizard(self, *rows):
        content = "\n".join((HEADER, *rows)).encode()
        env = self.env(user=self.facilitator, context={"lang": "fr_FR"})
        return env["base_import.import"].create(
            {"res_model": "ess.cost.reading", "file": content, "file_type": "text/csv"}
        )

    def _import(self, *rows):
        names = [COLUMNS["readings.csv"][name] for name in HEADER.split(";")]
        result = self._wizard(*rows).execute_import(
            names, [name.lower() for name in HEADER.split(";")], dict(OPTIONS)
        )
        return result["ids"] or [], [m["message"] for m in result["messages"]]

    def test_good_rows_go_in_and_faulty_ones_are_named(self):
        ids, messages = self._import(
            "Jardin Le Phare;28/02/2026;120,5;Électricité;",
            "Labo Les Semeurs;01/04/2026;3;Électricité;",
            "Labo Les Semeurs;31/03/2026;3;Électricité;Compteur 2",
            "Jardin Le Phare;28/02/2026;-1;Électricité;",
            "Le Phare inconnu;28/02/2026;1;Électricité;",
        )
        readings = self.env["ess.cost.reading"].browse(ids)
        self.assertEqual(readings.mapped("quantity"), [120.5, 3])
        self.assertEqual(readings[1].note, "Compteur 2")
        self.assertEqual(len(messages), 3)
        self.assertIn("Labo Les Semeurs", messages[0])
        self.assertIn("31/03/2026", messages[0])
        again, messages = self._import("Jardin Le Phare;28/02/2026;120,5;Électricité;")
        self.assertFalse(again)
        self.assertEqual(len(messages), 1)

    def test_the_screen_guesses_the_columns(self):
        wizard = self._wizard("Jardin Le Phare;28/02/2026;120,5;Électricité;x")
        preview = wizard.parse_preview({"has_headers": True, "quoting": '"'})
        guessed = {
            preview["headers"][index]: path[0]
            for index, path in preview["matches"].items()
        }
        self.assertEqual(guessed, COLUMNS["readings.csv"])

    def test_templates(self):
        for lang in ("en_US", "fr_FR"):
            model = self.env["ess.cost.reading"].with_context(lang=lang)
            (template,) = model.get_import_templates()
            with file_open(template["template"].removeprefix("/"), "rb") as stream:
                content = stream.read()
            env = self.env(user=self.facilitator, context={"lang": lang})
            wizard = env["base_import.import"].create(
                {
                    "res_model": "ess.cost.reading",
                    "file": content,
                    "file_type": "text/csv",
                }
            )
            preview = wizard.parse_preview({"has_headers": True, "quoting": '"'})
            self.assertEqual(len(preview["matches"]), 5, lang)

    def test_a_volunteer_imports_nothing(self):
        volunteer = self._volunteer(self.phare, "volunteer")
        model = self.env["ess.cost.reading"].with_user(volunteer)
        with self.assertRaises(AccessError):
            model.with_context(import_file=True).load(
                ["entity_id", "quantity", "key_id"],
                [["Jardin Le Phare", "1", "Électricité"]],
            )
