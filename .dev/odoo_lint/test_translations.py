"""The template of translations is what the code says, and the French is complete."""

import io
from pathlib import Path

import polib

from odoo.tests import TransactionCase, tagged
from odoo.tools.translate import trans_export

ADDON = "ess_mutualisation"
FOLDER = Path(__file__).resolve().parents[2] / "i18n"
HOW = "run ./dev i18n, then translate what it names in i18n/fr.po"


def _terms(entries):
    return {
        (entry.msgid, place) for entry in entries for place, _l in entry.occurrences
    }


@tagged("post_install", "-at_install")
class TestTranslations(TransactionCase):
    def test_template_is_current(self):
        stream = io.BytesIO()
        trans_export(False, [ADDON], stream, "po", self.env)
        current = _terms(polib.pofile(stream.getvalue().decode()))
        path = FOLDER / f"{ADDON}.pot"
        written = _terms(polib.pofile(str(path))) if path.exists() else set()
        changed = sorted({term for term, _place in current ^ written})
        self.assertFalse(changed, f"{path.name} is out of date: {HOW}")

    def test_french_is_complete(self):
        template = polib.pofile(str(FOLDER / f"{ADDON}.pot"))
        french = polib.pofile(str(FOLDER / "fr.po"))
        done = {entry.msgid for entry in french.translated_entries()}
        missing = sorted(entry.msgid for entry in template if entry.msgid not in done)
        self.assertFalse(missing, f"{len(missing)} terms have no French: {HOW}")
