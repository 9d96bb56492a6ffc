"""Read the JUnit reports of the test runs, and say in one last line how it went.

Fails on a failure, an error, a *skipped* test (a browser test without a browser is
skipped, silently) and on no test at all.

Usage: summary.py REPORT.xml…
"""

import sys
from collections import Counter
from pathlib import Path
from xml.etree import ElementTree


def read(path):
    """Yield (outcome, name, reason) for each test case of a report."""
    for case in ElementTree.parse(path).iter("testcase"):
        name = f"{case.get('classname', '')}::{case.get('name', '')}"
        outcome, reason = "passed", ""
        for child in case:
            if child.tag in ("failure", "error"):
                outcome, reason = "failed", child.get("message", "")
            elif child.tag == "skipped" and outcome == "passed":
                outcome, reason = "skipped", child.get("message", "")
        yield outcome, name, reason


def main(paths):
    results = [result for path in paths if Path(path).exists() for result in read(path)]
    counts = Counter(outcome for outcome, _name, _reason in results)
    for outcome, name, reason in results:
        if outcome == "skipped":
            print(f"Error: skipped, which counts as a failure: {name} ({reason})")
    if not results:
        print("Error: no test was run, which counts as a failure.")
    skipped = f", {counts['skipped']} skipped" if counts["skipped"] else ""
    print(f"{counts['passed']} passed, {counts['failed']} failed{skipped}")
    return not results or bool(counts["failed"] or counts["skipped"])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
