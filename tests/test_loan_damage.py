"""Something comes back broken, or not at all: who bears it, and who goes without."""

from datetime import datetime

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from .common_loan import utc
from .test_loan_inspection import LATER, InspectionCommon, photo


class DamageCommon(InspectionCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.desk = cls._internal("desk", "ess_mutualisation.group_facilitator")

    def _damaged(self, asset=None, **kwargs):
        """The van came back on the 13th with a dent, reported with a photo."""
        asset = asset or self.van
        loan = self._out(asset, **kwargs)
        with self.at(LATER):
            inspection = self._record(loan, "return", self.bob)
            return loan.with_user(self.bob)._report_damage(
                inspection.line_ids, {"description": "Dent"}, [("dent.jpg", photo())]
            )

    def _proposed(self, **vals):
        damage = self._damaged()
        damage.action_propose(**{"bearer": "borrower", "cost": 300, **vals})
        return damage


@tagged("post_install", "-at_install")
class TestLoanDamage(DamageCommon):
    # === REPORTING === #

    def test_reported_with_photos(self):
        damage = self._damaged().sudo()
        self.assertEqual(
            [damage.kind, damage.quantity, damage.state, damage.description],
            ["damage", 1, "reported", "Dent"],
        )
        self.assertEqual(damage.reported_by_id, self.bob.partner_id)
        self.assertEqual(len(damage.photo_ids), 1)
        self.assertTrue(damage.access_token)
        self.assertRegex(damage.name, r"^D2026/\d+$")

    def test_what_the_inspection_found_is_completed_not_said_twice(self):
        loan = self._out(self.chairs, quantity=20)
        with self.at(LATER):
            inspection = self._record(
                loan, "return", self.bob, chairs={"damaged_quantity": 3}
            )
            self.assertEqual(loan.damage_ids.description, "Damaged")
            loan.with_user(self.anais)._report_damage(
                inspection.line_ids, {"description": "Torn cloth"}
            )
        self.assertEqual(
            [(d.description, d.quantity) for d in loan.damage_ids], [("Torn cloth", 3)]
        )

    def test_report_is_looked_at(self):
        loan = self._out(self.chairs, quantity=20)
        line = loan.inspection_ids.line_ids
        other = self._booking(self.van, "2026-02-02 09:00", "2026-02-03 09:00")
        report = loan.with_user(self.anais)._report_damage
        for args, error, sentence in (
            ((line, {"description": " "}), ValidationError, "say what is broken"),
            (
                (line, {"description": "x", "quantity": 21}),
                ValidationError,
                "between 1 and 20 can be damaged or lost, not 21",
            ),
            ((line, {"description": "x", "kind": "theft"}), ValidationError, "choose"),
            (
                (None, {"description": "x", "booking_id": other.id}),
                AccessError,
                "not part of",
            ),
        ):
            with self.assertRaisesRegex(error, sentence):
                report(*args)

    # === WHO BEARS IT === #

    def test_shared_to_the_cent(self):
        damage = self._proposed(bearer="shared", cost="100,01 €", percent="33.33 %")
        # 33.333333 € are 33.33 €; the lender bears the other 66.68 €
        self.assertEqual(damage.amount, 33.33)
        damage.with_user(self.anais).action_agree(33.33)
        exchange = damage.sudo().exchange_ids
        self.assertEqual(
            [exchange.nature, exchange.amount, exchange.value, exchange.saving],
            ["damage", 33.33, 33.33, 0],
        )
        self.assertEqual(
            [exchange.provider_id, exchange.receiver_id], [self.fabrique, self.phare]
        )

    def test_agreed_to_what_was_seen_and_to_nothing_else(self):
        damage = self._proposed(cost=300)
        damage.action_propose(cost=900)
        with self.assertRaisesRegex(UserError, "it is .*900.00.* now, not .*300.00"):
            damage.with_user(self.anais).action_agree(300)
        self.assertEqual(damage.state, "proposed")
        damage.with_user(self.anais).action_agree("900")
        self.assertEqual(damage.state, "agreed")

    def test_lender_bears_it_all_and_nobody_is_asked(self):
        damage = self._proposed(bearer="lender")
        self.assertEqual(damage.state, "agreed")
        self.assertFalse(damage.sudo().exchange_ids)

    def test_contested_then_decided_by_the_federation(self):
        damage = self._proposed()
        with self.assertRaisesRegex(UserError, "Reason: say why"):
            damage.with_user(self.anais).action_contest("")
        damage.with_user(self.anais).action_contest("It was there before")
        self.assertEqual(
            [damage.state, damage.contested], ["contested", "It was there before"]
        )
        with self.assertRaises(AccessError):
            damage.with_user(self.bob).action_decide("I am right")
        damage.with_user(self.desk).action_decide("The photo of the 12th is clean")
        self.assertEqual(damage.state, "agreed")
        self.assertEqual(damage.sudo().exchange_ids.amount, 300)

    def test_closed_asks_nothing(self):
        damage = self._proposed()
        damage.action_close("A scratch, we forget it")
        self.assertEqual(damage.state, "closed")
        self.assertFalse(damage.sudo().exchange_ids)
        with self.assertRaisesRegex(UserError, "is closed, nothing asked; this is"):
            damage.with_user(self.anais).action_agree()

    def test_proposals_that_cannot_be(self):
        damage = self._damaged()
        for vals, sentence in (
            ({"bearer": "insurer", "cost": 1}, "choose the borrower, the lender"),
            ({"bearer": "borrower"}, "Cost: enter what"),
            ({"bearer": "borrower", "cost": "-4"}, "“-4” is not a number from 0"),
            ({"bearer": "borrower", "cost": "nan"}, "“nan” is not a number"),
            ({"bearer": "shared", "cost": 9, "percent": 0}, "more than 0 and less"),
            ({"bearer": "shared", "cost": 9, "percent": 101}, "from 0 to 100"),
        ):
            with self.assertRaisesRegex(UserError, sentence):
                damage.action_propose(**vals)
        self.assertEqual(damage.state, "reported")

    def test_agreed_does_not_change_on_any_channel(self):
        damage = self._proposed()
        damage.with_user(self.anais).action_agree()
        desk = damage.with_user(self.desk)
        for name, value in (("cost", 1), ("bearer", "lender"), ("quantity", 2)):
            with self.assertRaisesRegex(UserError, "was decided"):
                desk.write({name: value})
        with self.assertRaisesRegex(UserError, "propose who bears it"):
            desk.state = "reported"
        with self.assertRaisesRegex(UserError, "was decided"):
            desk.unlink()

    def test_a_change_at_the_desk_is_proposed_anew(self):
        damage = self._proposed()
        damage.with_user(self.desk).cost = 500
        self.assertEqual(damage.state, "reported")

    def test_each_side_does_its_part_only(self):
        damage = self._proposed()
        for user, act, args in (
            (self.bob, "action_agree", ()),
            (self.bob, "action_contest", ("No",)),
            (self.anais, "action_propose", ("lender",)),
            (self.anais, "action_close", ("No",)),
            (self.anais, "action_out_of_service", ("2026-02-01 08:00:00",)),
            (self.bob, "action_write_off", ("Gone",)),
            *(
                (self.third, act, ("x",))
                for act in (
                    "action_agree",
                    "action_contest",
                    "action_propose",
                    "action_decide",
                    "action_close",
                    "action_out_of_service",
                    "action_write_off",
                )
            ),
        ):
            with self.assertRaises(AccessError, msg=f"{user.login} {act}"):
                getattr(damage.with_user(user), act)(*args)
        with self.assertRaises(AccessError):
            damage.with_user(self.third).read(["description"])

    # === OUT OF SERVICE === #

    def test_out_of_service_breaks_a_booking_which_waits_and_gets_it_back(self):
        booking = self._booking(
            self.van, "2026-01-20 09:00", "2026-01-21 09:00", self.semeurs
        )
        booking.action_request()
        later = self._booking(
            self.van, "2026-02-20 09:00", "2026-02-21 09:00", self.semeurs
        )
        later.action_request()
        damage = self._damaged()
        until = datetime(2026, 2, 1, 8)
        with self.at(LATER):
            self.assertEqual(
                damage.with_user(self.bob)._broken_bookings(until), booking
            )
            damage.action_out_of_service("2026-02-01 08:00:00")
        self.assertEqual([booking.state, later.state], ["waiting", "confirmed"])
        disruption = damage.sudo().disruption_ids
        self.assertEqual(
            [disruption.booking_id, disruption.cause, disruption.state],
            [booking, "damage", "open"],
        )
        row = damage.sudo().occupancy_id
        self.assertEqual(
            [row.kind, str(row.start), str(row.stop), row.quantity],
            ["maintenance", LATER, "2026-02-01 08:00:00", 1],
        )
        with self.at("2026-01-15 08:00:00"):
            with self.assertRaisesRegex(UserError, "is out of service for"):
                damage.action_out_of_service("2026-03-01 08:00:00")
            damage.action_back_in_service()
        self.assertEqual(str(row.stop), "2026-01-15 08:00:00")
        self.assertEqual(booking.state, "confirmed")
        self.assertEqual(disruption.state, "over")
        self.assertFalse(damage.is_out_of_service)

    def test_some_of_a_pool_are_out_of_service(self):
        first = self._booking(
            self.chairs, "2026-01-20 09:00", "2026-01-21 09:00", self.semeurs, 20
        )
        first.action_request()
        second = self._booking(
            self.chairs, "2026-01-20 09:00", "2026-01-21 09:00", self.semeurs, 8
        )
        second.action_request()
        loan = self._out(self.chairs, quantity=10)
        with self.at(LATER):
            self._record(loan, "return", self.bob, chairs={"damaged_quantity": 3})
            loan.damage_ids.with_user(self.bob).action_out_of_service(
                "2026-02-01 08:00:00"
            )
        # 30 − 3 leave 27: the first who asked keeps its 20, the other's 8 do not fit
        self.assertEqual([first.state, second.state], ["confirmed", "waiting"])

    def test_a_moment_that_is_over(self):
        damage = self._damaged()
        for until in (False, "2026-01-01 08:00:00"):
            with self.assertRaisesRegex(UserError, "choose a moment that is to come"):
                damage.action_out_of_service(until)
        with self.assertRaisesRegex(UserError, "is not out of service"):
            damage.action_back_in_service()

    def test_lost_units_are_written_off_by_the_federation(self):
        loan = self._out(self.chairs, quantity=20)
        with self.at(LATER):
            self._record(
                loan, "return", self.bob, chairs={"quantity": 18, "lost_quantity": 2}
            )
            steps = self.chairs._free_units(
                utc("2026-03-01 09:00"), utc("2026-03-02 09:00")
            )
            self.assertEqual(steps[self.chairs.id], 28)
            loan.damage_ids.with_user(self.desk).action_write_off("Stolen")
            self.assertEqual(self.chairs.capacity, 28)
            steps = self.chairs._free_units(
                utc("2026-03-01 09:00"), utc("2026-03-02 09:00")
            )
            self.assertEqual(steps[self.chairs.id], 28)

    def test_a_loss_is_recorded_whatever_else_takes_the_time(self):
        self.env["ess.occupancy"].create(
            {
                "asset_id": self.van.id,
                "start": "2026-02-01 08:00:00",
                "stop": "2026-02-02 08:00:00",
                "kind": "own_use",
            }
        )
        loan = self._out(self.van)
        with self.at(LATER):
            self._record(
                loan, "return", self.bob, van={"quantity": 0, "lost_quantity": 1}
            )
        self.assertEqual(loan.state, "done")
        row = loan.damage_ids.occupancy_id
        self.assertEqual(
            [str(row.start), str(row.stop)], [LATER, "2026-02-01 08:00:00"]
        )

    def test_custodian_reports_but_does_not_decide(self):
        self.van.custodian_id = self.semeurs
        self.van.deposit_amount = 150
        loan = self._sign(self._loan(self.van))
        loan.deposit_ids.with_user(self.third).action_hold("cash")
        with self.at(LATER):
            self._record(loan, "hand_over", self.third)
            damage = loan.with_user(self.third)._report_damage(
                loan.inspection_ids.line_ids, {"description": "Dent"}
            )
        for act, args in (
            ("action_propose", ("borrower", 0, 9)),
            ("action_close", ("No",)),
        ):
            with self.assertRaisesRegex(AccessError, "Only Radio La Fabrique"):
                getattr(damage, act)(*args)
        with self.assertRaisesRegex(AccessError, "Only Radio La Fabrique"):
            loan.deposit_ids.with_user(self.third).action_keep(9, "Dent")

    def test_the_last_unit_is_not_written_off(self):
        loan = self._out(self.van)
        with self.at(LATER):
            self._record(
                loan, "return", self.bob, van={"quantity": 0, "lost_quantity": 1}
            )
            with self.assertRaisesRegex(UserError, "archive the asset instead"):
                loan.damage_ids.with_user(self.desk).action_write_off("Stolen")
