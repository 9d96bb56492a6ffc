from lxml import etree

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged
from odoo.tools.safe_eval import safe_eval

from .common_loan import LoanCommon, utc

OURS = "ess_mutualisation.%s"
MONDAY = "2026-01-12 08:00:00"  # 09:00 in Paris, when the window of loans begins
FRIDAY = "2026-01-16 08:00:00"  # two days after its end


class LoansOnScreen(LoanCommon):
    """Ten chairs with a deposit of 5.00 each, lent from Monday to Wednesday."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.facilitator = cls._internal("loans-fa", OURS % "group_facilitator")
        cls.manager = cls._internal("loans-ma", OURS % "group_manager")
        cls.accountant = cls._internal("loans-ac", OURS % "group_accountant")
        cls.chairs.deposit_amount = 5
        cls.category.check_ids = [(0, 0, {"name": "Feet"}), (0, 0, {"name": "Seats"})]
        cls.loan = cls._loan(cls.chairs, quantity=10)
        cls.deposit = cls.loan.deposit_ids

    def _form(self, model, record, user=None, **context):
        """The question as it opens from a record."""
        wizard = self.env[model].with_user(user or self.facilitator)
        return Form(
            wizard.with_context(
                active_model=record._name,
                active_id=record.id,
                active_ids=record.ids,
                **context,
            )
        )

    def _ask(self, act, record, reason, user=None):
        form = self._form("ess.loan.reason", record, user, default_act=act)
        form.reason = reason
        return form.save().action_apply()

    def _hold(self):
        form = self._form("ess.loan.deposit.hold", self.deposit)
        form.reference = "4711"
        form.save().action_apply()

    def _hand_over(self, loan=None):
        """Signed by both, its deposit held, ten chairs leave on Monday."""
        loan = loan or self.loan
        self._sign(loan)
        if loan.deposit_state == "asked":
            self._hold()
        with self.at(MONDAY):
            action = loan.with_user(self.facilitator).action_view_hand_over()
            inspection = self._inspection(action)
            inspection.action_record()
        return inspection

    def _inspection(self, action):
        model = self.env[action["res_model"]].with_user(self.facilitator)
        return model.browse(action["res_id"])

    def _bring_back(self, back, lost=0, damaged=0):
        """So many chairs come back on Wednesday."""
        with self.at("2026-01-14 07:00:00"):
            action = self.loan.with_user(self.facilitator).action_view_return()
            inspection = self._inspection(action)
            with Form(inspection) as form, form.line_ids.edit(0) as line:
                line.quantity = back
                line.lost_quantity = lost
                line.damaged_quantity = damaged
            inspection.action_record()
        return inspection


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


@tagged("post_install", "-at_install")
class TestLoanWizards(LoansOnScreen):
    """Questions that the back office asks: each ends in an act of the model."""

    def test_cancel_says_why(self):
        with self.assertRaises(AssertionError):
            self._form("ess.loan.reason", self.loan, default_act="cancel").save()
        self._ask("cancel", self.loan, "The festival is off")
        self.assertEqual(self.loan.state, "cancelled")
        self.assertEqual(self.loan.booking_ids.state, "cancelled")
        self.assertEqual(self.loan.reason, "The festival is off")

    def test_only_a_manager_overrides(self):
        form = self._form("ess.loan.reason", self.loan, default_act="override")
        self.assertIn("sign", form.missing)
        with self.assertRaises(AccessError), self.cr.savepoint():
            self._ask("override", self.loan, "Its president is on the way")
        self._ask("override", self.loan, "Its president is on the way", self.manager)
        self.assertEqual(self.loan.override_reason, "Its president is on the way")

    def test_change_the_kind(self):
        """Ten chairs for two days are 10.00 as a hire, and free as a free loan."""
        self.assertEqual(sum(self.loan.booking_ids.mapped("amount")), 10)
        form = self._form("ess.loan.kind", self.loan)
        self.assertEqual(form.kind, "commodat")
        form.save().action_apply()
        self.assertEqual(self.loan.kind, "commodat")
        self.assertEqual(sum(self.loan.booking_ids.mapped("amount")), 0)
        self._form("ess.loan.kind", self.loan).save().action_apply()
        self.assertEqual(sum(self.loan.booking_ids.mapped("amount")), 10)

    # === DEPOSIT === #

    def test_hold_and_release(self):
        self._hold()
        self.assertEqual(self.deposit.state, "held")
        self.assertEqual(self.deposit.method, "cheque")
        self.assertEqual(self.deposit.reference, "4711")
        self.deposit.with_user(self.facilitator).action_release()
        self.assertEqual(self.deposit.state, "released")

    def test_waive(self):
        self._ask("waive_deposit", self.deposit, "We know each other")
        self.assertEqual(self.deposit.state, "waived")

    def test_keep_what_was_agreed_for_the_damage(self):
        """20.00 were agreed against the deposit of 50.00: 30.00 go back."""
        self._hand_over()
        self._bring_back(10, damaged=1)
        damage = self.loan.damage_ids.with_user(self.facilitator)
        with Form(damage) as form:
            form.description = "A broken leg"
            form.bearer = "borrower"
            form.cost = 20
            form.from_deposit = True
        damage.action_propose()
        damage.action_agree()
        self.assertEqual(damage.state, "agreed")
        form = self._form("ess.loan.deposit.keep", self.deposit)
        self.assertEqual((form.amount, form.rest), (20, 30))
        form.reason = "A broken leg"
        form.save().action_apply()
        self.assertEqual(self.deposit.state, "kept")
        self.assertEqual(self.deposit.kept_amount, 20)

    def test_release_all_the_same(self):
        """A damage is not decided: released only with a reason, which is logged."""
        self._hand_over()
        self._bring_back(10, damaged=1)
        deposit = self.deposit.with_user(self.facilitator)
        with self.assertRaises(UserError), self.cr.savepoint():
            deposit.action_release()
        self._ask("force_release", self.deposit, "They are neighbours")
        self.assertEqual(self.deposit.state, "released")

    # === EXTENSION === #

    def test_extend(self):
        self._hand_over()
        form = self._form("ess.loan.extend", self.loan)
        self.assertEqual(form.stop, utc("2026-01-14 09:00"))
        form.stop = utc("2026-01-15 09:00")
        form.note = "One more day"
        form.save().action_apply()
        extension = self.loan.extension_ids
        self.assertEqual((extension.state, extension.note), ("asked", "One more day"))
        self.assertTrue(self.loan.extension_asked)
        self._ask("refuse_extension", extension, "We need them")
        self.assertEqual(extension.state, "refused")
        self.assertEqual(self.loan.stop, utc("2026-01-14 09:00"))

    def test_extend_as_the_lender_agreed_on_the_phone(self):
        self._hand_over()
        form = self._form("ess.loan.extend", self.loan)
        form.stop = utc("2026-01-15 09:00")
        form.is_agreed = True
        form.save().action_apply()
        self.assertEqual(self.loan.extension_ids.state, "agreed")
        self.assertEqual(self.loan.stop, utc("2026-01-15 09:00"))

    # === INSPECTION === #

    def test_inspect_and_answer_for_both_sides(self):
        inspection = self._hand_over()
        self.assertEqual(self.loan.state, "ongoing")
        self.assertEqual(inspection.line_ids.quantity, 10)
        line = inspection.line_ids
        self.assertEqual(line.check_ids.mapped("name"), ["Feet", "Seats"])
        self.assertEqual(line.action_view_line()["res_id"], line.id)
        form = self._form("ess.loan.inspection.answer", inspection)
        self.assertEqual(form.side, "borrower")
        form.save().action_apply()
        self.assertTrue(inspection.borrower_ack_on)
        form = self._form("ess.loan.inspection.answer", inspection)
        self.assertEqual(form.side, "lender")
        form.save().action_apply()
        self.assertEqual(inspection.state, "agreed")

    def test_contest_for_a_side(self):
        inspection = self._hand_over()
        form = self._form("ess.loan.inspection.answer", inspection)
        form.answer = "contest"
        with self.assertRaises(AssertionError):
            form.save()
        form.text = "Nine only"
        form.save().action_apply()
        self.assertEqual(inspection.contested, "Nine only")
        self.assertEqual(inspection.state, "recorded")

    # === DAMAGE, DISRUPTION === #

    def test_out_of_service_shows_whom_it_breaks(self):
        """Of 30 chairs one is broken, 30 are promised for Tuesday week."""
        self._hand_over()
        self._bring_back(10, damaged=1)
        damage = self.loan.damage_ids
        few = self._booking(
            self.chairs, "2026-01-19 09:00", "2026-01-19 18:00", self.semeurs, 20
        )
        many = self._booking(
            self.chairs, "2026-01-20 09:00", "2026-01-20 18:00", self.semeurs, 30
        )
        (few | many).action_request()
        with self.at("2026-01-15 08:00:00"):
            form = self._form("ess.loan.damage.service", damage)
            self.assertFalse(form.booking_ids)
            form.until = utc("2026-01-22 09:00")
            self.assertEqual(form.booking_ids.ids, many.ids)
            form.save().action_apply()
            self.assertTrue(damage.is_out_of_service)
            disruption = damage.disruption_ids
            self.assertEqual(disruption.booking_id, many)
            form = self._form("ess.loan.disruption.choice", disruption)
            form.choice = "cancel"
            form.save().action_apply()
            self.assertEqual(disruption.state, "cancelled")
            self.assertEqual(many.state, "cancelled")
            damage.with_user(self.facilitator).action_back_in_service()
            self.env.invalidate_all()
            self.assertFalse(damage.is_out_of_service)

    def test_another_asset_instead(self):
        benches = self._asset("Benches", capacity=40, price=0.5, price_unit="day")
        self._hand_over()
        self._bring_back(10, damaged=1)
        booking = self._booking(
            self.chairs, "2026-01-20 09:00", "2026-01-20 18:00", self.semeurs, 30
        )
        booking.action_request()
        damage = self.loan.damage_ids.with_user(self.facilitator)
        with self.at("2026-01-15 08:00:00"):
            damage.action_out_of_service(utc("2026-01-22 09:00"))
            form = self._form("ess.loan.disruption.choice", damage.disruption_ids)
            self.assertEqual(form.alternative_ids.ids, benches.ids)
            form.choice = "other"
            with self.assertRaises(AssertionError):
                form.save()
            form.asset_id = benches
            form.save().action_apply()
        other = damage.disruption_ids.other_booking_id
        self.assertEqual((other.asset_id, other.quantity), (benches, 30))

    def test_contest_decide_close(self):
        self._hand_over()
        self._bring_back(8, damaged=2)
        damage = self.loan.damage_ids.with_user(self.facilitator)
        damage.action_propose("borrower", None, 30)
        self._ask("contest_damage", damage, "It was old")
        self.assertEqual((damage.state, damage.contested), ("contested", "It was old"))
        self._ask("decide_damage", damage, "It was new in May")
        self.assertEqual(damage.state, "agreed")
        with self.assertRaises(UserError):
            self._ask("close_damage", damage, "Too late")

    # === WHO MAY === #

    def test_questions_are_the_facilitator_s(self):
        for model in (
            "ess.loan.reason",
            "ess.loan.deposit.hold",
            "ess.loan.deposit.keep",
            "ess.loan.extend",
            "ess.loan.kind",
            "ess.loan.inspection.answer",
            "ess.loan.damage.service",
            "ess.loan.disruption.choice",
        ):
            for user in (self.accountant, self.bob):
                with self.subTest(model=model, user=user.login):
                    with self.assertRaises(AccessError):
                        self.env[model].with_user(user).create({})

    def test_accountant_says_where_deposits_stand(self):
        account = self.env["account.account"].create(
            {"name": "Deposits", "code": "165901", "account_type": "liability_current"}
        )
        with Form(
            self.env["ess.settlement.settings"].with_user(self.accountant)
        ) as form:
            form.deposit_account_id = account
        form.record.action_apply()
        self.assertEqual(self.env.company.ess_deposit_account_id, account)
