from odoo.tests import tagged

from .common_loan import WINDOW, utc
from .test_loan_inspection import InspectionCommon


@tagged("post_install", "-at_install")
class TestLateRest(InspectionCommon):
    """12 of 20 chairs came back in time: only the other 8 stretch."""

    def test_only_what_is_still_out_stretches(self):
        loan = self._out(self.chairs, quantity=20)
        start, stop = WINDOW
        evening = ("2026-01-14 09:00", "2026-01-14 12:00")
        fits = self._booking(self.chairs, *evening, self.semeurs, 22)
        fits.action_request()
        with self.at("2026-01-13 08:00:00"):
            self._record(loan, "return", self.anais, chairs={"quantity": 12})
        with self.at("2026-01-14 08:05:00"):
            loan._treat_late(loan)
        self.assertFalse(fits.disruption_ids)
        late = [row for row in self._taken(self.chairs) if row[2] != 22]
        self.assertEqual(
            late,
            [
                (str(utc(start)), "2026-01-13 08:00:00", 12),
                (str(utc(start)), "2026-01-14 10:00:00", 8),
            ],
        )
        with self.at("2026-01-14 08:30:00"):
            self._record(loan, "return", self.bob)
        self.assertEqual(loan.state, "done")
        late = [row for row in self._taken(self.chairs) if row[2] != 22]
        self.assertEqual(
            late,
            [
                (str(utc(start)), "2026-01-13 08:00:00", 12),
                (str(utc(start)), "2026-01-14 08:30:00", 8),
            ],
        )
        self.assertEqual(loan.stop, utc(stop))

    def test_one_more_than_what_is_left_is_disrupted(self):
        loan = self._out(self.chairs, quantity=20)
        evening = ("2026-01-14 09:00", "2026-01-14 12:00")
        more = self._booking(self.chairs, *evening, self.semeurs, 23)
        more.action_request()
        with self.at("2026-01-13 08:00:00"):
            self._record(loan, "return", self.anais, chairs={"quantity": 12})
        with self.at("2026-01-14 08:05:00"):
            loan._treat_late(loan)
        self.assertEqual(more.disruption_ids.mapped("state"), ["open"])
        self.assertEqual(loan.booking_ids._taken_until(), utc(WINDOW[1]))
