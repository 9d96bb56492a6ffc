from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from .common import EssCommon, utc

MODULE = "ess_mutualisation"


@tagged("post_install", "-at_install")
class TestWizards(EssCommon):
    """Questions that the back office asks: each ends in an act of the model."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.facilitator = cls._internal(
            "wiz-facilitator", f"{MODULE}.group_facilitator"
        )
        cls.manager = cls._internal("wiz-manager", f"{MODULE}.group_manager")
        cls.accountant = cls._internal("wiz-accountant", f"{MODULE}.group_accountant")
        cls.asked = cls._asset("Sound desk", approval="federation")

    def _form(self, model, records, user=None):
        """The question as it opens from the chosen records."""
        wizard = self.env[model].with_user(user or self.facilitator)
        return Form(
            wizard.with_context(
                active_model=records._name,
                active_id=records[:1].id,
                active_ids=records.ids,
            )
        )

    def _confirmed(self, start, stop, asset=None, **vals):
        booking = self._booking(asset or self.van, start, stop, **vals)
        booking.action_request()
        return booking

    # === REFUSE, CANCEL === #

    def test_refuse_several_with_one_reason(self):
        bookings = self._confirmed(
            "2026-01-12 09:00", "2026-01-12 12:00", self.asked
        ) | self._confirmed("2026-01-13 09:00", "2026-01-13 12:00", self.asked)
        form = self._form("ess.booking.refuse", bookings)
        form.reason = "It is being repaired"
        form.save().action_apply()
        self.assertEqual(set(bookings.mapped("state")), {"refused"})
        self.assertEqual(set(bookings.mapped("reason")), {"It is being repaired"})

    def test_refuse_needs_a_reason(self):
        booking = self._confirmed("2026-01-12 09:00", "2026-01-12 12:00", self.asked)
        with self.assertRaises(AssertionError):
            self._form("ess.booking.refuse", booking).save()

    def test_cancel_several(self):
        """A draft needs no reason; as soon as one is promised, somebody wants one."""
        draft = self._booking(self.van, "2026-01-20 09:00", "2026-01-20 12:00")
        self.assertFalse(self._form("ess.booking.cancel", draft).is_promised)
        both = draft | self._confirmed("2026-01-12 09:00", "2026-01-12 12:00")
        form = self._form("ess.booking.cancel", both)
        self.assertTrue(form.is_promised)
        form.reason = "The market is off"
        form.save().action_apply()
        self.assertEqual(set(both.mapped("state")), {"cancelled"})
        self.assertFalse(both.occupancy_ids)

    # === MOVE === #

    def test_move(self):
        booking = self._confirmed("2026-01-12 09:00", "2026-01-12 12:00")
        form = self._form("ess.booking.reschedule", booking)
        self.assertEqual(form.start, utc("2026-01-12 09:00"))
        form.start, form.stop = utc("2026-01-13 09:00"), utc("2026-01-13 12:00")
        form.save().action_apply()
        self.assertEqual(booking.start, utc("2026-01-13 09:00"))
        self.assertEqual(booking.occupancy_ids.start, utc("2026-01-13 09:00"))

    def test_refused_move_offers_the_nearest(self):
        """Wanted from 14:00 to 17:00, taken until 16:00: 16:00 to 19:00 is nearest."""
        self._confirmed("2026-01-13 13:00", "2026-01-13 16:00")
        booking = self._confirmed("2026-01-12 09:00", "2026-01-12 12:00")
        form = self._form("ess.booking.reschedule", booking)
        form.start, form.stop = utc("2026-01-13 14:00"), utc("2026-01-13 17:00")
        wizard = form.save()
        action = wizard.action_apply()
        self.assertEqual(action["res_id"], wizard.id)
        self.assertIn("Van is taken", wizard.refusal)
        self.assertEqual(booking.start, utc("2026-01-12 09:00"))
        # nothing that was typed is lost
        self.assertEqual(wizard.start, utc("2026-01-13 14:00"))
        nearest = wizard.choice_ids[0]
        self.assertEqual(nearest.start, utc("2026-01-13 16:00"))
        self.assertEqual(nearest.stop, utc("2026-01-13 19:00"))
        nearest.action_take()
        self.assertEqual(booking.start, utc("2026-01-13 16:00"))
        self.assertEqual(booking.stop, utc("2026-01-13 19:00"))

    def test_move_over_a_rule(self):
        """At most 4 hours: the facilitator cannot, the manager says why it may."""
        self.policy.max_hours = 4
        booking = self._confirmed("2026-01-12 09:00", "2026-01-12 12:00")
        for user, reason, moved in (
            (self.facilitator, False, False),
            (self.manager, "It snows", True),
        ):
            form = self._form("ess.booking.reschedule", booking, user)
            form.stop = utc("2026-01-12 15:00")
            wizard = form.save()
            wizard.override_reason = reason
            wizard.action_apply()
            self.assertEqual(booking.stop == utc("2026-01-12 15:00"), moved)
            self.assertEqual(bool(wizard.refusal), not moved)
        self.assertEqual(booking.override_reason, "It snows")

    # === OVERRIDE === #

    def test_ask_with_an_override(self):
        self.policy.max_hours = 4
        booking = self._booking(self.van, "2026-01-12 09:00", "2026-01-12 15:00")
        form = self._form("ess.booking.override", booking, self.manager)
        self.assertIn("the longest use is 4 h", form.rules)
        form.reason = "It snows"
        form.save().action_apply()
        self.assertEqual(booking.state, "confirmed")
        self.assertEqual(booking.override_reason, "It snows")

    def test_only_a_manager_overrides(self):
        booking = self._booking(self.van, "2026-01-12 09:00", "2026-01-12 15:00")
        with self.assertRaises(AccessError):
            self._form("ess.booking.override", booking, self.facilitator)

    # === REPEAT === #

    def test_repeat_shows_what_can_be_had(self):
        """Four Mondays; the third is taken by somebody else."""
        self._confirmed("2026-01-26 10:00", "2026-01-26 11:00", entity=self.semeurs)
        booking = self._confirmed("2026-01-12 09:00", "2026-01-12 12:00")
        form = self._form("ess.booking.repeat", booking)
        self.assertEqual(form.message, "2 of 3 further dates can be had.")
        wizard = form.save()
        self.assertEqual(
            wizard.date_ids.mapped("start"),
            [utc(f"{day} 09:00") for day in ("2026-01-19", "2026-01-26", "2026-02-02")],
        )
        self.assertEqual(
            [bool(date.sentence) for date in wizard.date_ids], [False, True, False]
        )
        self.assertIn("Van is taken", wizard.date_ids[1].sentence)
        self.assertTrue(wizard.is_partial)
        action = wizard.action_book_free()
        booked = self.env["ess.booking"].search(action["domain"], order="start")
        self.assertEqual(
            booked.mapped("start"),
            [utc(f"{day} 09:00") for day in ("2026-01-12", "2026-01-19", "2026-02-02")],
        )
        self.assertEqual(set(booked.mapped("state")), {"confirmed"})

    def test_repeat_all_or_nothing(self):
        self._confirmed("2026-01-26 10:00", "2026-01-26 11:00", entity=self.semeurs)
        booking = self._confirmed("2026-01-12 09:00", "2026-01-12 12:00")
        wizard = self._form("ess.booking.repeat", booking).save()
        with self.assertRaisesRegex(UserError, "Nothing was booked"):
            with self.env.cr.savepoint():
                wizard.action_book_all()
        self.assertFalse(booking.series_id.booking_ids - booking)

    def test_repeat_until_a_day(self):
        booking = self._confirmed("2026-01-12 09:00", "2026-01-12 12:00")
        form = self._form("ess.booking.repeat", booking)
        form.frequency = "monthly"
        form.end = "until"
        form.until = "2026-04-30"
        self.assertEqual(form.message, "3 of 3 further dates can be had.")
        wizard = form.save()
        self.assertFalse(wizard.is_partial)
        wizard.action_book_all()
        self.assertEqual(len(booking.series_id.booking_ids), 4)

    def test_repeat_says_what_is_missing(self):
        booking = self._confirmed("2026-01-12 09:00", "2026-01-12 12:00")
        form = self._form("ess.booking.repeat", booking)
        form.count = 1
        self.assertIn("no further date", form.message)
        self.assertFalse(form.is_possible)

    # === CORRECT AN EXCHANGE === #

    def test_counter_exchange(self):
        booking = self._confirmed("2026-01-05 09:00", "2026-01-06 09:00")
        booking.action_hand_over()
        booking.action_return()
        exchange = booking.exchange_ids
        form = self._form("ess.exchange.counter", exchange, self.accountant)
        form.reason = "The van did not start"
        action = form.save().action_apply()
        both = self.env["ess.exchange"].search(action["domain"])
        self.assertEqual(len(both), 2)
        self.assertEqual(sum(both.mapped("amount")), 0)
        self.assertEqual(exchange.counter_ids.reason, "The van did not start")
        with self.assertRaises(AccessError):
            self._form("ess.exchange.counter", exchange, self.facilitator)

    # === CLOSE === #

    def test_close_several_assets(self):
        assets = self.van | self.chairs
        form = self._form("ess.asset.close", assets)
        form.start, form.stop = utc("2026-02-02 00:00"), utc("2026-02-09 00:00")
        form.note = "Inventory"
        self.assertFalse(form.booking_ids)
        form.save().action_apply()
        closures = self.env["ess.occupancy"].search([("note", "=", "Inventory")])
        self.assertEqual(
            {(c.asset_id, c.quantity) for c in closures},
            {(self.van, 1), (self.chairs, 30)},
        )

    def test_close_shows_what_is_in_the_way(self):
        """A booking of one asset: nothing is closed, and one sees which booking."""
        booking = self._confirmed("2026-02-03 09:00", "2026-02-03 12:00")
        form = self._form("ess.asset.close", self.van | self.chairs)
        form.start, form.stop = utc("2026-02-02 00:00"), utc("2026-02-09 00:00")
        form.note = "Inventory"
        self.assertEqual(form.booking_ids.ids, booking.ids)
        wizard = form.save()
        with self.assertRaisesRegex(UserError, "Van is taken"):
            with self.env.cr.savepoint():
                wizard.action_apply()
        self.assertFalse(self.env["ess.occupancy"].search([("note", "=", "Inventory")]))
