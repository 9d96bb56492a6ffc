from odoo.tests import tagged

from .common import EssCommon


@tagged("post_install", "-at_install")
class TestBookingFlow(EssCommon):
    def test_van_from_request_to_exchange(self):
        """Three days of a van at 40 € a day: confirmed, used, 120 € owed."""
        booking = self._booking(self.van, "2026-01-12 09:00", "2026-01-15 09:00")
        self.assertEqual(booking.amount, 120)
        booking.action_request()
        self.assertEqual(booking.state, "confirmed")
