"""Let the pure tests import the addon's rules without Odoo and without a database.

A test says `from odoo.addons.ess_mutualisation.tools import occupancy`, as Odoo code
does. Here these packages are empty shells whose path is the checkout, so that nothing
but `tools/` is imported: a rule that imports Odoo fails. This folder has no
`__init__.py` on purpose, and Odoo's own test loader does not look into it.
"""

import sys
from pathlib import Path
from types import ModuleType

from hypothesis import settings

ADDON = "odoo.addons.ess_mutualisation"
ROOT = Path(__file__).resolve().parents[2]


def _shell(name, path=()):
    module = ModuleType(name)
    module.__path__ = list(path)
    sys.modules[name] = module


if "odoo" not in sys.modules:
    _shell("odoo")
    _shell("odoo.addons")
    _shell(ADDON, [str(ROOT)])

# The same examples at every run: a red test stays red until it is mended.
settings.register_profile("pure", derandomize=True, deadline=None, max_examples=100)
settings.load_profile("pure")
