from psycopg2.errors import CheckViolation, ExclusionViolation

from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..models.occupancy import NotFree
from .common import EssCommon, utc


@tagged("post_install", "-at_install")
class TestGate(EssCommon):
    """One gate: whatever takes an asset's time passes it or does not happen."""

    def _close(self, asset, start, stop, **vals):
        return self.env["ess.occupancy"].create(
            {"asset_id": asset.id, "start": utc(start), "stop": utc(stop), **vals}
        )

    def _confirmed(self, *args, **vals):
        booking = self._booking(*args, **vals)
        booking.action_request()
        return booking

    def _rows(self, asset):
        return self.env["ess.occupancy"].search([("asset_id", "=", asset.id)])

    def test_half_open(self):
        """Back at noon, out again at noon: two bookings of one van on one day."""
        self._confirmed(self.van, "2026-01-12 09:00", "2026-01-12 12:00")
        self._confirmed(self.van, "2026-01-12 12:00", "2026-01-12 18:00")
        with self.assertRaisesRegex(NotFree, "Van is taken between 12 January 2026"):
            self._confirmed(self.van, "2026-01-12 11:00", "2026-01-12 13:00")
        self.assertEqual(len(self._rows(self.van)), 2)

    def test_pool_says_what_is_left(self):
        """6 of 30 chairs are out twice over: 24 were asked for, 18 are left."""
        self._confirmed(self.chairs, "2026-06-12 14:00", "2026-06-13 14:00", quantity=6)
        self._confirmed(self.chairs, "2026-06-12 16:00", "2026-06-12 20:00", quantity=6)
        with self.assertRaisesRegex(
            NotFree,
            "18 of 30 Chairs are free from 12 June 2026 15:00 to 12 June 2026 18:00; "
            "24 were asked for",
        ):
            self._confirmed(
                self.chairs, "2026-06-12 15:00", "2026-06-12 18:00", quantity=24
            )
        self._confirmed(
            self.chairs, "2026-06-12 20:00", "2026-06-12 22:00", quantity=24
        )

    def test_peak_is_not_a_sum(self):
        """20 chairs in the morning and 20 others' in the afternoon leave 10 all day."""
        self._confirmed(
            self.chairs, "2026-01-12 08:00", "2026-01-12 12:00", quantity=20
        )
        self._confirmed(
            self.chairs, "2026-01-12 12:00", "2026-01-12 18:00", quantity=20
        )
        self._confirmed(
            self.chairs, "2026-01-12 08:00", "2026-01-12 18:00", quantity=10
        )

    def test_buffers(self):
        """Half an hour to clean the van: noon to half past noon is not free."""
        self.policy.buffer_after_minutes = 30
        self._confirmed(self.van, "2026-01-12 09:00", "2026-01-12 12:00")
        row = self._rows(self.van)
        self.assertEqual(row.stop, utc("2026-01-12 12:30"))
        with self.assertRaises(NotFree):
            self._confirmed(self.van, "2026-01-12 12:00", "2026-01-12 13:00")
        self._confirmed(self.van, "2026-01-12 13:00", "2026-01-12 14:00")

    def _hall(self):
        """A hall of two rooms, with 10 of the 30 chairs."""
        self.room_a = self._asset("Room A")
        self.room_b = self._asset("Room B")
        return self._asset(
            "Hall",
            component_ids=[
                Command.create({"component_id": self.room_a.id}),
                Command.create({"component_id": self.room_b.id}),
                Command.create({"component_id": self.chairs.id, "quantity": 10}),
            ],
        )

    def test_hall_takes_its_rooms(self):
        hall = self._hall()
        self.assertEqual(hall.kind, "composite")
        self._confirmed(hall, "2026-01-12 09:00", "2026-01-12 12:00")
        self.assertEqual(self._rows(self.chairs).quantity, 10)
        with self.assertRaisesRegex(NotFree, "Room A is taken"):
            self._confirmed(self.room_a, "2026-01-12 11:00", "2026-01-12 13:00")

    def test_room_blocks_the_hall_but_not_its_sister(self):
        hall = self._hall()
        self._confirmed(self.room_a, "2026-01-12 09:00", "2026-01-12 12:00")
        with self.assertRaisesRegex(
            NotFree, "Hall takes 1 × Room A, of which 0 of 1 are free"
        ):
            self._confirmed(hall, "2026-01-12 11:00", "2026-01-12 13:00")
        self._confirmed(self.room_b, "2026-01-12 09:00", "2026-01-12 12:00")

    def test_hall_within_a_house(self):
        """Components of components are taken too, and a circle is refused."""
        hall = self._hall()
        house = self._asset(
            "House", component_ids=[Command.create({"component_id": hall.id})]
        )
        self._confirmed(house, "2026-01-12 09:00", "2026-01-12 12:00")
        for asset in (house, hall, self.room_a, self.room_b, self.chairs):
            self.assertEqual(len(self._rows(asset)), 1, asset.name)
        with self.assertRaisesRegex(ValidationError, "contains Room A already"):
            self.env["ess.asset.component"].create(
                {"parent_id": self.room_a.id, "component_id": house.id}
            )

    def test_new_component_is_taken_for_bookings_made_before(self):
        hall = self._hall()
        booking = self._confirmed(hall, "2026-01-12 09:00", "2026-01-12 12:00")
        stage = self._asset("Stage")
        self._confirmed(stage, "2026-01-14 09:00", "2026-01-14 12:00")
        line = {"parent_id": hall.id, "component_id": stage.id}
        component = self.env["ess.asset.component"].create(line)
        self.assertIn(booking, self._rows(stage).booking_id)
        component.unlink()
        self.assertNotIn(booking, self._rows(stage).booking_id)
        self._confirmed(stage, "2026-01-12 09:00", "2026-01-12 12:00")
        with self.assertRaisesRegex(NotFree, "Hall takes 1 × Stage"):
            self.env["ess.asset.component"].create(line)

    def test_closure_and_booking_exclude_each_other(self):
        self._close(self.van, "2026-01-12 00:00", "2026-01-14 00:00", note="Garage")
        with self.assertRaises(NotFree):
            self._confirmed(self.van, "2026-01-13 09:00", "2026-01-13 12:00")
        self._confirmed(self.van, "2026-01-14 09:00", "2026-01-14 12:00")
        with self.assertRaises(NotFree):
            self._close(self.van, "2026-01-14 00:00", "2026-01-15 00:00")

    def test_closure_moves_through_the_gate(self):
        closure = self._close(self.van, "2026-01-12 00:00", "2026-01-13 00:00")
        self._confirmed(self.van, "2026-01-14 09:00", "2026-01-14 12:00")
        closure.stop = utc("2026-01-14 00:00")
        self.assertEqual(closure.stop, utc("2026-01-14 00:00"))
        with self.assertRaises(NotFree), self.cr.savepoint():
            closure.stop = utc("2026-01-15 00:00")
        closure.unlink()
        self._confirmed(self.van, "2026-01-12 09:00", "2026-01-12 12:00")

    def test_closing_the_hall_closes_its_rooms(self):
        closure = self._close(self._hall(), "2026-01-12 00:00", "2026-01-13 00:00")
        with self.assertRaises(NotFree):
            self._confirmed(self.room_a, "2026-01-12 09:00", "2026-01-12 12:00")
        closure.start = utc("2026-01-12 12:00")
        self._confirmed(self.room_a, "2026-01-12 09:00", "2026-01-12 12:00")

    def test_rows_of_a_booking_are_not_touched_by_hand(self):
        booking = self._confirmed(self.van, "2026-01-12 09:00", "2026-01-12 12:00")
        facilitator = self._internal("fa", "ess_mutualisation.group_facilitator")
        row = booking.occupancy_ids.with_user(facilitator)
        with self.assertRaises(UserError):
            row.stop = utc("2026-01-12 10:00")
        with self.assertRaises(UserError):
            row.unlink()
        with self.assertRaises(UserError):
            row.create(
                {
                    "asset_id": self.van.id,
                    "kind": "booking",
                    "start": utc("2026-02-12 09:00"),
                    "stop": utc("2026-02-12 12:00"),
                }
            )

    def test_database_refuses_an_overlap_that_goes_round_the_gate(self):
        """A row written in SQL: the exclusion constraint is really there."""
        self._confirmed(self.van, "2026-01-12 09:00", "2026-01-12 12:00")
        self.env.flush_all()
        insert = """INSERT INTO ess_occupancy
            (asset_id, quantity, start, stop, kind, exclusive)
            VALUES (%s, 1, %s, %s, 'booking', true)"""
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(ExclusionViolation),
            self.cr.savepoint(),
        ):
            self.cr.execute(
                insert, [self.van.id, utc("2026-01-12 11:00"), utc("2026-01-12 13:00")]
            )
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(CheckViolation),
            self.cr.savepoint(),
        ):
            self.cr.execute(
                insert, [self.van.id, utc("2026-01-13 11:00"), utc("2026-01-13 11:00")]
            )

    def test_capacity_cannot_fall_below_what_is_promised(self):
        self._confirmed(
            self.chairs, "2026-01-12 09:00", "2026-01-12 12:00", quantity=20
        )
        with self.assertRaisesRegex(NotFree, "cannot have only 19 units"):
            self.chairs.capacity = 19
        self.chairs.capacity = 20
        van = self.van
        van.capacity = 2
        self._confirmed(van, "2026-01-12 09:00", "2026-01-12 12:00")
        van.capacity = 1
        self.assertTrue(self._rows(van).exclusive)
        van.capacity = 2
        self._confirmed(van, "2026-01-12 09:00", "2026-01-12 12:00")
        with self.assertRaises(NotFree):
            van.capacity = 1

    def test_asset_with_promises_is_not_archived(self):
        booking = self._confirmed(self.van, "2026-01-12 09:00", "2026-01-12 12:00")
        with self.assertRaisesRegex(UserError, "promised to Jardin Le Phare"):
            self.van.action_archive()
        booking.action_cancel("No concert")
        self.van.action_archive()
        self.assertFalse(self.van.active)


@tagged("post_install", "-at_install")
class TestHold(EssCommon):
    def test_hold_keeps_the_time_then_lets_it_go(self):
        """Le Phare fills in its request; Les Semeurs get the van 16 minutes later."""
        draft = self._booking(self.van, "2026-01-12 09:00", "2026-01-12 12:00")
        draft._hold()
        self.assertEqual(draft.occupancy_ids.kind, "hold")
        other = self._booking(
            self.van, "2026-01-12 09:00", "2026-01-12 12:00", self.semeurs
        )
        with self.assertRaises(NotFree), self.cr.savepoint():
            other.action_request()
        with self.at("2026-01-05 08:16:00"):
            other.action_request()
            self.assertEqual(other.state, "confirmed")
            self.assertFalse(draft.occupancy_ids.exists())
            refusal = draft._try("action_request")
        self.assertIn("Van is taken", refusal["message"])
        self.assertEqual(draft.state, "draft")

    def test_own_hold_becomes_the_booking(self):
        draft = self._booking(self.van, "2026-01-12 09:00", "2026-01-12 12:00")
        draft._hold()
        draft.action_request()
        self.assertEqual(draft.occupancy_ids.kind, "booking")
        self.assertFalse(draft.occupancy_ids.expires_at)

    def test_expired_hold_is_ignored_before_it_is_released(self):
        draft = self._booking(self.van, "2026-01-12 09:00", "2026-01-12 12:00")
        draft._hold()
        window = (utc("2026-01-12 09:00"), utc("2026-01-12 12:00"))
        domain = [("id", "=", self.van.id)]
        search = self.env["ess.asset"].search_available
        self.assertEqual(search(*window, domain=domain), [])
        with self.at("2026-01-05 08:16:00"):
            self.assertEqual(search(*window, domain=domain), self.van.ids)
            self.env["ess.occupancy"]._cron_release_holds()
            self.assertFalse(draft.occupancy_ids.exists())
