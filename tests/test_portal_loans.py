from datetime import timedelta

from odoo import fields
from odoo.tests import tagged

from .common_portal_loan import PIXEL, LoanPortalCase


@tagged("post_install", "-at_install")
class TestPortalLoans(LoanPortalCase):
    """What two volunteers do on the pages of their loans."""

    # === LIST === #

    def test_what_waits_comes_first_and_says_what_to_do(self):
        waits = self.to_sign()
        rests = self.signed(self.stage, days=20)
        self.log_in(self.borrower)
        page = self.words("/my/loans")
        self.assertIn("Waiting for you", page)
        self.assertIn("Read the agreement and sign it as the borrower.", page)
        self.assertIn("Signed by both. The hand-over is on", page)
        first, second = (page.index(f'"/my/loans/{one.id}"') for one in (waits, rests))
        self.assertLess(first, second)
        self.assertEqual(
            self.call("/my/counters", counters=["ess_loan_count"]),
            {"ess_loan_count": 1},
        )

    def test_filters(self):
        lent, late = self.signed(self.stage, days=9), self.late()
        done = self.out(self.chairs)
        self.inspected(done, "return")
        self.assertEqual(done.state, "done")
        for inspection in done.inspection_ids.with_user(self.borrower):
            inspection.action_acknowledge()
        # who, filter: which of lent, late, done
        expected = {
            ("lender", "current"): (True, True, False),
            ("lender", "lent"): (True, True, False),
            ("lender", "borrowed"): (False, False, False),
            ("lender", "late"): (False, True, False),
            ("borrower", "borrowed"): (True, True, False),
            ("borrower", "past"): (False, False, True),
            ("third", "current"): (False, False, False),
        }
        for (who, show), shown in expected.items():
            self.log_in(getattr(self, who))
            page = self.page(f"/my/loans?show={show}")
            found = tuple(f'"/my/loans/{one.id}"' in page for one in (lent, late, done))
            self.assertEqual(found, shown, (who, show))

    def test_the_count_is_that_of_the_sentences(self):
        """The domain of what waits finds the loans whose sentence says so."""
        loans = (
            self.asked()
            | self.to_sign(days=3)
            | self.signed(days=6)
            | self.signed(days=9, deposit=False)
            | self.signed(self.stage)
            | self.out(self.chairs)
        )
        contract = self.to_sign(self.stage, days=12)
        contract.with_user(self.lender).action_sign("Lou", PIXEL)
        loans |= contract
        loan = self.signed(self.stage, days=15)
        loan.with_user(self.borrower).action_ask_extension(
            loan.stop + timedelta(hours=8)
        )
        loans |= loan
        self.env.invalidate_all()
        for user, side in ((self.lender, "lender"), (self.borrower, "borrower")):
            mine = loans.with_user(user)
            waiting = mine.search(mine._portal_todo_domain())
            said = mine.filtered(lambda one, s=side: one._portal_step(s).todo)
            self.assertEqual(waiting, said.sorted("id") & waiting, side)
            self.assertEqual(set(waiting.ids), set(said.ids), side)
            self.assertTrue(said, side)
            self.assertLess(said, mine, side)

    def test_a_longer_list_takes_no_more_queries(self):
        self.log_in(self.borrower)

        def queries():
            self.page("/my/loans")  # warm
            before = self.env.cr.sql_log_count
            self.page("/my/loans")
            return self.env.cr.sql_log_count - before

        self.signed(self.stage, days=20)
        self.to_sign(days=3)
        few = queries()
        for days in range(21, 27):
            self.signed(self.stage, days=days)
            self.to_sign(days=days)
        self.assertEqual(queries(), few)

    # === AGREEMENT === #

    def test_read_sign_and_keep_the_paper(self):
        loan = self.to_sign(self.chairs, quantity=20)
        url = f"/my/loans/{loan.id}"
        self.log_in(self.borrower)
        page = self.words(url)
        self.assertIn("20 × Chairs", page)
        self.assertIn("Radio La Fabrique · <span>Not signed yet</span>", page)
        agreement = self.words(f"{url}/agreement")
        self.assertIn("Borrower", agreement)
        self.assertIn("portal.signature_form", agreement)
        seen = loan._terms_hash()
        answer = self.call(f"{url}/sign?seen={seen}", name="Bo", signature=PIXEL)
        self.assertEqual(answer["redirect_url"], f"{url}?done=signed")
        self.assertIn("Jardin Le Phare · <span>Signed</span>", self.words(url))
        self.assertNotIn("portal.signature_form", self.page(f"{url}/agreement"))
        self.log_in(self.lender)
        self.call(f"{url}/sign", name="Lou", signature=PIXEL)
        self.assertEqual(loan.state, "signed")
        self.assertIn("Signed agreement (PDF)", self.words(url).replace("  ", " "))
        response = self.get(f"{url}/pdf")
        self.assertEqual(response.content, loan.document_id.raw)

    def test_signature_is_refused_with_a_sentence(self):
        loan = self.to_sign(self.chairs)
        url = f"/my/loans/{loan.id}/sign"
        self.log_in(self.borrower)
        for data, sentence in (
            ({"name": " ", "signature": PIXEL}, "Name: write"),
            ({"name": "Bo", "signature": ""}, "Signature: draw"),
            ({"name": "Bo", "signature": "PHN2Zz4="}, "Signature: draw"),
        ):
            self.assertIn(sentence, self.call(url, **data)["error"])
        seen = "0" * 64
        answer = self.call(f"{url}?seen={seen}", name="Bo", signature=PIXEL)
        self.assertIn("was changed since you opened it", answer["error"])
        self.assertFalse(loan.signature_ids)

    def test_the_lender_says_yes_on_the_page_of_the_loan(self):
        loan = self.asked()
        self.log_in(self.lender)
        self.assertIn("say yes or no", self.words(f"/my/loans/{loan.id}"))
        self.post(f"/my/loans/{loan.id}/approve")
        self.assertEqual(loan.state, "to_sign")

    def test_cancel_asks_for_a_reason_and_keeps_it(self):
        loan = self.to_sign(self.chairs)
        self.log_in(self.borrower)
        url = f"/my/loans/{loan.id}/cancel"
        self.assertIn("Reason: say why", self.text(self.post(url, reason=" ")))
        self.post(url, reason="It rains")
        self.assertEqual(loan.state, "cancelled")
        self.assertIn("It rains", self.words(f"/my/loans/{loan.id}"))

    # === INSURANCE === #

    def certificate(self, **data):
        return {
            "insurer": "Mutuelle du Nord",
            "number": "N 42",
            "date_from": self.day(-30),
            "date_to": self.day(60),
            "ceiling": "50 000",
            **data,
        }

    def test_the_certificate_is_asked_for_and_taken(self):
        self.policy.insurance_required = True
        loan = self.to_sign(self.chairs)
        loan.with_user(self.borrower).action_sign("Bo", PIXEL)
        url = f"/my/loans/{loan.id}"
        self.log_in(self.borrower)
        self.assertIn("Insurance: no certificate of Jardin Le Phare", self.words(url))
        refused = self.post(f"{url}/insurance", **self.certificate())
        self.assertIn("choose its file", self.text(refused))
        self.assertIn("Mutuelle du Nord", refused.text)
        pdf = {"document": ("police.pdf", b"%PDF-1.4 x", "application/pdf")}
        self.post(f"{url}/insurance", files=pdf, **self.certificate())
        self.assertIn("A certificate covers the whole loan", self.words(url))
        found = loan._certificates_used()
        self.assertEqual((found.entity_id, found.ceiling), (self.phare, 50000))
        for user in (self.borrower, self.lender):
            self.log_in(user)
            response = self.get(f"{url}/certificate/{found.id}")
            self.assertEqual(response.content, b"%PDF-1.4 x")

    # === DEPOSIT === #

    def test_the_lender_takes_the_deposit_and_gives_it_back(self):
        loan = self.signed(deposit=False)
        url = f"/my/loans/{loan.id}"
        self.log_in(self.borrower)
        self.assertIn("Give the deposit of", self.words("/my/loans"))
        self.log_in(self.lender)
        self.assertIn("Take the deposit of", self.words(url))
        refused = self.post(f"{url}/deposit/hold", method="gold", reference="A1")
        self.assertIn("choose from the list", self.text(refused))
        self.assertIn('value="A1"', refused.text)
        self.post(f"{url}/deposit/hold", method="cheque", reference="A1")
        deposit = loan.deposit_ids
        self.assertEqual((deposit.state, deposit.reference), ("held", "A1"))
        self.inspected(loan, "hand_over", self.borrower)
        self.inspected(loan, "return", self.borrower)
        for inspection in loan.inspection_ids.with_user(self.lender):
            inspection.action_acknowledge()
        self.assertIn("You still hold the deposit", self.words(url))
        self.post(f"{url}/deposit/release")
        self.assertEqual(deposit.state, "released")
        self.assertIn("Everything is back", self.words(url))

    # === MORE TIME === #

    def test_more_time_asked_and_agreed(self):
        loan = self.out(self.stage)
        url, stop = f"/my/loans/{loan.id}", loan.stop
        self.log_in(self.borrower)
        wall = self.stage._wall(stop + timedelta(hours=4))
        asked = {"stop_date": f"{wall:%Y-%m-%d}", "stop_time": f"{wall:%H:%M}"}
        earlier = self.stage._wall(stop - timedelta(hours=2))
        refused = self.post(
            f"{url}/extend",
            stop_date=f"{earlier:%Y-%m-%d}",
            stop_time=f"{earlier:%H:%M}",
            note="One more night",
        )
        self.assertIn("New end", refused.text)
        self.assertIn("One more night", refused.text)
        self.post(f"{url}/extend", note="One more night", **asked)
        self.assertIn("Withdraw this question", self.words(url))
        self.log_in(self.lender)
        page = self.words(url)
        self.assertIn("One more night", page)
        self.post(f"{url}/extension/agree")
        self.assertEqual(loan.stop, stop + timedelta(hours=4))

    def test_more_time_refused_with_a_reason(self):
        loan = self.out(self.stage)
        url, stop = f"/my/loans/{loan.id}", loan.stop
        loan.with_user(self.borrower).action_ask_extension(stop + timedelta(hours=3))
        self.log_in(self.lender)
        self.assertIn(
            "Reason: say why", self.text(self.post(f"{url}/extension/refuse"))
        )
        self.post(f"{url}/extension/refuse", reason="We play tonight")
        self.assertEqual(loan.extension_ids.state, "refused")
        self.log_in(self.borrower)
        self.assertIn("We play tonight", self.words(url))
        self.assertEqual(loan.stop, stop)

    # === BASKET === #

    def test_a_basket_over_two_lenders_is_one_loan_for_each(self):
        tent = self._asset("Tent", owner=self.semeurs, approval="auto")
        self.log_in(self.borrower)
        for asset, quantity in ((self.chairs, 10), (self.stage, 1), (tent, 1)):
            self.post(f"/commons/{asset.id}/basket", quantity=quantity, **self.dates(3))
        page = self.words("/my/basket")
        for words in ("10 × Chairs", "Stage", "Tent", "Labo Les Semeurs"):
            self.assertIn(words, page)
        drafts = self.env["ess.booking"].search([("state", "=", "draft")])
        removed = drafts.filtered(lambda b: b.asset_id == self.stage)
        self.post(f"/my/basket/{removed.id}/remove")
        response = self.post("/my/basket/request")
        self.assertURLEqual(response.headers["Location"], "/my/loans?done=asked")
        loans = (drafts - removed).loan_id
        self.assertEqual(loans.lender_id, self.fabrique | self.semeurs)
        self.assertEqual(removed.state, "cancelled")
        self.assertIn("The basket is empty", self.words("/my/basket"))

    def test_a_basket_is_asked_for_as_a_whole_or_not_at_all(self):
        self.log_in(self.borrower)
        for asset in (self.van, self.stage):
            self.post(f"/commons/{asset.id}/basket", quantity=1, **self.dates(3))
        drafts = self.env["ess.booking"].search([("state", "=", "draft")])
        late = drafts.filtered(lambda b: b.asset_id == self.van)
        late.hold_until = fields.Datetime.now() - timedelta(hours=1)
        self.book(entity=self.semeurs, user=self.third)
        page = self.text(self.post("/my/basket/request"))
        self.assertIn("is taken", page)
        self.assertEqual(set(drafts.mapped("state")), {"draft"})

    def test_dates_that_are_taken_come_back_to_the_form(self):
        self.book(entity=self.semeurs, user=self.third)
        self.log_in(self.borrower)
        page = self.text(
            self.post(
                f"/commons/{self.van.id}/basket",
                quantity=1,
                purpose="Nursery",
                **self.dates(3),
            )
        )
        self.assertIn("is taken", page)
        self.assertIn("Nursery", page)

    # === DISRUPTIONS === #

    def disrupted(self):
        """The van of Le Phare's loan is broken; the spare one is free."""
        loan = self.signed(days=3)
        spare = self._asset("Spare van", approval="auto")
        made = self.env["ess.loan.disruption"]._disrupt(loan.booking_ids, "damage")
        return loan, made, spare

    def test_take_another_one(self):
        loan, disruption, spare = self.disrupted()
        self.log_in(self.borrower)
        self.assertEqual(
            self.call("/my/counters", counters=["ess_disruption_count"]),
            {"ess_disruption_count": 1},
        )
        self.assertIn("choose what suits you", self.words(f"/my/loans/{loan.id}"))
        url = f"/my/disruptions/{disruption.id}"
        self.assertURLEqual(self.get("/my/disruptions").headers["Location"], url)
        self.assertIn("Spare van", self.words(url))
        self.post(f"{url}/other", asset_id=spare.id)
        self.assertEqual(disruption.state, "other")
        self.assertEqual(disruption.other_booking_id.asset_id, spare)
        self.assertEqual(loan.state, "cancelled")

    def test_give_it_up(self):
        loan, disruption, _spare = self.disrupted()
        self.log_in(self.borrower)
        self.post(f"/my/disruptions/{disruption.id}/cancel")
        self.assertEqual(disruption.state, "cancelled")
        self.assertIn("You gave it up", self.words(f"/my/disruptions/{disruption.id}"))
        self.assertEqual(loan.state, "cancelled")

    def test_the_link_of_the_mail_shows_it_and_does_nothing(self):
        """Who has no login reads it by the token, and is told how to choose."""
        _loan, disruption, spare = self.disrupted()
        url = f"/my/disruptions/{disruption.id}"
        link = f"{url}?access_token={disruption.access_token}"
        self.assertTrue(disruption.access_token)
        for user in (None, self.third):
            self.log_in(user)
            page = self.words(link)
            self.assertIn("It was damaged", page)
            self.assertIn("Log in to choose", page)
            for nothing in (spare.name, 'method="post"', "/my/bookings/"):
                self.assertNotIn(nothing, page.split("<main", 1)[-1])
            for other in ("", "?access_token=wrong"):
                self.assertEqual(self.get(f"{url}{other}").status_code, 303)
            self.post(f"{url}/other?{link.partition('?')[2]}", asset_id=spare.id)
        self.assertEqual(disruption.state, "open")
        self.log_in(self.borrower)
        self.assertNotIn("Log in to choose", self.words(link))
