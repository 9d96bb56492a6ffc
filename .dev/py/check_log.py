"""Fail when the log of an installation holds an error, or a warning nobody expected.

Odoo only logs a constraint that it cannot create, a demo file that does not load or a
view that is deprecated, and ends with status 0 all the same.

Usage: check_log.py LOGFILE
"""

import re
import sys
from pathlib import Path

ENTRY = re.compile(r"^\d{4}-\d\d-\d\d [\d:,]+ \d+ (?P<level>[A-Z]+) \S+ (?P<text>.*)")
BAD_LEVELS = {"WARNING", "ERROR", "CRITICAL"}
# Said by Odoo or by the machine, whatever the addon does.
EXPECTED = re.compile(
    "|".join(
        (
            r"Running as user 'root' is a security risk",
            r"Python \S+ is not officially supported",
            r"mail/static/lib/selfie_segmentation",  # left out of Debian's package
            r"unaccent",
            r"wkhtmltopdf",
        )
    )
)
SHOWN = 40


def entries(lines):
    """Yield (level, text) of each log entry, with the lines that belong to it."""
    level, text = "", []
    for line in lines:
        if match := ENTRY.match(line):
            if text:
                yield level, "\n".join(text)
            level, text = match["level"], [line]
        elif text:
            text.append(line)
    if text:
        yield level, "\n".join(text)


def complaints(lines):
    return [
        text
        for level, text in entries(lines)
        if level in BAD_LEVELS and not EXPECTED.search(text.partition("\n")[0])
    ]


def main(path):
    found = complaints(Path(path).read_text(errors="replace").splitlines())
    for text in found:
        lines = text.splitlines()
        print("\n".join(lines[:SHOWN]))
        if len(lines) > SHOWN:
            print(f"    … {len(lines) - SHOWN} more lines in {path}")
    if found:
        print(f"Error: the log holds {len(found)} error(s) or unexpected warning(s).")
    return bool(found)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
