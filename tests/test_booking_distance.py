from psycopg2 import IntegrityError

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import EssCommon
from .common_portal import PortalCase


def by_kilometres(env, asset):
    return env["ess.cost.key"].create(
        {
            "name": "By kilometres",
            "version_ids": [
                Command.create(
                    {
                        "kind": "usage",
                        "measure": "km",
                        "date_from": "2026-01-01",
                        "asset_ids": [Command.link(asset.id)],
                    }
                )
            ],
        }
    )


@tagged("post_install", "-at_install")
class TestBookingDistance(EssCommon):
    def _ongoing(self):
        booking = self._booking(self.van, "2026-01-05 09:00", "2026-01-05 17:00")
        booking.action_request()
        booking.action_hand_over()
        return booking

    def test_as_people_type_it(self):
        for typed, km in (
            ("1 204,5", 1204.5),
            ("42.5 km", 42.5),
            (0, 0),
            ("", None),
            (None, None),
        ):
            with self.subTest(typed=typed):
                found = self.env["ess.booking"]._checked_distance(typed)
                self.assertEqual(found, km)

    def test_refused_with_the_figure(self):
        booking = self._ongoing()
        for typed in ("-3", "far", "nan", "inf", "100000"):
            with self.subTest(typed=typed):
                with self.assertRaisesRegex(UserError, f"“{typed}” is not a distance"):
                    booking.action_return(typed)
                self.assertEqual(booking.state, "ongoing")
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(IntegrityError),
            self.cr.savepoint(),
        ):
            booking.distance_km = -1
            self.env.flush_all()

    def test_asked_where_a_key_needs_it(self):
        booking = self._ongoing()
        self.assertFalse(booking._asks_distance())
        by_kilometres(self.env, self.van)
        self.assertTrue(booking._asks_distance())


@tagged("post_install", "-at_install")
class TestBookingDistancePortal(PortalCase):
    def test_borrower_reads_it_at_the_return(self):
        by_kilometres(self.env, self.van)
        booking = self.book_soon()
        booking.with_user(self.lender).action_approve()
        booking.with_user(self.borrower).action_hand_over()
        self.log_in(self.borrower)
        url = f"/my/bookings/{booking.id}"
        self.assertIn("Kilometres driven", self.page(url))
        refused = self.post(f"{url}/return", distance_km="a lot")
        self.assertIn("is not a distance such as 42.5", refused.text)
        self.assertIn('value="a lot"', refused.text)
        self.assertEqual(booking.state, "ongoing")
        self.post(f"{url}/return", distance_km="83,4")
        self.assertEqual((booking.state, booking.distance_km), ("done", 83.4))

    def test_not_asked_for_what_does_not_drive(self):
        booking = self.book_soon(self.chairs)
        booking.with_user(self.borrower).action_hand_over()
        self.log_in(self.borrower)
        self.assertNotIn("Kilometres", self.page(f"/my/bookings/{booking.id}"))
