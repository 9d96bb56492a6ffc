from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .common import utc
from .common_settlement import SettlementCommon
from .common_staff import PAPER, StaffData


@tagged("post_install", "-at_install")
class TestStaffLoan(StaffData, SettlementCommon):
    """Lent at cost, with consent and convention, signed by both, itemised."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._set_up_staff()
        cls.third = cls._volunteer(cls.semeurs, "third")
        cls.facilitator = cls._internal(
            "staff-facilitator", "ess_mutualisation.group_facilitator"
        )
        cls.accountant = cls._internal(
            "staff-accountant", "ess_mutualisation.group_accountant"
        )

    # === AGREEMENT === #

    def test_it_is_a_loan_of_its_own_kind(self):
        staff = self._staff()
        self.assertEqual((staff.kind, staff.state), ("staff", "draft"))
        self.assertEqual(staff.agreement_id.kind, "staff")
        self.assertEqual(staff.loan_id.access_url, f"/my/staff/{staff.id}")
        self.assertEqual(staff.access_token, staff.loan_id.access_token)
        self.assertIn("Mon 5 Jan 2026 09:00", staff._span_in_words())

    def test_its_loan_leads_to_the_hours(self):
        staff = self._staff()
        action = staff.loan_id.action_view_staff()
        self.assertEqual(action["res_model"], "ess.staff.loan")
        self.assertEqual(staff.search(action["domain"]), staff)

    def test_the_person_is_of_the_lender(self):
        stranger = self.env["res.partner"].create(
            {"name": "Dom", "parent_id": self.semeurs.id}
        )
        with self.assertRaisesRegex(ValidationError, "Dom is not a contact of Radio"):
            self._staff(person_id=stranger.id)
        with self.assertRaisesRegex(ValidationError, "Hours: agree on more than none"):
            self._staff(hours=0)

    def test_both_sides_sign_and_nobody_else(self):
        staff = self._staff()
        staff.with_user(self.bob).action_ask_signatures()
        self.assertEqual(staff.state, "to_sign")
        for user in (self.third, self.facilitator):
            with self.assertRaises(AccessError):
                self._sign(staff, user)
        self._sign(staff, self.bob)
        self.assertEqual(staff.state, "to_sign")
        self._sign(staff, self.anais)
        self.assertEqual(staff.state, "signed")

    def test_what_is_signed_names_the_person_and_the_hours(self):
        staff = self._staff(work="Closes the books of 2025")
        html = str(
            self.env["ir.qweb"]._render(
                "ess_mutualisation.loan_agreement_content", {"o": staff.loan_id}
            )
        )
        for text in ("Camille Petit", "Bookkeeper", "35.00", "Closes the books"):
            self.assertIn(text, html)

    def test_more_hours_take_the_signatures_back(self):
        staff = self._sign(self._staff())
        staff.hours = 40
        self.assertEqual(staff.state, "to_sign")
        self.assertFalse(staff.loan_id._signatures())
        self.assertEqual(len(staff.signature_ids), 2)

    def test_without_dates_nobody_signs(self):
        staff = self._staff(start=False, stop=False)
        with self.assertRaisesRegex(UserError, "Dates: say from when to when"):
            staff.action_ask_signatures()

    # === COSTS === #

    def test_no_margin_on_any_channel(self):
        """The form, a write, and the database itself refuse a cent of margin."""
        staff = self._staff()
        line = self._line(staff, "wage", 700.10, 35)
        self.assertEqual(line.amount, 700.10)
        sentence = r"cost \$?.?700.10.*bill \$?.?700.10.* at most"
        with self.assertRaisesRegex(ValidationError, sentence), self.cr.savepoint():
            line.amount = 700.11
        with self.assertRaisesRegex(ValidationError, sentence):
            self._line(staff, "wage", 700.10, 35, amount=700.11)
        with (
            self.assertRaisesRegex(ValidationError, "without any margin"),
            self.cr.savepoint(),
            Form(line) as form,
        ):
            form.amount = 800
        with (
            self.assertRaises(IntegrityError),
            self.cr.savepoint(),
            mute_logger("odoo.sql_db"),
        ):
            self.cr.execute(
                "UPDATE ess_staff_loan_line SET amount = cost + 0.01 WHERE id = %s",
                [line.id],
            )
        # less than the cost is no profit
        line.amount = 650
        self.assertEqual(line.amount, 650)

    # === BILL === #

    def test_refused_until_everything_is_there(self):
        """Consent, convention, signatures, wages with hours: each has its sentence."""
        staff = self._staff()
        with self.assertRaises(UserError) as refusal:
            staff.action_bill()
        sentences = str(refusal.exception).split("\n")
        self.assertEqual(
            [sentence.split(":")[0] for sentence in sentences],
            ["Consent", "Convention", "Agreement", "Costs"],
        )
        self.assertIn("the written agreement of Camille Petit is missing", sentences[0])
        self.assertIn("Radio La Fabrique, Jardin Le Phare yet", sentences[2])
        self.assertIn("A lump sum is not allowed", sentences[3])
        self._sign(staff)
        self._papers(staff)
        self._line(staff, "expense", 1000)
        with self.assertRaisesRegex(UserError, "no wages are entered"):
            staff.action_bill()
        lump = self._line(staff, "wage", 1000)
        with self.assertRaisesRegex(UserError, "“January wage” says no hours"):
            staff.action_bill()
        lump.hours = 36
        with self.assertRaisesRegex(UserError, "36 h are entered, 35 h were agreed"):
            staff.action_bill()
        self.assertFalse(staff.exchange_ids)
        lump.hours = 35
        staff.action_bill()
        self.assertEqual(staff.state, "done")

    def test_no_bill_without_consent_nor_without_convention(self):
        for name in ("consent_document", "consent_on", "convention_document"):
            staff = self._billable()
            staff[name] = False
            with self.assertRaisesRegex(UserError, "is missing"):
                staff.action_bill()
            self.assertFalse(staff.exchange_ids)

    def test_no_bill_after_a_change_that_nobody_signed(self):
        staff = self._billable()
        staff.qualification = "Director"
        with self.assertRaisesRegex(UserError, "Agreement: it is not signed by"):
            staff.action_bill()

    def test_billed_to_the_cent(self):
        """700.10 + 301.05 + 24.90 = 1,026.05, with 20.00 of the wages given."""
        staff = self._billable()
        staff.sudo().line_ids.filtered(lambda o: o.nature == "wage").amount = 680.10
        staff.with_user(self.bob).action_bill()
        exchange = staff.exchange_ids
        self.assertEqual(exchange.nature, "staff")
        self.assertEqual((exchange.amount, exchange.value), (1006.05, 1026.05))
        self.assertEqual(exchange.provider_id, self.fabrique)
        self.assertEqual(exchange.receiver_id, self.phare)
        self.assertEqual(exchange.quantity, 35)
        self.assertEqual(str(exchange.date), "2026-01-30")
        self.assertEqual(staff.billed_amount, 1006.05)
        with self.assertRaisesRegex(UserError, "it is not billed"):
            staff.action_bill()
        with self.assertRaisesRegex(UserError, "its costs no longer change"):
            staff.sudo().line_ids[0].cost = 1
        with self.assertRaisesRegex(UserError, "its costs no longer change"):
            self._line(staff, "expense", 5)
        with self.assertRaisesRegex(UserError, "what was agreed no longer changes"):
            staff.hours = 50

    def test_the_settlement_clears_it_between_both(self):
        staff = self._billable()
        staff.action_bill()
        settlement = self._settlement()
        settlement.action_prepare()
        nets = {line.entity_id: line.net for line in settlement.line_ids}
        self.assertEqual(nets[self.fabrique], 1026.05)
        self.assertEqual(nets[self.phare], -1026.05)
        settlement.action_post()
        self.assertEqual(settlement.state, "posted")
        self.assertTrue(staff.exchange_ids.settled_on)

    # === ACCESS === #

    def test_who_may_bill(self):
        staff = self._billable()
        for user in (self.anais, self.third, self.accountant):
            with self.assertRaises(AccessError, msg=user.login):
                staff.with_user(user).action_bill()
        self.assertFalse(staff.exchange_ids)

    def test_wages_are_the_lender_s_business(self):
        """The borrower reads totals by nature, and only once it is billed."""
        staff = self._billable()
        lines = staff.sudo().line_ids
        for user in (self.anais, self.third, self.accountant):
            theirs = self.env["ess.staff.loan.line"].with_user(user)
            with self.subTest(user=user.login):
                try:
                    found = theirs.search([])
                except AccessError:
                    found = theirs
                self.assertFalse(found)
                with self.assertRaises(AccessError):
                    lines.with_user(user).read(["cost"])
                with self.assertRaises(AccessError):
                    staff.with_user(user).read(["line_ids"])
        mine = self.env["ess.staff.loan.line"].with_user(self.bob)
        self.assertEqual(mine.search([]), lines)
        # the desk reads what it entered for a member itself, and nothing else
        desk = self.env["ess.staff.loan.line"].with_user(self.facilitator)
        self.assertFalse(desk.search([]))
        with self.assertRaises(AccessError):
            lines.with_user(self.facilitator).read(["cost"])
        own = desk.create(
            {
                "staff_loan_id": staff.id,
                "nature": "expense",
                "label": "Train",
                "cost": 0.0,
                "amount": 0.0,
            }
        )
        self.assertEqual(desk.search([]), own)
        with self.assertRaises(AccessError):
            lines.with_user(self.bob).write({"cost": 1})
        self.assertEqual(staff.with_user(self.anais)._totals(), [])
        staff.action_bill()
        totals = staff.with_user(self.anais)._totals()
        self.assertEqual(
            [label for label, _amount in totals],
            ["Wages", "Social Charges", "Professional Expenses", "Total"],
        )
        self.assertIn("1,026.05", totals[-1][1])

    def test_receipts_are_not_served_to_the_borrower(self):
        line = self._line(self._staff(), "wage", 10, 1, receipt=PAPER)
        attachment = (
            self.env["ir.attachment"]
            .sudo()
            .search(
                [("res_model", "=", line._name), ("res_id", "=", line.id)]
                + [("res_field", "=", "receipt")]
            )
        )
        self.assertTrue(attachment)
        with self.assertRaises(AccessError):
            attachment.with_user(self.anais).check_access("read")

    def test_strangers_see_nothing(self):
        staff = self._staff()
        self.assertFalse(staff.with_user(self.third).has_access("read"))
        self.assertTrue(staff.with_user(self.anais).has_access("read"))
        with self.assertRaises(AccessError):
            staff.with_user(self.anais).write({"hours": 1})

    # === PORTAL === #

    def test_a_volunteer_of_the_lender_proposes_it(self):
        Staff = self.env["ess.staff.loan"].with_user(self.bob)
        vals = {
            "entity_id": self.phare.id,
            "qualification": "Gardener",
            "hours": 7.5,
            "start": utc("2026-03-02 09:00"),
            "stop": utc("2026-03-02 17:30"),
            # what a volunteer does not decide
            "state": "signed",
            "lender_id": self.semeurs.id,
        }
        staff = Staff._portal_save(vals, "Alix Roche")
        self.assertEqual(staff.sudo().lender_id, self.fabrique)
        self.assertEqual(staff.sudo().person_id.parent_id, self.fabrique)
        self.assertEqual((staff.sudo().state, staff.sudo().hours), ("draft", 7.5))
        with self.assertRaisesRegex(ValidationError, "somebody of your organisation"):
            Staff._portal_save({**vals, "person_id": self.anais.partner_id.id})
        stranger = self.env["res.partner"].create(
            {"name": "Far", "is_company": True, "ess_is_member": True}
        )
        with self.assertRaisesRegex(ValidationError, "member of one of your circles"):
            Staff._portal_save({**vals, "entity_id": stranger.id}, "Alix Roche")
        with self.assertRaises(AccessError):
            staff.with_user(self.anais)._portal_save(vals, "Mallory")

    def test_papers_are_looked_at(self):
        staff = self._staff().with_user(self.bob)
        with self.assertRaisesRegex(ValidationError, "is not a photo"):
            staff._portal_paper("consent", "x.exe", b"MZ")
        with self.assertRaisesRegex(ValidationError, "on a day to come"):
            staff._portal_paper("consent", "c.pdf", b"%PDF-1", "2027-01-01")
        with self.assertRaises(AccessError):
            staff.with_user(self.anais)._portal_paper("consent", "c.pdf", b"%PDF-1")
        staff._portal_paper("consent", "c.pdf", b"%PDF-1", "2026-01-02")
        self.assertEqual(str(staff.sudo().consent_on), "2026-01-02")
