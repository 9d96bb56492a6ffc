from odoo.tests import tagged

from .common_portal import PortalCase


@tagged("post_install", "-at_install")
class TestPortalAccess(PortalCase):
    def test_smoke(self):
        booking = self.book()
        self.log_in(self.borrower)
        for url in (
            "/my",
            "/commons",
            f"/commons/{self.van.id}",
            "/my/bookings",
            f"/my/bookings/{booking.id}",
            f"/my/bookings/{booking.id}/repeat?frequency=weekly&count=3",
            "/my/requests",
            "/my/assets",
            "/my/assets/new",
            "/my/organisation",
            f"/my/bookings/{booking.id}/ics",
            f"/commons?start_date={self.day(3)}&near=Roubaix&words=van&taken=1",
        ):
            with self.subTest(url=url):
                self.page(url)
        self.log_in(self.lender)
        for url in (
            f"/my/assets/{self.van.id}/edit",
            f"/my/assets/{self.van.id}/closures",
            "/my/requests",
            "/my/assets",
        ):
            with self.subTest(url=url):
                self.page(url)
        self.log_in(None)
        for url in ("/commons",):
            self.page(url)
