"""Loans: made by bookings, and in line with them whatever happens to those."""

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common_loan import WINDOW, LoanCommon, utc


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

    def test_no_agreement_asked_no_loan(self):
        self.policy.loan_kind = "none"
        booking = self._booking(self.van, *WINDOW)
        booking.action_request()
        self.assertFalse(booking.loan_id)
        self.assertEqual(booking.loan_kind, "none")

    def test_nobody_lends_to_itself(self):
        booking = self._booking(self.van, *WINDOW, entity=self.fabrique)
        booking.action_request()
        self.assertEqual(booking.state, "confirmed")
        self.assertFalse(booking.loan_id)

    def test_one_basket_one_loan_per_lender(self):
        """Van and chairs of La Fabrique, a tent of Les Semeurs: two loans, one act."""
        tent = self._asset("Tent", owner=self.semeurs)
        bookings = self.env["ess.booking"].union(
            *(self._booking(one, *WINDOW) for one in (self.van, self.chairs, tent))
        )
        bookings.action_request()
        loans = bookings.loan_id
        self.assertEqual(len(loans), 2)
        by_lender = {loan.lender_id: loan.booking_ids.asset_id for loan in loans}
        self.assertEqual(by_lender[self.fabrique], self.van | self.chairs)
        self.assertEqual(by_lender[self.semeurs], tent)

    def test_kinds_do_not_share_a_loan(self):
        """A free stage and a hired van: two texts, two loans."""
        bookings = self._booking(self.van, *WINDOW) | self._booking(self.stage, *WINDOW)
        bookings.action_request()
        self.assertEqual(sorted(bookings.loan_id.mapped("kind")), ["commodat", "hire"])

    def test_a_later_booking_joins_what_nobody_signed(self):
        loan = self._loan(self.van)
        self.assertEqual(self._loan(self.chairs, quantity=20), loan)
        self._sign(loan, self.bob)
        extra = self._asset("Ladder")
        other = self._loan(extra)
        self.assertNotEqual(other, loan, "a signed agreement gets no new items")
        self.assertEqual(loan.booking_ids.asset_id, self.van | self.chairs)

    def test_another_period_another_loan(self):
        loan = self._loan(self.van)
        later = self._loan(self.chairs, window=("2026-01-12 09:00", "2026-01-15 09:00"))
        self.assertNotEqual(later, loan)

    def test_what_is_asked_waits_for_its_answer(self):
        self.van.approval = "owner"
        loan = self._loan(self.van, self.chairs)
        self.assertEqual(loan.state, "draft")
        with self.assertRaisesRegex(UserError, "has not been answered yet"):
            loan.with_user(self.anais).action_ask_signatures()
        asked = loan.booking_ids.filtered(lambda b: b.state == "requested")
        asked.with_user(self.bob).action_approve()
        self.assertEqual(loan.state, "to_sign")

    def test_what_was_waited_for_makes_its_loan(self):
        first = self._booking(self.van, *WINDOW, entity=self.semeurs)
        first.action_request()
        waiting = self._booking(self.van, *WINDOW)
        waiting.action_wait()
        self.assertFalse(waiting.loan_id)
        first.action_cancel("Rain")
        self.assertEqual(waiting.state, "confirmed")
        self.assertEqual(waiting.loan_id.state, "to_sign")
        self.assertEqual(first.loan_id.state, "cancelled")

    def test_imported_promises_have_loans_past_ones_do_not(self):
        bookings = self.env["ess.booking"].with_context(import_file=True)
        vals = {"asset_id": self.van.id, "entity_id": self.phare.id}
        past, future = bookings.create(
            [
                {
                    **vals,
                    "state": "confirmed",
                    "start": utc(f"2026-01-{day} 09:00"),
                    "stop": utc(f"2026-01-{day} 12:00"),
                }
                for day in ("02", "12")
            ]
        )
        self.assertFalse(past.loan_id)
        self.assertEqual(future.loan_id.state, "to_sign")

    # === THE LOAN FOLLOWS === #

    def test_items_given_up_leave_and_the_last_one_cancels(self):
        loan = self._loan(self.van, self.chairs)
        van, chairs = loan.booking_ids.sorted("id")
        van.action_cancel("Too big")
        self.assertEqual(loan.state, "to_sign")
        self.assertEqual(loan._items(), chairs)
        chairs.action_cancel("Too many")
        self.assertEqual(loan.state, "cancelled")
        self.assertEqual(loan.reason, "Too many")

    def test_a_refusal_cancels(self):
        self.van.approval = "owner"
        loan = self._loan(self.van)
        loan.booking_ids.with_user(self.bob).action_refuse("In repair")
        self.assertEqual(loan.state, "cancelled")
        self.assertEqual(loan.reason, "In repair")

    def test_revived_is_another_loan(self):
        loan = self._loan(self.van)
        booking = loan.booking_ids
        booking.action_cancel("Rain")
        booking.action_revive()
        self.assertFalse(booking.loan_id)
        booking.action_request()
        self.assertNotEqual(booking.loan_id, loan)
        self.assertEqual(booking.loan_id.state, "to_sign")

    def test_another_asset_is_another_lender(self):
        tent = self._asset("Tent", owner=self.semeurs)
        loan = self._loan(self.van)
        booking = loan.booking_ids
        booking.write({"asset_id": tent.id})
        self.assertEqual(booking.loan_id.lender_id, self.semeurs)
        self.assertEqual(loan.state, "cancelled")

    def test_the_dates_follow(self):
        loan = self._loan(self.van)
        loan.booking_ids.with_user(self.anais).action_reschedule(
            None, utc("2026-01-15 09:00")
        )
        self.assertEqual(loan.stop, utc("2026-01-15 09:00"))

    def test_cancelled_as_a_whole(self):
        loan = self._loan(self.van, self.chairs)
        with self.assertRaisesRegex(UserError, "Reason: say why"):
            loan.with_user(self.anais).action_cancel()
        loan.with_user(self.anais).action_cancel("The market is off.")
        self.assertEqual(loan.state, "cancelled")
        self.assertEqual(set(loan.booking_ids.mapped("state")), {"cancelled"})
        self.assertEqual(loan.reason, "The market is off.")

    def test_out_then_back(self):
        loan = self._sign(self._loan(self.van, self.chairs))
        van, chairs = loan.booking_ids.sorted("id")
        with self.at("2026-01-12 08:00:00"):
            (van | chairs)._hand_over_use()
            self.assertEqual(loan.state, "ongoing")
        with self.at("2026-01-14 08:00:00"):
            van._close(utc("2026-01-14 09:00"))
            self.assertEqual(loan.state, "ongoing", "the chairs are out still")
            chairs._close(utc("2026-01-14 09:00"))
        self.assertEqual(loan.state, "done")
        self.assertEqual(sum(loan.booking_ids.exchange_ids.mapped("amount")), 81)

    # === HAND-OVER GOES THROUGH THE LOAN === #

    def test_the_booking_sends_to_its_loan(self):
        loan = self._sign(self._loan(self.van))
        booking = loan.booking_ids
        facilitator = self._internal("faye", "ess_mutualisation.group_facilitator")
        with self.at("2026-01-12 08:00:00"):
            for user in (self.anais, self.bob, facilitator):
                with self.assertRaisesRegex(UserError, f"item of the loan {loan.name}"):
                    booking.with_user(user).action_hand_over()
            with self.assertRaises(AccessError):
                booking.with_user(self.third).action_hand_over()
            self.assertNotIn(
                "hand_over", booking.with_user(self.anais)._portal_buttons()
            )
            booking._hand_over_use()
        with self.at("2026-01-14 08:00:00"):
            with self.assertRaisesRegex(UserError, "record its return there"):
                booking.with_user(self.bob).action_return()
            with self.assertRaisesRegex(UserError, "record its return there"):
                booking.with_user(facilitator).action_done()

    def test_what_is_out_does_not_move(self):
        """By the form, by RPC, by the wizard: only an extension changes the time."""
        loan = self._sign(self._loan(self.chairs, quantity=20))
        booking = loan.booking_ids
        facilitator = self._internal("faye", "ess_mutualisation.group_facilitator")
        with self.at("2026-01-12 08:00:00"):
            booking._hand_over_use()
            as_facilitator = booking.with_user(facilitator)
            for vals in (
                {"stop": utc("2026-01-16 09:00")},
                {"quantity": 25},
                {"asset_id": self.van.id},
                {"entity_id": self.semeurs.id},
            ):
                with self.assertRaisesRegex(UserError, "is out under the loan"):
                    as_facilitator.write(vals)
            with self.assertRaisesRegex(UserError, "is out under the loan"):
                as_facilitator.action_reschedule(None, utc("2026-01-16 09:00"))
            forged = as_facilitator.with_context(ess_amending=True)
            with self.assertRaisesRegex(UserError, "is out under the loan"):
                forged.write({"quantity": 25})
            as_facilitator.write({"purpose": "Market", "quantity": 20})
        self.assertEqual(booking.purpose, "Market")

    # === READY === #

    def test_what_is_missing_before_it_leaves(self):
        loan = self._loan(self.van)
        self.assertEqual(
            loan._ready_reasons(),
            [
                "Radio La Fabrique, the lender, has not signed the agreement.",
                "Jardin Le Phare, the borrower, has not signed the agreement.",
            ],
        )
        with self.assertRaisesRegex(UserError, "cannot leave yet"):
            loan._check_ready()
        self._sign(loan)
        self.assertEqual(loan._ready_reasons(), [])
        loan._check_ready()

    def test_a_manager_lets_it_leave(self):
        loan = self._loan(self.van)
        manager = self._internal("mona", "ess_mutualisation.group_manager")
        facilitator = self._internal("faye", "ess_mutualisation.group_facilitator")
        for user in (facilitator, self.bob, self.anais):
            with self.assertRaises(AccessError):
                loan.with_user(user).action_override("It is a neighbour")
        with self.assertRaisesRegex(UserError, "Reason: say why"):
            loan.with_user(manager).action_override(" ")
        loan.with_user(manager).action_override("It is a neighbour")
        loan._check_ready()
        self.assertIn("It is a neighbour", loan.message_ids[0].body)
        self.assertIn("has not signed", loan.message_ids[0].body)

    # === GUARDS === #

    def test_nothing_of_it_is_entered_by_hand(self):
        loan = self._loan(self.van)
        facilitator = self._internal("faye", "ess_mutualisation.group_facilitator")
        mine = loan.with_user(facilitator)
        for vals in (
            {"state": "signed"},
            {"state": "draft"},
            {"terms_hash": "0" * 64},
            {"document_hash": "0" * 64},
            {"override_reason": "No"},
            {"kind": "commodat"},
            {"lender_id": self.semeurs.id},
            {"stop": utc("2026-01-16 09:00")},
        ):
            with self.assertRaises(UserError, msg=str(vals)):
                mine.write(vals)
        mine.place = "Behind the church"
        for vals in ({}, {"kind": "commodat"}, {"state": "signed", "kind": "staff"}):
            parties = {"lender_id": self.fabrique.id, "entity_id": self.phare.id}
            with self.assertRaises(UserError, msg=str(vals)):
                mine.create({**parties, **vals})
        with self.assertRaisesRegex(UserError, "cancel it, so that it stays"):
            mine.unlink()
