"""What comes back before the rest: the occupancy says what is really still out."""

from datetime import datetime

from odoo.exceptions import ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from .common_loan import WINDOW, utc
from .test_loan_inspection import LAST, LATER, InspectionCommon


@tagged("post_install", "-at_install")
class TestLoanPartial(InspectionCommon):
    def test_partial_return_keeps_the_rest_out(self):
        loan = self._out(self.chairs, quantity=20)
        other = self._booking(
            self.chairs, "2026-01-13 12:00", "2026-01-13 15:00", self.semeurs, 22
        )
        other.action_wait()
        with self.at(LATER):
            self._record(loan, "return", self.anais, chairs={"quantity": 12})
        booking = loan.booking_ids
        self.assertEqual([loan.state, booking.state], ["ongoing", "ongoing"])
        self.assertEqual([booking.returned_quantity, booking._out_quantity()], [12, 8])
        # 20 until the morning of the 13th, then 8 until the end
        start, stop = (str(utc(at)) for at in WINDOW)
        self.assertEqual(
            self._taken(self.chairs)[:2], [(start, LATER, 12), (start, stop, 8)]
        )
        # 22 of the 30 are free again: who waited for them has them
        self.assertEqual(other.state, "confirmed")
        with self.at(LAST):
            self._record(loan, "return", self.bob)
        self.assertEqual([loan.state, booking.state], ["done", "done"])
        self.assertEqual(
            self._taken(self.chairs)[:2], [(start, LATER, 12), (start, LAST, 8)]
        )
        self.assertEqual(len(booking.exchange_ids), 1)

    def test_partial_return_keeps_buffers_and_survives_a_resync(self):
        self.policy.write({"buffer_before_minutes": 60, "buffer_after_minutes": 30})
        loan = self._out(self.chairs, quantity=20)
        with self.at(LATER):
            self._record(loan, "return", self.anais, chairs={"quantity": 12})
        booking = loan.booking_ids
        expected = [
            ("2026-01-12 07:00:00", "2026-01-13 08:30:00", 12),
            ("2026-01-12 07:00:00", "2026-01-14 08:30:00", 8),
        ]
        self.assertEqual(self._taken(self.chairs), expected)
        booking._sync_occupancy()
        self.assertEqual(self._taken(self.chairs), expected)
        # buffers that grow meanwhile do not stand in the way of a return
        self.policy.buffer_after_minutes = 600
        with self.at(LAST):
            self._record(loan, "return", self.anais, chairs={"quantity": 3})
        self.assertEqual(
            self._taken(self.chairs)[0],
            ("2026-01-12 07:00:00", "2026-01-13 08:30:00", 12),
        )
        self.assertEqual(sum(row[2] for row in self._taken(self.chairs)), 20)

    def test_returns_of_one_morning_whatever_buffers_grew(self):
        loan = self._out(self.chairs, quantity=20)
        self.policy.buffer_after_minutes = 600
        for minute, units in ((0, 12), (10, 3), (20, 4)):
            with self.at(f"2026-01-14 07:{minute:02}:00"):
                self._record(loan, "return", self.bob, chairs={"quantity": units})
        self.assertEqual(loan.booking_ids._out_quantity(), 1)
        # never more than what was promised, and not beyond its end
        stop = str(utc(WINDOW[1]))
        rows = self._taken(self.chairs)
        self.assertEqual(sum(row[2] for row in rows), 20)
        self.assertEqual({row[1] for row in rows}, {stop})
        with self.at("2026-01-14 07:30:00"):
            self._record(loan, "return", self.bob)
        self.assertEqual(loan.state, "done")

    def test_partial_return_of_what_is_late(self):
        """Due at 08:00; 12 of 20 come back at 10:10, the others at 11:30."""
        loan = self._out(self.chairs, quantity=20)
        start = str(utc(WINDOW[0]))
        with self.at("2026-01-14 10:00:00"):
            loan._stretch(datetime(2026, 1, 14, 10))
            self.assertEqual(
                self._taken(self.chairs), [(start, "2026-01-14 11:00:00", 20)]
            )
        with self.at("2026-01-14 10:10:00"):
            self._record(loan, "return", self.bob, chairs={"quantity": 12})
        back = (start, "2026-01-14 10:10:00", 12)
        self.assertEqual(
            self._taken(self.chairs), [back, (start, "2026-01-14 11:00:00", 8)]
        )
        with self.at("2026-01-14 11:05:00"):
            loan._stretch(datetime(2026, 1, 14, 11, 5))
            self.assertEqual(
                self._taken(self.chairs), [back, (start, "2026-01-14 13:00:00", 8)]
            )
        with self.at("2026-01-14 11:30:00"):
            self._record(loan, "return", self.bob)
        self.assertEqual(
            self._taken(self.chairs), [back, (start, "2026-01-14 11:30:00", 8)]
        )
        self.assertEqual(loan.state, "done")

    def test_late_return_whatever_buffers_grew(self):
        loan = self._out(self.chairs, quantity=20)
        late = datetime(2026, 1, 14, 10)
        with self.at(str(late)):
            loan._stretch(late)
            self._booking(
                self.chairs, "2026-01-14 13:00", "2026-01-14 18:00", self.semeurs, 20
            ).action_request()
        self.policy.buffer_after_minutes = 600
        with self.at("2026-01-14 10:50:00"):
            self._record(loan, "return", self.bob)
        start = str(utc(WINDOW[0]))
        self.assertEqual(
            self._taken(self.chairs)[0], (start, "2026-01-14 10:50:00", 20)
        )

    def test_partial_return_of_a_composite(self):
        stand = self._asset(
            "Stand",
            capacity=5,
            component_ids=[
                Command.create({"component_id": self.chairs.id, "quantity": 4})
            ],
        )
        loan = self._out(stand, quantity=5)
        with self.at(LATER):
            self._record(loan, "return", self.bob, stand={"quantity": 2})
        start, stop = (str(utc(at)) for at in WINDOW)
        self.assertEqual(self._taken(stand), [(start, LATER, 2), (start, stop, 3)])
        self.assertEqual(
            self._taken(self.chairs), [(start, LATER, 8), (start, stop, 12)]
        )

    def test_more_than_is_out_does_not_come_back(self):
        loan = self._out(self.chairs, quantity=20)
        with (
            self.at(LATER),
            self.assertRaisesRegex(
                ValidationError, "18 came back and 3 are lost, but only 20 are out"
            ),
        ):
            self._record(
                loan, "return", self.bob, chairs={"quantity": 18, "lost_quantity": 3}
            )

    def test_what_is_lost_will_not_come_back(self):
        loan = self._out(self.chairs, quantity=20)
        with self.at(LATER):
            self._record(
                loan,
                "return",
                self.bob,
                chairs={"quantity": 18, "lost_quantity": 2, "note": "Stolen at night"},
            )
        self.assertEqual(loan.state, "done")
        damage = loan.damage_ids
        self.assertEqual(
            [damage.kind, damage.quantity, damage.description, damage.state],
            ["loss", 2, "Stolen at night", "reported"],
        )
        # nobody is promised what is not there
        self.assertEqual(damage.occupancy_id.kind, "maintenance")
        self.assertEqual(damage.occupancy_id.quantity, 2)
