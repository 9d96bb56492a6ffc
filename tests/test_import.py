"""A facilitator brings the federation's three spreadsheets through the import screen.

24 members, 138 assets and 2,400 bookings, with the faults that such files have: the
good rows go in, and each faulty one is named with its reason.
"""

import csv
import io
import time
from datetime import datetime
from pathlib import Path

from freezegun import freeze_time

from odoo.fields import Command
from odoo.tests import TransactionCase, new_test_user, tagged

from ..demo.columns import COLUMNS, CREATED

FILES = Path(__file__).resolve().parents[1] / "demo" / "sheets"
MODELS = {
    "members.csv": "res.partner",
    "assets.csv": "ess.asset",
    "bookings.csv": "ess.booking",
}
# What the import screen sends; it guesses the formats from the first rows.
OPTIONS = {
    "has_headers": True,
    "quoting": '"',
    "separator": ";",
    "encoding": "utf-8",
    "date_format": "%d/%m/%Y",
    "datetime_format": "%d/%m/%Y %H:%M",
    "float_thousand_separator": ".",
    "float_decimal_separator": ",",
    "keep_matches": False,
    "limit": 2000,
    "skip": 0,
}
COLUMNS_OF_ASSETS = list(COLUMNS["assets.csv"])
EMAIL = "contact12 at example.org"


class ImportCase(TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.startClassPatcher(freeze_time("2026-01-05 08:00:00", tick=True))
        cls.pricelists = cls.env["product.pricelist"].create(
            [{"name": name} for name in ("standard", "public")]
            + [
                {
                    "name": "solidaire",
                    "item_ids": [
                        Command.create(
                            {"compute_price": "percentage", "percent_price": 30}
                        )
                    ],
                }
            ]
        )
        cls.env["res.lang"]._activate_lang("fr_FR")
        cls.facilitator = cls._facilitator("camille", "Europe/Paris")

    @classmethod
    def _facilitator(cls, login, tz):
        return new_test_user(
            cls.env,
            login,
            groups="ess_mutualisation.group_facilitator",
            lang="fr_FR",
            tz=tz,
        )

    # === AS THE IMPORT SCREEN DOES IT === #

    def _screen(self, file_name, content=None, user=None):
        """The wizard after the upload, and the arguments of its buttons."""
        content = content or (FILES / file_name).read_bytes()
        user = user or self.facilitator
        env = self.env(
            user=user, context={**self._context(), "lang": user.lang, "tz": user.tz}
        )
        wizard = env["base_import.import"].create(
            {
                "res_model": MODELS[file_name],
                "file": content,
                "file_name": file_name,
                "file_type": "text/csv",
            }
        )
        header = content.decode("utf-8-sig").splitlines()[0].split(";")
        fields = [COLUMNS[file_name].get(name, False) for name in header]
        return wizard, fields, [name.lower() for name in header]

    @staticmethod
    def _context():
        return {"ess_import_members": True, "tracking_disable": True}

    def _import(self, file_name, content=None, user=None, dryrun=False, limit=2000):
        """Import batch after batch until nothing is left.

        :return: (ids of the records, messages of all batches)
        """
        wizard, fields, columns = self._screen(file_name, content, user)
        created = dict.fromkeys(CREATED.get(file_name, []), True)
        ids, messages, skip = [], [], 0
        while True:
            options = {
                **OPTIONS,
                "limit": limit,
                "skip": skip,
                "name_create_enabled_fields": dict(created),
            }
            result = wizard.execute_import(fields, columns, options, dryrun)
            self.env.flush_all()
            ids += result["ids"] or []
            messages += result["messages"]
            skip = result["nextrow"]
            if not skip:
                return ids, messages

    @staticmethod
    def _rows(file_name):
        text = (FILES / file_name).read_text("utf-8-sig")
        return list(csv.DictReader(io.StringIO(text), delimiter=";"))

    @staticmethod
    def _told(messages):
        """{number of the row in the spreadsheet: reason}"""
        return {message["row"]: message["message"] for message in messages}

    def _corrected(self):
        text = (FILES / "members.csv").read_text("utf-8-sig")
        return text.replace(EMAIL, "contact12@example.org").encode()

    def _import_members(self):
        return self._import("members.csv", self._corrected())


@tagged("post_install", "-at_install")
class TestImport(ImportCase):
    def test_members(self):
        ids, messages = self._import("members.csv")
        self.assertEqual(len(ids), 23)
        self.assertEqual(list(self._told(messages)), [13])
        self.assertIn(EMAIL, messages[0]["message"])
        self.assertIn("Fanfare Le Pré vert", messages[0]["cells"])
        members = self.env["res.partner"].browse(ids)
        self.assertTrue(all(m.ess_is_member and m.is_company for m in members))
        self.assertIn("Coopérative d'activités La Cordée", members.mapped("name"))
        self.assertEqual(len(members.ess_circle_ids), 2)
        voisins = members.filtered(lambda m: m.name == "Régie de quartier Les Voisins")
        self.assertEqual(voisins.property_product_pricelist.name, "solidaire")
        self.assertEqual(voisins.partner_latitude, 50.69155)
        self.assertEqual(
            (voisins.ess_headcount, voisins.ess_annual_budget), (1, 236000)
        )
        # the facilitator corrects that row and imports the whole file again
        ids, messages = self._import("members.csv", self._corrected())
        self.assertEqual(
            self.env["res.partner"].browse(ids).name, "Fanfare Le Pré vert"
        )
        self.assertEqual(len(messages), 23)

    def test_assets(self):
        self._import_members()
        resources = self.env["resource.resource"].with_context(active_test=False)
        products = self.env["product.product"].with_context(active_test=False)
        before = resources.search_count([]), products.search_count([])
        ids, messages = self._import("assets.csv")
        self.assertEqual(len(ids), 134)
        told = self._told(messages)
        self.assertEqual(list(told), [22, 35, 49, 62])
        codes = [message["cells"][0] for message in messages]
        self.assertEqual(codes, ["B021", "B034", "B048", "B060"])
        self.assertIn("Structure inconnue", told[35])
        self.assertIn("dix", told[49])
        self.assertIn("B060", told[62])
        assets = self.env["ess.asset"].browse(ids)
        self.assertEqual(assets.filtered(lambda a: a.code == "B060").capacity, 45)
        # nothing is left of the refused ones
        after = resources.search_count([]), products.search_count([])
        self.assertEqual((after[0] - before[0], after[1] - before[1]), (134, 134))
        self.assertEqual(len(assets.category_id), 7)
        first = assets[0]
        self.assertEqual(
            (first.code, first.price_unit, first.price), ("B001", "day", 35)
        )
        self.assertEqual((first.approval, first.tz), ("auto", "Europe/Paris"))
        self.assertEqual(first.circle_ids, first.owner_id.ess_circle_ids)

    def test_bookings(self):
        self._import_members()
        self._import("assets.csv")
        mails = self.env["mail.mail"].search_count([])
        outbox = self.env["mail.message"].search_count([("message_type", "=", "email")])

        ids, tested = self._import("bookings.csv", dryrun=True)
        self.assertFalse(self.env["ess.booking"].search([]))
        self.assertFalse(self.env["ess.occupancy"].search([]))
        self.assertEqual((len(ids), len(tested)), (2330, 70))

        began = time.process_time()
        ids, messages = self._import("bookings.csv", limit=1000)
        seconds = time.process_time() - began
        self.assertEqual(len(ids), 2330)
        self.assertEqual(self.env["ess.booking"].search_count([]), 2330)
        self.assertLess(seconds, 60)
        self.assertEqual(self._told(messages), self._told(tested))
        self._check_reasons(messages)
        self.assertEqual(self.env["mail.mail"].search_count([]), mails)
        self.assertEqual(
            self.env["mail.message"].search_count([("message_type", "=", "email")]),
            outbox,
        )
        self._check_first(self.env["ess.booking"].browse(ids[0]))

        ids, messages = self._import("bookings.csv")
        self.assertFalse(ids)
        self.assertEqual(len(messages), 2400)

    def test_a_facilitator_far_away(self):
        """Times are those of the clock at the asset, on days when clocks change too."""
        self._import_members()
        self._import("assets.csv")
        far = self._facilitator("alex", "America/Montreal")
        content = (
            "Code du bien;Structure;Début;Fin;Quantité;Motif\n"
            # 9 h in winter time, 9 h in summer time: 23 hours lie between
            "B001;Amap La Bobine;28/03/2026 09:00;29/03/2026 09:00;1;marché\n"
            "B001;Amap La Bobine;24/10/2026 09:00;25/10/2026 09:00;1;marché\n"
            "B001;Amap La Bobine;31/02/2026 09:00;01/03/2026 09:00;1;marché\n"
            "B001;Amap La Bobine;02/03/2026 09:00;03/03/2026 09:00;deux;marché\n"
            "B001;;02/03/2026 09:00;03/03/2026 09:00;1;marché\n"
            "B001;Amap La Bobine;03/03/2026 10:00;03/03/2026 09:00;1;marché\n"
        ).encode()
        ids, messages = self._import("bookings.csv", content, user=far)
        spring, autumn = self.env["ess.booking"].browse(ids)
        self.assertEqual(spring.start, datetime(2026, 3, 28, 8))
        self.assertEqual((spring.duration, autumn.duration), (23, 25))
        told = self._told(messages)
        self.assertEqual(list(told), [4, 5, 6, 7])
        self.assertIn("31/02/2026", told[4])
        self.assertIn("deux", told[5])
        self.assertIn("10:00", told[7])

    def test_an_unknown_name_offers_a_choice(self):
        """Refused without a category to create; nothing was created meanwhile."""
        self._import_members()
        wizard, fields, columns = self._screen("assets.csv")
        result = wizard.execute_import(fields, columns, dict(OPTIONS))
        self.assertFalse(result["ids"])
        first = result["messages"][0]
        self.assertEqual((first["field"], first["value"]), ("category_id", "Véhicule"))
        self.assertEqual(first["moreinfo"]["res_model"], "ess.asset.category")
        # left empty on request
        options = {**OPTIONS, "import_set_empty_fields": ["category_id"]}
        result = wizard.execute_import(fields, columns, options)
        self.assertEqual(len(result["ids"]), 134)

    def test_a_row_that_the_database_refuses(self):
        """What only shows while writing takes its own row, and no other."""
        self._import_members()
        text = (FILES / "assets.csv").read_text("utf-8-sig")
        lines = text.splitlines()
        cells = lines[5].split(";")
        cells[COLUMNS_OF_ASSETS.index("Caution")] = "-1,00"
        lines[5] = ";".join(cells)
        ids, messages = self._import("assets.csv", "\n".join(lines).encode())
        self.assertEqual(len(ids), 133)
        self.assertRegex(self._told(messages)[6], "n[eé]gative")

    def _check_reasons(self, messages):
        """10 rows end before they start, 60 ask for more than is left."""
        rows = self._rows("bookings.csv")
        form = "%d/%m/%Y %H:%M"
        inverted = {
            number
            for number, row in enumerate(rows, 2)
            if datetime.strptime(row["Fin"], form)
            <= datetime.strptime(row["Début"], form)
        }
        told = self._told(messages)
        self.assertEqual(len(inverted), 10)
        self.assertTrue(inverted < set(told))
        self.assertEqual(len(set(told) - inverted), 60)
        for message in messages:
            self.assertEqual(message["type"], "warning")
            row = rows[message["row"] - 2]
            self.assertEqual(message["cells"], list(row.values()))
            self.assertEqual(message["record"], message["row"] - 2)
            if message["row"] not in inverted:
                # the sentence names the asset
                asset = self.env["ess.asset"].search(
                    [("code", "=", row["Code du bien"])]
                )
                self.assertIn(asset.name, message["message"])

    def _check_first(self, booking):
        """17/05/2026 14:00 in Paris is 12:00 UTC; two hours of a saw at 4 €, −30 %."""
        self.assertEqual(booking.asset_id.code, "B113")
        self.assertEqual(booking.start, datetime(2026, 5, 17, 12))
        self.assertEqual(booking.state, "confirmed")
        self.assertEqual(booking.purpose, "assemblée générale")
        self.assertAlmostEqual(booking.amount, 5.6)
        self.assertAlmostEqual(booking.value, 8)


@tagged("post_install", "-at_install")
class TestImportScreen(ImportCase):
    def _preview(self, model, content, lang):
        wizard = (
            self.env["base_import.import"]
            .with_user(self.facilitator)
            .with_context(lang=lang, **self._context())
            .create({"res_model": model, "file": content, "file_type": "text/csv"})
        )
        asked = {"has_headers": True, "quoting": '"', "limit": 2000, "encoding": ""}
        return wizard, wizard.parse_preview({**asked, "separator": ""})

    def test_templates_map_themselves(self):
        """What the screen offers for download comes in without a choice to make."""
        addon = Path(__file__).resolve().parents[1]
        for lang in ("en_US", "fr_FR"):
            for model in MODELS.values():
                target = self.env[model].with_context(lang=lang, **self._context())
                (template,) = target.get_import_templates()
                path = addon / template["template"].removeprefix("/ess_mutualisation/")
                _wizard, preview = self._preview(model, path.read_bytes(), lang)
                with self.subTest(lang=lang, model=model):
                    matched = len(preview["matches"])
                    self.assertEqual(matched, len(preview["headers"]))
                    names = {path[0] for path in preview["matches"].values()}
                    self.assertTrue(names <= set(self._expected(model)), names)

    @staticmethod
    def _expected(model):
        (file_name,) = [name for name, one in MODELS.items() if one == model]
        return COLUMNS[file_name].values()

    def test_the_screen_guesses_columns_and_formats(self):
        for file_name, model in MODELS.items():
            content = (FILES / file_name).read_bytes()
            _wizard, preview = self._preview(model, content, "fr_FR")
            with self.subTest(file=file_name):
                guessed = {
                    preview["headers"][index]: path[0]
                    for index, path in preview["matches"].items()
                }
                self.assertEqual(guessed, COLUMNS[file_name])
                options = preview["options"]
                self.assertEqual(options["separator"], ";")
                if file_name == "bookings.csv":
                    self.assertEqual(options["datetime_format"], "%d/%m/%Y %H:%M")
                else:
                    self.assertEqual(options["float_decimal_separator"], ",")

    def test_other_contacts_come_in_as_ever(self):
        """Outside of the members, a faulty row refuses the whole file."""
        content = b"Name;Colour\nAda;1\nBob;red\n"
        wizard = self.env["base_import.import"].create(
            {"res_model": "res.partner", "file": content, "file_type": "text/csv"}
        )
        result = wizard.execute_import(
            ["name", "color"], ["name", "colour"], dict(OPTIONS)
        )
        self.assertFalse(result["ids"])
        self.assertEqual(result["messages"][0]["type"], "error")
        self.assertFalse(self.env["res.partner"].search([("name", "=", "Ada")]))
        (template,) = self.env["res.partner"].get_import_templates()
        self.assertIn("contacts", template["template"])
