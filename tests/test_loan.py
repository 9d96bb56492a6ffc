"""Loans: made by bookings, free by law when they are commodats, followed by state."""

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common_loan import LoanCommon, utc


@tagged("post_install", "-at_install")
class TestLoan(LoanCommon):
    # === MADE BY BOOKINGS === #

    def test_a_booking_makes_its_loan(self):
        loan = self._loan(self.van)
        self.assertEqual(loan.state, "to_sign")
        self.assertEqual(loan.kind, "hire")
        self.assertEqual(loan.lender_id, self.fabrique)
        self.assertEqual(loan.entity_id, self.phare)
        self.assertEqual(loan.start, utc("2026-01-12 09:00"))
        self.assertEqual(loan.stop, utc("2026-01-14 09:00"))
        self.assertEqual(loan.agreement_id.kind, "hire")
        self.assertEqual(loan.booking_ids.amount, 80)
        self.assertTrue(loan.access_token)
