"""Checks that no other tool makes: length of files, sound XML, no machine in a file.

Usage: check_files.py FILE… (relative to the root of the repository)
"""

import re
import sys
from pathlib import Path
from xml.etree import ElementTree

MAX_LINES = 500
CODE = {".py", ".js", ".xml", ".scss", ".css", ".sh", ".html"}
FREE_LENGTH = ("migrations/", "static/lib/")

# Where packages come from is a matter of the machine, and so are its folders.
FORBIDDEN = (
    (
        "names a package registry",
        re.compile(
            r"\b(?:(?:deb|ftp|ftp2|archive|security|snapshot|packages)\.(?:debian|ubuntu)\b"
            r"|pypi\.(?:org|python)|pythonhosted\.|registry\.npmjs|proxy\.golang"
            r"|test\.pypi|nightly\.odoo|jsdelivr\.net|unpkg\.com)",
            re.IGNORECASE,
        ),
    ),
    (
        "names a folder of one machine",
        re.compile(r"(?<![\w.}\"$])/(?:work|home/\w+|Users/\w+|root)/\w"),
    ),
)


def too_long(path, text):
    if path.suffix not in CODE or path.as_posix().startswith(FREE_LENGTH):
        return
    lines = text.count("\n")
    if lines > MAX_LINES:
        yield f"{path}: {lines} lines, more than {MAX_LINES}: split it"


def broken_xml(path, text):
    if path.suffix not in {".xml", ".svg"}:
        return
    try:
        ElementTree.fromstring(text.encode())
    except ElementTree.ParseError as error:
        yield f"{path}: not well-formed XML: {error}"


def forbidden(path, text):
    for number, line in enumerate(text.splitlines(), 1):
        for what, pattern in FORBIDDEN:
            if pattern.search(line):
                yield f"{path}:{number}: {what}: {line.strip()[:100]}"


def main(names):
    found = []
    for path in map(Path, names):
        if not path.is_file():
            continue
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue  # an image or a font
        for check in (too_long, broken_xml, forbidden):
            found.extend(check(path, text))
    print("\n".join(found) or f"{len(names)} files checked.")
    return bool(found)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
