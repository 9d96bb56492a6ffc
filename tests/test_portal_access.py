from urllib.parse import urlsplit

from odoo.tests import tagged

from .common_portal import PortalCase

LOGIN, MY, OK, MISSING = "login", "my", 200, 404
PIXEL = (
    b"iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6"
    b"kgAAAABJRU5ErkJggg=="
)


@tagged("post_install", "-at_install")
class TestPortalAccess(PortalCase):
    """Every route, for everybody: what it answers, and what it leaves alone.

    La Fabrique owns the van, Le Phare has asked for it, Les Semeurs look on; all
    three are in the circle. The cellar is La Fabrique's own and not published.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.cellar = cls._asset("Cellar", published=False)
        cls.show = cls._asset("Showcase", is_public=True)
        cls.people = {
            "visitor": None,
            "lender": cls.lender,
            "borrower": cls.borrower,
            "third": cls.third,
            "facilitator": cls.facilitator,
            "accountant": cls.accountant,
        }

    def setUp(self):
        super().setUp()
        self.booking = self.book()
        self.photo = self.env["ess.asset.photo"].create(
            {"asset_id": self.cellar.id, "image_1920": PIXEL}
        )

    def answer(self, url):
        """Status of a page, or where one is sent."""
        response = self.get(url)
        if response.status_code in (302, 303):
            target = urlsplit(response.headers["Location"]).path
            return {"/web/login": LOGIN, "/my": MY}.get(target, target)
        return response.status_code

    def test_every_page_for_everybody(self):
        booking, van, cellar = self.booking.id, self.van.id, self.cellar.id
        # visitor, lender, borrower, third, facilitator, accountant
        expected = {
            "/my": (LOGIN, OK, OK, OK, OK, OK),
            "/commons": (OK, OK, OK, OK, OK, OK),
            f"/commons/{self.show.id}": (OK, OK, OK, OK, OK, OK),
            f"/commons/{van}": (LOGIN, OK, OK, OK, OK, OK),
            f"/commons/{cellar}": (LOGIN, OK, MISSING, MISSING, OK, OK),
            "/commons/999999": (LOGIN, *5 * (MISSING,)),
            "/my/bookings": (LOGIN, OK, OK, OK, OK, OK),
            f"/my/bookings/{booking}": (LOGIN, OK, OK, MY, OK, OK),
            "/my/bookings/999999": (LOGIN, *5 * (MY,)),
            f"/my/bookings/{booking}/ics": (LOGIN, OK, OK, MY, OK, OK),
            f"/my/bookings/{booking}/repeat": (LOGIN, MY, OK, MY, OK, MY),
            "/my/requests": (LOGIN, OK, OK, OK, OK, OK),
            "/my/assets": (LOGIN, OK, OK, OK, MY, MY),
            "/my/assets/new": (LOGIN, OK, OK, OK, MY, MY),
            f"/my/assets/{van}/edit": (LOGIN, OK, MY, MY, MY, MY),
            f"/my/assets/{van}/closures": (LOGIN, OK, MY, MY, MY, MY),
            "/my/organisation": (LOGIN, OK, OK, OK, MY, MY),
        }
        for position, (who, user) in enumerate(self.people.items()):
            self.log_in(user)
            for url, answers in expected.items():
                with self.subTest(who=who, url=url):
                    self.assertEqual(self.answer(url), answers[position])

    def test_photos_obey_the_rules(self):
        url = f"/web/image/ess.asset.photo/{self.photo.id}/image_512"
        placeholder = {}
        for who in ("visitor", "lender", "third"):
            self.log_in(self.people[who])
            placeholder[who] = self.get(url).content
        self.assertNotEqual(placeholder["lender"], placeholder["third"])
        self.assertEqual(placeholder["visitor"], placeholder["third"])

    def test_live_answers_tell_strangers_nothing(self):
        for act in ("quote", "availability", "hold"):
            with self.subTest(act=act):
                self.log_in(self.third)
                answer = self.call(
                    f"/commons/{self.cellar.id}/{act}",
                    first=self.day(0),
                    last=self.day(9),
                    **self.dates(3),
                )
                self.assertIn("404", str(answer))

    def test_posts_of_strangers_change_nothing(self):
        """Third member and visitor post everywhere: state, asset, charter stay."""
        booking, van = self.booking.id, self.van.id
        membership = self.phare.ess_membership_ids
        membership.accepted_version = 0
        posts = {
            f"/my/bookings/{booking}/cancel": {"reason": "Mine now"},
            f"/my/bookings/{booking}/hand-over": {},
            f"/my/bookings/{booking}/return": {},
            f"/my/bookings/{booking}/approve": {},
            f"/my/bookings/{booking}/refuse": {"reason": "No"},
            f"/my/bookings/{booking}/change": {**self.dates(9), "quantity": 1},
            f"/my/bookings/{booking}/repeat": {"frequency": "weekly", "count": 3},
            f"/commons/{self.cellar.id}/book": {**self.dates(9), "quantity": 1},
            f"/my/assets/{van}/save": {"name": "Stolen"},
            f"/my/assets/{van}/closures/add": {**self.dates(9), "kind": "closure"},
            f"/my/assets/{self.cellar.id}/photos/{self.photo.id}/delete": {},
            f"/my/organisation/charter/{membership.id}/accept": {},
        }
        count = self.env["ess.booking"].search_count([])
        for user in (self.third, None, self.accountant):
            self.log_in(user)
            for url, data in posts.items():
                with self.subTest(user=user and user.login, url=url):
                    response = self.post(url, **data)
                    self.assertIn(response.status_code, (200, 303, 403, 404))
        self.env.invalidate_all()
        self.assertEqual(self.booking.state, "requested")
        self.assertEqual(self.booking.start, self.at(3, "09:00"))
        self.assertEqual(self.van.name, "Van")
        self.assertTrue(self.photo.exists())
        self.assertFalse(membership.charter_accepted)
        self.assertEqual(self.env["ess.booking"].search_count([]), count)
        self.assertFalse(self.env["ess.occupancy"].search([("kind", "=", "closure")]))

    def test_borrower_does_not_answer_its_own_request(self):
        self.log_in(self.borrower)
        for act in ("approve", "refuse"):
            page = self.post(f"/my/bookings/{self.booking.id}/{act}", reason="I")
            self.assertIn("it is not yours", page.text)
        self.assertEqual(self.booking.state, "requested")

    def test_no_token_of_the_form_no_act(self):
        self.log_in(self.borrower)
        for url in (
            f"/my/bookings/{self.booking.id}/cancel",
            f"/commons/{self.van.id}/book",
            "/my/assets/save",
        ):
            with self.subTest(url=url):
                response = self.post(url, csrf=False, reason="Gone")
                self.assertEqual(response.status_code, 400)
        self.assertEqual(self.booking.state, "requested")

    def test_a_get_never_acts(self):
        self.log_in(self.lender)
        for act in ("cancel", "hand-over", "return", "approve", "refuse", "change"):
            response = self.get(f"/my/bookings/{self.booking.id}/{act}")
            self.assertIn(response.status_code, (404, 405), act)
        self.assertEqual(self.booking.state, "requested")

    # === TOKENS === #

    def test_token_reads_the_page_without_the_door_code(self):
        self.booking.with_user(self.lender).action_approve()
        token = self.booking.access_token
        url = f"/my/bookings/{self.booking.id}"
        self.log_in(None)
        self.assertEqual(self.answer(url), LOGIN)
        self.assertEqual(self.answer(f"{url}?access_token=wrong"), LOGIN)
        page = self.page(f"{url}?access_token={token}")
        self.assertIn("Van", page)
        for secret in ("4711", "Bo Borrower", "Cancel this", token[:8] + "/cancel"):
            self.assertNotIn(secret, page)
        self.assertIn("VEVENT", self.page(f"{url}/ics?access_token={token}"))

    def test_door_code_for_the_confirmed_borrower_only(self):
        booking = self.book_soon()
        url = f"/my/bookings/{booking.id}"
        self.log_in(self.borrower)
        self.assertNotIn("4711", self.page(url))
        self.assertNotIn("4711", self.page(f"/commons/{self.van.id}"))
        booking.with_user(self.lender).action_approve()
        self.assertIn("4711", self.page(url))
        booking.with_user(self.borrower).action_hand_over()
        booking.with_user(self.borrower).action_return()
        self.assertNotIn("4711", self.page(url))

    def test_an_asset_token_opens_nothing(self):
        self.cellar._portal_ensure_token()
        self.log_in(self.third)
        url = f"/commons/{self.cellar.id}?access_token={self.cellar.access_token}"
        self.assertEqual(self.answer(url), MISSING)
