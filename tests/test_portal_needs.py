from urllib.parse import urlsplit

from odoo.tests import tagged

from .common_portal import PortalCase

LOGIN, MY, OK = "login", "my", 200


@tagged("post_install", "-at_install")
class TestPortalNeeds(PortalCase):
    """Le Phare needs 10 chairs in five days; La Fabrique has 30 of them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.chairs.approval = "owner"
        cls.outsider = cls.env["res.partner"].create(
            {"name": "Far Away", "is_company": True, "ess_is_member": True}
        )
        cls.stranger = cls._volunteer(cls.outsider, "stranger")
        cls.people = {
            "visitor": None,
            "lender": cls.lender,
            "borrower": cls.borrower,
            "third": cls.third,
            "stranger": cls.stranger,
            "facilitator": cls.facilitator,
            "accountant": cls.accountant,
        }

    def _need(self, quantity=10, days=5, publish=True, **vals):
        need = self.env["ess.need"].create(
            {
                "name": "Chairs",
                "entity_id": self.phare.id,
                "contact_id": self.borrower.partner_id.id,
                "category_id": self.category.id,
                "quantity": quantity,
                "start": self.at(days, "09:00"),
                "stop": self.at(days, "17:00"),
                **vals,
            }
        )
        if publish:
            need.with_user(self.borrower).action_publish()
        return need

    def _line(self, need):
        return need.line_ids.filtered(lambda line: line.asset_id == self.chairs)

    def answer(self, url):
        """Status of a page, or where one is sent."""
        response = self.get(url)
        if response.status_code in (302, 303):
            target = urlsplit(response.headers["Location"]).path
            return {"/web/login": LOGIN, "/my": MY}.get(target, target)
        return response.status_code

    # === ACCESS === #

    def test_every_page_for_everybody(self):
        """Published: the circle sees it. A draft is its member's alone."""
        need, draft = self._need(), self._need(publish=False)
        # visitor, lender, borrower, third, stranger, facilitator, accountant
        expected = {
            "/my/needs": (LOGIN, OK, OK, OK, OK, OK, OK),
            "/my/needs?show=others": (LOGIN, OK, OK, OK, OK, OK, OK),
            "/my/needs?show=past": (LOGIN, OK, OK, OK, OK, OK, OK),
            "/my/needs/new": (LOGIN, OK, OK, OK, OK, MY, MY),
            f"/my/needs/{need.id}": (LOGIN, OK, OK, OK, MY, OK, OK),
            f"/my/needs/{draft.id}": (LOGIN, MY, OK, MY, MY, OK, OK),
            f"/my/needs/{need.id}/edit": (LOGIN, MY, OK, MY, MY, OK, MY),
            f"/my/needs/{draft.id}/edit": (LOGIN, MY, OK, MY, MY, OK, MY),
            "/my/needs/999999": (LOGIN, *6 * (MY,)),
            "/my/needs/999999/edit": (LOGIN, *6 * (MY,)),
        }
        for position, (who, user) in enumerate(self.people.items()):
            self.log_in(user)
            for url, answers in expected.items():
                with self.subTest(who=who, url=url):
                    self.assertEqual(self.answer(url), answers[position])

    def test_a_token_lets_one_read_and_nothing_else(self):
        need = self._need(publish=False, description="Only for members")
        url = f"/my/needs/{need.id}"
        self.log_in(None)
        self.assertEqual(self.answer(f"{url}?access_token=wrong"), LOGIN)
        page = self.page(f"{url}?access_token={need.access_token}")
        self.assertIn("10 × Chairs", page)
        for text in (self.phare.email, "/publish", "/close", "/edit"):
            self.assertNotIn(text, page)
        for user in (None, self.third):
            self.log_in(user)
            token = need.access_token
            self.post(f"{url}/close", reason="Gone", access_token=token)
            self.post(f"{url}/publish", access_token=token)
        self.assertEqual(need.state, "draft")

    def test_posts_of_strangers_change_nothing(self):
        need = self._need()
        line = self._line(need)
        line.action_agree()
        proposal = line.proposal_id
        url = f"/my/needs/{need.id}"
        posts = {
            f"{url}/close": {"reason": "Gone"},
            f"{url}/publish": {},
            f"{url}/save": {"name": "Stolen", "quantity": 1, **self.dates(9)},
            f"{url}/offer": {"asset_id": self.chairs.id, "quantity": 3},
            f"{url}/answer/{line.id}/agree": {},
            f"{url}/answer/{line.id}/decline": {"reason": "No"},
            f"{url}/answer/{line.id}/burn": {},
            f"{url}/proposals/{proposal.id}/accept": {},
        }
        for user in (self.third, self.stranger, None, self.accountant):
            self.log_in(user)
            for target, data in posts.items():
                with self.subTest(user=user and user.login, url=target):
                    response = self.post(target, **data)
                    self.assertIn(response.status_code, (200, 303, 403, 404))
        # each side does its own part only
        self.log_in(self.lender)
        for target in (f"{url}/close", f"{url}/proposals/{proposal.id}/accept"):
            self.post(target, reason="Gone")
        self.log_in(self.borrower)
        self.post(f"{url}/answer/{line.id}/decline", reason="No")
        self.env.invalidate_all()
        self.assertEqual((need.state, need.name), ("published", "Chairs"))
        self.assertEqual((line.state, proposal.state), ("agreed", "ready"))
        self.assertFalse(need.proposal_ids.filtered("by_hand"))
        self.assertFalse(need.booking_ids)

    def test_nobody_creates_one_for_somebody_else(self):
        count = self.env["ess.need"].search_count([])
        for user in (None, self.facilitator, self.accountant):
            self.log_in(user)
            self.post("/my/needs/save", name="X", quantity=1, **self.dates(3))
        self.assertEqual(self.env["ess.need"].search_count([]), count)
        self.log_in(self.third)
        self.post(
            "/my/needs/save",
            name="A tent",
            quantity=1,
            entity_id=self.phare.id,
            state="met",
            **self.dates(3),
        )
        need = self.env["ess.need"].search([], order="id desc", limit=1)
        self.assertEqual((need.entity_id, need.state), (self.semeurs, "published"))

    def test_no_token_of_the_form_no_act(self):
        need = self._need()
        self.log_in(self.borrower)
        response = self.post(f"/my/needs/{need.id}/close", csrf=False, reason="Gone")
        self.assertEqual(response.status_code, 400)
        self.assertEqual(need.state, "published")

    def test_lenders_of_a_proposal_do_not_see_each_other_s_part(self):
        """Les Semeurs see the need, not what La Fabrique answers."""
        need = self._need()
        lines = self.env["ess.need.proposal.line"].with_user(self.third)
        self.assertFalse(lines.search([("need_id", "=", need.id)]))
        self.log_in(self.third)
        page = self.page(f"/my/needs/{need.id}")
        self.assertNotIn("Radio La Fabrique", page)

    # === FLOW === #

    def test_from_the_need_to_the_booking(self):
        self.log_in(self.borrower)
        response = self.post(
            "/my/needs/save",
            name="Chairs",
            quantity="10",
            category_id=self.category.id,
            city="Roubaix",
            radius_km="",
            description="For the feast",
            **self.dates(5),
        )
        self.assertEqual(response.status_code, 303)
        need = self.env["ess.need"].search([], order="id desc", limit=1)
        self.assertEqual(need.start, self.at(5, "09:00"))
        self.assertEqual(need.contact_id, self.borrower.partner_id)
        page = self.page(f"/my/needs/{need.id}")
        self.assertIn("One lender is asked.", page)
        self.assertNotIn("/accept", page)

        self.log_in(self.lender)
        home = self.call("/my/counters", counters=["ess_need_asked_count"])
        self.assertEqual(home["ess_need_asked_count"], 1)
        line = self._line(need)
        board = self.page("/my/needs")
        self.assertIn("Could you lend this?", board)
        self.assertIn(f"/my/needs/{need.id}/answer/{line.id}/agree", board)
        page = self.post(f"/my/needs/{need.id}/answer/{line.id}/decline", reason=" ")
        self.assertIn("Reason: say why", page.text)
        self.post(f"/my/needs/{need.id}/answer/{line.id}/agree")
        self.assertEqual(line.state, "agreed")
        self.assertIn("You said yes.", self.page(f"/my/needs/{need.id}"))

        self.log_in(self.borrower)
        home = self.call("/my/counters", counters=["ess_need_ready_count"])
        self.assertEqual(home["ess_need_ready_count"], 1)
        page = self.page(f"/my/needs/{need.id}")
        self.assertIn("One proposal can be taken: choose.", page)
        # 10 chairs for a day at 0.50
        self.assertIn("5.00", page)
        accept = f"/my/needs/{need.id}/proposals/{line.proposal_id.id}/accept"
        self.post(accept)
        self.assertEqual(need.state, "met")
        self.assertEqual(need.booking_ids.state, "confirmed")
        self.assertIn(
            f"/my/bookings/{need.booking_ids.id}", self.page(f"/my/needs/{need.id}")
        )

    def test_accepted_needs_make_their_loans(self):
        """Two lenders, two agreements, in one act."""
        self.policy.loan_kind = "hire"
        tables = self._asset(
            "Tables", self.semeurs, capacity=5, approval="owner", city="Roubaix"
        )
        need = self._need(quantity=35)
        proposal = need.proposal_ids.filtered(lambda p: p.lender_count == 2)[:1]
        self.assertEqual(proposal.line_ids.asset_id, tables | self.chairs)
        for line in proposal.line_ids:
            line.action_agree()
        self.log_in(self.borrower)
        self.post(f"/my/needs/{need.id}/proposals/{proposal.id}/accept")
        loans = need.booking_ids.loan_id
        self.assertEqual(len(loans), 2)
        self.assertEqual(set(loans.mapped("state")), {"to_sign"})
        self.assertEqual(loans.lender_id, self.fabrique | self.semeurs)

    def test_taken_meanwhile_the_page_says_so(self):
        need = self._need()
        line = self._line(need)
        line.action_agree()
        self.book(
            self.chairs, days=5, entity=self.semeurs, user=self.third, quantity=25
        )
        self.log_in(self.borrower)
        page = self.post(f"/my/needs/{need.id}/proposals/{line.proposal_id.id}/accept")
        self.assertIn("5 of 30 Chairs are free", page.text)
        self.env.invalidate_all()
        self.assertEqual(line.proposal_id.state, "stale")
        self.assertFalse(need.booking_ids)

    def test_an_offer_and_its_refusal(self):
        tents = self._asset("Tents", self.semeurs, capacity=4)
        need = self._need(quantity=4, category_id=False, name="Something dry")
        self.assertFalse(need.proposal_ids)
        self.log_in(self.third)
        self.assertIn("Tents", self.page(f"/my/needs/{need.id}"))
        offer = f"/my/needs/{need.id}/offer"
        page = self.post(offer, asset_id=tents.id, quantity=9)
        self.assertIn("4 of 4 Tents are free", page.text)
        self.assertIn('value="9"', page.text)
        page = self.post(offer, asset_id=self.chairs.id, quantity=4)
        self.assertIn("your own organisation", page.text)
        self.post(offer, asset_id=tents.id, quantity="")
        self.assertEqual(need.proposal_ids.state, "ready")
        self.assertEqual(need.proposal_ids.quantity, 4)

    def test_what_was_typed_stays_when_it_is_refused(self):
        self.log_in(self.borrower)
        # every field is there from the start, the empty ones too
        self.assertIn('name="description"', self.page("/my/needs/new"))
        typed = {"name": "Chairs", "quantity": "12", "city": "Lille"}
        for dates, sentence in (
            ({}, "Dates: say from when to when"),
            (self.dates(5, "17:00", "09:00"), "the end must come after"),
            (self.dates(-5), "which is over"),
        ):
            page = self.post("/my/needs/save", **typed, **dates).text
            self.assertIn(sentence, page)
            for value in typed.values():
                self.assertIn(f'value="{value}"', page)
        page = self.post("/my/needs/save", name=" ", quantity="0", **self.dates(5))
        self.assertIn("What: say what you need", page.text)
        self.assertFalse(self.env["ess.need"].search([]))

    def test_change_and_close(self):
        need = self._need()
        self.log_in(self.borrower)
        url = f"/my/needs/{need.id}"
        self.assertIn('value="10"', self.page(f"{url}/edit"))
        self.post(
            f"{url}/save",
            name="Chairs",
            quantity=6,
            category_id=self.category.id,
            **self.dates(6),
        )
        self.env.invalidate_all()
        self.assertEqual((need.quantity, need.start), (6, self.at(6, "09:00")))
        page = self.post(f"{url}/close", reason="").text
        self.assertIn("Reason: say why", page)
        self.post(f"{url}/close", reason="It rains")
        self.assertEqual(need.state, "closed")
        self.assertIn("It rains", self.page(url))
        self.assertIn(url, self.page("/my/needs?show=past"))

    def test_the_board_costs_the_same_for_many_needs(self):
        def count(show, user):
            self.log_in(user)
            url = f"/my/needs?show={show}"
            self.page(url)
            before = self.env.cr.sql_log_count
            self.page(url)
            return self.env.cr.sql_log_count - before

        self._need()
        first = {
            (show, user): count(show, user)
            for show in ("mine", "others")
            for user in (self.borrower, self.lender)
        }
        for days in range(6, 14):
            self._need(days=days)
        for (show, user), queries in first.items():
            with self.subTest(show=show, user=user.login):
                self.assertLessEqual(count(show, user), queries + 1)
