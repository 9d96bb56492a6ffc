"""Where a record belongs is not entered: by its values, a default, or a later write.

The facilitator here has a second company, and a colleague who has that one alone.
"""

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import EssCommon, utc
from .common_cost import CostData
from .common_loan import PIXEL
from .common_records import RecordsData


@tagged("post_install", "-at_install")
class TestDerived(RecordsData, CostData, EssCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._set_up_records()
        cls._set_up_costs()
        cls.key = cls._key()
        cls.pool = cls._pool(cls.key)
        cls.other = cls.env["res.company"].create({"name": "Other federation"})
        groups = "ess_mutualisation.group_manager,ess_mutualisation.group_accountant"
        cls.here = cls._internal("here", groups)
        cls.here.company_ids |= cls.other
        cls.elsewhere = cls._internal("elsewhere", groups)
        cls.elsewhere.write(
            {"company_ids": [(6, 0, cls.other.ids)], "company_id": cls.other.id}
        )
        cls.parts = {
            "ess.asset.component": {
                "parent_id": cls.van.id,
                "component_id": cls.chairs.id,
            },
            "ess.asset.photo": {"asset_id": cls.van.id, "image_1920": PIXEL},
            "ess.asset.share": {
                "asset_id": cls.van.id,
                "entity_id": cls.phare.id,
                "parts": 1,
            },
            "ess.booking": {
                "asset_id": cls.chairs.id,
                "entity_id": cls.phare.id,
                "start": utc("2026-04-12 09:00"),
                "stop": utc("2026-04-12 10:00"),
            },
            "ess.cost.budget": {
                "pool_id": cls.pool.id,
                "amount": 100,
                "date_from": "2026-01-01",
                "date_to": "2026-12-31",
            },
            "ess.cost.pool.member": {
                "pool_id": cls.pool.id,
                "entity_id": cls._member("Ferme Loin").id,
                "date_from": "2027-01-01",
            },
            "ess.cost.reading": {
                "key_id": cls.key.id,
                "entity_id": cls.phare.id,
                "date": "2026-02-01",
                "quantity": 3,
            },
            "ess.loan.deposit": {"loan_id": cls.loan.id, "amount": 10},
            "ess.loan.inspection": {"loan_id": cls.loan.id, "kind": "return"},
            "ess.loan.damage": {
                "loan_id": cls.loan.id,
                "booking_id": cls.loan.booking_ids.id,
                "description": "Scratch",
            },
            "ess.round.slot": {
                "round_id": cls.round.id,
                "start": "2026-01-20 08:00:00",
                "stop": "2026-01-20 09:00:00",
            },
        }

    def _models(self):
        """What somebody of the office may write, and that follows another record."""
        for name in self.env.registry:
            model = self.env[name]
            if not name.startswith("ess.") or model._abstract or model._transient:
                continue
            if not model.with_user(self.here).has_access("write"):
                continue
            names = [
                field.name
                for field in model._fields.values()
                if field.related
                and field.store
                and field.readonly
                and field.type == "many2one"
            ]
            if names:
                yield model, names

    def test_each_of_them_is_looked_at(self):
        for model, names in self._models():
            derived = self.env.registry["ess.derived"]
            self.assertIsInstance(model, derived, f"{model._name}: {names}")

    def test_none_is_moved_to_another_company(self):
        moved = set()
        for model, names in self._models():
            record = model.search([], limit=1)
            if not record or "company_id" not in names:
                continue
            moved.add(model._name)
            with (
                self.subTest(model=model._name),
                self.assertRaises(UserError),
                self.cr.savepoint(),
            ):
                record.with_user(self.here).write({"company_id": self.other.id})
        self.assertGreaterEqual(len(moved), 12, moved)
        self.assertIn("ess.loan.deposit", moved)

    def test_none_hangs_on_a_record_of_another_company(self):
        """Neither by a company of one's own, nor by a default of the context."""
        self.use["ess.loan.deposit"].unlink()  # a loan has one
        for name, vals in self.parts.items():
            own = self.env[name].with_user(self.elsewhere)
            mine = {"company_id": self.other.id}
            hidden = own.with_context(default_company_id=self.other.id)
            for number, attempt in enumerate(
                (
                    lambda o=own, v=vals: o.create(v),
                    lambda o=own, v=vals, m=mine: o.create({**v, **m}),
                    lambda o=hidden, v=vals: o.create(v),
                )
            ):
                with (
                    self.subTest(model=name, attempt=number),
                    self.assertRaises(UserError),
                    self.cr.savepoint(),
                ):
                    self.env.invalidate_all()
                    attempt()

    def test_in_one_s_own_company_they_are_made(self):
        self.use["ess.loan.deposit"].unlink()
        for name, vals in self.parts.items():
            for given in ({}, {"company_id": self.env.company.id}):
                with self.subTest(model=name), self.cr.savepoint() as savepoint:
                    record = self.env[name].with_user(self.here).create(vals | given)
                    self.assertEqual(record.company_id, self.env.company)
                    savepoint.rollback()

    def test_a_damage_stays_its_lender_s(self):
        """Portal users read by these: a written one would show it to somebody else."""
        for record in self.use.values():
            own = record.with_user(self.here)
            for field in ("lender_id", "entity_id"):
                with self.assertRaises(UserError), self.cr.savepoint():
                    own.write({field: self.semeurs.id})

    # === WHAT ACTS WRITE === #

    def test_a_default_is_entered_too(self):
        deposits = self.env["ess.loan.deposit"].with_user(self.here)
        vals = self.parts["ess.loan.deposit"]
        inspections = self.env["ess.loan.inspection"].with_user(self.here)
        opened = self.parts["ess.loan.inspection"]
        damages = self.env["ess.loan.damage"].with_user(self.here)
        dent = self.parts["ess.loan.damage"]
        bookings = self.env["ess.booking"].with_user(self.here)
        staff = self.env["ess.staff.loan"].with_user(self.here)
        time = self.env["ess.occupancy"].with_user(self.here)
        closed = {
            "asset_id": self.van.id,
            "start": utc("2026-05-12 09:00"),
            "stop": utc("2026-05-12 10:00"),
        }
        now = "2026-01-05 08:00:00"
        for records, given, name, value in (
            (deposits, vals, "kept_amount", 5),
            (deposits, vals, "held_on", now),
            (inspections, opened, "borrower_ack_on", now),
            (inspections, opened, "recorded_on", now),
            (damages, dent, "agreed_on", now),
            (bookings, self.parts["ess.booking"], "state", "confirmed"),
            (staff, {"hours": 1}, "billed_on", now),
            (time, closed, "parent_id", self.booking.occupancy_ids[:1].id),
            (time, closed, "booking_id", self.booking.id),
        ):
            hidden = records.with_context(**{f"default_{name}": value})
            for attempt in (
                lambda r=records, g=given, n=name, v=value: r.create({**g, n: v}),
                lambda r=hidden, g=given: r.create(g),
            ):
                with (
                    self.subTest(model=records._name, field=name),
                    self.assertRaises(UserError),
                    self.cr.savepoint(),
                ):
                    attempt()

    def test_what_takes_time_stays_what_it_is(self):
        """A row that says of itself that it is not exclusive could be booked twice."""
        row = self.booking.occupancy_ids[:1].with_user(self.here)
        closure = self.env["ess.occupancy"].create(
            {
                "asset_id": self.van.id,
                "start": utc("2026-05-12 09:00"),
                "stop": utc("2026-05-12 10:00"),
            }
        )
        for vals in (
            {"exclusive": False},
            {"booking_id": self.booking.id},
            {"parent_id": row.id},
        ):
            for one in (row, closure.with_user(self.here)):
                with self.assertRaisesRegex(UserError, "taken by the booking"):
                    one.write(vals)
        self.assertTrue(row.exclusive and closure.exclusive)

    def test_a_charter_is_not_accepted_for_members_elsewhere(self):
        membership = self.phare.ess_membership_ids
        membership.accepted_version = 0
        with self.assertRaises(AccessError):
            membership.with_user(self.elsewhere).action_accept_charter()
        self.assertFalse(membership.accepted_version)
        membership.with_user(self.here).action_accept_charter()
        self.assertTrue(membership.charter_accepted)
