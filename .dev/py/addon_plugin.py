"""A pytest plugin for the Odoo tests of this addon (see .dev/tests.sh).

Two workers may share the test files: each takes the next one that nobody has claimed.

Odoo's own linters (test_lint) walk over every addon there is, and some only log a
warning: here they see one addon, and a warning is a failure.
"""

import logging
from pathlib import Path
from unittest.mock import patch

import freezegun
import pytest
from _pytest.runner import runtestprotocol

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


class _Claims:
    """Which test files are this worker's: a folder is made by whoever is first."""

    def __init__(self, folder):
        self.folder = Path(folder)
        self.mine = {}

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_protocol(self, item, nextitem):
        if not self._claim(item.module.__name__):
            return True  # dealt with, by the other worker
        if nextitem is None or nextitem.module is item.module:
            return None
        # What comes next may not be ours: take down all that only this file needs.
        where = {"nodeid": item.nodeid, "location": item.location}
        item.ihook.pytest_runtest_logstart(**where)
        runtestprotocol(item, nextitem=item.session)
        item.ihook.pytest_runtest_logfinish(**where)
        return True

    def _claim(self, name):
        if name not in self.mine:
            try:
                (self.folder / name).mkdir()
                self.mine[name] = True
            except FileExistsError:
                self.mine[name] = False
        return self.mine[name]


def pytest_addoption(parser):
    parser.addoption("--claims", help="folder in which workers claim test files")


def pytest_configure(config):
    if config.getoption("--claims"):
        config.pluginmanager.register(_Claims(config.getoption("--claims")))
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
