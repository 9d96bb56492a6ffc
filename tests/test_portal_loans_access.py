from datetime import timedelta
from urllib.parse import urlsplit

from odoo.tests import tagged
from odoo.tools import mute_logger

from .common_portal_loan import PIXEL, LoanPortalCase, shot

LOGIN, MY, OK, MISSING = "login", "my", 200, 404
ACTS = (
    "approve",
    "cancel",
    "sign",
    "insurance",
    "deposit/hold",
    "deposit/release",
    "deposit/keep",
    "deposit/waive",
    "extend",
    "extension/agree",
    "extension/refuse",
    "extension/withdraw",
    "inspect/hand_over",
    "inspect/return",
    "damages/report",
)


@tagged("post_install", "-at_install")
class TestPortalLoansAccess(LoanPortalCase):
    """Every route of loans, for everybody, by number and by token.

    La Fabrique lends the van to Le Phare: it came back with a dent, the deposit is
    still held. Les Semeurs and the visitor have nothing to do with it.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
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
        self.policy.insurance_required = True
        self.certificate = self.env["ess.insurance.certificate"].create(
            {
                "entity_id": self.phare.id,
                "insurer": "Mutuelle du Nord",
                "number": "Policy 42",
                "date_from": self.day(-30),
                "date_to": self.day(60),
                "document": "JVBERi0xLjQ=",
                "document_name": "police.pdf",
            }
        )
        self.loan, self.returned, self.damage = self.damaged()
        self.url = f"/my/loans/{self.loan.id}"
        photos = self.env["ess.loan.photo"]
        self.photo = photos._add(self.returned.line_ids, [("a.jpg", shot())])
        self.dent = photos._add(self.damage, [("b.jpg", shot("blue"))])

    def answer(self, url):
        """Status of a page, or where one is sent."""
        response = self.get(url)
        if response.status_code in (302, 303):
            target = urlsplit(response.headers["Location"]).path
            return {"/web/login": LOGIN, "/my": MY}.get(target, target)
        return response.status_code

    def pages(self):
        """Addresses that a token opens, without it."""
        return (
            self.url,
            f"{self.url}/agreement",
            f"{self.url}/pdf",
            f"{self.url}/sheet",
            f"{self.url}/inspections/{self.returned.id}",
            f"{self.url}/damages/{self.damage.id}",
            f"{self.url}/photo/{self.photo.id}",
            f"{self.url}/photo/{self.dent.id}/256",
        )

    # === BY NUMBER === #

    def test_every_page_for_everybody(self):
        line = self.returned.line_ids.id
        # visitor, lender, borrower, third, facilitator, accountant
        sides = (LOGIN, OK, OK, MY, OK, OK)
        expected = {
            "/my/loans": (LOGIN, OK, OK, OK, OK, OK),
            "/my/loans/999999": (LOGIN, MY, MY, MY, MY, MY),
            **dict.fromkeys(self.pages(), sides),
            f"{self.url}/certificate/{self.certificate.id}": (
                *(LOGIN, OK, OK, MY),
                *(OK, MY),
            ),
            f"{self.url}/damages/new?line={line}": (LOGIN, OK, OK, MY, OK, MY),
            "/my/basket": (LOGIN, OK, OK, OK, MY, MY),
            "/my/disruptions": (LOGIN, OK, OK, OK, OK, OK),
            "/l": (LOGIN, OK, OK, OK, OK, OK),
            f"/l/{self.loan.short_code}": (
                *(LOGIN, self.url, self.url, OK),
                *(self.url, self.url),
            ),
        }
        for position, (who, user) in enumerate(self.people.items()):
            self.log_in(user)
            for url, answers in expected.items():
                with self.subTest(who=who, url=url):
                    self.assertEqual(self.answer(url), answers[position])

    def test_pictures_by_their_own_address_obey_the_rules_too(self):
        found = {}
        for who in ("visitor", "lender", "third"):
            self.log_in(self.people[who])
            url = f"/web/image/ess.loan.photo/{self.photo.id}/image_1920"
            found[who] = self.get(url).content
        self.assertNotEqual(found["lender"], found["third"])
        self.assertEqual(found["visitor"], found["third"])

    def test_the_signed_paper_and_the_certificate_are_no_public_files(self):
        loan = self.loan
        urls = [
            f"/web/content/{loan.document_id.id}",
            f"/web/content/ess.insurance.certificate/{self.certificate.id}/document",
        ]
        self.assertTrue(loan.document_id)
        for user in (None, self.third):
            self.log_in(user)
            for url in urls:
                with self.subTest(user=user and user.login, url=url):
                    self.assertNotEqual(self.get(url).status_code, OK)

    def test_a_part_of_another_loan_is_not_shown_by_this_one(self):
        """Le Phare and La Fabrique see theirs; others' parts by its number: no."""
        other = self.signed(self.stage, days=9)
        base = f"/my/loans/{other.id}"
        for user in (self.lender, self.borrower):
            self.log_in(user)
            self.assertEqual(self.answer(f"{base}/photo/{self.photo.id}"), MISSING)
            for part in (
                f"inspections/{self.returned.id}",
                f"damages/{self.damage.id}",
            ):
                self.assertEqual(self.answer(f"{base}/{part}"), MY)
        elsewhere = self._member("Atelier Nord")
        self.certificate.entity_id = elsewhere
        url = f"{base}/certificate/{self.certificate.id}"
        self.assertEqual(self.answer(url), MISSING)

    # === BY TOKEN === #

    def test_a_token_reads_and_a_wrong_one_does_not(self):
        other = self.signed(self.stage, days=9).access_token
        for user, out in ((None, LOGIN), (self.third, MY)):
            self.log_in(user)
            for url in self.pages():
                with self.subTest(user=user and user.login, url=url):
                    right = f"{url}?access_token={self.loan.access_token}"
                    self.assertEqual(self.answer(right), OK)
                    for token in ("wrong", other):
                        answer = self.answer(f"{url}?access_token={token}")
                        self.assertEqual(answer, out)

    def test_a_token_shows_no_names_no_files_and_nothing_to_press(self):
        loan = self.to_sign(self.stage, days=9)
        loan.with_user(self.lender).action_sign("Lou Lender", PIXEL)
        for user in (None, self.third):
            self.log_in(user)
            for one in (self.loan, loan):
                token = one.access_token
                page = self.page(f"/my/loans/{one.id}?access_token={token}")
                for secret in (
                    "Lou Lender",
                    "Bo Borrower",
                    "Policy 42",
                    one.short_code,
                    'method="post"',
                    f"/sign?access_token={token}",
                ):
                    self.assertNotIn(secret, page)
            token = loan.access_token
            page = self.page(f"/my/loans/{loan.id}/agreement?access_token={token}")
            self.assertNotIn("portal.signature_form", page)

    def test_a_token_does_nothing(self):
        loan = self.to_sign(self.stage, days=9)
        for user in (None, self.third):
            self.log_in(user)
            for act in ("cancel", "inspect/hand_over", "extend"):
                url = f"/my/loans/{loan.id}/{act}?access_token={loan.access_token}"
                response = self.post(url, reason="Mine", **self.dates(10))
                self.assertEqual(response.status_code, 303, act)
            url = f"/my/loans/{loan.id}/sign?access_token={loan.access_token}"
            self.assertNotIn(
                "redirect_url", self.call(url, name="Thi", signature=PIXEL)
            )
        self.assertEqual(loan.state, "to_sign")
        self.assertFalse(loan.signature_ids)
        self.assertFalse(loan.extension_ids)

    # === ACTS === #

    def everything(self):
        """What an act could have changed, in figures and words."""
        self.env.invalidate_all()
        loans = self.env["ess.loan"].search([], order="id")
        return [
            (
                one.state,
                one.stop,
                one.signature_ids.ids,
                one.deposit_ids.mapped("state"),
                one.extension_ids.mapped("state"),
                [(i.state, i.note, i.contested) for i in one.inspection_ids],
                one.inspection_ids.line_ids.photo_ids.ids,
                [(d.state, d.description, d.amount) for d in one.damage_ids],
            )
            for one in loans
        ] + [
            self.env["ess.insurance.certificate"].search_count([]),
            self.env["ess.loan.disruption"].search([]).mapped("state"),
            self.env["ess.booking"].search([], order="id").mapped("state"),
            self.env["ess.exchange"].search_count([]),
        ]

    def posts(self, loan):
        """Each act of a loan, filled in so that its own side could do it."""
        wall = self.stage._wall(loan.stop + timedelta(hours=2))
        data = {
            "reason": "Because",
            "method": "cheque",
            "amount": "10",
            "line": self.returned.line_ids.id,
            "kind": "damage",
            "quantity": "1",
            "description": "Broken",
            "stop_date": f"{wall:%Y-%m-%d}",
            "stop_time": f"{wall:%H:%M}",
            "insurer": "Evil",
            "number": "666",
            "date_from": self.day(0),
            "date_to": self.day(9),
            "text": "No",
            "bearer": "borrower",
            "cost": "500",
        }
        base = f"/my/loans/{loan.id}"
        urls = [f"{base}/{act}" for act in ACTS if act != "sign"]
        for one in loan.inspection_ids:
            part = f"{base}/inspections/{one.id}"
            urls += [f"{part}/{a}" for a in ("save", "acknowledge", "contest")]
            urls += [
                f"{part}/photos/{photo.id}/delete" for photo in one.line_ids.photo_ids
            ]
        for one in loan.damage_ids:
            part = f"{base}/damages/{one.id}"
            urls += [f"{part}/{a}" for a in ("propose", "agree", "contest", "close")]
        return {url: data for url in urls}

    def stages(self):
        """A loan in each state, so that every act would be possible in one of them."""
        asked, waits = self.asked(days=3), self.to_sign(days=5)
        ready = self.signed(self.chairs, deposit=False)
        drafted = self.signed(self.stage)
        drafted.with_user(self.lender).action_inspect("hand_over")
        extended = self.out(self.chairs, quantity=2, stop=self.soon(12))
        extended.with_user(self.borrower).action_ask_extension(
            extended.stop + timedelta(hours=2)
        )
        self.damage.with_user(self.lender).action_propose("borrower", None, 80, True)
        return asked | waits | ready | drafted | extended | self.loan

    @mute_logger("odoo.http", "odoo.sql_db")
    def test_posts_of_strangers_change_nothing(self):
        loans = self.stages()
        made = self.env["ess.loan.disruption"]._disrupt(
            self.signed(self.stage, days=12).booking_ids, "damage"
        )
        choices = {
            f"/my/disruptions/{made.id}/{choice}": {"asset_id": self.van.id}
            for choice in ("wait", "other", "cancel")
        }
        before = self.everything()
        for user in (self.third, None, self.accountant):
            self.log_in(user)
            posts = dict(choices)
            for loan in loans:
                posts |= self.posts(loan)
                answer = self.call(
                    f"/my/loans/{loan.id}/sign", name="Thi", signature=PIXEL
                )
                self.assertNotIn("redirect_url", answer)
            self.assertGreater(len(posts), 100)
            for url, data in posts.items():
                with self.subTest(user=user and user.login, url=url):
                    response = self.post(url, **data)
                    self.assertIn(response.status_code, (200, 303, 403, 404))
        self.assertEqual(self.everything(), before)

    def test_each_side_does_only_what_is_its_own(self):
        """The borrower does not act for the lender, nor the other way round."""
        loans = self.stages()
        asked, _waits, ready, _drafted, extended, damaged = loans
        of_lender = [
            f"/my/loans/{asked.id}/approve",
            f"/my/loans/{extended.id}/extension/agree",
            f"/my/loans/{extended.id}/extension/refuse",
            f"/my/loans/{damaged.id}/damages/{self.damage.id}/propose",
            f"/my/loans/{damaged.id}/damages/{self.damage.id}/close",
            f"/my/loans/{damaged.id}/deposit/keep",
            f"/my/loans/{damaged.id}/deposit/release",
        ]
        of_borrower = [
            f"/my/loans/{ready.id}/insurance",
            f"/my/loans/{ready.id}/extend",
            f"/my/loans/{extended.id}/extension/withdraw",
            f"/my/loans/{damaged.id}/damages/{self.damage.id}/agree",
            f"/my/loans/{damaged.id}/damages/{self.damage.id}/contest",
        ]
        data = {url: d for loan in loans for url, d in self.posts(loan).items()}
        before = self.everything()
        for user, urls in ((self.borrower, of_lender), (self.lender, of_borrower)):
            self.log_in(user)
            for url in urls:
                with self.subTest(user=user.login, url=url):
                    response = self.post(url, **data[url])
                    self.assertIn(response.status_code, (200, 303))
        self.assertEqual(self.everything(), before)

    def test_a_facilitator_does_not_sign_for_members(self):
        loan = self.to_sign(self.stage, days=9)
        self.log_in(self.facilitator)
        url = f"/my/loans/{loan.id}"
        self.assertNotIn("portal.signature_form", self.page(f"{url}/agreement"))
        answer = self.call(f"{url}/sign", name="Fa", signature=PIXEL)
        self.assertIn("a person of the lender and one of the borrower", answer["error"])
        self.assertFalse(loan.signature_ids)

    def test_no_token_of_the_form_no_act(self):
        loan = self.to_sign(self.stage, days=9)
        self.log_in(self.borrower)
        for act in ("cancel", "extend", "insurance", "inspect/hand_over"):
            response = self.post(f"/my/loans/{loan.id}/{act}", csrf=False, reason="X")
            self.assertEqual(response.status_code, 400, act)
        response = self.post("/my/basket/request", csrf=False, reason="X")
        self.assertEqual(response.status_code, 400)
        self.assertEqual(loan.state, "to_sign")

    def test_a_get_never_acts(self):
        loans = self.stages()
        before = self.everything()
        for user in (self.lender, self.borrower):
            self.log_in(user)
            for loan in loans:
                for url in self.posts(loan):
                    self.assertIn(self.get(url).status_code, (404, 405), url)
                for page in ("", "/agreement", "/pdf", "/sheet"):
                    self.get(f"/my/loans/{loan.id}{page}")
        self.assertEqual(self.everything(), before)

    # === WHO KEEPS IT FOR ITS OWNER === #

    def test_the_keeper_hands_it_over_but_does_not_sign(self):
        self.stage.custodian_id = self.semeurs
        waits = self.to_sign(self.stage, days=9)
        loan = self.signed(self.stage)
        self.log_in(self.third)
        page = " ".join(self.page("/my/loans").split())
        for one in (waits, loan):
            self.assertIn(f'href="/my/loans/{one.id}"', page)
        self.assertIn("Hand it over to Jardin Le Phare", page)
        self.assertNotIn("Read and sign", page)
        answer = self.call(f"/my/loans/{waits.id}/sign", name="T", signature=PIXEL)
        self.assertIn("error", answer)
        self.assertFalse(waits.signature_ids)
        response = self.post(f"/my/loans/{loan.id}/inspect/hand_over")
        inspection = loan.inspection_ids
        url = f"/my/loans/{loan.id}/inspections/{inspection.id}"
        self.assertURLEqual(response.headers["Location"], url)
        line = inspection.line_ids
        self.post(f"{url}/save", record="1", **{f"quantity_{line.id}": 1})
        self.assertEqual(loan.state, "ongoing")
