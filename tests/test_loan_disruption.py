from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..models.booking_rules import RuleBroken
from ..models.occupancy import NotFree
from .common import EssCommon, utc
from .common_loan_late import LateData

DAY = ("2026-01-12 09:00", "2026-01-12 18:00")


@tagged("post_install", "-at_install")
class TestLoanDisruption(LateData, EssCommon):
    """Who was promised what is not there waits, takes another, or gives it up."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.chairs.category_id = cls.env["ess.asset.category"].create(
            {"name": "Chairs"}
        )
        cls.user = cls._volunteer(cls.semeurs, "sem", email="sem@example.org")
        cls.booking = cls._promised(cls.van, *DAY)
        cls.disruptions = cls.env["ess.loan.disruption"]

    def _broken(self, booking=None):
        return self.disruptions._disrupt(booking or self.booking, "damage")

    def _repair(self, start="2026-01-11 09:00", stop="2026-01-14 09:00", quantity=1):
        return self.env["ess.occupancy"].create(
            {
                "asset_id": self.van.id,
                "quantity": quantity,
                "kind": "maintenance",
                "start": utc(start),
                "stop": utc(stop),
            }
        )

    # === OUT OF SERVICE === #

    def test_a_repair_is_refused_while_promises_stand(self):
        with self.assertRaises(NotFree):
            self._repair()

    def test_a_broken_promise_waits_first_in_the_queue(self):
        with self.at("2026-01-06 08:00:00"):
            second = self._booking(self.van, *DAY, self.phare)
            second.action_wait()
        disruption = self._broken()
        self.assertEqual(self.booking.state, "waiting")
        self.assertEqual(second.state, "waiting", "nobody is served for a repair")
        self.assertFalse(self.booking.occupancy_ids)
        self.assertEqual(disruption.state, "open")
        repair = self._repair()
        self.assertEqual(self.booking.state, "waiting")
        repair.unlink()
        self.assertEqual((self.booking.state, second.state), ("confirmed", "waiting"))
        self.assertEqual(disruption.state, "over")

    def test_what_was_confirmed_is_not_asked_for_again(self):
        self.van.approval = "owner"
        self._broken()
        repair = self._repair()
        repair.unlink()
        self.assertEqual(self.booking.state, "confirmed")

    def test_the_holder_is_told_once(self):
        self._broken()
        self.assertFalse(self._broken(), "it is known already")
        self.assertEqual(len(self._mails("Van may not be there")), 1)

    def test_who_used_it_already_is_not_disrupted(self):
        self.booking.sudo().state = "done"
        self.assertFalse(self._broken())

    # === CHOOSING === #

    def test_give_it_up_after_the_deadline(self):
        self.policy.cancel_hours = 24 * 30
        disruption = self._broken()
        disruption.with_user(self.user).action_cancel()
        self.assertEqual(disruption.state, "cancelled")
        self.assertEqual(self.booking.state, "cancelled")
        self.assertEqual(self.booking.reason, "Van was not there.")
        self.assertEqual(disruption.chosen_by_id, self.user.partner_id)

    def test_stay_in_the_queue(self):
        disruption = self._broken()
        disruption.with_user(self.user).action_wait()
        self.assertEqual((disruption.state, self.booking.state), ("wait", "waiting"))
        with self.assertRaisesRegex(UserError, "nothing to choose any more"):
            disruption.with_user(self.user).action_wait()

    def test_another_asset_in_one_act(self):
        truck = self._asset("Truck", owner=self.phare, price=30.0, price_unit="day")
        disruption = self._broken()
        self.assertEqual(disruption._alternatives(), truck)
        other = disruption.with_user(self.user).action_other(truck.id)
        self.assertEqual(other.asset_id, truck)
        self.assertEqual(other.state, "confirmed")
        self.assertEqual((other.start, other.stop), (utc(DAY[0]), utc(DAY[1])))
        self.assertEqual(other.entity_id, self.semeurs)
        self.assertEqual(disruption.state, "other")
        self.assertEqual(disruption.other_booking_id, other)
        self.assertEqual(self.booking.state, "cancelled")
        self.assertEqual(self.booking.reason, f"Truck instead ({other.name}).")

    def test_another_asset_has_its_own_agreement(self):
        """In one act: the loan of the van is cancelled, that of the truck is there."""
        self.policy.loan_kind = "hire"
        booking = self._promised(self.van, "2026-01-20 09:00", "2026-01-21 09:00")
        truck = self._asset("Truck", owner=self.phare, price=30.0, price_unit="day")
        disruption = self._broken(booking)
        other = disruption.with_user(self.user).action_other(truck.id)
        self.assertEqual(booking.loan_id.state, "cancelled")
        self.assertEqual(other.sudo().loan_id.state, "to_sign")
        self.assertEqual(other.sudo().loan_id.lender_id, self.phare)
        self.assertEqual(other.amount, 30)

    def test_another_asset_counts_once_in_the_quota(self):
        self.policy.quota_simultaneous = 1
        truck = self._asset("Truck", owner=self.phare)
        disruption = self._broken()
        other = disruption.with_user(self.user).action_other(truck.id)
        self.assertEqual(other.state, "confirmed")

    def test_notice_is_not_asked_for_again(self):
        self.policy.lead_hours = 24 * 30
        truck = self._asset("Truck", owner=self.phare)
        disruption = self._broken()
        self.assertEqual(disruption._alternatives(), truck)
        disruption.with_user(self.user).action_other(truck.id)
        self.assertEqual(disruption.state, "other")

    def test_taken_meanwhile_changes_nothing(self):
        truck = self._asset("Truck", owner=self.phare)
        disruption = self._broken()
        self._promised(truck, *DAY, self.fabrique)
        with self.assertRaisesRegex(NotFree, "Truck is taken"), self.cr.savepoint():
            disruption.with_user(self.user).action_other(truck.id)
        self.env.invalidate_all()
        self.assertEqual((disruption.state, self.booking.state), ("open", "waiting"))

    def test_only_assets_of_the_kind_that_are_shared_with_them(self):
        other_circle = self.env["ess.circle"].create({"name": "Elsewhere"})
        far = self._asset("Far", owner=self.phare)
        far.circle_ids = other_circle
        hidden = self._asset("Hidden", owner=self.phare, published=False)
        rooms = self.env["ess.asset.category"].create({"name": "Rooms"})
        room = self._asset("Room", owner=self.phare, category_id=rooms.id)
        disruption = self._broken()
        self.assertFalse(disruption._alternatives() & (far | hidden | room))
        for asset in (far, hidden, room, self.van):
            with (
                self.assertRaisesRegex(UserError, "choose one that is shared"),
                self.cr.savepoint(),
            ):
                disruption.with_user(self.user).action_other(asset.id)

    def test_the_rules_of_the_other_asset_hold(self):
        strict = self.env["ess.booking.policy"].create(
            {"name": "Short", "opening_rule": "free", "max_hours": 2}
        )
        truck = self._asset("Truck", owner=self.phare, policy_id=strict.id)
        disruption = self._broken()
        self.assertFalse(disruption._alternatives())
        with self.assertRaisesRegex(RuleBroken, "too long"), self.cr.savepoint():
            disruption.with_user(self.user).action_other(truck.id)

    def test_those_nobody_has_to_answer_come_first_then_the_near(self):
        self.van.write({"latitude": 50.70, "longitude": 3.22})
        places = {"Far": 50.0, "Near": 50.69, "Asked": 50.70}
        assets = {
            name: self._asset(name, owner=self.phare, latitude=north, longitude=3.2)
            for name, north in places.items()
        }
        assets["Asked"].approval = "owner"
        self.assertEqual(
            self._broken()._alternatives().mapped("name"), ["Near", "Far", "Asked"]
        )

    # === WHO === #

    def test_only_the_borrower_and_the_federation_choose(self):
        disruption = self._broken()
        lender = self._volunteer(self.fabrique, "fab")
        third = self._volunteer(self.phare, "pha")
        accountant = self._internal("acc", "ess_mutualisation.group_accountant")
        for user in (lender, third, accountant, self.env.ref("base.public_user")):
            for name, args in (
                ("action_wait", ()),
                ("action_cancel", ()),
                ("action_other", (self.chairs.id,)),
            ):
                with self.assertRaises(AccessError, msg=f"{user.login} {name}"):
                    getattr(disruption.with_user(user), name)(*args)
            if user != accountant:
                with self.assertRaises(AccessError):
                    disruption.with_user(user).read(["state"])
        facilitator = self._internal("fac", "ess_mutualisation.group_facilitator")
        disruption.with_user(facilitator).action_cancel()
        self.assertEqual(disruption.state, "cancelled")

    def test_nobody_writes_a_disruption_by_hand(self):
        disruption = self._broken()
        facilitator = self._internal("fac", "ess_mutualisation.group_facilitator")
        for user in (self.user, facilitator):
            with self.assertRaises(AccessError):
                disruption.with_user(user).write({"state": "over"})

    # === ENDS === #

    def test_cancelled_elsewhere_is_no_longer_a_choice(self):
        disruption = self._broken()
        self.booking.with_user(self.user).action_cancel("Rain")
        self.assertEqual(disruption.state, "cancelled")

    def test_nobody_chose_before_the_start(self):
        disruption = self._broken()
        self._repair()
        with self.at("2026-01-12 08:30:00"), self.enter_registry_test_mode():
            self.env.ref("ess_mutualisation.ir_cron_expire").method_direct_trigger()
        self.env.invalidate_all()
        self.assertEqual(self.booking.state, "refused")
        self.assertEqual(disruption.state, "cancelled")

    def test_one_page_for_who_has_no_login(self):
        disruption = self._broken()
        self.assertTrue(disruption.access_token)
        self.assertEqual(disruption.access_url, f"/my/disruptions/{disruption.id}")
        self.assertEqual(disruption.told_on, fields.Datetime.now())
