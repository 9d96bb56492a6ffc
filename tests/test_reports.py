from datetime import date

from lxml import html

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import HttpCase, tagged

from .common import EssCommon, EssData, utc

MODULE = "ess_mutualisation"
LABEL = f"{MODULE}.report_asset_label"
JANUARY, FEBRUARY, MARCH = (date(2026, month, 1) for month in (1, 2, 3))


@tagged("post_install", "-at_install")
class TestAssetUse(EssCommon):
    """Use rate, counted by hand. January 2026 has 744 hours."""

    def _confirmed(self, asset, start, stop, **vals):
        booking = self._booking(asset, start, stop, **vals)
        booking.action_request()
        self.assertEqual(booking.state, "confirmed")
        return booking

    def _row(self, asset, month=JANUARY):
        self.env.invalidate_all()
        return self.env["ess.asset.use"].search(
            [("asset_id", "=", asset.id), ("month", "=", month)]
        )

    def _room(self, **vals):
        """A room that is open from Monday to Friday, 9 to 12 and 13 to 18."""
        hours = [
            Command.create(
                {
                    "name": f"{day} {start}",
                    "dayofweek": str(day),
                    "hour_from": start,
                    "hour_to": stop,
                    "day_period": period,
                }
            )
            for day in range(5)
            for start, stop, period in (
                (9, 12, "morning"),
                (12, 13, "lunch"),
                (13, 18, "afternoon"),
            )
        ]
        calendar = self.env["resource.calendar"].create(
            {"name": "Room", "tz": "Europe/Paris", "attendance_ids": hours}
        )
        policy = self.policy.copy({"name": "Inside", "opening_rule": "inside"})
        return self._asset(
            "Room", resource_calendar_id=calendar.id, policy_id=policy.id, **vals
        )

    def test_months_are_cut_at_midnight_where_the_asset_is(self):
        """48 hours over the end of January: 12 before midnight in Paris, 36 after."""
        self._confirmed(self.van, "2026-01-31 12:00", "2026-02-02 12:00")
        january, february = self._row(self.van), self._row(self.van, FEBRUARY)
        self.assertEqual(january.used_hours, 12)
        self.assertEqual(january.capacity_hours, 744)
        self.assertAlmostEqual(january.use_rate, 12 / 744)
        self.assertEqual((january.booking_count, february.booking_count), (1, 0))
        self.assertEqual(february.used_hours, 36)
        self.assertEqual(february.capacity_hours, 28 * 24)

    def test_march_lacks_an_hour(self):
        self._confirmed(self.van, "2026-03-28 12:00", "2026-03-29 12:00")
        march = self._row(self.van, MARCH)
        self.assertEqual(march.capacity_hours, 31 * 24 - 1)
        self.assertEqual(march.used_hours, 23)

    def test_pool_counts_its_units(self):
        """Ten of thirty chairs for two hours are twenty hours."""
        self._confirmed(
            self.chairs, "2026-01-12 10:00", "2026-01-12 12:00", quantity=10
        )
        row = self._row(self.chairs)
        self.assertEqual(row.used_hours, 20)
        self.assertEqual(row.capacity_hours, 30 * 744)

    def test_room_has_its_opening_hours(self):
        """22 working days of 8 hours; the van is used at night as well."""
        room = self._room()
        self._confirmed(room, "2026-01-12 09:00", "2026-01-12 11:00")
        self.assertEqual(self._row(room).capacity_hours, 22 * 8)
        room.policy_id = self.policy
        self.assertEqual(self._row(room).capacity_hours, 744)

    def test_whose_use(self):
        """Lent 6 hours, own 4 + 3 hours, closed 24, asked for but not confirmed 0."""
        self._confirmed(self.van, "2026-01-12 09:00", "2026-01-12 15:00")
        self._confirmed(
            self.van, "2026-01-13 09:00", "2026-01-13 13:00", entity=self.fabrique
        )
        self.env["ess.occupancy"].create(
            [
                {
                    "asset_id": self.van.id,
                    "kind": kind,
                    "start": utc(f"{day} 09:00"),
                    "stop": utc(stop),
                }
                for kind, day, stop in (
                    ("own_use", "2026-01-14", "2026-01-14 12:00"),
                    ("maintenance", "2026-01-15", "2026-01-16 09:00"),
                )
            ]
        )
        cancelled = self._confirmed(self.van, "2026-01-20 09:00", "2026-01-20 15:00")
        cancelled.action_cancel("No need")
        self.van.approval = "owner"
        asked = self._booking(self.van, "2026-01-21 09:00", "2026-01-21 15:00")
        asked.action_request()
        row = self._row(self.van)
        self.assertEqual(
            (row.lent_hours, row.own_hours, row.used_hours, row.closed_hours),
            (6, 7, 13, 24),
        )
        self.assertEqual(row.booking_count, 2)
        self.assertAlmostEqual(row.lent_rate, 6 / 744)

    def test_back_early_and_buffers(self):
        """Booked for 10 hours, back after 4; the hour for cleaning is no use."""
        self.policy.buffer_after_minutes = 60
        booking = self._confirmed(self.van, "2026-01-05 09:00", "2026-01-05 19:00")
        booking.action_hand_over()
        with self.at("2026-01-05 12:00:00"):
            booking.action_return()
        self.assertEqual(self._row(self.van).used_hours, 4)

    def test_composite_is_not_counted_twice(self):
        """A hall of one room and 20 chairs for 2 hours: lent 2 hours, not 44."""
        room = self._asset("Room")
        hall = self._asset(
            "Hall",
            component_ids=[
                Command.create({"component_id": asset.id, "quantity": quantity})
                for asset, quantity in ((room, 1), (self.chairs, 20))
            ],
        )
        self._confirmed(hall, "2026-01-12 10:00", "2026-01-12 12:00")
        self.assertEqual(self._row(hall).lent_hours, 2)
        self.assertEqual(self._row(room).lent_hours, 0)
        self.assertEqual(self._row(room).composite_hours, 2)
        self.assertEqual(self._row(self.chairs).composite_hours, 40)
        self.assertAlmostEqual(self._row(self.chairs).use_rate, 40 / (30 * 744))
        [(lent, bookings)] = self.env["ess.asset.use"]._read_group(
            [("month", "=", JANUARY)], [], ["lent_hours:sum", "booking_count:sum"]
        )
        self.assertEqual((lent, bookings), (2, 1))

    def test_rate_of_a_group_is_a_ratio_of_sums(self):
        """Van 74 of 744 hours, room 27 of 176: together 101 of 920, 11 %.

        The mean of the two rates would be 12.6 %.
        """
        room = self._room()
        self._confirmed(self.van, "2026-01-12 00:00", "2026-01-15 02:00")
        for day in range(12, 23):
            if date(2026, 1, day).weekday() < 5:
                self._confirmed(room, f"2026-01-{day} 09:00", f"2026-01-{day} 12:00")
        use = self.env["ess.asset.use"]
        self.assertEqual(self._row(self.van).used_hours, 74)
        self.assertEqual(self._row(room).used_hours, 27)
        domain = [
            ("month", "=", JANUARY),
            ("asset_id", "in", (self.van | room).ids),
        ]
        [(category, rate)] = use._read_group(domain, ["category_id"], ["use_rate:avg"])
        self.assertEqual(category, self.category)
        self.assertAlmostEqual(rate, 101 / 920)
        # the same through what pivot and graph ask for
        [total] = use.formatted_read_group(domain, [], ["use_rate:avg"])
        self.assertAlmostEqual(total["use_rate:avg"], 101 / 920)
        total, by_asset = use.formatted_read_grouping_sets(
            domain, [[], ["asset_id"]], ["use_rate:avg", "lent_rate:avg"]
        )
        self.assertAlmostEqual(total[0]["use_rate:avg"], 101 / 920)
        self.assertEqual(len(by_asset), 2)

    def test_who_reads_it(self):
        self._confirmed(self.van, "2026-01-12 09:00", "2026-01-12 15:00")
        use = self.env["ess.asset.use"]
        for group in ("group_facilitator", "group_accountant"):
            user = self._internal(f"use-{group}", f"{MODULE}.{group}")
            self.assertTrue(
                use.with_user(user).search([("asset_id", "=", self.van.id)])
            )
        with self.assertRaises(AccessError):
            use.with_user(self._volunteer(self.phare, "use-portal")).search([])
        other = self.env["res.company"].create({"name": "Other federation"})
        user = self._internal("use-other", f"{MODULE}.group_facilitator")
        user.write({"company_ids": [Command.set(other.ids)], "company_id": other.id})
        self.assertFalse(use.with_user(user).search([]))


@tagged("post_install", "-at_install")
class TestAssetLabel(EssData, HttpCase):
    """QR labels: three assets on one sheet."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._set_up_federation()
        cls.assets = cls.van | cls.chairs | cls._asset("Ladder", code="LAD-1")

    def _html(self):
        content, _kind = self.env["ir.actions.report"]._render_qweb_html(
            LABEL, self.assets.ids
        )
        return html.fromstring(content)

    def test_what_stands_on_them(self):
        labels = self._html().xpath("//td[contains(@class, 'ess_label')]")
        self.assertEqual(len(labels), 3)
        for asset, label in zip(self.assets, labels, strict=True):
            text = label.text_content()
            self.assertIn(asset.name, text)
            self.assertIn("Radio La Fabrique", text)
            self.assertIn(f"{asset.get_base_url()}/commons/{asset.id}", text)
            [source] = label.xpath(".//img/@src")
            self.assertTrue(source.startswith("data:image/png;base64,"))
        self.assertIn("LAD-1", labels[2].text_content())

    def test_each_code_is_its_own(self):
        sources = self._html().xpath("//td[contains(@class, 'ess_label')]//img/@src")
        self.assertEqual(len(set(sources)), 3)

    def test_pdf(self):
        reports = self.env["ir.actions.report"].with_context(
            force_report_rendering=True
        )
        content, kind = reports._render_qweb_pdf(LABEL, self.assets.ids)
        self.assertEqual(kind, "pdf")
        self.assertTrue(content.startswith(b"%PDF"))
