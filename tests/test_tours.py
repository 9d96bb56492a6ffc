from datetime import timedelta

from odoo import fields
from odoo.tests import tagged

from .common_portal import PortalCase
from .common_settled import Settled


@tagged("post_install", "-at_install")
class TestTours(Settled, PortalCase):
    """The whole way on a phone, by people who have only their browser."""

    browser_size = "375x667"
    touch_enabled = True

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.van.name = "Free van"
        cls.busy = cls._asset("Busy van", price=40.0, price_unit="day")

    def test_van_from_the_catalogue_to_the_exchange(self):
        """A day of a van at 40 € a day: from the search to the 40 € that are owed."""
        self.book(self.busy, days=1, entity=self.semeurs, user=self.third)
        self.start_tour("/my", "ess_commons_ask", login="borrower")
        booking = self.env["ess.booking"].search([("asset_id", "=", self.van.id)])
        self.assertEqual(len(booking), 1)
        self.assertEqual(booking.state, "requested")
        self.assertEqual(booking.start, self.at(1, "09:00"))
        self.assertEqual(booking.stop, self.at(1, "18:00"))

        self.start_tour("/my", "ess_commons_approve", login="lender")
        self.assertEqual(booking.state, "confirmed")
        mail = self.env["mail.mail"].search(
            [
                ("model", "=", "ess.booking"),
                ("res_id", "=", booking.id),
                ("recipient_ids", "in", self.borrower.partner_id.ids),
                ("attachment_ids.mimetype", "=", "text/calendar"),
            ]
        )
        self.assertTrue(mail)
        self.assertIn(b"VEVENT", mail[-1].attachment_ids[0].raw)

        # tomorrow comes
        start = fields.Datetime.now().replace(minute=0, second=0, microsecond=0)
        booking.sudo().write(
            {"start": start, "stop": start + timedelta(hours=9), "reminded_on": False}
        )
        self.start_tour("/my/bookings", "ess_commons_use", login="borrower")
        self.assertEqual(booking.state, "done")
        exchange = booking.exchange_ids
        self.assertEqual(exchange.amount, 40)
        self.assertEqual(exchange.provider_id, self.fabrique)
        self.assertEqual(exchange.receiver_id, self.phare)

    def test_member_reads_its_statement(self):
        """Le Phare owes 165.10 €: it finds out to whom, and takes it home."""
        self._settle()
        self.start_tour("/my", "ess_commons_statement", login="borrower")
