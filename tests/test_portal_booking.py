from odoo.fields import Datetime
from odoo.tests import tagged

from .common_portal import PortalCase


@tagged("post_install", "-at_install")
class TestPortalBooking(PortalCase):
    def ask(self, asset=None, days=3, **data):
        asset = asset or self.van
        data = {"quantity": 1, **self.dates(days), **data}
        return self.post(f"/commons/{asset.id}/book", **data)

    def last(self, entity=None):
        return self.env["ess.booking"].search(
            [("entity_id", "=", (entity or self.phare).id)], order="id desc", limit=1
        )

    # === ASKING === #

    def test_a_request_in_the_time_of_the_place(self):
        self.log_in(self.borrower)
        response = self.ask(purpose="Festival", entity_id=self.semeurs.id)
        booking = self.last()
        self.assertURLEqual(
            response.headers["Location"], f"/my/bookings/{booking.id}?done=requested"
        )
        self.assertEqual(booking.state, "requested")
        self.assertEqual(booking.start, self.at(3, "09:00"))
        self.assertEqual(booking.stop, self.at(3, "17:00"))
        self.assertEqual(booking.contact_id, self.borrower.partner_id)
        self.assertEqual(booking.purpose, "Festival")
        self.assertEqual(booking.amount, 40)

    def test_whole_days_include_the_last(self):
        self.van.policy_id = self.env["ess.booking.policy"].create(
            {"name": "Days", "granularity": "day", "opening_rule": "free"}
        )
        self.log_in(self.borrower)
        self.ask(start_date=self.day(3), stop_date=self.day(4))
        booking = self.last()
        self.assertEqual(booking.start, self.at(3, "00:00"))
        self.assertEqual(booking.stop, self.at(5, "00:00"))
        self.assertIn(
            "2 days",
            " ".join(
                self.van._portal_quote(booking.start, booking.stop)["detail"].split()
            ),
        )

    def test_refused_page_keeps_what_was_typed_and_offers_free_times(self):
        self.book(entity=self.semeurs, user=self.third)
        self.log_in(self.borrower)
        count = self.env["ess.booking"].search_count([])
        response = self.ask(purpose="Moving the nursery")
        self.assertEqual(response.status_code, 200)
        page = response.text
        self.assertIn("is taken", page)
        self.assertIn("Moving the nursery", page)
        self.assertIn(f'value="{self.day(3)}"', page)
        self.assertIn('name="nearest"', page)
        self.assertIn('name="wait"', page)
        self.assertEqual(self.env["ess.booking"].search_count([]), count)
        # one tap takes the first of the free times
        start, stop = self.at(3, "17:00"), self.at(4, "01:00")
        self.ask(nearest=f"{start}/{stop}", purpose="Moving the nursery")
        self.assertEqual(self.last().start, start)
        self.assertEqual(self.last().purpose, "Moving the nursery")

    def test_waiting_list(self):
        first = self.book(entity=self.semeurs, user=self.third)
        self.log_in(self.borrower)
        self.ask(wait="1")
        self.assertEqual(self.last().state, "waiting")
        self.assertIn(
            "place 1", " ".join(self.page(f"/my/bookings/{self.last().id}").split())
        )
        first.with_user(self.third).action_cancel("No longer needed")
        self.assertEqual(self.last().state, "requested")

    def test_bad_dates_are_a_sentence(self):
        self.log_in(self.borrower)
        for data, sentence in (
            ({"start_date": "soon"}, "cannot be read"),
            ({"start_date": ""}, "from when to when"),
            ({"start_time": "18:00"}, "must come after"),
            ({"quantity": "0"}, "at least 1"),
            ({"nearest": "x/y"}, "must be dates"),
        ):
            with self.subTest(data=data):
                response = self.ask(**data)
                self.assertEqual(response.status_code, 200)
                self.assertIn(sentence, response.text)
        self.assertFalse(self.last())

    def test_contact_of_another_organisation_is_not_taken(self):
        self.log_in(self.borrower)
        self.ask(contact_id=self.third.partner_id.id)
        self.assertEqual(self.last().contact_id, self.borrower.partner_id)

    # === HOLD === #

    def test_hold_moves_with_the_dates_and_becomes_the_request(self):
        self.log_in(self.borrower)
        url = f"/commons/{self.van.id}/hold"
        self.assertEqual(self.call(url, **self.dates(3), quantity=1), {"minutes": 15})
        draft = self.last()
        self.assertEqual(draft.state, "draft")
        self.assertTrue(draft.occupancy_ids.expires_at)
        self.call(url, **self.dates(4), quantity=1)
        self.assertEqual(self.last(), draft)
        self.assertEqual(draft.start, self.at(4, "09:00"))
        # meanwhile another member cannot have it
        self.log_in(self.third)
        answer = self.call(url, **self.dates(4), quantity=1)
        self.assertIn("is taken", answer["message"])
        self.assertFalse(self.last(self.semeurs))
        self.log_in(self.borrower)
        self.ask(days=4)
        self.assertEqual(self.last(), draft)
        self.assertEqual(draft.state, "requested")
        self.assertNotIn("Draft", self.page("/my/bookings?show=all"))

    def test_no_hold_and_no_form_without_the_charter(self):
        self.phare.ess_membership_ids.accepted_version = 0
        self.log_in(self.borrower)
        answer = self.call(f"/commons/{self.van.id}/hold", **self.dates(3), quantity=1)
        self.assertIn("has not accepted the charter", answer["message"])
        page = self.page(f"/commons/{self.van.id}")
        self.assertIn("has not accepted the charter", page)
        self.assertNotIn("Send the request", page)
        response = self.ask()
        self.assertIn("has not accepted the charter", response.text)
        self.assertFalse(self.last())

    # === CHANGING === #

    def test_change_cancel_and_back_again(self):
        booking = self.book()
        self.log_in(self.borrower)
        url = f"/my/bookings/{booking.id}"
        self.post(f"{url}/change", **self.dates(5), quantity=1, purpose="Later")
        self.assertEqual(booking.start, self.at(5, "09:00"))
        self.assertEqual(booking.purpose, "Later")
        response = self.post(f"{url}/cancel", reason="  ")
        self.assertIn("say why", response.text)
        self.assertEqual(booking.state, "requested")
        self.post(f"{url}/cancel", reason="Rain")
        self.assertEqual(booking.state, "cancelled")
        self.assertIn("Rain", self.page(url))

    def test_refused_change_keeps_what_was_typed(self):
        self.book(days=5, entity=self.semeurs, user=self.third)
        booking = self.book()
        self.log_in(self.borrower)
        response = self.post(
            f"/my/bookings/{booking.id}/change", **self.dates(5), quantity=1
        )
        self.assertIn("is taken", response.text)
        self.assertIn(f'value="{self.day(5)}"', response.text)
        self.assertIn('name="nearest"', response.text)
        self.assertEqual(booking.start, self.at(3, "09:00"))

    def test_repeat_shows_what_cannot_be_had_and_books_the_rest(self):
        """Four Mondays in all; the second of the new three is taken."""
        booking = self.book()
        taken = self.book(days=17, entity=self.semeurs, user=self.third)
        self.log_in(self.borrower)
        url = f"/my/bookings/{booking.id}/repeat"
        page = self.page(f"{url}?frequency=weekly&count=4")
        self.assertIn("is taken", page)
        self.assertIn("dates that can be had", page)
        self.assertFalse(booking.series_id)
        self.post(url, frequency="weekly", count=4)
        starts = booking.series_id.booking_ids.mapped("start")
        self.assertEqual(
            sorted(starts),
            [self.at(3, "09:00"), self.at(10, "09:00"), self.at(24, "09:00")],
        )
        self.assertEqual(taken.state, "requested")
        self.assertIn("two times or more", self.page(f"{url}?frequency=weekly&count=1"))
        self.assertIn("is not one of", self.page(f"{url}?frequency=often&count=4"))

    def test_hand_over_return_and_exchange(self):
        booking = self.book_soon()
        booking.with_user(self.lender).action_approve()
        self.log_in(self.borrower)
        url = f"/my/bookings/{booking.id}"
        self.post(f"{url}/hand-over")
        self.assertEqual(booking.state, "ongoing")
        self.post(f"{url}/return")
        self.assertEqual(booking.state, "done")
        self.assertEqual(booking.exchange_ids.amount, 40)
        page = " ".join(self.page("/my/organisation").split())
        self.assertIn(booking.exchange_ids.name, page)

    def test_calendar_file(self):
        booking = self.book()
        self.log_in(self.borrower)
        response = self.get(f"/my/bookings/{booking.id}/ics")
        self.assertIn("text/calendar", response.headers["Content-Type"])
        start = Datetime.to_datetime(booking.start).strftime("%Y%m%dT%H%M%SZ")
        self.assertIn(f"DTSTART:{start}", response.text)

    # === LIST === #

    def test_upcoming_past_all(self):
        coming, gone = self.book(), self.book(days=6)
        gone.with_user(self.borrower).action_cancel("Rain")
        other = self.book(days=8, entity=self.semeurs, user=self.third)
        self.log_in(self.borrower)
        link = "/my/bookings/%s"
        for show, shown, hidden in (
            ("upcoming", coming, gone),
            ("past", gone, coming),
            ("all", coming | gone, other),
            ("nonsense", coming, gone),
        ):
            page = self.page(f"/my/bookings?show={show}")
            for booking in shown:
                self.assertIn(link % booking.id, page, show)
            for booking in hidden:
                self.assertNotIn(f'{link % booking.id}"', page, show)

    def test_queries_do_not_grow_with_bookings(self):
        def more(first, last):
            for index in range(first, last):
                self.book(
                    self.chairs, days=2 + index % 25, quantity=1, purpose=str(index)
                )

        def queries():
            self.page("/my/bookings?show=all")
            self.page("/my/bookings?show=all")
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.page("/my/bookings?show=all")
            return self.env.cr.sql_log_count - before

        self.log_in(self.borrower)
        more(0, 10)
        few = queries()
        self.assertGreater(few, 5)
        more(10, 60)
        self.assertEqual(queries(), few)
