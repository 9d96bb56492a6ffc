"""Two spreadsheets of a federation: 96 offers of three suppliers, 1,020 commitments.

They come in through the import screen, as a facilitator does it, and are decided.
"""

import time
from collections import Counter
from fractions import Fraction

from odoo.fields import Command
from odoo.tests import tagged

from ..demo.columns import COLUMNS
from .test_import import FILES, OPTIONS, ImportCase

MODELS = {
    "round_offers.csv": "ess.round.offer",
    "round_commitments.csv": "ess.commitment",
}


class RoundImportCase(ImportCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.circle = cls.env["ess.circle"].create({"name": "Fédération"})
        cls._set_up_taxes()
        cls.round = cls.env["ess.round"].create(
            {
                "name": "Janvier",
                "circle_id": cls.circle.id,
                "date_close": "2026-01-09 17:00:00",
                "coordinator_id": cls.facilitator.id,
            }
        )

    @classmethod
    def _set_up_taxes(cls):
        taxes = cls.env["account.tax"]
        for use in ("sale", "purchase"):
            for rate in (5.5, 20):
                if not cls.env["ess.round.offer"]._tax_of(rate, use):
                    taxes.create(
                        {"name": f"{rate} {use}", "amount": rate, "type_tax_use": use}
                    )

    @classmethod
    def _join(cls):
        """Every organisation of the members' file is in the circle of the round."""
        members = cls.env["res.partner"].search([("ess_is_member", "=", True)])
        members.write({"ess_circle_ids": [Command.link(cls.circle.id)]})
        return members

    def _load_sheet(self, file_name, content=None):
        """Import a sheet into the round, as the screen of the round does."""
        content = content or (FILES / file_name).read_bytes()
        env = self.env(
            user=self.facilitator,
            context={
                "lang": "fr_FR",
                "ess_round_id": self.round.id,
                "tracking_disable": True,
            },
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
        columns = COLUMNS[file_name]
        result = wizard.execute_import(
            [columns.get(name, False) for name in header],
            [name.lower() for name in header],
            dict(OPTIONS),
        )
        self.env.flush_all()
        return result["ids"] or [], self._told(result["messages"])


@tagged("post_install", "-at_install")
class TestRoundImport(RoundImportCase):
    def test_the_whole_round(self):
        """Loaded, decided and written in less than five seconds of the processor."""
        self._import_members()
        self._join()
        began = time.process_time()
        ids, told = self._load_sheet("round_offers.csv")
        self.assertEqual((len(ids), told), (96, {}))
        self.round.action_open()
        ids, told = self._load_sheet("round_commitments.csv")
        self.assertEqual((len(ids), told), (1020, {}))
        loaded = time.process_time()
        queries = self.cr.sql_log_count
        self.round.with_user(self.facilitator).action_close()
        self.env.flush_all()
        queries = self.cr.sql_log_count - queries
        done = time.process_time()
        self.assertEqual(self.round.state, "closed")
        seconds = {"load": loaded - began, "decide and write": done - loaded}
        self.assertLess(sum(seconds.values()), 5, seconds)
        # not one for each commitment, nor for each offer
        self.assertLess(queries, 60)
        self._check_offers()
        self._check_decision()
        self.env.invalidate_all()
        self.assertEqual(self.round._replay(), [])

    def _check_offers(self):
        """P001;Farine T80…;Grossiste Nord Bio;12;30,05;240;27,95;480;25,54;0;5,00;20"""
        offers = self.round.offer_ids
        self.assertEqual(len(self.round.supplier_ids), 3)
        self.assertEqual(
            Counter(offer.supplier_id.partner_id.name for offer in offers),
            {
                "Grossiste Nord Bio": 32,
                "Papeterie coopérative": 32,
                "Hygiène Services": 32,
            },
        )
        flour = offers.filtered(lambda offer: offer.code == "P001")
        self.assertEqual(flour.name, "Farine T80 25 kg n° 1")
        self.assertEqual(
            [(tier.from_quantity, tier.price) for tier in flour.tier_ids],
            [(1, 30.05), (240, 27.95), (480, 25.54)],
        )
        self.assertEqual((flour.carton, flour.weight, flour.source), (12, 5.0, "file"))
        self.assertEqual(flour.tax_ids.amount, 20)
        product = flour.product_id
        self.assertEqual((product.default_code, product.weight), ("P001", 5.0))
        self.assertEqual(product.taxes_id, flour.tax_ids)
        self.assertEqual(product.supplier_taxes_id.amount, 20)
        self.assertEqual(len(offers.product_id), 96)

    def _check_decision(self):
        """Whole cartons, sums that agree, nobody above its ceiling."""
        for offer in self.round.offer_ids:
            allotted = offer.commitment_ids.mapped("allotted")
            self.assertEqual(sum(allotted), offer.ordered)
            self.assertEqual(offer.ordered % offer.carton, 0)
        for one in self.round.commitment_ids:
            self.assertLessEqual(one.allotted, one.want + one.tolerance)
            self.assertTrue(not one.allotted or one.allotted >= one.minimum)
            if one.allotted and one.has_ceiling:
                self.assertLessEqual(one.offer_id.unit_price, one.ceiling)
            self.assertTrue(one._why())
        ordered = sum(
            Fraction(offer._frozen_price() or 0) * offer.ordered
            for offer in self.round.offer_ids
        )
        self.assertEqual(
            round(float(ordered), 2),
            round(sum(self.round.supplier_ids.mapped("amount")), 2),
        )
        self.assertGreater(ordered, 0)

    # === FAULTY ROWS === #

    def _sheet(self, file_name, *rows):
        header = ";".join(COLUMNS[file_name])
        return self._load_sheet(file_name, "\n".join([header, *rows]).encode())

    def test_faulty_offers_are_named(self):
        """Row 2 is good and stays; each other one says what is wrong with it."""
        ids, told = self._sheet(
            "round_offers.csv",
            "P1;Farine;Moulin;12;30,05;240;27,95;;;0;5,00;5,5",
            "P2;Lin;;12;30,05;;;;;0;5,00;5,5",
            "P3;Riz;Moulin;0;30,05;;;;;0;5,00;5,5",
            "P4;Miel;Moulin;12;;;;;;0;5,00;5,5",
            "P5;Sel;Moulin;12;3,00;24;;;;0;5,00;5,5",
            "P6;Thé;Moulin;12;3,00;48;2,80;24;2,60;0;5,00;5,5",
            "P7;Café;Moulin;12;3,00;;;;;0;5,00;7,3",
            "P1;Farine;Moulin;12;30,05;;;;;0;5,00;5,5",
            "P8;Maïs;Moulin;douze;30,05;;;;;0;5,00;5,5",
        )
        self.assertEqual(len(ids), 1)
        self.assertEqual(list(told), [3, 4, 5, 6, 7, 8, 9, 10])
        for row, word in {5: "P", 8: "7,3", 10: "douze"}.items():
            self.assertIn(word, told[row])
        offer = self.round.offer_ids
        self.assertEqual(offer.supplier_id.partner_id.name, "Moulin")
        vendors = self.env["res.partner"].search_count([("name", "=", "Moulin")])
        products = self.env["product.product"].search_count([("name", "=", "Riz")])
        self.assertEqual((vendors, products), (1, 0), "nothing is made for the refused")

    def test_a_rate_that_nobody_has_switched_on(self):
        """The French chart brings 5.5 % archived: it is named, and not switched on by
        an import."""
        taxes = self.env["account.tax"].with_context(active_test=False)
        rate = [("amount", "=", 5.5), ("type_tax_use", "=", "sale")]
        taxes.search(rate).active = False
        row = "P1;Farine;Moulin;12;30,05;;;;;0;5,00;5,5"
        _ids, told = self._sheet("round_offers.csv", row)
        tax = self.env["ess.round.offer"].with_context(active_test=False)._tax_of(5.5)
        self.assertIn(tax.name, told[2])
        self.assertIn("5,5 %", told[2].replace("\u00a0", " "))
        self.assertFalse(taxes.search(rate).filtered("active"))

    def test_what_is_known_is_found(self):
        """A vendor and a product of before are taken; a reference is not used twice."""
        vendor = self.env["res.partner"].create({"name": "Moulin", "is_company": True})
        product = self.env["product.product"].create(
            {"name": "Farine", "default_code": "P1"}
        )
        ids, told = self._sheet(
            "round_offers.csv",
            "P1;Farine;Moulin;12;30,05;240;27,95;;;0;5,00;5,5",
            "P1;Sucre;Moulin;12;30,05;;;;;0;5,00;5,5",
        )
        self.assertEqual(self.round.offer_ids.product_id, product)
        self.assertEqual(self.round.supplier_ids.partner_id, vendor)
        self.assertEqual(list(told), [3])
        self.assertIn("Farine", told[3])

    def test_faulty_commitments_are_named(self):
        self._import_members()
        self._join()
        self._sheet(
            "round_offers.csv", "P1;Farine;Moulin;12;30,05;240;27,95;;;0;5,00;5,5"
        )
        row = "Amap La Bobine;P1;5;1;2;31,50"
        ids, told = self._sheet("round_commitments.csv", row)
        self.assertFalse(ids)
        self.assertIn("Farine", told[2], "the round is not open yet")
        self.round.action_open()
        self.env["res.partner"].create(
            {"name": "Une autre", "is_company": True, "ess_is_member": True}
        )
        ids, told = self._sheet(
            "round_commitments.csv",
            row,
            row,
            "Inconnue;P1;5;0;0;",
            "Une autre;P1;5;0;0;",
            "Fanfare Le Pré vert;P9;5;0;0;",
            "Fanfare Le Pré vert;P1;;0;0;",
            "Fanfare Le Pré vert;P1;5;-1;0;",
            "Fanfare Le Pré vert;P1;5;0;6;",
            "Fanfare Le Pré vert;P1;2,5;0;0;",
        )
        self.assertEqual(len(ids), 1)
        self.assertEqual(list(told), [3, 4, 5, 6, 7, 8, 9, 10])
        one = self.env["ess.commitment"].browse(ids)
        self.assertEqual((one.want, one.tolerance, one.minimum), (5, 1, 2))
        self.assertEqual((one.has_ceiling, one.ceiling), (True, 31.5))
        ids, told = self._sheet("round_commitments.csv", row)
        self.assertEqual(list(told), [2], "imported again, nothing is doubled")

    # === THE SCREEN === #

    def _preview(self, model, content, lang):
        wizard = (
            self.env["base_import.import"]
            .with_user(self.facilitator)
            .with_context(lang=lang, ess_round_id=self.round.id)
            .create({"res_model": model, "file": content, "file_type": "text/csv"})
        )
        options = {"has_headers": True, "quoting": '"', "limit": 2000}
        preview = wizard.parse_preview({**options, "encoding": "", "separator": ""})
        headers = preview["headers"]
        return {headers[i]: path[0] for i, path in preview["matches"].items()}, preview

    def test_the_screen_guesses_the_columns(self):
        for name, model in MODELS.items():
            content = (FILES / name).read_bytes()
            guessed, preview = self._preview(model, content, "fr_FR")
            with self.subTest(file=name):
                self.assertEqual(guessed, COLUMNS[name])
                self.assertEqual(preview["options"]["separator"], ";")
                self.assertEqual(preview["options"]["float_decimal_separator"], ",")

    def _choices(self, content, user, **options):
        """What the screen sends at first, and has after it has looked at the file."""
        wizard = (
            self.env["base_import.import"]
            .with_user(user)
            .with_context(lang=user.lang, ess_round_id=self.round.id)
            .create(
                {
                    "res_model": "ess.round.offer",
                    "file": content,
                    "file_type": "text/csv",
                    "file_name": "offers.csv",
                }
            )
        )
        at_first = {
            **OPTIONS,
            "encoding": "",
            "separator": "",
            "date_format": "",
            "datetime_format": "",
            "float_thousand_separator": ",",
            "float_decimal_separator": ".",
            **options,
        }
        return wizard, wizard.parse_preview(at_first)["options"]

    def test_french_prices_are_no_hundredfold(self):
        """30,05 is thirty euros and five cents, with what the screen sends at first."""
        content = (FILES / "round_offers.csv").read_bytes()
        wizard, options = self._choices(content, self.facilitator)
        self.assertEqual(options["float_decimal_separator"], ",")
        self.assertEqual(options["float_thousand_separator"], ".")
        header = content.decode("utf-8-sig").splitlines()[0].split(";")
        columns = COLUMNS["round_offers.csv"]
        result = wizard.execute_import(
            [columns[name] for name in header], header, options
        )
        self.assertEqual((len(result["ids"]), result["messages"]), (96, []))
        self._check_offers()

    def test_the_file_says_how_it_writes_decimals(self):
        """Not the reader: whole prices are read as the language of the reader says."""
        english = self.facilitator.copy({"login": "sam", "lang": "en_US"})
        for rows, user, decimals in (
            (["P1;30,05", "P2;1200"], english, ","),
            (["P1;30.05", "P2;1200"], self.facilitator, "."),
            (["P1;30", "P2;1200"], self.facilitator, ","),
            (["P1;30", "P2;1200"], english, "."),
            (["1,5;30.05", "Nut;3.00"], english, "."),
            (["P1;1 234,50 €", "P2;3,00 €"], english, ","),
        ):
            content = "\n".join(["Référence;Prix", *rows]).encode()
            with self.subTest(rows=rows, lang=user.lang):
                _wizard, options = self._choices(content, user)
                self.assertEqual(options["float_decimal_separator"], decimals)

    def test_a_price_in_other_separators_is_refused(self):
        """Somebody chose them, or the file has both: it is never read as 3005."""
        rows = [
            "P1;Farine;Moulin;12;30,05;240;27,95;;;0;5,00;5.5",
            "P2;Riz;Moulin;12;30,05 €;;;;;0;5;5.5",
            "P3;Lin;Moulin;12;30.05;;;;;0;5;5.5",
            "P4;Or;Moulin;12;1,230.05;;;;;0;5;5.5",
        ]
        content = "\n".join([";".join(COLUMNS["round_offers.csv"]), *rows]).encode()
        wizard, options = self._choices(content, self.facilitator)
        fields = list(COLUMNS["round_offers.csv"].values())
        options.update(float_thousand_separator=",", float_decimal_separator=".")
        wizard = wizard.with_context(lang="en_US")
        result = wizard.execute_import(fields, fields, options)
        told = self._told(result["messages"])
        self.assertEqual(list(told), [2, 3])
        self.assertEqual(
            told[2],
            "Price: '30,05' is no number with '.' before decimals and ',' between "
            "thousands; choose the separators of the file.",
        )
        self.assertIn("30,05", told[3])
        prices = self.round.offer_ids.sorted("code").mapped("price_1")
        self.assertEqual(prices, [30.05, 1230.05])

    def test_templates_map_themselves(self):
        """What the screen offers for download comes in without a choice to make."""
        for lang in ("en_US", "fr_FR"):
            for name, model in MODELS.items():
                target = self.env[model].with_context(lang=lang)
                (template,) = target.get_import_templates()
                path = template["template"].removeprefix("/ess_mutualisation/")
                content = (FILES.parents[1] / path).read_bytes()
                guessed, preview = self._preview(model, content, lang)
                with self.subTest(lang=lang, model=model):
                    self.assertEqual(len(guessed), len(preview["headers"]))
                    wanted = set(COLUMNS[name].values())
                    self.assertEqual(set(guessed.values()), wanted)

    def test_the_round_opens_its_import(self):
        action = self.round.action_view_import_commitments()
        self.assertEqual(action["params"]["active_model"], "ess.commitment")
        self.assertEqual(action["params"]["context"], {"ess_round_id": self.round.id})
        menu = self.env.ref("ess_mutualisation.ess_round_import_commitments_action")
        context = {"active_model": "ess.round", "active_id": self.round.id}
        menu = menu.with_user(self.facilitator).with_context(**context)
        self.assertEqual(menu.run()["params"], action["params"])
        action = self.round.action_view_import_offers()
        self.assertEqual(action["params"]["active_model"], "ess.round.offer")
