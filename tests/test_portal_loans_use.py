from odoo.tests import tagged

from .common_portal_loan import LoanPortalCase, shot


@tagged("post_install", "-at_install")
class TestPortalLoansUse(LoanPortalCase):
    """What happens with the thing itself: it leaves, comes back, is dented."""

    # === HAND-OVER AND RETURN === #

    def inspect(self, loan, kind):
        """The form of an inspection that the user opens; its address."""
        response = self.post(f"/my/loans/{loan.id}/inspect/{kind}")
        self.assertEqual(response.status_code, 303, self.text(response))
        inspection = loan.inspection_ids.filtered(lambda one: one.state == "draft")
        url = f"/my/loans/{loan.id}/inspections/{inspection.id}"
        self.assertURLEqual(response.headers["Location"], url)
        return inspection, url

    def test_hand_over_with_a_photo_and_the_answer_of_the_other_side(self):
        loan = self.signed(self.chairs, quantity=20)
        self.log_in(self.lender)
        inspection, url = self.inspect(loan, "hand_over")
        line = inspection.line_ids
        page = self.words(url)
        for words in ('capture="environment"', "How many leave?", "Clean"):
            self.assertIn(words, page)
        self.post(
            f"{url}/save",
            files={f"photos_{line.id}": ("a.jpg", shot(), "image/jpeg")},
            record="1",
            **{
                f"quantity_{line.id}": 20,
                f"condition_{line.id}": "worn",
                f"check_{line.check_ids.id}": "not_ok",
                f"note_{line.id}": "Two are dusty",
            },
        )
        self.assertEqual((inspection.state, loan.state), ("recorded", "ongoing"))
        self.assertEqual((line.quantity, line.condition), (20, "worn"))
        self.assertEqual(line.check_ids.result, "not_ok")
        photo = f"/my/loans/{loan.id}/photo/{line.photo_ids.id}"
        self.log_in(self.borrower)
        self.assertIn("recorded the hand-over", self.words("/my/loans"))
        page = self.words(url)
        for words in ("Two are dusty", photo, "Yes, it is right"):
            self.assertIn(words, page)
        self.assertEqual(self.get(photo).headers["Content-Type"], "image/jpeg")
        self.post(f"{url}/acknowledge")
        self.assertEqual(inspection.state, "agreed")
        self.assertNotIn("Yes, it is right", self.page(url))

    def test_a_reading_is_shown_as_it_was_saved(self):
        """Saved again, the form would otherwise round it."""
        self.category.meter = "km"
        loan = self.signed(deposit=False)
        self.log_in(self.lender)
        inspection, url = self.inspect(loan, "hand_over")
        line = inspection.line_ids
        self.post(f"{url}/save", **{f"meter_km_{line.id}": "123456,7"})
        self.assertEqual(line.meter_km, 123456.7)
        self.assertIn('value="123456.7"', self.page(url))

    def test_what_is_refused_is_kept_as_it_was_typed(self):
        loan = self.signed(self.chairs, quantity=20)
        self.log_in(self.lender)
        inspection, url = self.inspect(loan, "hand_over")
        line = inspection.line_ids
        refused = self.post(
            f"{url}/save",
            files={f"photos_{line.id}": ("a.jpg", shot(), "image/jpeg")},
            record="1",
            **{f"quantity_{line.id}": 25, f"note_{line.id}": "Dusty"},
        )
        self.assertIn("only 20 are booked", self.text(refused))
        photo = line.photo_ids
        for words in ('value="25"', "Dusty", f"/photo/{photo.id}"):
            self.assertIn(words, refused.text)
        self.assertEqual((inspection.state, len(photo)), ("draft", 1))

    def test_photos_stay_when_recording_is_refused(self):
        loan = self.signed(deposit=False)
        self.log_in(self.lender)
        inspection, url = self.inspect(loan, "hand_over")
        line = inspection.line_ids
        refused = self.post(
            f"{url}/save",
            files={f"photos_{line.id}": ("a.jpg", shot(), "image/jpeg")},
            record="1",
            **{f"quantity_{line.id}": 1},
        )
        self.assertIn("deposit", self.text(refused))
        self.assertEqual((inspection.state, len(line.photo_ids)), ("draft", 1))
        self.assertIn(f"/photo/{line.photo_ids.id}", refused.text)
        self.post(f"{url}/photos/{line.photo_ids.id}/delete")
        self.assertFalse(line.photo_ids)
        bad = self.post(
            f"{url}/save",
            files={f"photos_{line.id}": ("a.svg", b"<svg onload=x>", "image/jpeg")},
        )
        self.assertIn("is not a photo", self.text(bad))

    def test_scan_of_the_right_one_and_of_another(self):
        self._asset("Other van", code="VAN-2")
        loan = self.signed()
        self.log_in(self.lender)
        inspection, url = self.inspect(loan, "hand_over")
        page = self.text(self.post(f"{url}/save", look="1", scan="van-1"))
        self.assertIn(f'id="line_{inspection.line_ids.id}"', page)
        self.assertRegex(page, r'id="line_\d+" class="[^"]*o_commons_todo')
        page = self.text(self.post(f"{url}/save", look="1", scan="VAN-2"))
        self.assertIn("Other van is not part of", page)

    def test_partial_return_then_the_rest(self):
        loan = self.out(self.chairs, quantity=20)
        self.log_in(self.borrower)
        inspection, url = self.inspect(loan, "return")
        line = inspection.line_ids
        self.post(f"{url}/save", record="1", **{f"quantity_{line.id}": 12})
        self.assertEqual(loan.state, "ongoing")
        page = self.words(f"/my/loans/{loan.id}")
        self.assertIn("Back: 12 of 20", page)
        self.log_in(self.facilitator)
        self.assertIn(
            "A part is back; 8 still out with Jardin Le Phare",
            self.words(f"/my/loans/{loan.id}"),
        )
        self.log_in(self.borrower)
        inspection, url = self.inspect(loan, "return")
        line = inspection.line_ids
        self.assertEqual(line.out_quantity, 8)
        self.post(f"{url}/save", record="1", **{f"quantity_{line.id}": 8})
        self.assertEqual(loan.state, "done")

    def test_the_other_side_contests(self):
        loan = self.out(self.stage)
        inspection = loan.inspection_ids
        url = f"/my/loans/{loan.id}/inspections/{inspection.id}"
        self.log_in(self.borrower)
        self.assertIn(
            "What is wrong: say it", self.text(self.post(f"{url}/contest", text=" "))
        )
        self.post(f"{url}/contest", text="A plank was broken already")
        self.log_in(self.lender)
        self.assertIn("A plank was broken already", self.words(url))
        self.assertEqual(inspection.state, "recorded")

    # === DAMAGE === #

    def test_damage_from_the_return_to_the_exchange(self):
        """A dent of 120 €: shared by half, out of the deposit of 300 €."""
        loan, returned, damage = self.damaged()
        self.log_in(self.borrower)
        page = self.words(
            f"/my/loans/{loan.id}/damages/new?line={returned.line_ids.id}"
        )
        self.assertIn("What happened?", page)
        report = f"/my/loans/{loan.id}/damages/report"
        typed = {"line": returned.line_ids.id, "kind": "damage", "quantity": 1}
        photo = {"photos": ("dent.jpg", shot(), "image/jpeg")}
        refused = self.text(self.post(report, files=photo, **typed))
        for words in ("Description: say", "Choose the photos again"):
            self.assertIn(words, refused)
        self.post(
            report,
            files=photo,
            description="A dent in the door",
            **typed,
        )
        self.assertEqual(len(loan.damage_ids), 1, "described, not said twice")
        self.assertEqual(damage.description, "A dent in the door")
        url = f"/my/loans/{loan.id}/damages/{damage.id}"
        self.assertIn(f"/photo/{damage.photo_ids.id}", self.page(url))
        self.assertNotIn("Propose it to the", self.words(url))

        self.log_in(self.lender)
        self.assertIn("say what it costs", self.words("/my/loans"))
        refused = self.post(f"{url}/propose", bearer="borrower", cost="much")
        self.assertIn("“much” is not a number", self.text(refused))
        self.assertIn('value="much"', refused.text)
        self.post(
            f"{url}/propose",
            bearer="shared",
            borrower_percent="50",
            cost="120",
            from_deposit="on",
        )
        self.assertEqual((damage.state, damage.amount), ("proposed", 60))

        self.log_in(self.borrower)
        self.assertIn("60.00", self.words(url))
        stale = self.post(f"{url}/agree", seen="50.0")
        self.assertIn("has changed meanwhile", self.text(stale))
        self.post(f"{url}/agree", seen="60.0")
        self.assertEqual(damage.state, "agreed")
        self.assertEqual(damage.exchange_ids.mapped("amount"), [60])

        self.log_in(self.lender)
        page = self.words(f"/my/loans/{loan.id}")
        self.assertIn("As agreed, keep", page)
        self.post(f"/my/loans/{loan.id}/deposit/keep", amount="60", reason="The dent")
        self.assertEqual(loan.deposit_ids.kept_amount, 60)
        self.log_in(self.borrower)
        self.assertIn("The dent", self.words(f"/my/loans/{loan.id}"))

    def test_damage_contested_and_dropped(self):
        loan, _returned, damage = self.damaged(bearer="borrower", cost=80)
        url = f"/my/loans/{loan.id}/damages/{damage.id}"
        self.log_in(self.borrower)
        self.post(f"{url}/contest", text="It was there before")
        self.log_in(self.lender)
        self.assertIn("It was there before", self.words(url))
        self.post(f"{url}/close", reason="You are right")
        self.assertEqual(damage.state, "closed")
        self.assertFalse(damage.exchange_ids)

    # === SHORT CODE AND LABEL === #

    def test_the_code_of_a_sheet_leads_to_its_loan(self):
        loan = self.signed(self.stage)
        self.log_in(self.borrower)
        for code in (loan.short_code, loan.short_code.lower()):
            self.assertURLEqual(
                self.get(f"/l/{code}").headers["Location"], f"/my/loans/{loan.id}"
            )
        draft = loan.with_user(self.borrower).action_inspect("hand_over")
        self.assertURLEqual(
            self.get(f"/l?code={loan.short_code}").headers["Location"],
            f"/my/loans/{loan.id}/inspections/{draft.id}",
        )
        self.log_in(self.third)
        for code in (loan.short_code, "NOSUCH"):
            self.assertIn(
                "No loan of your organisation has this code", self.words(f"/l/{code}")
            )

    def test_the_label_on_the_thing_leads_to_its_loan(self):
        loan = self.signed(self.stage)
        link = f'href="/my/loans/{loan.id}"'
        for user, there in ((self.borrower, True), (self.third, False)):
            self.log_in(user)
            found = link in self.page(f"/commons/{self.stage.id}")
            self.assertEqual(found, there, user.login)

    def test_a_booking_leads_to_its_loan(self):
        loan = self.signed(self.stage)
        self.log_in(self.borrower)
        page = self.page(f"/my/bookings/{loan.booking_ids.id}")
        self.assertIn(f'href="/my/loans/{loan.id}"', page)
        self.assertNotIn('name="hand_over"', page)
