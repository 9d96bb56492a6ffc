"""A deposit is asked for, held, given back or kept in part, and never twice."""

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import NOW, EssData
from .common_races import RaceCase
from .test_loan_inspection import LATER, InspectionCommon

TABLES = (
    "ess_exchange ess_loan_deposit ess_loan ess_asset_ess_circle_rel ess_asset "
    "ess_booking_policy ess_asset_category ess_circle_membership ess_circle"
).split()


class DepositCommon(InspectionCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.desk = cls._internal("desk", "ess_mutualisation.group_facilitator")
        cls.accountant = cls._internal("books", "ess_mutualisation.group_accountant")
        cls.van.deposit_amount = 150
        cls.chairs.deposit_amount = 2.5
        cls.federation = cls.env.company.partner_id

    def _by_federation(self):
        self.policy.deposit_holder = "federation"

    def _held(self, *assets, **kwargs):
        """The deposit of a loan of the van, held by whoever holds it."""
        deposit = self._loan(*(assets or [self.van]), **kwargs).deposit_ids
        holder = self.bob if deposit.holder == "lender" else self.desk
        deposit.with_user(holder).action_hold("cheque", "4711")
        return deposit.with_user(holder)

    def _agreed(self, deposit, amount, from_deposit=True):
        """A damage of the same loan that the borrower bears."""
        loan = deposit.sudo().loan_id
        self._sign(loan)
        with self.at(LATER):
            self._record(loan, "hand_over", self.bob)
            damage = loan.with_user(self.bob)._report_damage(
                None,
                {"description": "Dent", "booking_id": loan.booking_ids[:1].id},
            )
            damage.action_propose("borrower", cost=amount, from_deposit=from_deposit)
            damage.with_user(self.anais).action_agree()
        return damage

    def _moves(self, deposit):
        """[(provider, receiver, nature, amount)], as they were made."""
        return [
            (e.provider_id.name, e.receiver_id.name, e.nature, e.amount)
            for e in deposit.sudo().exchange_ids.sorted("id")
        ]


@tagged("post_install", "-at_install")
class TestLoanDeposit(DepositCommon):
    # === ASKED === #

    def test_asked_by_asset_and_quantity(self):
        loan = self._loan(self.van, self.chairs)
        self.assertEqual(loan.deposit_ids.amount, 152.5)
        self.assertEqual(
            [loan.deposit_ids.state, loan.deposit_ids.holder], ["asked", "lender"]
        )

    def test_follows_the_items_until_it_is_held(self):
        loan = self._loan(self.chairs, quantity=10)
        self.assertEqual(loan.deposit_ids.amount, 25)
        loan.booking_ids.with_user(self.anais).action_reschedule(quantity=4)
        self.assertEqual(loan.deposit_ids.amount, 10)
        loan.deposit_ids.with_user(self.bob).action_hold("cash")
        loan.booking_ids.with_user(self.anais).action_reschedule(quantity=6)
        self.assertEqual(loan.deposit_ids.amount, 10)

    def test_nothing_is_asked_for_what_needs_none(self):
        self.assertFalse(self._loan(self.stage).deposit_ids)

    def test_free_loan_may_ask_for_one(self):
        self.stage.deposit_amount = 300
        loan = self._loan(self.stage)
        self.assertEqual(loan.kind, "commodat")
        self.assertEqual(loan.deposit_ids.amount, 300)

    def test_cancelled_asks_for_nothing_but_what_is_held_stays(self):
        loan = self._loan(self.van)
        loan.with_user(self.anais).action_cancel("Rain")
        self.assertFalse(loan.deposit_ids.filtered(lambda d: d.state == "asked"))
        deposit = self._held()
        deposit.sudo().loan_id.with_user(self.anais).action_cancel("Rain")
        self.assertEqual(deposit.state, "held")
        deposit.action_release()
        self.assertEqual(deposit.state, "released")

    def test_no_hand_over_without_it_unless_waived(self):
        loan = self._sign(self._loan(self.van))
        with self.at(LATER):
            inspection = loan.with_user(self.bob).action_inspect("hand_over")
            with self.assertRaisesRegex(
                UserError, "deposit of .*150.00.* not been given"
            ):
                inspection.action_record()
            loan.deposit_ids.with_user(self.bob).action_waive("We know each other")
            # what was agreed is the same: nobody signs again
            loan._void_if_changed()
            self.assertEqual(loan.state, "signed")
            inspection.action_record()
        self.assertEqual(loan.state, "ongoing")

    # === HELD BY THE LENDER === #

    def test_lender_holds_and_releases_without_any_exchange(self):
        deposit = self._held()
        self.assertEqual(
            [deposit.state, deposit.method, deposit.reference, deposit.held_by_id],
            ["held", "cheque", "4711", self.bob],
        )
        deposit.action_release()
        self.assertEqual(deposit.state, "released")
        self.assertEqual(self._moves(deposit), [])

    def test_lender_keeps_against_the_damage(self):
        deposit = self._held()
        damage = self._agreed(deposit, 60)
        deposit.action_keep(60, "The dent")
        self.assertEqual(
            self._moves(deposit),
            [("Radio La Fabrique", "Jardin Le Phare", "deposit", -60)],
        )
        self.assertEqual(damage.sudo().exchange_ids.amount, 60)

    def test_kept_for_another_reason_is_owed_for_that_reason(self):
        deposit = self._held()
        deposit.action_keep("20,50", "Cleaning")
        self.assertEqual(
            self._moves(deposit),
            [
                ("Radio La Fabrique", "Jardin Le Phare", "damage", 20.5),
                ("Radio La Fabrique", "Jardin Le Phare", "deposit", -20.5),
            ],
        )
        kept = deposit.sudo().exchange_ids.filtered(lambda e: e.nature == "damage")
        self.assertEqual(kept.name, f"{deposit.sudo().loan_id.name}: Cleaning")

    # === HELD BY THE FEDERATION === #

    def test_federation_gives_it_back(self):
        self._by_federation()
        deposit = self._held()
        deposit.action_release()
        federation = self.federation.name
        self.assertEqual(
            self._moves(deposit),
            [
                (federation, "Jardin Le Phare", "deposit", 150),
                (federation, "Jardin Le Phare", "deposit", -150),
            ],
        )

    def test_federation_keeps_a_part_for_the_lender(self):
        self._by_federation()
        deposit = self._held()
        self._agreed(deposit, 60)
        deposit.action_keep(60, "The dent")
        federation = self.federation.name
        self.assertEqual(
            self._moves(deposit),
            [
                (federation, "Jardin Le Phare", "deposit", 150),
                (federation, "Jardin Le Phare", "deposit", -90),
                ("Radio La Fabrique", federation, "deposit", 60),
                ("Radio La Fabrique", "Jardin Le Phare", "deposit", -60),
            ],
        )

    def test_deposit_counts_for_no_reciprocity(self):
        self._by_federation()
        deposit = self._held()
        self.env.flush_all()
        rows = self.env["ess.reciprocity"].search(
            [("exchange_id", "in", deposit.sudo().exchange_ids.ids)]
        )
        self.assertFalse(rows)
        self.assertEqual(deposit.sudo().exchange_ids.saving, 0)

    def test_its_exchanges_are_made_by_its_acts_alone(self):
        self._by_federation()
        deposit = self._held()
        exchange = deposit.sudo().exchange_ids.with_user(self.accountant)
        vals = {
            "name": "By hand",
            "provider_id": self.fabrique.id,
            "receiver_id": self.phare.id,
            "amount": 10,
        }
        exchanges = self.env["ess.exchange"].with_user(self.accountant)
        booking = deposit.sudo().loan_id.booking_ids
        for more in (
            {"deposit_id": deposit.id},
            {"nature": "deposit", "booking_id": booking.id},
        ):
            with self.assertRaisesRegex(UserError, "by the acts of their loan alone"):
                exchanges.create({**vals, **more})
        with self.assertRaisesRegex(UserError, "both sides of a loan agreed on"):
            exchange.amount = 10

    # === REFUSALS === #

    def test_amounts_that_cannot_be_kept(self):
        deposit = self._held()
        for amount in (0, -1, 150.01, "abc", "nan", "inf", None):
            with self.assertRaisesRegex(UserError, "more than 0 and at most .*150"):
                deposit.action_keep(amount, "Dent")
        with self.assertRaisesRegex(UserError, "Reason: say why"):
            deposit.action_keep(10, " ")

    def test_undecided_damage_comes_first(self):
        deposit = self._held()
        loan = deposit.sudo().loan_id
        self._sign(loan)
        with self.at(LATER):
            self._record(loan, "hand_over", self.bob)
        damage = loan.with_user(self.bob)._report_damage(
            None, {"description": "Dent", "booking_id": loan.booking_ids.id}
        )
        for act, args in (("action_release", ()), ("action_keep", (10, "Dent"))):
            with self.assertRaisesRegex(UserError, "decide first who bears it"):
                getattr(deposit, act)(*args)
        # the lender does not force it, the federation may and says why
        with self.assertRaisesRegex(UserError, "decide first who bears it"):
            deposit.action_release("I want to")
        damage.action_propose("borrower", cost=40, from_deposit=True)
        damage.with_user(self.anais).action_agree()
        with self.assertRaisesRegex(UserError, "40.00.* are to be paid out"):
            deposit.action_keep(39.99, "Dent")
        desk = deposit.with_user(self.desk)
        desk.action_release("Paid in cash")
        self.assertEqual(deposit.state, "released")
        self.assertIn("Paid in cash", deposit.sudo().message_ids[0].body)

    def test_nothing_is_done_twice(self):
        deposit = self._held()
        with self.assertRaisesRegex(UserError, "is held; this is possible only"):
            deposit.action_hold("cash")
        deposit.action_release()
        for act, args in (("action_release", ()), ("action_keep", (10, "Dent"))):
            with self.assertRaisesRegex(
                UserError, "is released; this is possible only"
            ):
                getattr(deposit, act)(*args)

    def test_who_may(self):
        acts = (
            ("action_hold", ("cash",)),
            ("action_release", ()),
            ("action_keep", (10, "Dent")),
            ("action_waive", ("No",)),
        )
        deposit = self._loan(self.van).deposit_ids
        for user in (self.anais, self.third, self.accountant):
            for act, args in acts:
                with self.assertRaises(AccessError, msg=f"{user.login} {act}"):
                    getattr(deposit.with_user(user), act)(*args)
        self.assertEqual(deposit.with_user(self.anais).amount, 150)
        with self.assertRaises(AccessError):
            deposit.with_user(self.third).read(["amount"])

    def test_lender_does_not_act_on_what_the_federation_holds(self):
        self._by_federation()
        deposit = self._loan(self.van).deposit_ids.with_user(self.bob)
        for act, args in (("action_hold", ("cash",)), ("action_waive", ("No",))):
            with self.assertRaisesRegex(AccessError, "it alone acts on it"):
                getattr(deposit, act)(*args)

    def test_not_edited_once_it_was_given(self):
        deposit = self._held().with_user(self.desk)
        with self.assertRaisesRegex(UserError, "was given or decided on already"):
            deposit.amount = 1
        with self.assertRaisesRegex(UserError, "hold, release, keep or waive"):
            deposit.state = "released"
        with self.assertRaisesRegex(UserError, "was given or decided on already"):
            deposit.unlink()


@tagged("post_install", "-at_install")
class TestLoanDepositRaces(EssData, RaceCase):
    """Two real connections that act on one deposit at the same moment."""

    seen_table = "ess_loan_deposit"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.startClassPatcher(freeze_time(NOW))
        cls.addClassCleanup(cls._clean_up)
        with cls._connection() as env:
            cls.env = env
            cls._set_up_federation()
            cls.partner_ids = tuple((cls.fabrique | cls.phare | cls.semeurs).ids)
            env.cr.commit()

    @classmethod
    def _clean_up(cls):
        with cls._connection() as env:
            cls._delete(env, TABLES)
            cls._delete_resources(env)
            env.cr.execute("DELETE FROM res_partner WHERE id IN %s", [cls.partner_ids])
            env.cr.commit()

    def _deposit(self):
        """A committed deposit that the federation holds; its id."""
        with self._connection() as env:
            loan = env["ess.loan"].create(
                {
                    "lender_id": self.fabrique.id,
                    "entity_id": self.phare.id,
                    "start": "2026-01-12 08:00:00",
                    "stop": "2026-01-13 08:00:00",
                }
            )
            deposit = env["ess.loan.deposit"].create(
                {"loan_id": loan.id, "amount": 150, "holder": "federation"}
            )
            deposit.action_hold("cash")
            env.cr.commit()
            return deposit.id

    def _collide(self, first, second):
        """:return: the amounts of the exchanges that were made, in order"""
        deposit_id = self._deposit()

        def act(name, *args):
            return lambda env: getattr(
                env["ess.loan.deposit"].browse(deposit_id), name
            )(*args)

        self._race(act(*first), act(*second), "this is possible only while")
        with self._connection() as env:
            found = env["ess.exchange"].search([("deposit_id", "=", deposit_id)])
            return sorted(found.mapped("amount"))

    def test_release_against_release(self):
        amounts = self._collide(("action_release",), ("action_release",))
        self.assertEqual(amounts, [-150, 150])

    def test_release_against_keep(self):
        amounts = self._collide(("action_keep", 40, "Dent"), ("action_release",))
        self.assertEqual(amounts, [-110, -40, 40, 40, 150])
