from odoo import fields
from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from ..models.booking_rules import RuleBroken
from ..models.occupancy import NotFree
from .common import EssCommon, utc
from .common_loan_late import LateData

TODAY = ("2026-01-05 09:00", "2026-01-05 18:00")


@tagged("post_install", "-at_install")
class TestLoanLate(LateData, EssCommon):
    """The van should be back on Monday at 18:00 (17:00 UTC), and is not."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.contact = cls._volunteer(cls.phare, "pha", email="pha@example.org")
        cls.next_user = cls._volunteer(cls.semeurs, "sem", email="sem@example.org")
        cls.lender = cls._volunteer(cls.fabrique, "fab", email="fab@example.org")
        cls.facilitator = cls._internal("fac", "ess_mutualisation.group_facilitator")
        cls.loan = cls._out(cls.van, *TODAY)
        cls.booking = cls.loan.booking_ids

    def _run(self, name="late"):
        with self.enter_registry_test_mode():
            cron = self.env.ref(f"ess_mutualisation.ir_cron_loan_{name}")
            cron.method_direct_trigger()
        self.env.invalidate_all()

    def _taken(self, booking=None):
        rows = (booking or self.booking).occupancy_ids
        return sorted((row.start, row.stop, row.quantity) for row in rows)

    def _disruptions(self):
        return self.env["ess.loan.disruption"].search([])

    # === STRETCHING === #

    def test_in_time_nothing_happens(self):
        with self.at("2026-01-05 16:59:00"):
            self._run()
        self.assertFalse(self.booking.stretched_until)
        self.assertFalse(self.loan.late_told_on)
        self.assertFalse(self._mails("Late:"))

    def test_an_hour_more_at_each_run(self):
        for now, until in (
            ("2026-01-05 17:05:00", "2026-01-05 20:00"),
            ("2026-01-05 18:00:00", "2026-01-05 20:00"),
            ("2026-01-05 18:01:00", "2026-01-05 21:00"),
        ):
            with self.at(now):
                self._run()
            self.assertEqual(self._taken(), [(utc(TODAY[0]), utc(until), 1)], now)
        self.assertEqual(self.booking.stop, utc(TODAY[1]), "what was agreed stays")

    def test_the_price_stays_what_was_agreed(self):
        with self.at("2026-01-06 17:05:00"):
            self._run()
            self._back(self.loan)
        self.assertEqual(self.booking.amount, 40)
        self.assertEqual(self.booking.exchange_ids.mapped("amount"), [40])

    def test_nobody_gets_the_time_of_what_is_not_there(self):
        with self.at("2026-01-05 17:05:00"):
            self._run()
            evening = self._booking(
                self.van, "2026-01-05 19:00", "2026-01-05 22:00", self.semeurs
            )
            with self.assertRaisesRegex(NotFree, "Van is taken"):
                evening.action_request()

    def test_never_over_the_next_promise(self):
        following = self._promised(self.van, "2026-01-05 19:00", "2026-01-05 23:00")
        with self.at("2026-01-05 17:05:00"):
            self._run()
        self.assertEqual(self._taken(), [(utc(TODAY[0]), utc("2026-01-05 19:00"), 1)])
        self.assertEqual(
            self._taken(following),
            [(utc("2026-01-05 19:00"), utc("2026-01-05 23:00"), 1)],
        )

    def test_buffers_are_kept_between_the_two(self):
        self.policy.write({"buffer_after_minutes": 30, "buffer_before_minutes": 15})
        loan = self._out(
            self._asset("Truck"), "2026-01-05 09:00", "2026-01-05 12:00", self.semeurs
        )
        truck = loan.booking_ids.asset_id
        self._promised(truck, "2026-01-05 14:00", "2026-01-05 16:00", self.phare)
        with self.at("2026-01-05 11:05:00"):
            self._run()
        rows = self._taken(loan.booking_ids)
        self.assertEqual(rows, [(utc("2026-01-05 08:45"), utc("2026-01-05 13:45"), 1)])
        self.assertEqual(loan.booking_ids.stretched_until, utc("2026-01-05 13:15"))

    def test_chairs_stretch_beside_what_fits(self):
        """20 of 30 are late: 10 for somebody else are no obstacle."""
        loan = self._out(self.chairs, *TODAY, quantity=20)
        ten = self._promised(
            self.chairs, "2026-01-05 19:00", "2026-01-05 23:00", quantity=10
        )
        with self.at("2026-01-05 17:05:00"):
            self._run()
        self.assertFalse(ten.disruption_ids)
        self.assertEqual(
            self._taken(loan.booking_ids),
            [(utc(TODAY[0]), utc("2026-01-05 20:00"), 20)],
        )

    def test_who_asked_last_gives_way(self):
        """20 late, 8 and 12 promised for the evening: only the 12 do not fit."""
        self._out(self.chairs, *TODAY, quantity=20)
        evening = ("2026-01-05 19:00", "2026-01-05 23:00")
        with self.at("2026-01-05 08:01:00"):
            eight = self._promised(self.chairs, *evening, quantity=8)
        with self.at("2026-01-05 08:02:00"):
            twelve = self._promised(self.chairs, *evening, quantity=12)
        with self.at("2026-01-05 17:05:00"):
            self._run()
        self.assertEqual(self._disruptions().booking_id, twelve)
        self.assertFalse(eight.disruption_ids)

    def test_components_of_a_composite_stretch_with_it(self):
        stage = self._asset("Stage")
        show = self._asset(
            "Show",
            component_ids=[
                fields.Command.create({"component_id": stage.id, "quantity": 1})
            ],
        )
        loan = self._out(show, *TODAY)
        with self.at("2026-01-05 17:05:00"):
            self._run()
        self.assertEqual(
            {(r.asset_id.name, r.stop) for r in loan.booking_ids.occupancy_ids},
            {("Show", utc("2026-01-05 20:00")), ("Stage", utc("2026-01-05 20:00"))},
        )

    def test_back_late_it_was_taken_until_then(self):
        with self.at("2026-01-05 18:05:00"):
            self._run()
        with self.at("2026-01-05 18:30:00"):
            self._back(self.loan)
        self.assertEqual(self._taken(), [(utc(TODAY[0]), utc("2026-01-05 19:30"), 1)])

    def test_staff_time_is_never_late(self):
        self.loan.kind = "staff"
        with self.at("2026-01-06 17:05:00"):
            self._run()
        self.assertFalse(self.loan.late_told_on)

    # === WORDS === #

    def test_both_sides_are_told_once(self):
        for minute in (5, 6):
            with self.at(f"2026-01-05 17:{minute:02d}:00"):
                self._run()
        mails = self._mails("Late: please bring back")
        self.assertEqual(mails.recipient_ids, self.contact.partner_id)
        lender = self._mails("Not back yet")
        self.assertEqual(lender.recipient_ids, self.lender.partner_id)
        self.assertEqual((len(mails), len(lender)), (1, 1))

    def test_reminders_by_the_rhythm_of_the_policy(self):
        self.policy.overdue_reminder_days = "2, 1,7"
        sent = []
        for day in range(5, 15):
            with self.at(f"2026-01-{day:02d} 17:30:00"):
                self._run()
            sent.append(len(self._mails("Reminder: please bring back")))
        # days after the end:  0  1  2  3  4  5  6  7  8  9
        self.assertEqual(sent, [0, 1, 2, 2, 2, 2, 2, 3, 3, 3])

    def test_a_long_sleep_makes_one_reminder(self):
        with self.at("2026-01-05 17:30:00"):
            self._run()
        with self.at("2026-01-20 17:30:00"):
            self._run()
            self._run()
        self.assertEqual(len(self._mails("Reminder: please bring back")), 1)
        self.assertEqual(self.loan.late_reminders, 4)

    def test_no_rhythm_no_reminder(self):
        self.policy.overdue_reminder_days = False
        for day in ("05", "08"):
            with self.at(f"2026-01-{day} 17:30:00"):
                self._run()
        self.assertFalse(self._mails("Reminder: please bring back"))

    def test_a_rhythm_is_whole_days(self):
        for typed in ("1,x", "0", "1.5", "-1", "9999", "²"):
            with (
                self.assertRaisesRegex(ValidationError, "whole days from 1 to 365"),
                self.cr.savepoint(),
            ):
                self.policy.overdue_reminder_days = typed
        self.policy.overdue_reminder_days = "3; 1,"
        self.assertEqual(self.policy._overdue_days(), [1, 3])

    def test_more_time_then_late_again_is_said_again(self):
        with self.at("2026-01-06 17:30:00"):
            self._run()
            self.loan._amend(utc("2026-01-07 18:00"))
        with self.at("2026-01-07 16:30:00"):
            self._run()
        self.assertEqual(len(self._mails("Late: please bring back")), 1)
        with self.at("2026-01-07 17:30:00"):
            self._run()
        self.assertEqual(len(self._mails("Late: please bring back")), 2)
        self.assertEqual(self.loan.late_reminders, 0)

    def test_due_soon_is_said_once_per_end(self):
        loan = self._out(self.chairs, "2026-01-05 09:00", "2026-01-08 18:00")
        for now, mails in (
            ("2026-01-07 16:59:00", 0),
            ("2026-01-07 17:00:00", 1),
            ("2026-01-07 18:00:00", 1),
        ):
            with self.at(now):
                self._run("due")
            self.assertEqual(len(self._mails("To bring back")), mails, now)
        with self.at("2026-01-07 18:00:00"):
            loan._amend(utc("2026-01-09 18:00"))
        with self.at("2026-01-08 17:00:00"):
            self._run("due")
        self.assertEqual(len(self._mails("To bring back")), 2)

    def test_a_loan_of_a_day_is_not_reminded_before_its_start(self):
        self._run("due")
        self.assertFalse(self._mails("To bring back"))

    def test_somebody_of_the_federation_calls(self):
        with self.at("2026-01-05 17:30:00"):
            self._run()
            self._run()
        activity = self.loan.activity_ids
        self.assertEqual(activity.user_id, self.facilitator)
        self.assertEqual(
            activity.summary, f"{self.loan.name} is not back: call the borrower"
        )
        with self.at("2026-01-05 18:30:00"):
            self._back(self.loan)
        self.assertFalse(self.loan.activity_ids)

    def test_who_calls_reads_it_in_their_language(self):
        """The nightly job has no language: that of who is to call counts."""
        self.env["res.lang"]._activate_lang("fr_FR")
        self.facilitator.lang = "fr_FR"
        with self.at("2026-01-05 17:30:00"):
            self._run()
        self.assertIn("rendu", self.loan.activity_ids.summary)

    # === THE NEXT HOLDER === #

    def _late_with_next(self, start="2026-01-05 20:00", stop="2026-01-05 23:00"):
        booking = self._promised(self.van, start, stop)
        with self.at("2026-01-05 17:05:00"):
            self._run()
        return booking, booking.disruption_ids

    def test_the_next_holder_is_warned_while_there_is_time(self):
        booking, disruption = self._late_with_next(
            "2026-01-06 09:00", "2026-01-06 18:00"
        )
        self.assertEqual((disruption.state, disruption.cause), ("open", "late"))
        self.assertEqual(disruption.loan_id, self.loan)
        self.assertEqual(booking.state, "confirmed", "the promise stands")
        mail = self._mails("Van may not be there")
        self.assertEqual(mail.recipient_ids, self.next_user.partner_id)
        self.assertNotIn("Phare", mail.body_html, "no names of others")

    def test_not_who_comes_in_three_days(self):
        _booking, disruption = self._late_with_next(
            "2026-01-08 09:00", "2026-01-08 18:00"
        )
        self.assertFalse(disruption)

    def test_it_comes_back_in_time(self):
        booking, disruption = self._late_with_next()
        with self.at("2026-01-05 18:30:00"):
            self._back(self.loan)
        self.assertEqual(disruption.state, "over")
        self.assertEqual(booking.start, utc("2026-01-05 20:00"))
        self.assertEqual(len(self._mails("Van is back: your booking holds")), 1)

    def test_waiting_moves_the_start_as_far_as_needed(self):
        booking, disruption = self._late_with_next()
        with self.at("2026-01-05 17:10:00"):
            disruption.with_user(self.next_user).action_wait()
        self.assertEqual(disruption.state, "wait")
        # expected at 20:00 at the earliest: nothing to move yet
        self.assertEqual(booking.start, utc("2026-01-05 20:00"))
        with self.at("2026-01-05 19:05:00"):
            self._run()
        self.assertEqual(booking.start, utc("2026-01-05 22:00"))
        self.assertEqual(self._taken(), [(utc(TODAY[0]), utc("2026-01-05 22:00"), 1)])
        self.assertEqual(booking.stop, utc("2026-01-05 23:00"))
        # back at 20:30: the promise starts at the next full hour, not at 22:00
        with self.at("2026-01-05 19:30:00"):
            self._back(self.loan)
        self.assertEqual(booking.start, utc("2026-01-05 21:00"))
        self.assertEqual(disruption.state, "over")
        self.assertEqual(booking.state, "confirmed")

    def test_nothing_left_to_wait_for(self):
        booking, disruption = self._late_with_next()
        disruption.with_user(self.next_user).action_wait()
        with self.at("2026-01-05 21:05:00"):
            self._run()
        self.assertEqual(disruption.state, "open", "it has to choose again")
        self.assertEqual(len(self._mails("Van may not be there")), 2)
        self.assertEqual(booking.stop, utc("2026-01-05 23:00"))
        with self.at("2026-01-05 21:10:00"):
            with self.assertRaisesRegex(
                UserError, "not expected before Tue 6 Jan 2026 00:00"
            ):
                disruption.with_user(self.next_user).action_wait()
            disruption.with_user(self.next_user).action_cancel()
            self._run()
        self.assertEqual(booking.state, "cancelled")
        # its time is taken by what is not there
        self.assertEqual(self._taken(), [(utc(TODAY[0]), utc("2026-01-06 00:00"), 1)])

    def test_another_van_for_the_evening(self):
        truck = self._asset("Truck", owner=self.phare)
        booking, disruption = self._late_with_next()
        other = disruption.with_user(self.next_user).action_other(truck.id)
        self.assertEqual((other.asset_id, other.state), (truck, "confirmed"))
        self.assertEqual(booking.state, "cancelled")
        with self.at("2026-01-05 18:05:00"):
            self._run()
        self.assertEqual(self._taken(), [(utc(TODAY[0]), utc("2026-01-05 21:00"), 1)])

    def test_moved_away_it_is_no_longer_disrupted(self):
        booking, disruption = self._late_with_next()
        booking.action_reschedule(utc("2026-01-15 20:00"), utc("2026-01-15 23:00"))
        with self.at("2026-01-05 18:05:00"):
            self._run()
        self.assertEqual(disruption.state, "over")

    def test_who_does_not_choose_is_called(self):
        booking, disruption = self._late_with_next(
            "2026-01-06 09:00", "2026-01-06 18:00"
        )
        for now, calls in (
            ("2026-01-06 04:00:00", 0),
            ("2026-01-06 05:00:00", 1),
            ("2026-01-06 06:00:00", 1),
        ):
            with self.at(now):
                self._run()
            self.assertEqual(len(disruption.activity_ids), calls, now)
        self.assertEqual(
            disruption.activity_ids.summary,
            f"{booking.name}: Van is not there, and nobody has chosen: call "
            "Labo Les Semeurs",
        )
        self.assertEqual(disruption.activity_ids.user_id, self.facilitator)
        with self.at("2026-01-06 06:30:00"):
            self._back(self.loan)
        self.assertFalse(disruption.activity_ids)

    def test_moved_by_its_holder_it_stays_where_it_is(self):
        booking, disruption = self._late_with_next()
        with self.at("2026-01-05 17:10:00"):
            disruption.with_user(self.next_user).action_wait()
        with self.at("2026-01-05 19:05:00"):
            self._run()
            self.assertEqual(disruption.start_before, utc("2026-01-05 20:00"))
            booking.action_reschedule(utc("2026-01-08 09:00"), utc("2026-01-08 12:00"))
            self._back(self.loan)
        self.assertEqual(booking.start, utc("2026-01-08 09:00"))

    def test_who_has_it_is_not_warned_of_itself(self):
        booking = self._promised(
            self.van, "2026-01-05 20:00", "2026-01-05 23:00", self.phare
        )
        with self.at("2026-01-05 17:05:00"):
            self._run()
        self.assertFalse(booking.disruption_ids)

    def test_told_of_the_new_start_when_it_waits(self):
        booking, disruption = self._late_with_next("2026-01-05 19:00")
        with self.at("2026-01-05 17:10:00"):
            disruption.with_user(self.next_user).action_wait()
        self.assertEqual(booking.start, utc("2026-01-05 20:00"))
        self.assertEqual(booking.ics_sequence, 1)
        self.assertEqual(
            self._mails("Changed: Van").recipient_ids,
            (self.next_user | self.lender).partner_id,
        )

    def test_one_of_two_things_is_back(self):
        """The truck of the same loan comes back, the chairs do not."""
        truck = self._asset("Truck", price=10.0)
        bookings = self._booking(truck, *TODAY) | self._booking(self.chairs, *TODAY)
        bookings._promise()
        bookings.sudo()._hand_over_use()
        self.assertEqual(len(bookings.loan_id), 1)
        following = self._promised(truck, "2026-01-05 20:00", "2026-01-05 23:00")
        with self.at("2026-01-05 17:05:00"):
            self._run()
            disruption = following.disruption_ids
            disruption.with_user(self.next_user).action_wait()
        with self.at("2026-01-05 17:50:00"):
            bookings[0].sudo()._close(fields.Datetime.now())
            self.assertEqual(bookings.loan_id.state, "ongoing")
            self.assertEqual(disruption.state, "wait")
            self._run()
        self.assertEqual(disruption.state, "over")
        self.assertEqual(len(self._mails("Truck is back: your booking holds")), 1)

    def test_more_time_for_the_late_one_ends_the_disruption(self):
        booking, disruption = self._late_with_next()
        with self.at("2026-01-05 17:30:00"):
            self.loan._amend(utc("2026-01-05 20:00"))
            self._run()
        self.assertEqual(disruption.state, "over")
        self.assertEqual(booking.state, "confirmed")

    # === BLOCKING === #

    def _ask(self, asset, entity, user=None):
        booking = self._booking(asset, "2026-01-12 09:00", "2026-01-12 18:00", entity)
        booking.with_user(user or self.env.user).action_request()
        return booking

    def test_what_is_late_blocks_new_bookings(self):
        self.policy.overdue_blocks = True
        with self.at("2026-01-05 17:30:00"):
            with self.assertRaisesRegex(
                RuleBroken,
                rf"Van \({self.loan.name}\) should have been back on Mon 5 Jan 2026 "
                "18:00: bring it back",
            ) as refused:
                self._ask(self.chairs, self.phare)
            self.assertEqual([r.code for r in refused.exception.reasons], ["overdue"])
            self.assertEqual(self._ask(self.chairs, self.semeurs).state, "confirmed")
        with self.at("2026-01-05 18:30:00"):
            self._back(self.loan)
            self.assertEqual(self._ask(self.chairs, self.phare).state, "confirmed")

    def test_only_where_the_policy_says_so(self):
        with self.at("2026-01-05 17:30:00"):
            self.assertEqual(self._ask(self.chairs, self.phare).state, "confirmed")

    def test_ones_own_things_are_never_blocked(self):
        self.policy.overdue_blocks = True
        own = self._asset("Hoe", owner=self.phare)
        with self.at("2026-01-05 17:30:00"):
            self.assertEqual(self._ask(own, self.phare).state, "confirmed")

    def test_a_manager_overrides_with_a_reason(self):
        self.policy.overdue_blocks = True
        manager = self._internal("man", "ess_mutualisation.group_manager")
        with self.at("2026-01-05 17:30:00"):
            booking = self._booking(self.chairs, "2026-01-12 09:00", "2026-01-12 18:00")
            with self.assertRaises(UserError), self.cr.savepoint():
                booking.with_user(self.facilitator).action_request("They called")
            booking.with_user(manager).action_request("They called")
        self.assertEqual(booking.state, "confirmed")
        self.assertEqual(booking.override_reason, "They called")

    def test_more_time_for_what_is_late_is_not_blocked_by_itself(self):
        self.policy.overdue_blocks = True
        with self.at("2026-01-05 17:30:00"):
            asked = self.loan.with_user(self.contact).action_ask_extension(
                utc("2026-01-05 22:00")
            )
            asked.with_user(self.lender).action_agree()
        self.assertEqual(self.booking.stop, utc("2026-01-05 22:00"))

    # === WHO === #

    def test_nobody_marks_a_loan_as_told_by_hand(self):
        for user in (self.contact, self.lender, self.next_user):
            with self.assertRaises(UserError):
                self.loan.with_user(user).write({"late_reminders": 9})
