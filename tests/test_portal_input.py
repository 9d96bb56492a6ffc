"""What people, and programs, send to the portal: never a traceback, nothing lost."""

from odoo.tests import tagged

from .common_portal import PortalCase

ABSURD = (
    "0001-01-01",
    "9999-12-31",
    "2026-02-30",
    "1989-06-01",
    "2300-06-01",
    "tomorrow",
    "x" * 5000,
)


@tagged("post_install", "-at_install")
class TestPortalInput(PortalCase):
    def test_absurd_dates_on_every_page(self):
        booking = self.book()
        urls = ("/commons", f"/commons/{self.van.id}")
        self.log_in(self.borrower)
        for day in ABSURD:
            dates = {"start_date": day, "stop_date": day, "quantity": "-1"}
            for url in urls:
                with self.subTest(url=url, day=day):
                    response = self.url_open(f"{url}?start_date={day}&stop_date={day}")
                    self.assertEqual(response.status_code, 200)
            for url in (
                f"/commons/{self.van.id}/book",
                f"/my/bookings/{booking.id}/change",
            ):
                with self.subTest(url=url, day=day):
                    response = self.post(url, **dates, purpose="Our feast")
                    self.assertEqual(response.status_code, 200)
                    self.assertIn("Dates: ", response.text)
                    self.assertIn("Our feast", response.text)
        self.log_in(self.lender)
        for day in ABSURD:
            with self.subTest(day=day):
                response = self.post(
                    f"/my/assets/{self.van.id}/closures/add",
                    kind="closure",
                    note="Feast",
                    **dates | {"start_date": day, "stop_date": day},
                )
                self.assertEqual(response.status_code, 200)
                self.assertIn("Feast", response.text)

    def test_nul_in_a_form(self):
        """A byte that no text field can hold is dropped; the rest is kept."""
        self.log_in(self.borrower)
        response = self.post(
            f"/commons/{self.van.id}/book",
            start_date="tomorrow",
            stop_date="tomorrow",
            purpose="Our\0 feast",
        )
        self.assertEqual(response.status_code, 200)
        self.assertIn("Our feast", response.text)
        self.assertEqual(self.url_open("/commons?search=va%00n").status_code, 200)

    def test_absurd_calls(self):
        """What a script sends is answered by a sentence."""
        self.log_in(self.borrower)
        url = f"/commons/{self.van.id}"
        for day in (*ABSURD, None, 5, ["2026-01-01"]):
            typed = {"start_date": day, "stop_date": day, "quantity": 1}
            with self.subTest(day=day):
                self.assertTrue(self.call(f"{url}/quote", **typed)["sentences"])
                self.assertTrue(self.call(f"{url}/hold", **typed)["message"])
                answer = self.call(f"{url}/availability", first=day, last=day)
                self.assertEqual(
                    answer["data"]["name"], "odoo.exceptions.ValidationError"
                )
        answer = self.call(f"{url}/availability")
        self.assertEqual(answer["data"]["name"], "odoo.exceptions.ValidationError")
        inverted = {"start_date": self.day(4), "stop_date": self.day(3)}
        quote = self.call(f"{url}/quote", **inverted)
        self.assertEqual(
            quote["sentences"], ["Dates: the end must come after the start."]
        )

    def test_code_of_another_asset_loses_nothing(self):
        self.chairs.code = "CH-1"
        self.log_in(self.lender)
        response = self.post(
            "/my/assets/save",
            name="Benches",
            code="CH-1",
            capacity="4",
            city="Halluin",
            circle_ids=self.circle.id,
        )
        self.assertEqual(response.status_code, 200)
        self.assertIn("CH-1 is the code of another asset already", response.text)
        self.assertIn("Halluin", response.text)

    def test_drawing_with_a_script_is_no_photo(self):
        svg = b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"
        self.log_in(self.lender)
        self.post(
            f"/my/assets/{self.van.id}/save",
            files={"photos": ("van.jpg", svg, "image/jpeg")},
            name="Van",
            capacity="1",
            circle_ids=str(self.circle.id),
        )
        self.assertFalse(self.van.photo_ids)

    def test_large_ids(self):
        """A federation with many contacts: ids beyond 100,000 are ids like others."""
        self.env.cr.execute("SELECT setval('res_partner_id_seq', 200000)")
        contact = self.env["res.partner"].create(
            {"name": "Ada", "parent_id": self.phare.id}
        )
        self.assertGreater(contact.id, 200000)
        self.log_in(self.borrower)
        self.post(
            f"/commons/{self.van.id}/book",
            **self.dates(3),
            quantity="1",
            contact_id=contact.id,
        )
        booking = self.env["ess.booking"].search([("asset_id", "=", self.van.id)])
        self.assertEqual(booking.contact_id, contact)

    def test_charter_that_was_changed_while_it_was_read(self):
        membership = self.phare.ess_membership_ids
        self.circle.charter = "<p>Fill the tank.</p>"
        read = self.circle.charter_version
        self.circle.charter = "<p>Fill the tank, and wash it.</p>"
        self.log_in(self.borrower)
        url = f"/my/organisation/charter/{membership.id}/accept"
        response = self.post(url, version=read)
        self.assertIn("was changed meanwhile", response.text)
        self.assertFalse(membership.charter_accepted)
        self.post(url, version=self.circle.charter_version)
        self.assertTrue(membership.charter_accepted)
