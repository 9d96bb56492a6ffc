"""Put a freshly exported template in its place and bring a translation up to date.

Files change only when a term does, so that an export makes no noise in the history.
A term that has gone is dropped; one that changed slightly is proposed as fuzzy; one
that Odoo itself has translated ("Created by") is taken from there.

Usage: merge_po.py EXPORTED.pot TEMPLATE.pot TRANSLATION.po ODOO'S.po…
"""

import difflib
import sys
from pathlib import Path

import polib

DATES = ("POT-Creation-Date", "PO-Revision-Date")
LIKENESS = 0.85
LANGUAGE = {"Language": "fr", "Plural-Forms": "nplurals=2; plural=(n > 1);"}


def content(catalogue):
    return [
        (entry.msgid, entry.msgstr, entry.occurrences, entry.comment, entry.flags)
        for entry in catalogue
    ]


def save(catalogue, path):
    """Write the catalogue, unless nothing but its dates has changed."""
    if Path(path).exists() and content(polib.pofile(path)) == content(catalogue):
        return
    for key in DATES:
        catalogue.metadata.pop(key, None)
    catalogue.wrapwidth = 78
    catalogue.save(path)


def merge(template, known):
    """Give a new catalogue the known translations, and guesses marked as fuzzy."""
    catalogue = polib.POFile(wrapwidth=78)
    catalogue.metadata = {**template.metadata, **LANGUAGE}
    for entry in template:
        flags = [flag for flag in entry.flags if flag != "fuzzy"]
        text = known.get(entry.msgid, "")
        if not text:
            likely = difflib.get_close_matches(entry.msgid, known, 1, LIKENESS)
            if likely:
                text, flags = known[likely[0]], [*flags, "fuzzy"]
        catalogue.append(
            polib.POEntry(
                msgid=entry.msgid,
                msgstr=text,
                occurrences=entry.occurrences,
                comment=entry.comment,
                flags=flags,
            )
        )
    return catalogue


def translations(path):
    if not Path(path).exists():
        return {}
    return {
        entry.msgid: entry.msgstr for entry in polib.pofile(path).translated_entries()
    }


def main(exported, template_path, translation_path, *odoo_paths):
    template = polib.pofile(exported)
    save(template, template_path)
    terms = {entry.msgid for entry in template}
    known = translations(translation_path)
    for path in odoo_paths:
        for term, text in translations(path).items():
            if term in terms:
                known.setdefault(term, text)
    catalogue = merge(polib.pofile(exported), known)
    save(catalogue, translation_path)
    open_terms = catalogue.untranslated_entries() + catalogue.fuzzy_entries()
    for entry in open_terms[:20]:
        print(f"      to translate: {entry.msgid[:90]!r}")
    print(f"{len(catalogue)} terms, {len(open_terms)} not translated or not certain.")


if __name__ == "__main__":
    main(*sys.argv[1:])
