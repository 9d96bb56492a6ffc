from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from ..models.booking_rules import RuleBroken
from ..models.occupancy import NotFree
from .common import EssCommon, utc


@tagged("post_install", "-at_install")
class TestBookingFlow(EssCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.borrower = cls._volunteer(cls.phare, "borrower")
        cls.lender = cls._volunteer(cls.fabrique, "lender")
        cls.third = cls._volunteer(cls.semeurs, "third")
        cls.facilitator = cls._internal(
            "facilitator", "ess_mutualisation.group_facilitator"
        )
        cls.manager = cls._internal("manager", "ess_mutualisation.group_manager")
        cls.guarded = cls._asset("Stage", approval="owner", price=10, price_unit="use")

    def test_van_from_request_to_exchange(self):
        """Three days of a van at 40 € a day: confirmed, used, 120 € owed."""
        booking = self._booking(self.van, "2026-01-12 09:00", "2026-01-15 09:00")
        self.assertEqual(booking.amount, 120)
        mine = booking.with_user(self.borrower)
        mine.action_request()
        self.assertEqual(booking.state, "confirmed")
        with self.at("2026-01-12 08:05:00"):
            mine.action_hand_over()
        self.assertEqual(booking.state, "ongoing")
        with self.at("2026-01-14 08:00:00"):
            booking.with_user(self.lender).action_return()
            self.assertEqual(booking.state, "done")
            exchange = booking.exchange_ids
            self.assertEqual(
                (exchange.provider_id, exchange.receiver_id, exchange.amount),
                (self.fabrique, self.phare, 120),
            )
            self.assertEqual((exchange.quantity, exchange.value), (3, 120))
            self.assertEqual(str(exchange.date), "2026-01-14")
            # back a day early: the last day is free again
            self.assertEqual(booking.occupancy_ids.stop, utc("2026-01-14 09:00"))
            self._booking(
                self.van, "2026-01-14 10:00", "2026-01-15 09:00", self.semeurs
            ).action_request()

    def test_owner_approves(self):
        booking = self._booking(self.guarded, "2026-01-12 09:00", "2026-01-12 12:00")
        booking.with_user(self.borrower).action_request()
        self.assertEqual(booking.state, "requested")
        with self.assertRaisesRegex(NotFree, "Stage is taken"), self.cr.savepoint():
            self._booking(
                self.guarded, "2026-01-12 11:00", "2026-01-12 12:00", self.semeurs
            ).action_request()
        for user in (self.borrower, self.third):
            with self.assertRaises(AccessError):
                booking.with_user(user).action_approve()
        booking.with_user(self.lender).action_approve()
        self.assertEqual(booking.state, "confirmed")
        self.assertEqual(booking.confirmed_by_id, self.lender)

    def test_refusal_needs_a_reason_and_frees_the_time(self):
        booking = self._booking(self.guarded, "2026-01-12 09:00", "2026-01-12 12:00")
        booking.with_user(self.borrower).action_request()
        with self.assertRaisesRegex(UserError, "say why"):
            booking.with_user(self.lender).action_refuse("  ")
        booking.with_user(self.lender).action_refuse("The stage is being repaired")
        self.assertEqual(booking.state, "refused")
        self.assertEqual(booking.reason, "The stage is being repaired")
        self.assertFalse(booking.occupancy_ids)

    def test_federation_approves(self):
        self.guarded.approval = "federation"
        booking = self._booking(self.guarded, "2026-01-12 09:00", "2026-01-12 12:00")
        booking.with_user(self.borrower).action_request()
        self.assertTrue(booking.activity_ids)
        with self.assertRaises(AccessError):
            booking.with_user(self.lender).action_approve()
        booking.with_user(self.facilitator).action_approve()
        self.assertEqual(booking.state, "confirmed")
        self.assertFalse(booking.activity_ids)

    def test_owner_needs_nobody_and_owes_nothing(self):
        """Own use: confirmed at once, at no price, and no exchange with oneself."""
        booking = self._booking(
            self.guarded, "2026-01-06 09:00", "2026-01-06 12:00", self.fabrique
        )
        booking.with_user(self.lender).action_request()
        self.assertEqual((booking.state, booking.amount), ("confirmed", 0))
        self.assertEqual(booking.value, 10)
        with self.at("2026-01-07 08:00:00"):
            booking.with_user(self.facilitator).action_done()
        self.assertEqual(booking.state, "done")
        self.assertFalse(booking.exchange_ids)

    def test_cancel_deadline(self):
        """24 hours before the start it is too late for the borrower, not the owner."""
        self.policy.cancel_hours = 24
        booking = self._booking(self.van, "2026-01-12 09:00", "2026-01-12 12:00")
        booking.action_request()
        with self.at("2026-01-11 08:00:01"):
            with self.assertRaisesRegex(RuleBroken, "1 day before its start"):
                booking.with_user(self.borrower).action_cancel("Rain")
            booking.with_user(self.lender).action_cancel("The van broke down")
        self.assertEqual(booking.state, "cancelled")
        self.assertFalse(booking.occupancy_ids)

    def test_reschedule(self):
        booking = self._booking(self.van, "2026-01-12 09:00", "2026-01-13 09:00")
        booking.action_request()
        mine = booking.with_user(self.borrower)
        mine.action_reschedule(utc("2026-01-12 09:00"), utc("2026-01-15 09:00"))
        self.assertEqual((booking.amount, booking.ics_sequence), (120, 1))
        mine.action_reschedule(stop=utc("2026-01-14 09:00"))
        self.assertEqual(booking.amount, 80)
        other = self._booking(
            self.van, "2026-01-14 09:00", "2026-01-15 09:00", self.semeurs
        )
        other.action_request()
        refusal = mine._try("action_reschedule", None, utc("2026-01-15 09:00"))
        self.assertIn("Van is taken", refusal["message"])
        self.assertEqual(refusal["codes"], ["not_free"])
        self.assertEqual(booking.stop, utc("2026-01-14 09:00"))
        self.assertEqual(booking.amount, 80)
        with self.assertRaises(AccessError):
            booking.with_user(self.third).action_reschedule(
                stop=utc("2026-01-13 09:00")
            )

    def test_change_of_an_approved_booking_is_asked_again(self):
        """Shorter stays approved; other time has to be approved anew."""
        booking = self._booking(self.guarded, "2026-01-12 09:00", "2026-01-12 12:00")
        booking.with_user(self.borrower).action_request()
        booking.with_user(self.lender).action_approve()
        mine = booking.with_user(self.borrower)
        mine.action_reschedule(stop=utc("2026-01-12 11:00"))
        self.assertEqual(booking.state, "confirmed")
        mine.action_reschedule(stop=utc("2026-01-12 13:00"))
        self.assertEqual(booking.state, "requested")
        self.assertEqual(booking.occupancy_ids.stop, utc("2026-01-12 13:00"))

    def test_acts_in_the_wrong_state_say_so(self):
        booking = self._booking(self.van, "2026-01-12 09:00", "2026-01-12 12:00")
        with self.assertRaisesRegex(UserError, "is draft; .* only while it is ongoing"):
            booking.action_return()
        booking.action_request()
        with self.assertRaisesRegex(UserError, "starts on 12 Jan 2026 09:00 only"):
            booking.action_hand_over()
        with self.assertRaisesRegex(UserError, "is not over yet"):
            booking.action_done()
        with self.assertRaisesRegex(UserError, "a promise to somebody"):
            booking.unlink()

    def test_state_is_not_written_directly(self):
        booking = self._booking(self.van, "2026-01-12 09:00", "2026-01-12 12:00")
        with self.assertRaisesRegex(UserError, "use the actions"):
            booking.with_user(self.facilitator).write({"state": "confirmed"})
        with self.assertRaisesRegex(UserError, "starts as a draft"):
            booking.with_user(self.facilitator).create(
                {
                    "asset_id": self.van.id,
                    "entity_id": self.phare.id,
                    "start": utc("2026-01-12 09:00"),
                    "stop": utc("2026-01-12 12:00"),
                    "state": "confirmed",
                }
            )

    def test_form_of_the_back_office_passes_the_same_gate(self):
        """A facilitator who drags a booking in the calendar meets gate and rules."""
        self.policy.max_hours = 5
        booking = self._booking(self.van, "2026-01-12 09:00", "2026-01-12 12:00")
        booking.action_request()
        desk = booking.with_user(self.facilitator)
        desk.write({"start": utc("2026-01-13 09:00"), "stop": utc("2026-01-13 12:00")})
        self.assertEqual(booking.occupancy_ids.start, utc("2026-01-13 09:00"))
        with self.assertRaisesRegex(RuleBroken, "too long"), self.cr.savepoint():
            desk.write({"stop": utc("2026-01-13 15:00")})
        self._booking(
            self.van, "2026-01-14 09:00", "2026-01-14 12:00", self.semeurs
        ).action_request()
        with self.assertRaises(NotFree), self.cr.savepoint():
            desk.write(
                {"start": utc("2026-01-14 11:00"), "stop": utc("2026-01-14 13:00")}
            )

    def test_manager_overrides_a_rule_with_a_reason(self):
        """Never the capacity."""
        self.policy.max_hours = 5
        booking = self._booking(self.van, "2026-01-12 09:00", "2026-01-12 18:00")
        with self.assertRaisesRegex(RuleBroken, "9 h is too long.*5 h"):
            booking.with_user(self.facilitator).action_request()
        with self.assertRaisesRegex(UserError, "Only a manager"):
            booking.with_user(self.facilitator).action_request("They are many")
        with self.assertRaisesRegex(UserError, "Only a manager"):
            booking.with_user(self.borrower).action_request("Let me")
        booking.with_user(self.manager).action_request("Festival of the district")
        self.assertEqual(booking.state, "confirmed")
        self.assertEqual(booking.override_reason, "Festival of the district")
        logged = booking.message_ids.filtered(lambda m: "break a rule" in m.body)
        self.assertIn("Festival of the district", logged.body)
        other = self._booking(
            self.van, "2026-01-12 17:00", "2026-01-12 18:00", self.semeurs
        )
        with self.assertRaises(NotFree):
            other.with_user(self.manager).action_request("Festival")

    def test_inverted_booking(self):
        with self.assertRaisesRegex(ValidationError, "must come after the start"):
            self._booking(self.van, "2026-01-12 12:00", "2026-01-12 09:00")

    def test_revive(self):
        booking = self._booking(self.van, "2026-01-12 09:00", "2026-01-12 12:00")
        booking.action_request()
        booking.action_cancel("Rain")
        mine = booking.with_user(self.borrower)
        mine.action_revive()
        self.assertFalse(booking.occupancy_ids)
        mine.action_request()
        self.assertEqual(booking.state, "confirmed")

    def test_charter_and_circle(self):
        """No charter, no booking; no common circle, no booking."""
        self.circle.charter = "<p>A new text.</p>"
        booking = self._booking(self.van, "2026-01-12 09:00", "2026-01-12 12:00")
        with self.assertRaisesRegex(RuleBroken, "has not accepted the charter of"):
            booking.with_user(self.borrower).action_request()
        self.phare.ess_membership_ids.with_user(self.borrower).action_accept_charter()
        booking.with_user(self.borrower).action_request()
        self.assertEqual(booking.state, "confirmed")
        membership = self.semeurs.ess_membership_ids
        with self.assertRaises(AccessError):
            membership.with_user(self.borrower).action_accept_charter()
        membership.unlink()
        with self.assertRaisesRegex(RuleBroken, "does not belong to"):
            self._booking(
                self.van, "2026-01-13 09:00", "2026-01-13 12:00", self.semeurs
            ).action_request()

    def test_nobody_answered(self):
        booking = self._booking(self.guarded, "2026-01-12 09:00", "2026-01-12 12:00")
        booking.action_request()
        with self.at("2026-01-12 08:00:00"):
            booking._expire(booking)
        self.assertEqual(booking.state, "refused")
        self.assertIn("Nobody answered", booking.reason)
        self.assertFalse(booking.occupancy_ids)


@tagged("post_install", "-at_install")
class TestQuota(EssCommon):
    def test_hours_per_organisation(self):
        """10 hours a month: 8 are used by one volunteer, 2 are left for the other."""
        self.policy.quota_hours = 10
        first = self._booking(self.van, "2026-01-12 09:00", "2026-01-12 17:00")
        first.action_request()
        second = self._booking(self.chairs, "2026-01-20 09:00", "2026-01-20 12:00")
        with self.assertRaisesRegex(
            RuleBroken, "8 h are booked, 2 h are left, this use takes 3 h"
        ):
            second.action_request()
        # another organisation has its own quota, the next month a new one
        self._booking(
            self.chairs, "2026-01-20 09:00", "2026-01-20 12:00", self.semeurs
        ).action_request()
        second.write(
            {"start": utc("2026-02-03 09:00"), "stop": utc("2026-02-03 12:00")}
        )
        second.action_request()
        self.assertEqual(second.state, "confirmed")

    def test_simultaneous(self):
        self.policy.quota_simultaneous = 1
        self._booking(self.van, "2026-01-12 09:00", "2026-01-12 17:00").action_request()
        with self.assertRaisesRegex(RuleBroken, "1 are allowed at once"):
            self._booking(
                self.chairs, "2026-01-12 16:00", "2026-01-12 18:00"
            ).action_request()
        self._booking(
            self.chairs, "2026-01-12 17:00", "2026-01-12 18:00"
        ).action_request()


@tagged("post_install", "-at_install")
class TestWaiting(EssCommon):
    WINDOW = ("2026-01-12 09:00", "2026-01-12 12:00")

    def _waiting(self, asset, entity, quantity=1, **vals):
        booking = self._booking(asset, *self.WINDOW, entity, quantity, **vals)
        booking.action_wait()
        return booking

    def test_served_in_order(self):
        """Les Semeurs asked first, so they get the van that Le Phare gives back."""
        taken = self._booking(self.van, *self.WINDOW)
        taken.action_request()
        first = self._waiting(self.van, self.semeurs)
        with self.at("2026-01-05 09:00:00"):
            second = self._waiting(self.van, self.phare)
        self.assertEqual(
            (first._waiting_position(), second._waiting_position()), (1, 2)
        )
        taken.action_cancel("Rain")
        self.assertEqual((first.state, second.state), ("confirmed", "waiting"))
        first.action_cancel("Snow")
        self.assertEqual(second.state, "confirmed")

    def test_the_first_who_fits(self):
        """12 chairs come back: who waits for 20 goes on, who wants 10 is served."""
        keep = self._booking(self.chairs, *self.WINDOW, quantity=18)
        gone = self._booking(self.chairs, *self.WINDOW, quantity=12)
        (keep | gone).action_request()
        large = self._waiting(self.chairs, self.semeurs, 20)
        small = self._waiting(self.chairs, self.semeurs, 10)
        gone.action_cancel("Rain")
        self.assertEqual((large.state, small.state), ("waiting", "confirmed"))

    def test_freed_room_serves_who_waits_for_the_hall(self):
        room = self._asset("Room")
        hall = self._asset("Hall")
        self.env["ess.asset.component"].create(
            {"parent_id": hall.id, "component_id": room.id}
        )
        taken = self._booking(room, *self.WINDOW)
        taken.action_request()
        waiting = self._waiting(hall, self.semeurs)
        self.assertEqual(waiting.state, "waiting")
        taken.action_cancel("Rain")
        self.assertEqual(waiting.state, "confirmed")

    def test_served_at_once_when_it_is_free(self):
        self.assertEqual(self._waiting(self.van, self.phare).state, "confirmed")

    def test_waits_no_longer_than_its_start(self):
        self._booking(self.van, *self.WINDOW).action_request()
        waiting = self._waiting(self.van, self.semeurs)
        with self.at("2026-01-12 08:00:00"):
            waiting._expire(waiting)
        self.assertEqual(waiting.state, "refused")


@tagged("post_install", "-at_install")
class TestSeries(EssCommon):
    def test_weekly_over_the_change_of_hour(self):
        """Tuesdays at 18:00 in Paris, before and after 29 March; one is taken."""
        booking = self._booking(self.van, "2026-03-10 18:00", "2026-03-10 20:00")
        booking.action_request()
        self._booking(
            self.van, "2026-03-24 19:00", "2026-03-24 21:00", self.semeurs
        ).action_request()
        plan = booking._plan_series("weekly", count=5)
        self.assertEqual(
            [one["start"] for one in plan],
            [
                utc(f"{day} 18:00")
                for day in ("2026-03-17", "2026-03-24", "2026-03-31", "2026-04-07")
            ],
        )
        self.assertEqual(
            [bool(one["sentence"]) for one in plan], [False, True, False, False]
        )
        with self.assertRaisesRegex(UserError, "Nothing was booked"):
            booking._try("action_repeat", "weekly", 1, 5, None, False)
            with self.cr.savepoint():
                booking.action_repeat("weekly", count=5, skip=False)
        self.assertFalse(booking.series_id)
        result = booking.action_repeat("weekly", count=5)
        self.assertEqual((len(result["booked"]), len(result["refused"])), (3, 1))
        self.assertIn("Van is taken", result["refused"][0]["sentence"])
        self.assertEqual(len(booking.series_id.booking_ids), 4)
        self.assertEqual(
            set(booking.series_id.booking_ids.mapped("state")), {"confirmed"}
        )

    def test_wrong_series(self):
        booking = self._booking(self.van, "2026-03-10 18:00", "2026-03-10 20:00")
        booking.action_request()
        with self.assertRaisesRegex(ValidationError, "not one of the choices"):
            booking.action_repeat("daily", count=3)
        with self.assertRaisesRegex(ValidationError, "number of times"):
            booking.action_repeat("weekly", count=3000)
        third = self._volunteer(self.semeurs, "third")
        with self.assertRaises(AccessError):
            booking.with_user(third).action_repeat("weekly", count=3)
