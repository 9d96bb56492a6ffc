"""What happens to a promise while the world around it changes."""

from datetime import date

from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import EssCommon, utc


@tagged("post_install", "-at_install")
class TestBookingLife(EssCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.borrower = cls._volunteer(cls.phare, "borrower")
        cls.owner = cls._volunteer(cls.fabrique, "owner")

    def _expire(self):
        with self.enter_registry_test_mode():
            self.env.ref("ess_mutualisation.ir_cron_expire").method_direct_trigger()
        self.env.invalidate_all()

    def test_new_buffers_do_not_stop_what_was_promised(self):
        """Two uses touch; an hour of cleaning is asked for since. Both still happen."""
        first = self._booking(self.van, "2026-01-05 10:00", "2026-01-05 12:00")
        second = self._booking(
            self.van, "2026-01-05 12:00", "2026-01-05 14:00", self.semeurs
        )
        (first | second).action_request()
        self.policy.write({"buffer_before_minutes": 60, "buffer_after_minutes": 60})
        first.action_hand_over()
        with self.at("2026-01-05 10:30:00"):
            first.action_return()
        self.assertEqual(first.state, "done")
        self.assertEqual(first.occupancy_ids.stop, utc("2026-01-05 11:30"))
        with self.at("2026-01-05 11:00:00"):
            second.action_hand_over()
        self.assertEqual(second.state, "ongoing")

    def test_request_for_the_day_that_runs_is_not_closed_at_once(self):
        """Asked at 9:00 for today, by whole days: the lender has the day to answer."""
        self.policy.granularity = "day"
        self.van.approval = "owner"
        booking = self._booking(self.van, "2026-01-05 00:00", "2026-01-06 00:00")
        booking.action_request()
        with self.at("2026-01-05 08:05:00"):
            self._expire()
            self.assertEqual(booking.state, "requested")
        with self.at("2026-01-05 23:00:00"):
            self._expire()
        self.assertEqual(booking.state, "refused")

    def test_exchange_of_the_last_day_of_a_year(self):
        """A use of 31 December ends at midnight and belongs to the old year."""
        self.policy.granularity = "day"
        booking = self._booking(self.van, "2026-12-31 00:00", "2027-01-01 00:00")
        booking.action_request()
        with self.at("2027-01-03 09:00:00"):
            booking.action_done()
        self.assertEqual(booking.exchange_ids.date, date(2026, 12, 31))

    def test_two_people_bring_it_back(self):
        """The second reads that it is back already; there is one exchange."""
        booking = self._booking(self.van, "2026-01-05 09:00", "2026-01-05 12:00")
        booking.action_request()
        booking.action_hand_over()
        booking.with_user(self.borrower).action_return()
        refusal = booking.with_user(self.owner)._try("action_return")
        self.assertIn("is done", refusal["message"])
        self.assertEqual(len(booking.exchange_ids), 1)

    def test_nearest_times_of_a_composite_respect_its_parts(self):
        """The hall's kitchen is cleaned for an hour: what is offered can be had."""
        cleaned = self.policy.copy({"name": "Cleaned", "buffer_after_minutes": 60})
        kitchen = self._asset("Kitchen", policy_id=cleaned.id)
        hall = self._asset("Hall")
        self.env["ess.asset.component"].create(
            {"parent_id": hall.id, "component_id": kitchen.id}
        )
        self._booking(hall, "2026-01-12 10:00", "2026-01-12 12:00").action_request()
        wanted = self._booking(hall, "2026-01-12 10:00", "2026-01-12 12:00")
        offered = wanted._try("action_request")["nearest"]
        self.assertEqual(len(offered), 3)
        for start, stop in offered:
            wanted.write({"start": start, "stop": stop})
            self.assertFalse(wanted._try("action_request"), start)
            wanted.action_cancel("Only a try")
            wanted.action_revive()

    def test_archived_asset_serves_nobody(self):
        """Who waits for it is in the way of archiving, like who was promised it."""
        self._booking(self.van, "2026-01-12 09:00", "2026-01-12 12:00").action_request()
        waiting = self._booking(
            self.van, "2026-01-12 09:00", "2026-01-12 12:00", self.semeurs
        )
        waiting.action_wait()
        with self.assertRaises(UserError):
            self.van.active = False
