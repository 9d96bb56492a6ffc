from lxml import etree

from odoo.exceptions import AccessError
from odoo.tests import Form, tagged
from odoo.tools.safe_eval import safe_eval

from .common_loan import utc
from .common_loan_desk import OURS, LoansOnScreen

NEXT_WEEK = ("2026-01-20 09:00", "2026-01-20 18:00")
FRIDAY = "2026-01-16 08:00:00"  # two days after the end of the loan


@tagged("post_install", "-at_install")
class TestLoanScreens(LoansOnScreen):
    def test_forms_open_for_who_only_reads(self):
        inspection = self._hand_over()
        self._bring_back(8, damaged=1)
        damage = self.loan.damage_ids
        self.assertEqual(len(damage), 1)
        booking = self._booking(self.van, "2026-01-20 09:00", "2026-01-20 12:00")
        booking.action_request()
        disruption = self.env["ess.loan.disruption"].create(
            {"booking_id": booking.id, "cause": "damage", "damage_id": damage.id}
        )
        for record in (
            self.loan,
            self.deposit,
            inspection,
            inspection.line_ids,
            damage,
            disruption,
            self.loan.agreement_id,
            self._certificate("2026-01-01", "2026-12-31"),
            self.env["ess.loan.visit"].search([], limit=1),
            self.loan.booking_ids,
            self.phare,
            self.policy,
            self.category,
        ):
            for user in (self.accountant, self.facilitator, self.manager):
                with self.subTest(model=record._name, user=user.login):
                    form = Form(record.with_user(user))
                    self.assertEqual(form.id, record.id)

    def test_search_filters_are_valid_domains(self):
        for name in (
            "ess.loan",
            "ess.loan.agreement",
            "ess.loan.damage",
            "ess.loan.deposit",
            "ess.loan.disruption",
            "ess.loan.extension",
            "ess.loan.inspection",
            "ess.loan.visit",
            "ess.insurance.certificate",
        ):
            model = self.env[name].with_user(self.facilitator)
            arch = etree.fromstring(model.get_view(view_type="search")["arch"])
            for node in arch.iter("filter"):
                with self.subTest(model=name, filter=node.get("name")):
                    domain = safe_eval(node.get("domain") or "[]", {"uid": 1})
                    model.search(domain, limit=1)
                    group = safe_eval(node.get("context") or "{}").get("group_by")
                    if group:
                        model.formatted_read_group([], [group], ["__count"])

    def test_what_the_list_says(self):
        loan = self.loan.with_user(self.facilitator)
        self.assertEqual(loan.item_words, "10 × Chairs")
        self.assertEqual((loan.deposit_amount, loan.deposit_state), (50, "asked"))
        self.assertFalse(loan.lender_signed_on or loan.borrower_signed_on)
        self.assertIn("sign", loan.missing)
        self._sign(self.loan, self.bob)
        self.assertTrue(loan.lender_signed_on)
        self.assertFalse(loan.borrower_signed_on)

    def test_an_inspection_says_which_it_is(self):
        inspection = self._hand_over()
        self.assertEqual(inspection.display_name, f"{self.loan.name} Hand-over")

    def test_the_sheet_is_one_click_away(self):
        """Whoever hands things over prints the sheet; staff time has none."""
        form = (
            self.env["ess.loan"].with_user(self.facilitator).get_view(view_type="form")
        )
        report = self.env.ref(OURS % "action_report_loan_sheet")
        button = etree.fromstring(form["arch"]).find(f".//button[@name='{report.id}']")
        self.assertIn("kind == 'staff'", button.get("invisible"))
        html = report._render_qweb_html(report.report_name, self.loan.ids)[0].decode()
        self.assertIn(self.loan.short_code, html)
        self.assertIn("Feet", html)

    def test_what_others_break_is_said_on_the_form(self):
        """The loan of who waits leads to the choice as well as the one that is late."""
        loan = self.loan.with_user(self.facilitator)
        self.assertFalse(loan.disrupted)
        late = self._loan(self.chairs, quantity=3, window=NEXT_WEEK)
        disruption = self.env["ess.loan.disruption"].create(
            {"booking_id": loan.booking_ids.id, "cause": "late", "loan_id": late.id}
        )
        self.assertTrue(loan.disrupted)
        self.assertFalse(late.disrupted)
        for one in (loan, late):
            self.assertEqual(one.disruption_count, 1)
            domain = one.action_view_disruptions()["domain"]
            self.assertEqual(disruption.search(domain), disruption)

    def test_a_voided_signature_is_none(self):
        self._sign(self.loan, self.bob)
        booking = self.loan.booking_ids
        booking.action_reschedule(None, None, 12)
        self.assertFalse(self.loan.lender_signed_on)

    def test_late_list(self):
        self._hand_over()
        action = self.env.ref(OURS % "ess_loan_action_late")
        domain = safe_eval(action.domain)
        loans = self.env["ess.loan"].with_user(self.facilitator)
        with self.at("2026-01-14 07:59:00"):
            self.assertNotIn(self.loan, loans.search(domain))
            self.assertEqual(self.loan.days_late, 0)
        self.env.invalidate_all()
        with self.at("2026-01-16 09:00:00"):
            self.assertIn(self.loan, loans.search(domain))
            # Wednesday 09:00 to Friday 10:00: the third day has begun
            self.assertEqual(self.loan.days_late, 3)

    def test_lists_cost_the_same_whatever_their_length(self):
        """Two loans or five: as many queries for every list and board."""
        self._hand_over()
        self._bring_back(8, damaged=1)
        for day in range(20, 24):
            self._loan(
                self.chairs,
                quantity=3,
                window=(f"2026-01-{day} 09:00", f"2026-01-{day} 18:00"),
            )
        for model, kinds in (
            ("ess.loan", ("list", "kanban", "calendar", "activity")),
            ("ess.loan.deposit", ("list", "kanban")),
            ("ess.loan.inspection", ("list",)),
            ("ess.loan.damage", ("list", "kanban")),
            ("ess.loan.visit", ("list", "calendar")),
        ):
            for kind in kinds:
                with self.subTest(model=model, view=kind):
                    self._assert_constant(model, kind)
        view = self.env.ref(OURS % "ess_loan_view_list_late")
        self._assert_constant("ess.loan", "list", view.id)

    def _assert_constant(self, model, kind, view_id=False):
        model = self.env[model].with_user(self.facilitator)
        arch = etree.fromstring(model.get_view(view_id, kind)["arch"])
        names = [n.get("name") for n in arch.xpath("//field[not(ancestor::field)]")]
        records = model.search([], order="id")
        self._queries(records, names)  # what is cached for all requests
        few = self._queries(records[:2], names)
        self.assertEqual(self._queries(records, names), few)
        self.assertLess(few, 40)

    def _queries(self, records, names):
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.cr.sql_log_count
        records.read(names)
        return self.cr.sql_log_count - before

    def test_smart_buttons(self):
        self._hand_over()
        self._bring_back(9, damaged=1)
        facilitator = self.env(user=self.facilitator)
        loan = self.loan.with_env(facilitator)
        phare = self.phare.with_env(facilitator)
        certificate = self._certificate("2026-01-01", "2026-12-31")
        booking = loan.booking_ids
        for action, model, records in (
            (loan.action_view_damages(), "ess.loan.damage", loan.damage_ids),
            (phare.action_ess_loans(), "ess.loan", loan),
            (
                phare.action_ess_certificates(),
                "ess.insurance.certificate",
                certificate,
            ),
        ):
            with self.subTest(model=model):
                self.assertTrue(records)
                found = facilitator[model].search(action["domain"])
                self.assertLessEqual(set(records.ids), set(found.ids))
        self.assertEqual(booking.action_view_loan()["res_id"], loan.id)
        self.assertEqual(loan.damage_count, 1)
        self.assertEqual(phare.ess_loan_count, 1)
        self.assertEqual(phare.ess_certificate_count, 1)
        self.assertEqual(loan.action_open_portal()["url"], f"/my/loans/{loan.id}")
        stranger = self._internal("nobody", "base.group_user")
        with self.assertRaises(AccessError):
            self.loan.with_user(stranger).action_view_document()

    def test_exchanges_of_the_loan(self):
        """The hire of ten chairs: found from the loan once they are all back."""
        self._hand_over()
        self._bring_back(10)
        loan = self.loan.with_user(self.facilitator)
        exchanges = self.env["ess.exchange"].search(
            loan.action_view_exchanges()["domain"]
        )
        self.assertEqual(exchanges, loan.booking_ids.exchange_ids)
        self.assertEqual(loan.exchange_count, len(exchanges))
        self.assertTrue(exchanges)

    def test_facilitator_writes_a_checklist(self):
        with Form(self.category.with_user(self.facilitator)) as form:
            form.meter = "km"
            with form.check_ids.new() as line:
                line.name = "Backs"
        self.assertEqual(len(self.category.check_ids), 3)

    def test_manager_says_what_a_policy_asks_for(self):
        with Form(self.env["ess.booking.policy"].with_user(self.manager)) as form:
            form.name = "Lent with care"
            form.loan_kind = "commodat"
            form.deposit_holder = "federation"
            form.insurance_required = True
            form.overdue_blocks = True
        self.assertTrue(form.record.insurance_required)


@tagged("post_install", "-at_install")
class TestVisits(LoansOnScreen):
    """Who comes when, as the desk counts it."""

    def _visits(self, *domain):
        self.env.flush_all()
        visits = self.env["ess.loan.visit"].with_user(self.facilitator)
        return visits.search([("loan_id", "=", self.loan.id), *domain])

    def test_planned(self):
        leave, back = self._visits()
        self.assertEqual((leave.kind, back.kind), ("hand_over", "return"))
        self.assertEqual(leave.date, utc("2026-01-12 09:00"))
        self.assertEqual(back.date, utc("2026-01-14 09:00"))
        self.assertEqual((leave.units, back.units), (10, 10))
        self.assertFalse(leave.is_done or back.is_done or leave.is_late)
        self.assertEqual(leave.display_name, "Hand-over: Jardin Le Phare")
        self.assertEqual(leave.action_view_loan()["res_id"], self.loan.id)

    def test_recorded_and_in_part(self):
        """Six of ten come back on Wednesday: a visit took place, one is to come."""
        self._hand_over()
        self._bring_back(6)
        self.env.invalidate_all()
        visits = [(v.kind, v.is_done, v.units) for v in self._visits()]
        self.assertEqual(
            visits,
            [("hand_over", True, 10), ("return", True, 6), ("return", False, 4)],
        )

    def test_overdue(self):
        self._hand_over()
        self.assertFalse(self._visits(("is_late", "=", True)))
        self.env.invalidate_all()
        with self.at(FRIDAY):
            overdue = self._visits(("is_late", "=", True))
        self.assertEqual(overdue.mapped("kind"), ["return"])

    def test_how_many_a_day(self):
        """Three loans leave on Monday: three visits, and each its own day to end."""
        for day in ("13", "15"):
            self._loan(
                self.chairs,
                quantity=2,
                window=("2026-01-12 10:00", f"2026-01-{day} 09:00"),
            )
        visits = self.env["ess.loan.visit"].with_user(self.facilitator)
        groups = visits.with_context(tz="Europe/Paris")._read_group(
            [("kind", "=", "hand_over")], ["date:day"], ["__count"]
        )
        self.assertEqual([count for _day, count in groups], [3])
        groups = visits._read_group(
            [("kind", "=", "return")], ["date:day"], ["__count"]
        )
        self.assertEqual([count for _day, count in groups], [1, 1, 1])

    def test_what_is_given_up_is_no_visit(self):
        self._ask("cancel", self.loan, "The festival is off")
        self.assertFalse(self._visits())

    def test_of_my_federation_only(self):
        other = self.env["res.company"].create({"name": "Elsewhere"})
        stranger = self._internal("elsewhere", OURS % "group_facilitator")
        stranger.write({"company_ids": [(6, 0, other.ids)], "company_id": other.id})
        visits = self.env["ess.loan.visit"].with_user(stranger)
        self.assertFalse(visits.search([]))
