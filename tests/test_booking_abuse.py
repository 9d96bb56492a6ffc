"""What somebody might try who wants more than its turn: by RPC, with a context of its
own making, or by the order of its acts."""

from odoo.exceptions import UserError
from odoo.tests import tagged

from ..models.booking_rules import RuleBroken
from .common import EssCommon, utc


@tagged("post_install", "-at_install")
class TestBookingAbuse(EssCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.borrower = cls._volunteer(cls.phare, "borrower")
        cls.third = cls._volunteer(cls.semeurs, "third")
        cls.owner = cls._volunteer(cls.fabrique, "owner")

    def _confirmed(self, start, stop, entity=None, **vals):
        booking = self._booking(self.van, start, stop, entity, **vals)
        booking.action_request()
        return booking

    # === CONTEXT KEYS === #

    def test_defaults_of_the_caller_do_not_reach_the_exchange(self):
        """Settled, free, or somebody else's: defaults in the context say nothing."""
        booking = self._confirmed("2026-01-05 09:00", "2026-01-06 09:00")
        mine = booking.with_user(self.borrower).with_context(
            default_settled_on="2026-01-01 00:00:00",
            default_saving=40.0,
            default_counter_of_id=1,
            default_reason="Nothing to see",
        )
        mine.action_hand_over()
        mine.action_return()
        exchange = booking.exchange_ids
        self.assertEqual(exchange.amount, 40.0)
        self.assertFalse(exchange.settled_on)
        self.assertFalse(exchange.reason)

    def test_defaults_of_the_caller_do_not_approve_a_series(self):
        """A series on an asset with approval is requested, whatever the context says,
        and the lender finds it among its own."""
        self.van.approval = "owner"
        booking = self._confirmed("2026-01-12 09:00", "2026-01-12 12:00")
        self.assertEqual(booking.state, "requested")
        mine = booking.with_user(self.borrower).with_context(
            default_approval="auto",
            default_owner_id=self.phare.id,
            default_custodian_id=self.phare.id,
            default_state="confirmed",
        )
        answer = mine.action_repeat("weekly", 1, 2)
        later = self.env["ess.booking"].browse(answer["booked"])
        self.assertEqual(later.state, "requested")
        self.assertEqual(later.owner_id, self.fabrique)
        self.assertEqual(later.custodian_id, self.fabrique)

    def test_context_does_not_silence_the_mails(self):
        booking = self._confirmed("2026-01-12 09:00", "2026-01-12 12:00")
        before = self.env["mail.mail"].search([])
        booking.with_user(self.borrower).with_context(
            ess_silent=True, import_file=True
        ).action_cancel("Quietly")
        told = (self.env["mail.mail"].search([]) - before).recipient_ids
        self.assertIn(self.owner.partner_id, told)

    def test_context_does_not_skip_the_waiting_list(self):
        booking = self._confirmed("2026-01-12 09:00", "2026-01-12 12:00")
        waiting = self._booking(
            self.van, "2026-01-12 09:00", "2026-01-12 12:00", self.semeurs
        )
        waiting.action_wait()
        booking.with_user(self.borrower).with_context(ess_serving=True).action_cancel(
            "For my friends"
        )
        self.assertEqual(waiting.state, "confirmed")

    def test_calendar_file_does_not_open_the_page(self):
        """Calendars are shared with others; the token of the page is not in them."""
        booking = self._confirmed("2026-01-12 09:00", "2026-01-12 12:00")
        self.assertTrue(booking.access_token)
        self.assertNotIn(booking.access_token, booking._ics().decode())

    # === HOLDS === #

    def test_hold_obeys_the_rules(self):
        """Ten years, a thing of a circle that one is not in: nothing is kept."""
        self.policy.max_hours = 48
        bookings = self.env["ess.booking"].with_user(self.borrower)
        van = self.van.with_user(self.borrower)
        long = {"start": utc("2026-01-12 09:00"), "stop": utc("2035-01-12 09:00")}
        _none, refusal = bookings._portal_ask(van, long, "_portal_hold")
        self.assertIn("too long", refusal["message"])
        self.assertFalse(self.van.occupancy_ids)
        self.phare.ess_circle_ids = False
        self.van.is_public = True
        short = {"start": utc("2026-01-12 09:00"), "stop": utc("2026-01-12 12:00")}
        _none, refusal = bookings._portal_ask(van, short, "_portal_hold")
        self.assertTrue(refusal)
        self.assertFalse(self.van.occupancy_ids)

    def test_holds_of_one_volunteer_are_few(self):
        """Whoever opens form after form gives the oldest back."""
        times = {"start": utc("2026-01-12 09:00"), "stop": utc("2026-01-12 12:00")}
        assets = self.van + self.chairs
        for number in range(6):
            assets += self._asset(f"Thing {number}")
        for asset in assets:
            self.env["ess.booking"].with_user(self.borrower)._portal_ask(
                asset.with_user(self.borrower), times, "_portal_hold"
            )
        held = self.env["ess.occupancy"].search([("kind", "=", "hold")])
        self.assertLessEqual(len(held), 3)
        self.assertIn(assets[-1], held.asset_id)

    def test_hold_is_kept_for_its_holder(self):
        """Others wait for the time; the volunteer who holds it may still book it."""
        bookings = self.env["ess.booking"].with_user(self.borrower)
        van = self.van.with_user(self.borrower)
        times = {"start": utc("2026-01-12 09:00"), "stop": utc("2026-01-12 12:00")}
        bookings._portal_ask(van, times, "_portal_hold")
        waiting = self._booking(
            self.van, "2026-01-12 09:00", "2026-01-12 12:00", self.semeurs
        )
        waiting.action_wait()
        _held, refusal = bookings._portal_ask(van, times, "_portal_hold")
        self.assertFalse(refusal)
        booking, refusal = bookings._portal_ask(van, times)
        self.assertFalse(refusal)
        self.assertEqual(booking.state, "confirmed")
        self.assertEqual(waiting.state, "waiting")

    def test_held_draft_is_asked_for(self):
        """The same by RPC: `action_request` of a draft that is held."""
        bookings = self.env["ess.booking"].with_user(self.borrower)
        times = {"start": utc("2026-01-12 09:00"), "stop": utc("2026-01-12 12:00")}
        held, _ = bookings._portal_ask(
            self.van.with_user(self.borrower), times, "_portal_hold"
        )
        waiting = self._booking(
            self.van, "2026-01-12 09:00", "2026-01-12 12:00", self.semeurs
        )
        waiting.action_wait()
        held.action_request()
        self.assertEqual(held.state, "confirmed")
        self.assertEqual(waiting.state, "waiting")

    def test_moved_hold_serves_who_waits(self):
        """What a hold gives back when its dates are changed goes to the list."""
        bookings = self.env["ess.booking"].with_user(self.borrower)
        van = self.van.with_user(self.borrower)
        times = {"start": utc("2026-01-12 09:00"), "stop": utc("2026-01-12 12:00")}
        bookings._portal_ask(van, times, "_portal_hold")
        waiting = self._booking(
            self.van, "2026-01-12 09:00", "2026-01-12 12:00", self.semeurs
        )
        waiting.action_wait()
        later = {"start": utc("2026-01-13 09:00"), "stop": utc("2026-01-13 12:00")}
        bookings._portal_ask(van, later)
        self.assertEqual(waiting.state, "confirmed")

    def test_expired_hold_serves_who_waits(self):
        """A hold that ended by itself is noticed by the next who comes, too."""
        bookings = self.env["ess.booking"].with_user(self.borrower)
        times = {"start": utc("2026-01-12 09:00"), "stop": utc("2026-01-12 12:00")}
        bookings._portal_ask(self.van.with_user(self.borrower), times, "_portal_hold")
        waiting = self._booking(
            self.van, "2026-01-12 09:00", "2026-01-12 12:00", self.semeurs
        )
        waiting.action_wait()
        with self.at("2026-01-05 09:00:00"):
            self._booking(
                self.van, "2026-01-20 09:00", "2026-01-20 12:00"
            ).action_request()
            self.env["ess.occupancy"]._cron_release_holds()
        self.assertEqual(waiting.state, "confirmed")

    # === PAYING LESS === #

    def test_use_is_not_shortened_afterwards(self):
        """Four days were used: the price of four days stays."""
        booking = self._confirmed("2026-01-05 09:00", "2026-01-09 09:00")
        mine = booking.with_user(self.borrower)
        mine.action_hand_over()
        with self.at("2026-01-09 07:00:00"):
            with self.assertRaises(UserError), self.cr.savepoint():
                mine.action_reschedule(None, utc("2026-01-05 10:00"))
            with self.assertRaises(UserError), self.cr.savepoint():
                mine.action_reschedule(utc("2026-01-09 08:00"), None)
            mine.action_return()
        self.assertEqual(booking.exchange_ids.amount, 160.0)

    def test_past_use_is_not_cancelled_nor_shortened_by_its_borrower(self):
        """Nobody pressed "I have it": its lender or the federation says what was."""
        booking = self._confirmed("2026-01-05 09:00", "2026-01-09 09:00")
        mine = booking.with_user(self.borrower)
        with self.at("2026-01-09 08:30:00"):
            with self.assertRaises(UserError), self.cr.savepoint():
                mine.action_cancel("We did not need it")
            with self.assertRaises(UserError), self.cr.savepoint():
                mine.action_reschedule(None, utc("2026-01-05 10:00"))
            booking.with_user(self.owner).action_cancel("They never came")
        self.assertEqual(booking.state, "cancelled")

    # === THE QUEUE === #

    def test_wait_moved_elsewhere_joins_the_end_of_the_queue(self):
        self._confirmed("2026-01-12 09:00", "2026-01-12 12:00", self.fabrique)
        taken = self._confirmed("2026-01-20 09:00", "2026-01-20 12:00", self.fabrique)
        early = self._booking(self.van, "2026-01-12 09:00", "2026-01-12 12:00")
        early.action_wait()
        with self.at("2026-01-06 08:00:00"):
            first = self._booking(
                self.van, "2026-01-20 09:00", "2026-01-20 12:00", self.semeurs
            )
            first.action_wait()
        with self.at("2026-01-07 08:00:00"):
            early.with_user(self.borrower).action_reschedule(
                utc("2026-01-20 09:00"), utc("2026-01-20 12:00")
            )
            taken.action_cancel("Rain")
        self.assertEqual(first.state, "confirmed")
        self.assertEqual(early.state, "waiting")

    def test_wait_is_moved_by_the_rules(self):
        """A wait that could never be served is refused like any other."""
        self.policy.max_hours = 5
        self._confirmed("2026-01-12 09:00", "2026-01-12 12:00", self.fabrique)
        wait = self._booking(self.van, "2026-01-12 09:00", "2026-01-12 12:00")
        wait.action_wait()
        with self.assertRaisesRegex(RuleBroken, "too long"), self.cr.savepoint():
            wait.with_user(self.borrower).action_reschedule(
                None, utc("2026-01-12 20:00")
            )

    # === WITHDRAWN === #

    def test_withdrawn_asset_is_not_repeated(self):
        """Hidden or archived, it is lent no more, by whatever way."""
        booking = self._confirmed("2026-01-05 09:00", "2026-01-05 12:00")
        booking.action_hand_over()
        booking.action_return()
        self.van.published = False
        mine = booking.with_user(self.borrower)
        self.assertFalse(mine.action_repeat("weekly", 1, 2)["booked"])
        self.van.write({"published": True, "active": False})
        self.assertFalse(mine.action_repeat("weekly", 1, 2)["booked"])
        self.van.write({"published": False, "active": True})
        own = self._booking(
            self.van, "2026-01-14 09:00", "2026-01-14 12:00", self.fabrique
        )
        own.with_user(self.owner).action_request()
        self.assertEqual(own.state, "confirmed")
