import io
from urllib.parse import urlsplit

from odoo.tests import tagged

from .common_loan import PIXEL
from .common_portal import PortalCase
from .common_staff import PAPER, StaffData

LOGIN, MY, OK = "login", "my", 200


@tagged("post_install", "-at_install")
class TestPortalStaff(StaffData, PortalCase):
    """La Fabrique lends its bookkeeper to Le Phare, on the portal."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._set_up_staff()
        cls.bob, cls.anais = cls.lender, cls.borrower
        cls.people = {
            "visitor": None,
            "lender": cls.lender,
            "borrower": cls.borrower,
            "third": cls.third,
            "facilitator": cls.facilitator,
            "accountant": cls.accountant,
        }

    def answer(self, url):
        """Status of a page, or where one is sent."""
        response = self.get(url)
        if response.status_code in (302, 303):
            target = urlsplit(response.headers["Location"]).path
            return {"/web/login": LOGIN, "/my": MY}.get(target, target)
        return response.status_code

    # === ACCESS === #

    def test_every_page_for_everybody(self):
        staff = self._staff()
        self._papers(staff)
        url = f"/my/staff/{staff.id}"
        # visitor, lender, borrower, third, facilitator, accountant
        expected = {
            "/my/staff": (LOGIN, OK, OK, OK, OK, OK),
            "/my/staff/new": (LOGIN, OK, OK, OK, MY, MY),
            url: (LOGIN, OK, OK, MY, OK, OK),
            f"{url}/edit": (LOGIN, OK, MY, MY, MY, MY),
            f"{url}/paper/consent": (LOGIN, OK, OK, MY, OK, OK),
            f"{url}/paper/convention": (LOGIN, OK, OK, MY, OK, OK),
            f"{url}/paper/line_ids": (LOGIN, *5 * (MY,)),
            f"/my/loans/{staff.loan_id.id}": (LOGIN, url, url, MY, url, url),
            "/my/staff/999999": (LOGIN, *5 * (MY,)),
            "/my/staff/999999/edit": (LOGIN, *5 * (MY,)),
        }
        for position, (who, user) in enumerate(self.people.items()):
            self.log_in(user)
            for target, answers in expected.items():
                with self.subTest(who=who, url=target):
                    self.assertEqual(self.answer(target), answers[position])

    def test_a_token_reads_no_names_no_papers_no_costs(self):
        staff = self._staff()
        self._papers(staff)
        self._costs(staff)
        url, token = f"/my/staff/{staff.id}", staff.access_token
        self.log_in(None)
        self.assertEqual(self.answer(f"{url}?access_token=wrong"), LOGIN)
        page = self.page(f"{url}?access_token={token}")
        self.assertIn("Bookkeeper", page)
        for text in ("Camille Petit", "700.10", "consent.pdf", "/sign", "/bill"):
            self.assertNotIn(text, page)
        paper = f"{url}/paper/consent?access_token={token}"
        self.assertEqual(self.answer(paper), LOGIN)
        # the link of the loan's mails leads here, with its token
        response = self.get(f"/my/loans/{staff.loan_id.id}?access_token={token}")
        self.assertIn(f"{url}?access_token={token}", response.headers["Location"])

    def test_posts_of_strangers_change_nothing(self):
        """Borrower, third member, visitor, accountant: none does the lender's part."""
        staff = self._billable()
        line = staff.sudo().line_ids[0]
        url = f"/my/staff/{staff.id}"
        posts = {
            f"{url}/ask": {},
            f"{url}/bill": {},
            f"{url}/save": {"qualification": "X", "hours": 1, **self.dates(9)},
            f"{url}/costs/add": {"nature": "wage", "label": "X", "cost": "5"},
            f"{url}/costs/{line.id}/delete": {},
            f"{url}/paper/consent": {},
        }
        for user in (self.borrower, self.third, None, self.accountant):
            self.log_in(user)
            for target, data in posts.items():
                with self.subTest(user=user and user.login, url=target):
                    response = self.post(target, **data)
                    self.assertIn(response.status_code, (200, 303, 403, 404))
        for user in (self.third, None, self.accountant):
            self.log_in(user)
            self.post(f"{url}/cancel", reason="Gone")
            self.call(f"{url}/sign", name="Mallory", signature=PIXEL)
        self.env.invalidate_all()
        self.assertEqual(staff.state, "signed")
        self.assertEqual(staff.qualification, "Bookkeeper")
        self.assertEqual(len(staff.sudo().line_ids), 3)
        self.assertEqual(len(staff.signature_ids), 2)
        self.assertFalse(staff.exchange_ids)

    def test_no_token_of_the_form_no_act(self):
        staff = self._billable()
        self.log_in(self.lender)
        response = self.post(f"/my/staff/{staff.id}/bill", csrf=False, reason="Now")
        self.assertEqual(response.status_code, 400)
        self.assertFalse(staff.exchange_ids)

    def test_the_borrower_reads_totals_and_no_wages(self):
        staff = self._billable()
        self._line(staff, "wage", 0.40, 0.01, label="Overtime bonus")
        url = f"/my/staff/{staff.id}"
        staff.sudo().hours = 36
        self._sign(staff)
        self.log_in(self.borrower)
        page = self.page(url)
        for text in ("700.10", "700.50", "Overtime", "January wage"):
            self.assertNotIn(text, page)
        self.log_in(self.lender)
        self.assertIn("Overtime bonus", self.page(url))
        self.post(f"{url}/bill")
        self.assertEqual(staff.state, "done")
        self.log_in(self.borrower)
        page = self.page(url)
        self.assertIn("700.50", page)
        self.assertIn("1,026.45", page)
        for text in ("700.10", "Overtime", "January wage"):
            self.assertNotIn(text, page)

    # === FLOW === #

    def test_from_the_proposal_to_the_bill(self):
        self.log_in(self.lender)
        self.assertIn('name="work"', self.page("/my/staff/new"))
        typed = {
            "entity_id": self.phare.id,
            "person_id": "",
            "person_name": "Alix Roche",
            "qualification": "Gardener",
            "hours": "7,5",
            "place": "Roubaix",
            "work": "Cuts the hedges",
        }
        page = self.post(
            "/my/staff/save", **{**typed, "hours": "many"}, **self.dates(3)
        )
        self.assertIn("is not a number such as 7.5", page.text)
        self.assertIn('value="Gardener"', page.text)
        self.post("/my/staff/save", **typed, **self.dates(3))
        staff = self.env["ess.staff.loan"].search([], limit=1)
        self.assertEqual((staff.hours, staff.state), (7.5, "draft"))
        self.assertEqual(staff.person_id.name, "Alix Roche")
        self.assertEqual(staff.start, self.at(3, "09:00"))
        url = f"/my/staff/{staff.id}"
        self.post(f"{url}/ask")
        self.assertEqual(staff.state, "to_sign")

        page = self.page(url)
        self.assertIn("Sign the agreement", page)
        seen = staff.loan_id._terms_hash()
        answer = self.call(f"{url}/sign?seen=other", name="Lou", signature=PIXEL)
        self.assertIn("was changed since you opened it", answer["error"])
        answer = self.call(f"{url}/sign?seen={seen}", name="", signature=PIXEL)
        self.assertIn("Name: write the name", answer["error"])
        answer = self.call(f"{url}/sign?seen={seen}", name="Lou", signature=PIXEL)
        self.assertTrue(answer["force_refresh"])

        self.log_in(self.borrower)
        home = self.call("/my/counters", counters=["ess_staff_count"])
        self.assertEqual(home["ess_staff_count"], 1)
        self.call(f"{url}/sign?seen={seen}", name="Bo", signature=PIXEL)
        self.env.invalidate_all()
        self.assertEqual(staff.state, "signed")

        self.log_in(self.lender)
        page = self.post(f"{url}/bill").text
        self.assertIn("Consent: the written agreement of Alix Roche is missing", page)
        for paper in ("consent", "convention"):
            file = {"file": ("paper.pdf", io.BytesIO(b"%PDF-1.4"), "application/pdf")}
            self.post(f"{url}/paper/{paper}", files=file)
        self.assertTrue(staff.consent_document and staff.convention_document)
        bad = {"file": ("x.pdf", io.BytesIO(b"<script>"), "application/pdf")}
        page = self.post(f"{url}/paper/consent", files=bad).text
        self.assertIn("is not a photo", page)
        cost = {"nature": "wage", "label": "Pay slip", "hours": "7,5", "cost": "150,20"}
        page = self.post(f"{url}/costs/add", **cost, amount="150,21").text
        self.assertIn("without any margin", page)
        self.assertIn('value="150,21"', page)
        self.post(f"{url}/costs/add", **cost)
        self.post(f"{url}/costs/add", nature="expense", label="Train", cost="9.80")
        self.post(f"{url}/bill")
        self.assertEqual(staff.state, "done")
        self.assertEqual(staff.exchange_ids.amount, 160.0)
        self.assertIn("It is billed", self.page(url))

    def test_a_cost_is_removed_and_the_loan_given_up(self):
        staff = self._staff()
        line = self._line(staff, "wage", 10, 1)
        self.log_in(self.lender)
        url = f"/my/staff/{staff.id}"
        self.post(f"{url}/costs/{line.id}/delete")
        self.assertFalse(line.exists())
        page = self.post(f"{url}/costs/{line.id}/delete").text
        self.assertIn("not there any more", page)
        page = self.post(f"{url}/cancel", reason="").text
        self.assertIn("Reason: say why", page)
        self.post(f"{url}/cancel", reason="She is ill")
        self.assertEqual(staff.state, "cancelled")

    def test_staff_time_is_listed_once(self):
        """On its own page, and not among the loans of things."""
        staff = self._staff()
        staff.action_ask_signatures()
        for user in (self.lender, self.borrower):
            self.log_in(user)
            self.assertIn(f"/my/staff/{staff.id}", self.page("/my/staff"))
            self.assertNotIn(f"/my/loans/{staff.loan_id.id}", self.page("/my/loans"))
        self.log_in(self.third)
        self.assertNotIn(f"/my/staff/{staff.id}", self.page("/my/staff"))

    def test_the_list_costs_the_same_for_many(self):
        def count():
            self.page("/my/staff")
            before = self.env.cr.sql_log_count
            self.page("/my/staff")
            return self.env.cr.sql_log_count - before

        self._staff()
        self.log_in(self.lender)
        first = count()
        for _one in range(8):
            self._staff()
        self.assertLessEqual(count(), first + 1)

    def test_receipts_stay_with_the_lender(self):
        line = self._line(self._staff(), "wage", 10, 1, receipt=PAPER)
        url = f"/web/content/ess.staff.loan.line/{line.id}/receipt"
        answers = {}
        for user in (self.lender, self.borrower, self.third, None):
            self.log_in(user)
            answers[user and user.login] = self.get(url).status_code
        self.assertEqual(answers.pop("lender"), 200)
        self.assertEqual(set(answers.values()), {404})
