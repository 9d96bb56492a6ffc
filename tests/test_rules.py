from datetime import timedelta

from odoo.fields import Command
from odoo.tests import tagged

from ..models.booking_rules import RuleBroken
from .common import EssCommon, utc


def hours(*spans):
    """Calendar lines from (weekday, from, to), 0 = Monday."""
    return [
        Command.create(
            {
                "name": f"{day} {start}",
                "dayofweek": str(day),
                "hour_from": start,
                "hour_to": stop,
            }
        )
        for day, start, stop in spans
    ]


@tagged("post_install", "-at_install")
class TestRules(EssCommon):
    """Opening hours, notice and lengths, in the asset's own time zone."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.depot = cls._calendar([(day, 9, 17) for day in range(5)])
        cls.equipment = cls.env["ess.booking.policy"].create(
            {"name": "Equipment", "opening_rule": "ends", "reminder_hours": 0}
        )
        cls.room_policy = cls.env["ess.booking.policy"].create(
            {"name": "Rooms", "opening_rule": "inside", "reminder_hours": 0}
        )
        cls.barnum = cls._asset(
            "Barnum", policy_id=cls.equipment.id, resource_calendar_id=cls.depot.id
        )

    @classmethod
    def _calendar(cls, spans, tz="Europe/Paris"):
        return cls.env["resource.calendar"].create(
            {
                "name": "Hours",
                "tz": tz,
                "attendance_ids": [Command.clear(), *hours(*spans)],
            }
        )

    def _codes(self, asset, start, stop, zone=None):
        zone = zone or asset._zone()
        reasons = asset._broken_rules(utc(start, zone), utc(stop, zone))
        return [reason.code for reason in reasons]

    def test_weekend_between_pick_up_and_return(self):
        """Out on Friday, back on Monday, though the depot is closed in between."""
        self.assertEqual(
            self._codes(self.barnum, "2026-01-16 16:00", "2026-01-19 10:00"), []
        )
        self.assertEqual(
            self._codes(self.barnum, "2026-01-17 10:00", "2026-01-19 10:00"),
            ["closed_start"],
        )
        booking = self._booking(self.barnum, "2026-01-16 16:00", "2026-01-18 10:00")
        with self.assertRaisesRegex(
            RuleBroken,
            r"Return: closed on Sun 18 Jan 2026 10:00 \(open before until Fri 16 Jan "
            r"2026 17:00, open again from Mon 19 Jan 2026 09:00\)",
        ):
            booking.action_request()
        refusal = booking._try("action_request")
        self.assertEqual(refusal["codes"], ["closed_end"])
        self.assertEqual(len(refusal["nearest"]), 3)
        for start, stop in refusal["nearest"]:
            self.assertEqual(stop - start, timedelta(hours=42))
            self.assertFalse(self.barnum._broken_rules(start, stop))

    def test_closing_day_of_the_calendar(self):
        self.env["resource.calendar.leaves"].create(
            {
                "name": "Inventory",
                "calendar_id": self.depot.id,
                "date_from": utc("2026-01-19 00:00"),
                "date_to": utc("2026-01-20 00:00"),
            }
        )
        self.assertEqual(
            self._codes(self.barnum, "2026-01-16 16:00", "2026-01-19 10:00"),
            ["closed_end"],
        )

    def test_concert_over_midnight(self):
        """The hall is open from 18:00 to 02:00: 22:00 to 01:00 is one use."""
        calendar = self._calendar([(5, 18, 24), (6, 0, 2)])
        hall = self._asset(
            "Hall", policy_id=self.room_policy.id, resource_calendar_id=calendar.id
        )
        self.assertEqual(self._codes(hall, "2026-01-17 22:00", "2026-01-18 01:00"), [])
        self.assertEqual(
            self._codes(hall, "2026-01-17 22:00", "2026-01-18 03:00"), ["closed"]
        )

    def test_days_of_the_change_of_hour(self):
        """On 29 March 09:00 in Paris is 07:00 UTC, the day before it was 08:00."""
        calendar = self._calendar([(day, 9, 17) for day in range(7)])
        room = self._asset(
            "Room", policy_id=self.room_policy.id, resource_calendar_id=calendar.id
        )
        for day, utc_hour in (("03-28", 8), ("03-29", 7), ("10-24", 7), ("10-25", 8)):
            start = utc(f"2026-{day} 09:00")
            self.assertEqual(start.hour, utc_hour)
            self.assertEqual(
                self._codes(room, f"2026-{day} 09:00", f"2026-{day} 17:00"), []
            )
            self.assertEqual(
                self._codes(room, f"2026-{day} 08:00", f"2026-{day} 17:00"), ["closed"]
            )
        # by the day: 24 hours on the wall are one day of 40 €, 23 or 25 elapsed
        for day, elapsed in (("03-28", 23), ("10-24", 25), ("06-01", 24)):
            booking = self._booking(
                self.van,
                f"2026-{day} 12:00",
                f"2026-{day[:3]}{int(day[3:]) + 1:02} 12:00",
            )
            self.assertEqual((booking.duration, booking.amount), (elapsed, 40))

    def test_asset_in_another_zone(self):
        """A van in Fort-de-France opens at 9 there, which is 14:00 in Paris."""
        calendar = self._calendar([(day, 9, 17) for day in range(7)])
        van = self._asset(
            "Van of Martinique",
            tz="America/Martinique",
            policy_id=self.room_policy.id,
            resource_calendar_id=calendar.id,
        )
        self.assertEqual(self._codes(van, "2026-01-12 09:00", "2026-01-12 17:00"), [])
        booking = self._booking(van, "2026-01-12 14:00", "2026-01-12 18:00")
        booking.action_request()
        self.assertEqual(booking.state, "confirmed")
        self.assertIn("12 Jan 2026 09:00", booking.display_name)
        early = self._booking(van, "2026-01-13 13:00", "2026-01-13 18:00")
        with self.assertRaisesRegex(RuleBroken, "closed from Tue 13 Jan 2026 08:00"):
            early.action_request()

    def test_all_reasons_at_once(self):
        """Too soon, too far, too long, off the raster: everything is said together."""
        self.equipment.write(
            {
                "lead_hours": 48,
                "horizon_days": 30,
                "max_hours": 72,
                "granularity": "day",
            }
        )
        booking = self._booking(self.barnum, "2026-01-06 10:00", "2026-03-02 10:00")
        refusal = booking._try("action_request")
        self.assertEqual(
            refusal["codes"], ["granularity", "too_long", "lead_time", "horizon"]
        )
        self.assertEqual(len(refusal["message"].splitlines()), 4)
        self.assertIn("ask at least 2 days before", refusal["message"])

    def test_whole_days(self):
        self.equipment.granularity = "day"
        self.assertEqual(
            self._codes(self.barnum, "2026-01-16 00:00", "2026-01-20 00:00"), []
        )
        self.assertEqual(
            self._codes(self.barnum, "2026-01-16 00:00", "2026-01-18 00:00"),
            ["closed_end"],
        )

    def test_rules_in_words(self):
        self.equipment.write({"lead_hours": 48, "quota_hours": 10, "max_hours": 72})
        words = " ".join(self.barnum._rules_in_words())
        for part in ("confirmed at once", "by the hour", "2 days ahead", "3 days"):
            self.assertIn(part, words)
        self.assertIn("10 h per month and organisation", words)
        self.assertEqual(
            self._asset("Free", policy_id=False)._rules_in_words(),
            ["Your booking is confirmed at once."],
        )

    def test_nearest_is_free_and_within_rules(self):
        """The van is out on Monday morning: the afternoon and the day before remain."""
        self._booking(self.van, "2026-01-12 08:00", "2026-01-12 12:00").action_request()
        booking = self._booking(
            self.van, "2026-01-12 10:00", "2026-01-12 13:00", self.semeurs
        )
        refusal = booking._try("action_request")
        self.assertEqual(
            refusal["nearest"],
            [
                (utc("2026-01-12 12:00"), utc("2026-01-12 15:00")),
                (utc("2026-01-12 13:00"), utc("2026-01-12 16:00")),
                (utc("2026-01-12 14:00"), utc("2026-01-12 17:00")),
            ],
        )


@tagged("post_install", "-at_install")
class TestPrice(EssCommon):
    def test_solidarity_tariff(self):
        """30 % off for Le Phare: 40 € a day become 28 €, the value stays 40 €."""
        # who was given no tariff has the first one
        self.env["product.pricelist"].create({"name": "Standard", "sequence": 1})
        self.phare.property_product_pricelist = self.env["product.pricelist"].create(
            {
                "name": "Solidarity",
                "sequence": 2,
                "item_ids": [
                    Command.create(
                        {
                            "compute_price": "percentage",
                            "percent_price": 30,
                            "applied_on": "3_global",
                        }
                    )
                ],
            }
        )
        booking = self._booking(self.van, "2026-01-12 09:00", "2026-01-14 09:00")
        self.assertEqual((booking.amount, booking.value), (56, 80))
        booking.action_request()
        self.van.price = 50
        self.assertEqual((booking.amount, booking.value), (56, 80), "promised")
        other = self._booking(
            self.van, "2026-01-15 09:00", "2026-01-16 09:00", self.semeurs
        )
        self.assertEqual((other.amount, other.value), (50, 50))

    def test_units(self):
        """10:00 to 11:10 of a room at 6 € an hour: 1 h 15, so 7.50 €."""
        room = self._asset("Room", price=6, price_unit="hour")
        start, stop = utc("2026-01-12 10:00"), utc("2026-01-12 11:10")
        self.assertEqual(room._quote(self.phare, start, stop)["amount"], 7.5)
        for unit, amount in (("half_day", 6), ("day", 6), ("use", 6)):
            room.price_unit = unit
            self.assertEqual(
                room._quote(self.phare, start, stop)["amount"], amount, unit
            )
        stop = utc("2026-01-13 10:00")
        room.price_unit = "half_day"
        self.assertEqual(room._quote(self.phare, start, stop, 3)["amount"], 36)
        self.assertEqual(room.product_id.uom_id, room.price_uom_id)

    def test_shown_price_times_quantity_is_the_amount(self):
        """0.15 € less 30 % is 0.105 €, shown as 0.11 €: 10 chairs cost 1.10 €."""
        self.phare.property_product_pricelist = self.env["product.pricelist"].create(
            {
                "name": "Solidarity",
                "item_ids": [
                    Command.create({"compute_price": "percentage", "percent_price": 30})
                ],
            }
        )
        self.chairs.price = 0.15
        quote = self.chairs._quote(
            self.phare, utc("2026-01-12 10:00"), utc("2026-01-13 10:00"), 10
        )
        self.assertEqual((quote["unit_price"], quote["amount"]), (0.11, 1.1))

    def test_cents_are_exact(self):
        """7 chairs at 0.145 € a day for 3 days: 3.045 €, so 3.05 €."""
        self.env.ref("product.decimal_price").digits = 3
        self.chairs.price = 0.145
        quote = self.chairs._quote(
            self.phare, utc("2026-01-12 10:00"), utc("2026-01-15 10:00"), 7
        )
        self.assertEqual(quote["amount"], 3.05)

    def test_product_of_its_own(self):
        """A price makes a product; a shared product is left, not changed."""
        self.assertEqual(self.van.product_id.uom_id, self.van.price_uom_id)
        self.assertEqual(self.van.product_id.type, "service")
        twin = self._asset("Twin", product_id=self.van.product_id.id)
        self.assertEqual(twin.price, 40)
        twin.price = 45
        self.assertEqual((twin.price, self.van.price), (45, 40))
        self.assertNotEqual(twin.product_id, self.van.product_id)
        self.assertFalse(self._asset("Free").product_id)
