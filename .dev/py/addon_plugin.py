"""A pytest plugin for the Odoo tests of this addon (see .dev/tests.sh).

Odoo's own linters (test_lint) walk over every addon there is, and some only log a
warning: here they see one addon, and a warning is a failure.
"""

import logging
from unittest.mock import patch

import freezegun
import pytest

ADDON = "ess_mutualisation"
LINTERS = "odoo.addons.test_lint."


class _Collector(logging.Handler):
    def __init__(self):
        super().__init__(logging.WARNING)
        self.messages = []

    def emit(self, record):
        message = record.getMessage()
        if ADDON in message or ADDON in record.pathname:
            self.messages.append(message)


def pytest_configure():
    # A test that freezes the clock must not freeze the one that measures tests.
    freezegun.configure(extend_ignore_list=["_pytest.timing"])


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item):
    if not item.module.__name__.startswith(LINTERS):
        return (yield)
    from odoo.modules import Manifest

    collector, logger = _Collector(), logging.getLogger("odoo")
    level = logger.level
    logger.addHandler(collector)
    logger.setLevel(logging.WARNING)
    try:
        with patch.object(
            Manifest, "all_addon_manifests", lambda: [Manifest.for_addon(ADDON)]
        ):
            result = yield
    finally:
        logger.removeHandler(collector)
        logger.setLevel(level)
    assert not collector.messages, "\n".join(collector.messages)
    return result
