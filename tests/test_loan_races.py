"""Two real connections act on one loan: one wins, the other reads a sentence."""

from odoo.exceptions import UserError
from odoo.tests import tagged

from . import test_races
from .common import utc
from .common_loan import PIXEL, WINDOW
from .test_races import TestRaces

TABLES = (
    "ess_loan_signature ess_loan_extension ess_loan_deposit ess_exchange "
    "ess_occupancy ess_booking ess_loan"
).split()


@tagged("post_install", "-at_install")
class TestLoanRaces(TestRaces):
    """Le Phare has the van on Monday; both people and both members act at once."""
