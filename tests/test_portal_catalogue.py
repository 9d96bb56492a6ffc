import json
from datetime import date

from odoo import Command
from odoo.tests import tagged

from .common import utc
from .common_portal import PortalCase
from .test_rules import hours


@tagged("post_install", "-at_install")
class TestPortalCatalogue(PortalCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.fabrique.write({"partner_latitude": 50.70, "partner_longitude": 3.22})
        cls.phare.write({"partner_latitude": 50.69, "partner_longitude": 3.17})
        cls.semeurs.write({"partner_latitude": 50.72, "partner_longitude": 3.16})
        (cls.van | cls.chairs).write({"latitude": 50.70, "longitude": 3.22})
        cls.bike = cls._asset(
            "Cargo bike",
            cls.semeurs,
            latitude=50.72,
            longitude=3.16,
            price=4.0,
            price_unit="hour",
        )
        cls.rooms = cls.env["ess.asset.category"].create({"name": "Rooms"})
        cls.small = cls.env["ess.asset.category"].create(
            {"name": "Small rooms", "parent_id": cls.rooms.id}
        )
        cls.room = cls._asset("Blue room", cls.semeurs, category_id=cls.small.id)

    def found(self, query=""):
        """Names on the page of the catalogue, in order."""
        page = self.page(f"/commons{query}")
        names = ("Van", "Chairs", "Cargo bike", "Blue room")
        places = {name: page.find(f">{name}</a>") for name in names}
        return sorted((n for n in names if places[n] > 0), key=places.get)

    def open_on(self, weekdays):
        """A place that is open from 08:00 to 20:00 on these days of the week."""
        self.policy.opening_rule = "ends"
        lines = [Command.clear(), *hours(*((day, 8, 20) for day in weekdays))]
        return self.env["resource.calendar"].create(
            {"name": "Hours", "tz": "Europe/Paris", "attendance_ids": lines}
        )

    def when(self, days, start="09:00", stop="17:00"):
        fields = self.dates(days, start, stop)
        return "?" + "&".join(f"{name}={value}" for name, value in fields.items())

    def test_price_of_an_hour_until_hours_are_chosen(self):
        """A day of the bike is not 24 × 4 €: nobody knows yet how long it is ridden."""
        bike = self.bike.with_user(self.borrower)
        window = (utc("2027-01-12 09:00"), utc("2027-01-12 17:00"))
        asked = {"entity": self.phare, "window": window}
        (card,) = bike._catalogue_cards(**asked, whole_days=True)
        self.assertFalse(card["amount"])
        self.assertIn("4.00", card["price"])
        (card,) = bike._catalogue_cards(**asked)
        self.assertIn("32.00", card["amount"])

    # === SEARCHING === #

    def test_what_is_taken_is_not_shown(self):
        self.book()
        self.log_in(self.third)
        self.assertNotIn("Van", self.found(self.when(3)))
        self.assertIn("Van", self.found(self.when(3, "17:00", "18:00")))
        self.assertEqual(self.found(self.when(3) + "&taken=1")[-1], "Van")

    def test_a_day_means_the_opening_hours(self):
        """ "On that day" is 08:00–20:00 where the place opens then, and can be had."""
        self.van.resource_calendar_id = self.open_on(range(7))
        self.log_in(self.third)
        self.assertIn("Van", self.found(f"?start_date={self.day(3)}"))
        page = self.page(f"/commons/{self.van.id}?start_date={self.day(3)}")
        form = page[page.index('/book"') :]
        self.assertRegex(form, r'value="08:00"\s+selected')
        self.assertRegex(form, r'value="20:00"\s+selected')
        self.assertNotIn("closed on", form)
        window = self.van._within_opening(self.at(3, "00:00"), self.at(4, "00:00"))
        self.assertEqual(window, (self.at(3, "08:00"), self.at(3, "20:00")))
        self.van.policy_id.opening_rule = "free"
        whole = self.at(3, "00:00"), self.at(4, "00:00")
        self.assertEqual(self.van._within_opening(*whole), whole)

    def test_closed_all_day_is_not_free(self):
        asked = date.fromisoformat(self.day(3))
        others = set(range(7)) - {asked.weekday()}
        self.van.resource_calendar_id = self.open_on(others)
        self.log_in(self.third)
        self.assertNotIn("Van", self.found(f"?start_date={asked}"))
        self.assertEqual(self.found(f"?start_date={asked}&taken=1")[-1], "Van")
        self.assertIn(">Closed<", self.page(f"/commons?start_date={asked}&taken=1"))

    def test_days_that_are_over(self):
        self.log_in(self.third)
        page = self.page(f"/commons?start_date={self.day(-3)}")
        self.assertIn("they are over", page)

    def test_free_quantity_and_price_for_the_dates(self):
        """20 of 30 chairs are booked: 10 are left, for 0.50 € that day."""
        self.book(self.chairs, quantity=20)
        self.log_in(self.third)
        page = self.page("/commons" + self.when(3))
        self.assertRegex(page, r"10</t>|>10 of\s+30 free|10 of 30 free")
        self.assertIn("0.50", page)
        self.assertIn("Chairs", self.found(self.when(3) + "&quantity=10"))
        self.assertNotIn("Chairs", self.found(self.when(3) + "&quantity=11"))

    def test_filters(self):
        self.log_in(self.borrower)
        self.assertEqual(self.found("?words=cargo+bike"), ["Cargo bike"])
        self.assertEqual(self.found(f"?category={self.rooms.id}"), ["Blue room"])
        self.assertEqual(self.found("?town=Wattrelos"), ["Chairs", "Van"])
        self.assertEqual(self.found(f"?circle={self.circle.id}&words=van"), ["Van"])
        self.assertEqual(self.found("?words=nothing"), [])

    def test_own_assets_come_last(self):
        """Les Semeurs know their own bike: what others lend stands before it."""
        self.log_in(self.third)
        self.assertEqual(self.found(), ["Chairs", "Van", "Blue room", "Cargo bike"])

    def test_near_my_organisation(self):
        """From Roubaix, Tourcoing is at 3.4 km, Wattrelos at 3.7 km."""
        self.log_in(self.borrower)
        self.assertEqual(self.found("?near=here")[:2], ["Blue room", "Cargo bike"])
        self.assertEqual(self.found("?near=Wattrelos")[:2], ["Chairs", "Van"])
        self.assertNotIn("Cargo bike", self.found("?near=Wattrelos&distance=2"))
        self.assertIn("3.4 km", " ".join(self.page("/commons?near=here").split()))

    def test_nonsense_is_no_error(self):
        self.log_in(self.borrower)
        for query in (
            "?start_date=tomorrow",
            self.when(3, "17:00", "09:00"),
            "?category=x&circle=9999999999&quantity=-4&distance=far&near=Atlantis",
            "?start_date=9999-12-31",
        ):
            with self.subTest(query=query):
                self.found(query)

    def test_the_page_keeps_the_filters(self):
        for index in range(30):
            self._asset(f"Table {index}")
        self.log_in(self.borrower)
        page = self.page("/commons?words=table&near=here")
        self.assertIn("/commons/page/2?words=table&amp;near=here", page)
        self.assertIn("Table", self.page("/commons/page/2?words=table&near=here"))

    def test_visitors_see_what_is_public(self):
        self.log_in(None)
        self.assertEqual(self.found(), [])
        self.bike.is_public = True
        self.assertEqual(self.found(), ["Cargo bike"])
        page = self.page(f"/commons/{self.bike.id}")
        self.assertIn("Log in to book", page)
        self.assertIn(f"redirect=%2Fcommons%2F{self.bike.id}", page)

    # === QUERIES === #

    def queries(self, url):
        """Queries of a page once everything that is cached is cached."""
        self.page(url)
        self.page(url)
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        self.page(url)
        return self.env.cr.sql_log_count - before

    def test_queries_do_not_grow_with_assets(self):
        """As many queries for 20 assets on a page as for 200."""
        pricelist = self.env["product.pricelist"].create(
            {
                "name": "Solidarity",
                "item_ids": [
                    (0, 0, {"compute_price": "percentage", "percent_price": 30})
                ],
            }
        )
        self.phare.property_product_pricelist = pricelist
        units = ("hour", "half_day", "day", "use")

        def more(count):
            for index in range(count):
                self._asset(
                    f"Tool {index}",
                    (self.fabrique, self.semeurs)[index % 2],
                    price=index + 1.0,
                    price_unit=units[index % 4],
                    capacity=1 + index % 3,
                )

        more(20)
        self.log_in(self.borrower)
        urls = ("/commons", "/commons" + self.when(3) + "&near=here&taken=1")
        few = [self.queries(url) for url in urls]
        self.assertGreater(min(few), 5)
        more(180)
        many = [self.queries(url) for url in urls]
        self.assertEqual(few, many)

    def test_queries_of_an_asset_do_not_grow_with_bookings(self):
        self.chairs.policy_id.max_hours = 0
        self.log_in(self.borrower)
        url = f"/commons/{self.chairs.id}" + self.when(5)

        def more(first, last):
            for index in range(first, last):
                self.book(self.chairs, days=2 + index % 25, quantity=1)

        more(0, 10)
        few = self.queries(url)
        more(10, 60)
        self.assertEqual(self.queries(url), few)

    # === LIVE === #

    def test_live_price_says_what_it_costs_and_why_not(self):
        self.log_in(self.borrower)
        quote = self.call(f"/commons/{self.van.id}/quote", **self.dates(3), quantity=1)
        self.assertEqual(quote["sentences"], [])
        self.assertIn("40.00", quote["amount"])
        self.book()
        quote = self.call(f"/commons/{self.van.id}/quote", **self.dates(3), quantity=1)
        self.assertIn("is taken", quote["sentences"][0])
        self.assertEqual(quote["nearest"][0]["times"]["start_date"], self.day(3))

    def test_availability_in_the_wall_times_of_the_asset(self):
        self.book(self.chairs, quantity=12)
        self.log_in(self.third)
        steps = self.call(
            f"/commons/{self.chairs.id}/availability",
            first=self.day(3),
            last=self.day(4),
        )
        self.assertEqual([step["free"] for step in steps], [30, 18, 30])
        self.assertEqual(steps[1]["start"], f"{self.day(3)}T09:00:00")
        days = self.call(
            f"/commons/{self.chairs.id}/availability",
            first=self.day(3),
            last=self.day(5),
            by_day=True,
        )
        self.assertEqual([day["free"] for day in days], [18, 30])
        self.assertNotIn("Phare", json.dumps([steps, days]))

    def test_the_list_says_the_same_as_the_calendar(self):
        self.book()
        self.log_in(self.third)
        month = self.day(3)[:7]
        page = " ".join(self.page(f"/commons/{self.van.id}?month={month}").split())
        self.assertIn("Free 00:00–09:00", page)
        self.assertIn("Free 17:00–24:00", page)

    def test_quotes_in_batch_are_the_quotes_one_by_one(self):
        assets = self.van | self.chairs | self.bike
        window = self.at(3, "09:00"), self.at(4, "11:00")
        batch = assets._quotes(self.phare, *window, quantity=2)
        for asset in assets:
            self.assertEqual(batch[asset.id], asset._quote(self.phare, *window, 2))
        self.assertEqual(batch[self.bike.id]["amount"], 208)
