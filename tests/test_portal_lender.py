import base64
import io

from PIL import Image

from odoo.exceptions import AccessError, ValidationError
from odoo.tests import tagged
from odoo.tools import html2plaintext

from .common_portal import PortalCase


def photo(colour="red", size=(40, 30)):
    buffer = io.BytesIO()
    Image.new("RGB", size, colour).save(buffer, "PNG")
    return buffer.getvalue()


@tagged("post_install", "-at_install")
class TestPortalLender(PortalCase):
    def form(self, **data):
        """The form of an asset as a browser sends it."""
        return {
            "name": "Trailer",
            "category_id": self.category.id,
            "description": "Two axles",
            "capacity": "1",
            "price": "12,50",
            "price_unit": "day",
            "deposit_amount": "100",
            "replacement_value": "",
            "approval": "owner",
            "policy_id": self.policy.id,
            "city": "Wattrelos",
            "private_instructions": "Code 99",
            "circle_ids": self.circle.id,
            "published": "on",
            **data,
        }

    # === REQUESTS === #

    def test_approve_and_refuse(self):
        yes, no = self.book(), self.book(days=5)
        self.log_in(self.lender)
        self.assertIn("Jardin Le Phare", self.page("/my/requests"))
        self.post(f"/my/bookings/{yes.id}/approve")
        self.assertEqual(yes.state, "confirmed")
        response = self.post(f"/my/bookings/{no.id}/refuse", reason="")
        self.assertIn("say why", response.text)
        self.post(f"/my/bookings/{no.id}/refuse", reason="In the garage")
        self.assertEqual((no.state, no.reason), ("refused", "In the garage"))
        self.assertIn("Nobody is waiting", self.page("/my/requests"))

    def test_requests_for_the_federation_are_not_the_owners(self):
        self.van.approval = "federation"
        booking = self.book()
        self.log_in(self.lender)
        self.assertIn("Nobody is waiting", self.page("/my/requests"))
        self.log_in(self.facilitator)
        self.assertIn(f"/my/bookings/{booking.id}/approve", self.page("/my/requests"))

    # === ASSETS === #

    def test_share_something_with_a_photo(self):
        self.log_in(self.lender)
        self.post(
            "/my/assets/save",
            files={"photos": ("trailer.png", photo(), "image/png")},
            **self.form(owner_id=self.phare.id, company_id=99),
        )
        trailer = self.env["ess.asset"].search([("name", "=", "Trailer")])
        self.assertEqual(trailer.owner_id, self.fabrique)
        self.assertEqual(trailer.price, 12.5)
        self.assertEqual(trailer.deposit_amount, 100)
        self.assertEqual(trailer.circle_ids, self.circle)
        self.assertIn("Code 99", trailer.private_instructions)
        self.assertEqual(len(trailer.photo_ids), 1)
        self.assertTrue(trailer.image_1920)

    def test_bad_input_is_a_sentence_and_nothing_typed_is_lost(self):
        self.log_in(self.lender)
        for data, sentence in (
            ({"name": " "}, "Name: say what it is"),
            ({"capacity": "0"}, "at least one"),
            ({"price": "twelve"}, "is not an amount"),
            ({"deposit_amount": "-3"}, "is not an amount"),
            ({"circle_ids": "0"}, "choose at least one"),
        ):
            with self.subTest(data=data):
                response = self.post(
                    "/my/assets/save", **self.form(description="Keep me", **data)
                )
                self.assertEqual(response.status_code, 200)
                self.assertIn(sentence, response.text)
                self.assertIn("Keep me", response.text)
        self.assertFalse(self.env["ess.asset"].search([("name", "=", "Trailer")]))

    def test_a_file_that_is_no_photo(self):
        self.log_in(self.lender)
        response = self.post(
            "/my/assets/save",
            files={"photos": ("evil.png", b"<svg onload=alert(1)>", "image/png")},
            **self.form(),
        )
        self.assertIn("evil.png is not a photo", response.text)
        self.assertIn("Two axles", response.text)
        self.assertFalse(self.env["ess.asset"].search([("name", "=", "Trailer")]))

    def test_where_the_federation_answers_it_chooses_the_rules(self):
        """A volunteer may change the price, but not who says yes."""
        self.van.approval = "federation"
        van = self.van.with_user(self.lender)
        van._portal_save({"price": 45.0, "approval": "federation"})
        self.assertEqual(self.van.price, 45)
        for vals in ({"approval": "auto"}, {"policy_id": False}):
            with self.assertRaisesRegex(ValidationError, "federation answers"):
                van._portal_save(vals)
        self.assertEqual(self.van.approval, "federation")

    def test_edit_keeps_the_layout_of_texts_that_nobody_touched(self):
        self.van.description = "<ul><li>Nine seats</li></ul>"
        self.log_in(self.lender)
        self.post(
            f"/my/assets/{self.van.id}/save",
            **self.form(
                name="Minibus",
                description=html2plaintext(self.van.description),
                private_instructions="Door code 4711",
            ),
        )
        self.assertEqual(self.van.name, "Minibus")
        self.assertIn("<ul>", self.van.description)
        self.assertFalse(self.van.is_public)

    def test_photos_first_and_gone(self):
        photos = self.env["ess.asset.photo"].create(
            [
                {"asset_id": self.van.id, "image_1920": base64.b64encode(photo(c))}
                for c in ("red", "blue")
            ]
        )
        self.log_in(self.lender)
        url = f"/my/assets/{self.van.id}/photos"
        self.post(f"{url}/{photos[1].id}/main")
        self.env.invalidate_all()
        self.assertEqual(self.van.photo_ids[0], photos[1])
        self.post(f"{url}/{photos[1].id}/delete")
        self.env.invalidate_all()
        self.assertEqual(self.van.photo_ids, photos[0])

    def test_lending_asks_for_the_charter(self):
        self.fabrique.ess_membership_ids.accepted_version = 0
        self.log_in(self.lender)
        response = self.post("/my/assets/save", **self.form())
        self.assertIn("has not accepted the charter", response.text)

    # === CLOSURES === #

    def test_close_and_open_again(self):
        self.book(days=5)
        self.log_in(self.lender)
        url = f"/my/assets/{self.van.id}/closures"
        data = {"kind": "maintenance", "quantity": 1, "note": "Brakes"}
        response = self.post(f"{url}/add", **self.dates(5), **data)
        self.assertIn("is taken", response.text)
        self.assertIn("Brakes", response.text)
        self.post(f"{url}/add", **self.dates(6), **data)
        closure = self.van.occupancy_ids.filtered(lambda o: o.kind == "maintenance")
        self.assertEqual(closure.start, self.at(6, "09:00"))
        page = self.page(url)
        self.assertIn("Brakes", page)
        self.assertIn("Jardin Le Phare", page)
        self.post(f"{url}/{closure.id}/delete")
        self.assertFalse(closure.exists())

    def test_time_of_a_booking_is_not_opened_by_hand(self):
        booking = self.book()
        self.log_in(self.lender)
        row = booking.occupancy_ids
        url = f"/my/assets/{self.van.id}/closures/{row.id}/delete"
        self.assertIn("not there any more", self.post(url).text)
        self.assertTrue(row.exists())
        self.assertIn(
            "choose one of the list",
            self.post(
                f"/my/assets/{self.van.id}/closures/add",
                **self.dates(8),
                kind="booking",
            ).text,
        )

    def test_who_has_what_now_and_late(self):
        booking = self.book_soon()
        booking.with_user(self.lender).action_approve()
        booking.with_user(self.lender).action_hand_over()
        late = self.book(self.chairs, quantity=2)
        late.sudo().write({"start": self.at(-2, "09:00"), "stop": self.at(-1, "09:00")})
        late.sudo().write({"state": "ongoing"})
        self.log_in(self.lender)
        page = " ".join(self.page("/my/assets").split())
        self.assertIn("Now: ", page)
        self.assertIn("Late", page)

    # === BY RPC === #

    def test_methods_check_for_themselves(self):
        van = self.van.with_user(self.borrower)
        for act in (
            lambda: van._portal_save({"name": "Stolen"}),
            lambda: van._portal_add_photos([("a.png", photo())]),
            lambda: van._portal_closures(),
            lambda: van._portal_close(
                "closure", self.at(3, "09:00"), self.at(4, "09:00")
            ),
            lambda: van._portal_now_and_next(),
        ):
            with self.assertRaises(AccessError):
                act()
        with self.assertRaises(AccessError):
            van.browse().with_user(self.accountant)._portal_save({"name": "Mine"})

    # === ORGANISATION === #

    def test_accept_a_charter(self):
        membership = self.phare.ess_membership_ids
        membership.accepted_version = 0
        self.log_in(self.borrower)
        self.assertIn("Charter to accept", self.page("/my/organisation"))
        counters = self.call(
            "/my/counters", counters=["ess_charter_count", "ess_request_count"]
        )
        self.assertEqual(counters, {"ess_charter_count": 1, "ess_request_count": 0})
        self.post(
            f"/my/organisation/charter/{membership.id}/accept",
            version=self.circle.charter_version,
        )
        self.env.invalidate_all()
        self.assertTrue(membership.charter_accepted)
        self.assertEqual(membership.accepted_by_id, self.borrower.partner_id)
