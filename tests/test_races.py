"""Two real connections that want the same last unit: one wins, one reads a sentence."""

from threading import Barrier, Thread
from unittest.mock import patch

from freezegun import freeze_time

from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command
from odoo.service.model import retrying
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..models.booking_rules import RuleBroken
from ..models.occupancy import NotFree
from .common import NOW, EssData, utc
from .common_races import RaceCase

TABLES = (
    "ess_exchange ess_occupancy ess_booking ess_asset_component "
    "ess_asset_ess_circle_rel ess_asset ess_booking_policy ess_asset_category "
    "ess_circle_membership ess_circle"
).split()
MORNING = ("2026-01-12 09:00", "2026-01-12 12:00")


@tagged("post_install", "-at_install")
class TestRaces(EssData, RaceCase):
    seen_table = "ess_occupancy"
    refusal = NotFree

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.startClassPatcher(freeze_time(NOW))
        cls.addClassCleanup(cls._clean_up)
        with cls._connection() as env:
            cls.env = env
            cls._set_up_federation()
            cls.room = cls._asset("Room")
            cls.hall = cls._asset(
                "Hall", component_ids=[Command.create({"component_id": cls.room.id})]
            )
            members = cls.fabrique | cls.phare | cls.semeurs
            cls.partner_ids = tuple(members.ids)
            env.cr.commit()

    @classmethod
    def _clean_up(cls):
        with cls._connection() as env:
            cls._delete(env, TABLES)
            cls._delete_resources(env)
            env.cr.execute("DELETE FROM res_partner WHERE id IN %s", [cls.partner_ids])
            env.cr.commit()

    def _draft(self, asset, entity, window=MORNING, act=None, **vals):
        """A committed draft, on which `act` was done; its id."""
        with self._connection() as env:
            booking = env["ess.booking"].create(
                {
                    "asset_id": asset.id,
                    "entity_id": entity.id,
                    "start": utc(window[0]),
                    "stop": utc(window[1]),
                    **vals,
                }
            )
            for name, *args in act or []:
                getattr(booking, name)(*args)
            env.cr.commit()
            self.addCleanup(self._forget, booking.id)
            return booking.id

    def _forget(self, booking_id):
        with self._connection() as env:
            env.cr.execute("DELETE FROM ess_exchange")
            env.cr.execute("DELETE FROM ess_occupancy")
            env.cr.execute("DELETE FROM ess_booking WHERE id = %s", [booking_id])
            env.cr.commit()

    def _act(self, booking_id, name, *args):
        return lambda env: getattr(env["ess.booking"].browse(booking_id), name)(*args)

    def _taken(self, asset):
        with self._connection() as env:
            rows = env["ess.occupancy"].search([("asset_id", "=", asset.id)])
            return sum(rows.mapped("quantity"))

    # === SINGLE === #

    def test_request_against_request(self):
        one = self._draft(self.van, self.phare)
        two = self._draft(self.van, self.semeurs)
        self._race(
            self._act(one, "action_request"),
            self._act(two, "action_request"),
            sentence="Van is taken between 12 January 2026 09:00",
        )
        self.assertEqual(self._taken(self.van), 1)

    def test_closure_against_request(self):
        one = self._draft(self.van, self.phare)

        def close(env):
            env["ess.occupancy"].create(
                {
                    "asset_id": self.van.id,
                    "start": utc(MORNING[0]),
                    "stop": utc(MORNING[1]),
                }
            )

        self._race(self._act(one, "action_request"), close)
        self.assertEqual(self._taken(self.van), 1)

    def test_two_composites_do_not_contain_each_other(self):
        """A circle of components would never end; the second sees the first line."""
        one, two = self.van, self.chairs

        def contains(parent, component):
            return lambda env: env["ess.asset.component"].create(
                {"parent_id": parent.id, "component_id": component.id}
            )

        def forget():
            with self._connection() as env:
                env.cr.execute(
                    "DELETE FROM ess_asset_component WHERE parent_id IN %s",
                    [(one.id, two.id)],
                )
                env.cr.commit()

        self.addCleanup(forget)
        self._race(
            contains(one, two),
            contains(two, one),
            error=ValidationError,
            sentence="contains",
        )

    def test_hold_against_request(self):
        one = self._draft(self.van, self.phare)
        two = self._draft(self.van, self.semeurs)
        self._race(self._act(one, "_hold"), self._act(two, "action_request"))

    def test_extension_against_request(self):
        one = self._draft(self.van, self.phare, act=[("action_request",)])
        noon = ("2026-01-12 12:00", "2026-01-12 14:00")
        two = self._draft(self.van, self.semeurs, noon)
        self._race(
            self._act(two, "action_request"),
            self._act(one, "action_reschedule", None, utc("2026-01-12 13:00")),
        )
        self.assertEqual(self._taken(self.van), 2)

    def test_revived_against_request(self):
        one = self._draft(
            self.van,
            self.phare,
            act=[("action_request",), ("action_cancel", "Rain"), ("action_revive",)],
        )
        two = self._draft(self.van, self.semeurs)
        self._race(self._act(two, "action_request"), self._act(one, "action_request"))
        self.assertEqual(self._taken(self.van), 1)

    # === POOL === #

    def test_last_chairs_of_a_pool(self):
        """30 chairs, twice 20: the second is told that 10 are left."""
        one = self._draft(self.chairs, self.phare, quantity=20)
        two = self._draft(self.chairs, self.semeurs, quantity=20)
        self._race(
            self._act(one, "action_request"),
            self._act(two, "action_request"),
            sentence="10 of 30 Chairs are free",
        )
        self.assertEqual(self._taken(self.chairs), 20)

    def test_enlarged_against_request(self):
        one = self._draft(
            self.chairs, self.phare, quantity=10, act=[("action_request",)]
        )
        two = self._draft(self.chairs, self.semeurs, quantity=20)
        self._race(
            self._act(two, "action_request"),
            self._act(one, "action_reschedule", None, None, 11),
        )
        self.assertEqual(self._taken(self.chairs), 30)

    def test_capacity_against_request(self):
        one = self._draft(self.chairs, self.phare, quantity=20)

        def shrink(env):
            env["ess.asset"].browse(self.chairs.id).capacity = 15

        self._race(self._act(one, "action_request"), shrink)

    # === COMPOSITE === #

    def test_room_against_hall(self):
        one = self._draft(self.room, self.phare)
        two = self._draft(self.hall, self.semeurs)
        self._race(
            self._act(one, "action_request"),
            self._act(two, "action_request"),
            sentence="Hall takes 1 × Room",
        )
        self.assertEqual(self._taken(self.room), 1)

    def test_hall_against_room(self):
        one = self._draft(self.hall, self.phare)
        two = self._draft(self.room, self.semeurs)
        self._race(self._act(one, "action_request"), self._act(two, "action_request"))
        self.assertEqual(self._taken(self.room), 1)

    # === QUOTA === #

    def test_two_volunteers_of_one_organisation_share_a_quota(self):
        """One booking at once: the van and the chairs cannot both be taken."""
        with self._connection() as env:
            env["ess.booking.policy"].browse(self.policy.id).quota_simultaneous = 1
            env.cr.commit()
        one = self._draft(self.van, self.phare)
        two = self._draft(self.chairs, self.phare)
        try:
            self._race(
                self._act(one, "action_request"),
                self._act(two, "action_request"),
                error=RuleBroken,
                sentence="has 1 bookings at that time already, 1 are allowed",
            )
        finally:
            with self._connection() as env:
                env["ess.booking.policy"].browse(self.policy.id).quota_simultaneous = 0
                env.cr.commit()

    # === ONE BOOKING, TWO PEOPLE === #

    def test_both_sides_record_the_return(self):
        """Borrower and lender press "It is back" together: one exchange."""
        today = ("2026-01-05 09:00", "2026-01-05 12:00")
        acts = [("action_request",), ("action_hand_over",)]
        one = self._draft(self.van, self.phare, today, acts)
        self._race(
            self._act(one, "action_return"),
            self._act(one, "action_return"),
            error=UserError,
            sentence="is done; this is possible only while it is ongoing",
        )
        with self._connection() as env:
            exchanges = env["ess.exchange"].search([("booking_id", "=", one)])
            self.assertEqual(exchanges.mapped("amount"), [40.0])

    def test_approved_while_it_is_cancelled(self):
        """The lender says yes to what the borrower has just given back."""
        with self._connection() as env:
            stage = env["ess.asset"].browse(self.room.id)
            stage.approval = "owner"
            env.cr.commit()
        one = self._draft(self.room, self.phare, act=[("action_request",)])
        self._race(
            self._act(one, "action_cancel", "Rain"),
            self._act(one, "action_approve"),
            error=UserError,
            sentence="is cancelled; this is possible only while it is requested",
        )
        with self._connection() as env:
            env["ess.asset"].browse(self.room.id).approval = "auto"
            env.cr.commit()
        self.assertEqual(self._taken(self.room), 0)

    # === ALL AT ONCE === #

    def test_four_at_the_same_moment(self):
        """Four threads press the button together: one van, one winner."""
        drafts = [
            self._draft(self.van, entity)
            for entity in (self.phare, self.semeurs, self.phare, self.semeurs)
        ]
        barrier, outcomes = Barrier(len(drafts)), []

        def press(booking_id):
            act = self._act(booking_id, "action_request")
            with self._connection() as env:
                env.cr.execute("SELECT 1 FROM ess_booking")
                barrier.wait(10)
                try:
                    retrying(lambda: act(env), env)
                    outcomes.append("won")
                except NotFree as error:
                    outcomes.append(str(error))

        with (
            patch("odoo.service.model.time.sleep"),
            mute_logger("odoo.sql_db", "odoo.service.model"),
        ):
            threads = [Thread(target=press, args=[draft]) for draft in drafts]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join(30)
        self.assertEqual(outcomes.count("won"), 1, outcomes)
        self.assertEqual(sum("Van is taken" in text for text in outcomes), 3, outcomes)
        self.assertEqual(self._taken(self.van), 1)
