from unittest.mock import patch

from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import EssCommon, utc


@tagged("post_install", "-at_install")
class TestBookingCron(EssCommon):
    def _run(self, name):
        with self.enter_registry_test_mode():
            self.env.ref(f"ess_mutualisation.ir_cron_{name}").method_direct_trigger()
        self.env.invalidate_all()

    def _confirmed(self, *args):
        booking = self._booking(self.van, *args)
        booking.action_request()
        return booking

    def test_reminder_comes_once_a_day_before(self):
        booking = self._confirmed("2026-01-12 09:00", "2026-01-13 09:00")
        with self.at("2026-01-11 07:00:00"):
            self._run("remind")
            self.assertFalse(booking.reminded_on)
        with self.at("2026-01-11 08:00:00"):
            self._run("remind")
        self.assertEqual(booking.reminded_on, utc("2026-01-11 09:00"))
        with self.at("2026-01-11 10:00:00"):
            self._run("remind")
        self.assertEqual(booking.reminded_on, utc("2026-01-11 09:00"))

    def test_a_moved_booking_is_reminded_again(self):
        booking = self._confirmed("2026-01-12 09:00", "2026-01-13 09:00")
        with self.at("2026-01-11 08:00:00"):
            self._run("remind")
            booking.action_reschedule(utc("2026-01-14 09:00"), utc("2026-01-15 09:00"))
        self.assertFalse(booking.reminded_on)

    def test_no_reminder_for_who_booked_the_day_before(self):
        booking = self._confirmed("2026-01-05 18:00", "2026-01-06 09:00")
        with self.at("2026-01-05 10:00:00"):
            self._run("remind")
        self.assertFalse(booking.reminded_on)

    def test_one_failure_does_not_stop_the_others(self):
        first = self._confirmed("2026-01-12 09:00", "2026-01-12 12:00")
        second = self._confirmed("2026-01-12 13:00", "2026-01-12 14:00")
        tell = type(first)._tell

        def failing(booking, *steps):
            if booking == second:
                raise ValueError("The printer is on fire")
            return tell(booking, *steps)

        with (
            self.at("2026-01-11 12:30:00"),
            patch.object(type(first), "_tell", failing),
            mute_logger("odoo.addons.ess_mutualisation.models.booking_cron"),
        ):
            self._run("remind")
        self.assertTrue(first.reminded_on)
        self.assertFalse(second.reminded_on)

    def test_unanswered_requests_and_waits_are_closed(self):
        stage = self._asset("Stage", approval="owner")
        asked = self._booking(stage, "2026-01-12 09:00", "2026-01-12 12:00")
        asked.action_request()
        waiting = self._booking(
            stage, "2026-01-12 10:00", "2026-01-12 12:00", self.semeurs
        )
        waiting.action_wait()
        with self.at("2026-01-12 08:00:00"):
            self._run("expire")
            # the time of the first goes to the second, whom nobody answers either
            self.assertEqual((asked.state, waiting.state), ("refused", "requested"))
        with self.at("2026-01-12 09:00:00"):
            self._run("expire")
        self.assertEqual(waiting.state, "refused")
        self.assertEqual(waiting.reason, "Nobody answered before the start.")

    def test_holds_and_forgotten_drafts_go(self):
        draft = self._booking(self.van, "2026-01-12 09:00", "2026-01-12 12:00")
        draft._hold()
        kept = self._booking(self.van, "2026-01-13 09:00", "2026-01-13 12:00")
        with self.at("2026-01-05 08:20:00"):
            self._run("release_holds")
            self.assertFalse(draft.occupancy_ids)
            self.env["ess.booking"]._gc_drafts()
            self.assertTrue(draft.exists())
        with self.at("2026-01-08 08:20:00"):
            self.env["ess.booking"]._gc_drafts()
        self.assertFalse(draft.exists())
        self.assertTrue(kept.exists(), "a draft of the back office stays")

    def test_deleted_draft_serves_who_waits(self):
        draft = self._booking(self.van, "2026-01-12 09:00", "2026-01-12 12:00")
        draft._hold()
        waiting = self._booking(
            self.van, "2026-01-12 09:00", "2026-01-12 12:00", self.semeurs
        )
        waiting.action_wait()
        self.assertEqual(waiting.state, "waiting")
        draft.unlink()
        self.assertEqual(waiting.state, "confirmed")

    def test_released_hold_serves_who_waits(self):
        draft = self._booking(self.van, "2026-01-12 09:00", "2026-01-12 12:00")
        draft._hold()
        waiting = self._booking(
            self.van, "2026-01-12 09:00", "2026-01-12 12:00", self.semeurs
        )
        waiting.action_wait()
        self.assertEqual(waiting.state, "waiting")
        with self.at("2026-01-05 08:20:00"):
            self._run("release_holds")
        self.assertEqual(waiting.state, "confirmed")
