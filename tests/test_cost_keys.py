"""Every kind of key, with figures; who was there for some days; what is refused."""

from datetime import date

from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from .common_cost import CostCommon


@tagged("post_install", "-at_install")
class TestCostKeys(CostCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.members = cls.fabrique | cls.phare | cls.semeurs

    def _shares(self, key, amount=1200.0, members=None, bills=None, **vals):
        """Cents by member when the key splits a year's bill of this amount."""
        pool = self._pool(key, members, **vals)
        self._bills(pool, bills or [("2026-02-01", "Rent", amount)])
        self.run = self._run(pool)
        return self._cents(self.run.share_ids)

    def _why(self, member):
        share = self.run.share_ids.filtered(lambda s: s.entity_id == member)
        return share.explanation.replace("\xa0", " ")

    # === KINDS === #

    def test_fixed_parts(self):
        key = self._key("parts", {self.fabrique: 3, self.phare: 2.5, self.semeurs: 0.5})
        found = self._shares(key)
        self.assertEqual(found, {"Fabrique": 60000, "Phare": 50000, "Semeurs": 10000})
        self.assertIn(
            "You have 2.5 of 6 parts. Your share: 500.00 €",
            self._why(self.phare),
        )

    def test_declared_headcount_filled_from_the_members(self):
        for member, staff in zip(self.members, (7.25, 2.75, 0), strict=True):
            member.ess_headcount = staff
        key = self._key("indicator", indicator="headcount")
        pool = self._pool(key)
        key.version_ids.with_user(self.accountant).action_fill_from_members()
        self.assertEqual(len(key.version_ids.line_ids), 3)
        self._bills(pool, [("2026-02-01", "Accountant", 100.0)])
        self.run = self._run(pool)
        found = self._cents(self.run.share_ids)
        self.assertEqual(found, {"Fabrique": 7250, "Phare": 2750, "Semeurs": 0})
        self.assertIn("7.25 of 10 full-time staff", self._why(self.fabrique))

    def test_decimals_are_exact(self):
        """0.1 + 0.2 = 0.3, although floats say otherwise: half and half."""
        key = self._key(
            "parts", {self.fabrique: 0.1, self.phare: 0.2, self.semeurs: 0.3}
        )
        found = self._shares(key, 0.06)
        self.assertEqual(found, {"Fabrique": 1, "Phare": 2, "Semeurs": 3})
        self.assertEqual(self.run.share_ids.mapped("exact"), ["1", "2", "3"])

    def _use(self, entity, start, stop, km=0):
        booking = self._booking(self.van, start, stop, entity, distance_km=km)
        booking.action_request()
        with self.at("2026-03-01 09:00:00"):
            booking.action_done()
        return booking

    def test_usage_by_bookings(self):
        """6 and 2 hours, 2 and 1 bookings, 30.5 and 91.5 km."""
        self._use(self.phare, "2026-02-02 08:00", "2026-02-02 12:00", 20.5)
        self._use(self.phare, "2026-02-03 08:00", "2026-02-03 10:00", 10)
        self._use(self.semeurs, "2026-02-04 08:00", "2026-02-04 10:00", 91.5)
        for measure, expected, words in (
            ("hours", (0, 90000, 30000), "You used 6 of 8 hours."),
            ("uses", (0, 80000, 40000), "You made 2 of 3 bookings."),
            ("km", (0, 30000, 90000), "You drove 30.5 of 122 km."),
        ):
            key = self._key("usage", measure=measure, asset_ids=self.van.ids)
            found = self._shares(key)
            self.assertEqual(tuple(found.values()), expected, measure)
            self.assertIn(words, self._why(self.phare))

    def test_a_booking_counts_where_it_ends_by_the_local_clock(self):
        """Until midnight of 31 January in Paris: the last use of January."""
        self._use(self.phare, "2026-01-31 20:00", "2026-02-01 00:00")
        key = self._key("usage", measure="hours", asset_ids=self.van.ids)
        pool = self._pool(key, period="month")
        self._bills(pool, [("2026-01-10", "Fuel", 10.0), ("2026-02-10", "Fuel", 10.0)])
        run = self._run(pool, "2026-01-01", "2026-01-31")
        self.assertEqual(self._cents(run.share_ids)["Phare"], 1000)
        with self.assertRaisesRegex(
            UserError,
            "gives nobody in Depot any weight between 02/01/2026 and 02/28/2026, for "
            "nothing was used: record readings or choose another key",
        ):
            self._run(pool, "2026-02-01", "2026-02-28")

    def test_two_part(self):
        """40 % equally, 60 % by readings of 1 : 3."""
        key = self._key("two_part", fixed_percent=40, measure="reading")
        pool = self._pool(key, self.fabrique | self.phare)
        for member, units in ((self.fabrique, 2.5), (self.phare, 7.5)):
            self._reading(key, member, units)
        self._bills(pool, [("2026-02-01", "Power", 1000.0)])
        self.run = self._run(pool)
        self.assertEqual(
            self._cents(self.run.share_ids), {"Fabrique": 35000, "Phare": 65000}
        )
        self.assertIn(
            "40 % is fixed: 2 members share equally. 60 % goes by use: You used 7.5 of "
            "10 units read.",
            self._why(self.phare),
        )

    def _reading(self, key, member, units, day="2026-02-10"):
        return self.env["ess.cost.reading"].create(
            {
                "key_id": key.id,
                "entity_id": member.id,
                "date": day,
                "quantity": units,
            }
        )

    def _components(self, version, *rows):
        version.component_ids = [
            Command.create(
                {
                    "name": name,
                    "entity_ids": [Command.set(members.ids)] if members else [],
                    "product_ids": [Command.set(products.ids)] if products else [],
                    "amount": amount,
                    "level": level,
                }
            )
            for name, members, products, amount, level in rows
        ]

    def test_who_needs_what(self):
        """The rent for all three, the power for two; each part equally."""
        key = self._key("components")
        none = self.env["product.product"]
        self._components(
            key.version_ids,
            ("Depot", self.members, self.rent, 0, 0),
            ("Workshop", self.fabrique | self.phare, none, 1, 0),
        )
        found = self._shares(
            key,
            bills=[
                ("2026-02-01", "Rent", 900.0, self.rent),
                ("2026-02-02", "Power", 100.0, self.power),
            ],
        )
        self.assertEqual(found, {"Fabrique": 35000, "Phare": 35000, "Semeurs": 30000})
        self.assertIn(
            "Workshop, 100.00 € shared by 2: 50.00 €",
            self._why(self.phare),
        )

    def test_levels_of_need(self):
        """Level 1 costs 300 and level 2 another 100, which only the larger ones pay."""
        key = self._key("increments")
        version = key.version_ids
        none = self.env["product.product"]
        version.line_ids = [
            Command.create({"entity_id": member.id, "level": level})
            for member, level in zip(self.members, (1, 2, 0), strict=True)
        ]
        self._components(
            version,
            ("Small room", None, none, 300, 1),
            ("Large room", None, none, 100, 2),
        )
        found = self._shares(key, 800.0)
        self.assertEqual(found, {"Fabrique": 30000, "Phare": 50000, "Semeurs": 0})
        self.assertIn("You need level 2:", self._why(self.phare))
        self.assertIn("no level that had costs", self._why(self.semeurs))

    def test_ownership_of_an_asset(self):
        key = self._key("ownership", asset_ids=self.van.ids)
        self.van.share_ids = [
            Command.create({"entity_id": self.fabrique.id, "parts": 3}),
            Command.create({"entity_id": self.phare.id, "parts": 1}),
        ]
        found = self._shares(key)
        self.assertEqual(found, {"Fabrique": 90000, "Phare": 30000, "Semeurs": 0})
        self.assertIn("You own 75 % of the asset.", self._why(self.fabrique))
        pool = self._pool(key, self.phare, "Other")
        self._bills(pool, [("2026-02-01", "Insurance", 10.0)])
        with self.assertRaisesRegex(
            UserError, "owns 3 of 4 parts of Van but is not in"
        ):
            self._run(pool)

    def test_nobody_pays_more_than_alone(self):
        """Half of 1,200 would be 600; alone Le Phare pays 400, the others the rest."""
        key = self._key(
            "parts",
            {self.fabrique: 1, self.phare: 2, self.semeurs: 1},
            is_capped=True,
        )
        pool = self._pool(key)
        self._bills(pool, [("2026-02-01", "Rent", 1200.0)])
        with self.assertRaisesRegex(UserError, "is not known for Radio La Fabrique"):
            self._run(pool)
        for member, alone in zip(pool.member_ids, (700, 400, 500), strict=True):
            member.standalone_cost = alone
        self.run = self._run(pool)
        found = self._cents(self.run.share_ids)
        self.assertEqual(found, {"Fabrique": 40000, "Phare": 40000, "Semeurs": 40000})
        why = self._why(self.phare)
        self.assertIn("That would be 600.00 €; you pay no more than the 400.00 €", why)
        self.assertIn("100.00 € come on top", self._why(self.semeurs))
        self._membership(pool, self.fabrique).standalone_cost = 200
        with self.assertRaisesRegex(UserError, "no cap can hold"):
            self._run(pool, compute=False).with_user(self.accountant).browse(
                self.run.id
            ).action_compute()

    # === DAYS === #

    def test_a_member_that_left_in_march(self):
        """90 of 365 days: 90 of 820 parts of the days."""
        key = self._key("equal")
        pool = self._pool(key)
        self._membership(pool, self.semeurs).date_to = "2026-03-31"
        self._bills(pool, [("2026-06-01", "Rent", 820.0)])
        self.run = self._run(pool)
        found = self._cents(self.run.share_ids)
        self.assertEqual(found, {"Fabrique": 36500, "Phare": 36500, "Semeurs": 9000})
        self.assertIn("you have 90 of 820", self._why(self.semeurs))

    def test_two_touching_memberships_are_one(self):
        pool = self._pool(self._key("equal"))
        self._membership(pool, self.semeurs).date_to = "2026-03-31"
        pool.member_ids = [
            Command.create({"entity_id": self.semeurs.id, "date_from": "2026-04-01"})
        ]
        self._bills(pool, [("2026-06-01", "Rent", 900.0)])
        found = self._cents(self._run(pool).share_ids)
        self.assertEqual(found, {"Fabrique": 30000, "Phare": 30000, "Semeurs": 30000})

    def test_a_member_of_no_day_has_no_share(self):
        pool = self._pool(self._key("equal"))
        self._membership(pool, self.semeurs).date_to = "2025-12-31"
        self._bills(pool, [("2026-06-01", "Rent", 900.0)])
        found = self._cents(self._run(pool).share_ids)
        self.assertEqual(found, {"Fabrique": 45000, "Phare": 45000})

    def test_use_after_leaving(self):
        key = self._key("usage", measure="hours", asset_ids=self.van.ids)
        pool = self._pool(key)
        self._membership(pool, self.phare).date_to = "2026-01-31"
        self._use(self.phare, "2026-02-02 08:00", "2026-02-02 12:00")
        self._bills(pool, [("2026-02-01", "Rent", 900.0)])
        with self.assertRaisesRegex(
            UserError,
            "Jardin Le Phare used 4 hours between 02/02/2026 and 02/02/2026, but was "
            "not in Depot then",
        ):
            self._run(pool)

    def test_reading_after_leaving(self):
        key = self._key("usage", measure="reading")
        pool = self._pool(key)
        self._membership(pool, self.phare).date_to = "2026-01-31"
        self._reading(key, self.phare, 1, "2026-01-31")
        with self.assertRaisesRegex(
            ValidationError,
            "Jardin Le Phare was not in Depot on 02/01/2026: its membership is from "
            "01/01/2020 to 01/31/2026.",
        ):
            self._reading(key, self.phare, 1, "2026-02-01")

    # === WHAT IS MISSING === #

    def test_a_key_that_gives_nobody_any_weight(self):
        key = self._key("parts", dict.fromkeys(self.members, 0))
        with self.assertRaisesRegex(
            UserError,
            "gives nobody in Depot any weight between 01/01/2026 and 12/31/2026",
        ):
            self._shares(key)

    def test_a_member_without_a_line(self):
        key = self._key("parts", {self.fabrique: 1})
        with self.assertRaisesRegex(
            UserError, "has no line for Jardin Le Phare, Labo Les Semeurs"
        ):
            self._shares(key)

    def test_a_cost_without_a_component(self):
        key = self._key("components")
        self._components(key.version_ids, ("Depot", self.members, self.rent, 0, 0))
        with self.assertRaisesRegex(UserError, "100.00.€ of Electricity belong to no"):
            self._shares(key, bills=[("2026-02-01", "Power", 100.0, self.power)])

    def test_a_component_that_nobody_needs_any_more(self):
        key = self._key("components")
        self._components(key.version_ids, ("Depot", self.semeurs, self.rent, 0, 0))
        with self.assertRaisesRegex(UserError, "but nobody in Depot needs it then"):
            self._shares(key, members=self.fabrique | self.phare)

    def test_periods_and_versions(self):
        """A version that changes in May cuts the year in two; each part has its run."""
        key = self._key("equal")
        key.version_ids.date_to = "2026-04-30"
        self._version(
            key, {m: 1 for m in self.members}, kind="parts", date_from="2026-05-01"
        )
        pool = self._pool(key)
        self._bills(pool, [("2026-02-01", "Rent", 30.0), ("2026-07-01", "Rent", 30.0)])
        with self.assertRaisesRegex(
            UserError,
            "01/01/2026 to 12/31/2026 is not a period of Depot: choose 01/01/2026 to "
            "04/30/2026 or 05/01/2026 to 12/31/2026",
        ):
            self._run(pool)
        first = self._run(pool, "2026-01-01", "2026-04-30")
        second = self._run(pool, "2026-05-01", "2026-12-31")
        self.assertEqual(first.total + second.total, 60)
        with self.assertRaisesRegex(UserError, "No version of the key"):
            self._run(pool, "2025-01-01", "2025-12-31")

    def test_a_financial_year_that_ends_in_august(self):
        """Quarters count from September; a run stays within one financial year."""
        self.env.company.write(
            {"fiscalyear_last_day": 31, "fiscalyear_last_month": "8"}
        )
        pool = self._pool(self._key("equal", date_from="2025-01-01"), period="quarter")
        first, last = pool._period(date(2026, 1, 15))
        self.assertEqual((str(first), str(last)), ("2025-12-01", "2026-02-28"))
        pool.period = "year"
        first, last = pool._period(date(2026, 1, 15))
        self.assertEqual((str(first), str(last)), ("2025-09-01", "2026-08-31"))
        with self.assertRaisesRegex(UserError, "choose 09/01/2025 to 08/31/2026"):
            self._run(pool)
