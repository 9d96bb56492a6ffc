"""What a posted run used never changes: versions, weights, readings, memberships."""

from psycopg2.errors import ExclusionViolation

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common_cost import CostCommon


@tagged("post_install", "-at_install")
class TestCostFreeze(CostCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        members = cls.fabrique | cls.phare
        cls.key = cls._key(
            "two_part",
            dict.fromkeys(members, 1),
            measure="reading",
            fixed_percent=50,
            is_capped=True,
        )
        cls.version = cls.key.version_ids
        cls.pool = cls._pool(cls.key, members, period="quarter")
        cls.pool.member_ids.standalone_cost = 9000
        cls.reading = cls.env["ess.cost.reading"].create(
            {
                "key_id": cls.key.id,
                "entity_id": cls.phare.id,
                "date": "2026-02-10",
                "quantity": 4,
            }
        )
        cls._bills(cls.pool, [("2026-02-01", "Rent", 100.0)])
        cls.run_ = cls._posted(cls.pool, "2026-01-01", "2026-03-31")

    def _refused(self, sentence, *changes):
        for change in changes:
            with self.assertRaisesRegex(UserError, sentence), self.cr.savepoint():
                change()

    def test_version(self):
        version = self.version
        self._refused(
            f"was used by {self.run_.name} and cannot change any more: end it on "
            "03/31/2026 or later",
            lambda: version.write({"fixed_percent": 40}),
            lambda: version.write({"decision": "Another"}),
            lambda: version.write({"asset_ids": [Command.link(self.van.id)]}),
            lambda: version.line_ids[0].write({"weight": 9}),
            version.line_ids[0].unlink,
            lambda: version.line_ids.create(
                {"version_id": version.id, "entity_id": self.semeurs.id}
            ),
            lambda: version.component_ids.create(
                {"version_id": version.id, "name": "Hall"}
            ),
            version.unlink,
        )

    def test_version_may_end_and_another_follows(self):
        self._refused(
            "until 03/31/2026; it cannot end earlier",
            lambda: self.version.write({"date_to": "2026-03-30"}),
        )
        self.key.write(
            {
                "version_ids": [
                    Command.update(self.version.id, {"date_to": "2026-03-31"}),
                    Command.create({"kind": "equal", "date_from": "2026-04-01"}),
                ]
            }
        )
        self.assertEqual(len(self.key.version_ids), 2)

    @mute_logger("odoo.sql_db")
    def test_versions_never_overlap(self):
        with self.assertRaises(ExclusionViolation), self.cr.savepoint():
            self._version(self.key, date_from="2026-06-01")

    def test_reading(self):
        self._refused(
            f"on 02/10/2026 was counted by {self.run_.name}",
            lambda: self.reading.write({"quantity": 5}),
            self.reading.unlink,
        )
        self.reading.note = "Read twice"

    def test_a_late_reading_is_a_correction(self):
        self.reading.copy({"entity_id": self.fabrique.id, "quantity": 4})
        second = self._posted(self.pool, "2026-01-01", "2026-03-31")
        self.assertEqual((second.kind, second.total), ("correction", 0))
        self.assertEqual(
            self._cents(second.share_ids), {"Fabrique": 2500, "Phare": -2500}
        )

    def test_membership(self):
        member = self._membership(self.pool, self.phare)
        self._refused(
            f"{self.run_.name} counted Jardin Le Phare in Depot from 01/01/2026 to "
            "03/31/2026: its membership cannot be shortened",
            lambda: member.write({"date_to": "2026-03-30"}),
            lambda: member.write({"date_from": "2026-01-02"}),
            lambda: member.write({"entity_id": self.semeurs.id}),
            member.unlink,
        )
        self._refused(
            f"{self.run_.name} was capped by it",
            lambda: member.write({"standalone_cost": 1}),
        )
        member.date_to = "2026-03-31"
        member.date_to = False

    def test_all_is_free_again_once_the_run_is_reversed(self):
        self.run_.with_user(self.accountant)._reverse("Wrong weights")
        self.version.line_ids[0].weight = 3
        self.reading.quantity = 5
        self._membership(self.pool, self.phare).date_to = "2026-03-30"

    def test_the_chain_finds_a_changed_reading(self):
        self.env.flush_all()
        self.cr.execute("UPDATE ess_cost_reading SET quantity = 1")
        self.env.invalidate_all()
        self.assertIn("1 of the uses that it counted", self.run_._verify_chain()[0])
