from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from .common_loan import utc
from .common_loan_desk import LoansOnScreen


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
