"""Needs that two people answer or take at the same moment, on two real connections."""

from contextlib import contextmanager
from unittest.mock import patch

from freezegun import freeze_time
from psycopg2.errors import SerializationFailure

from odoo import SUPERUSER_ID, api
from odoo.exceptions import UserError
from odoo.modules.registry import Registry
from odoo.service.model import retrying
from odoo.tests import BaseCase, get_db_name, tagged
from odoo.tools import mute_logger

from .common import NOW, EssData, utc
from .common_need import DAY, NeedData
from .test_races import TABLES


@tagged("post_install", "-at_install")
class TestNeedRaces(NeedData, EssData, BaseCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.startClassPatcher(freeze_time(NOW))
        cls.registry = Registry(get_db_name())
        cls.addClassCleanup(cls._clean_up)
        with cls._connection() as env:
            cls.env = env
            cls._set_up_federation()
            cls._set_up_needs()
            cls.members = cls.fabrique | cls.phare | cls.semeurs | cls.moulin
            env.cr.commit()

    @classmethod
    @contextmanager
    def _connection(cls):
        with cls.registry.cursor() as cr:
            yield api.Environment(
                cr, SUPERUSER_ID, {"lang": "en_US", "ess_silent": True}
            )
            cr.rollback()

    @classmethod
    def _clean_up(cls):
        with cls._connection() as env:
            cls._forget_needs(env)
            for table in TABLES:
                env.cr.execute(f'DELETE FROM "{table}"')  # pylint: disable=E8103
            env.cr.execute(
                "DELETE FROM resource_resource WHERE resource_type='material'"
            )
            env.cr.execute(
                "DELETE FROM res_partner WHERE id IN %s", [tuple(cls.members.ids)]
            )
            env.cr.commit()

    @classmethod
    def _forget_needs(cls, env):
        for table in ("ess_occupancy", "ess_booking", "ess_loan", "ess_need"):
            env.cr.execute(f'DELETE FROM "{table}"')  # pylint: disable=E8103

    def setUp(self):
        super().setUp()

        def forget():
            with self._connection() as env:
                self._forget_needs(env)
                env.cr.commit()

        self.addCleanup(forget)

    def _need_ready(self, entity, quantity, agree=True):
        """A committed need for what La Fabrique has; its proposal's id."""
        with self._connection() as env:
            need = env["ess.need"].create(
                {
                    "name": "Chairs",
                    "entity_id": entity.id,
                    "category_id": self.furniture.id,
                    "quantity": quantity,
                    "start": utc(DAY[0]),
                    "stop": utc(DAY[1]),
                    "city": "Roubaix",
                    "radius_km": 6,
                }
            )
            need.action_publish()
            proposal = need.proposal_ids.sorted("rank")[:1]
            if agree:
                self._agree_all(proposal)
            env.cr.commit()
            return proposal.id

    def _race(self, first, second):
        """Both look, the first commits, the second collides and is tried again.

        :return: what the second answered in the end
        """
        attempts = []

        def counted(env):
            try:
                result = second(env)
                env.flush_all()
                return result
            except SerializationFailure:
                attempts.append("collided")
                raise

        with self._connection() as early, self._connection() as late:
            late.cr.execute("SELECT count(*) FROM ess_need")
            first(early)
            early.cr.commit()
            with (
                patch("odoo.service.model.time.sleep"),
                mute_logger("odoo.sql_db", "odoo.service.model"),
            ):
                answer = retrying(lambda: counted(late), late)
            late.cr.commit()
        self.assertIn("collided", attempts, "the second did not see the first at all")
        return answer

    def test_two_needs_take_the_same_chairs(self):
        """30 chairs, two members want 20 of them: one has them, one reads why not."""
        one = self._need_ready(self.phare, 20)
        two = self._need_ready(self.moulin, 20)

        def accept(proposal_id):
            return lambda env: env["ess.need.proposal"].browse(proposal_id)._accept()

        with self._connection() as env:
            proposals = env["ess.need.proposal"].browse([one, two])
            self.assertEqual(proposals.line_ids.asset_id.mapped("name"), ["Chairs"])
        sentences = self._race(accept(one), accept(two))
        self.assertIn("10 of 30 Chairs are free", sentences[0])
        with self._connection() as env:
            proposals = env["ess.need.proposal"].browse([one, two])
            self.assertEqual(proposals.mapped("state"), ["accepted", "stale"])
            self.assertEqual(proposals.need_id.mapped("state"), ["met", "published"])
            rows = env["ess.occupancy"].search([("asset_id", "=", self.chairs.id)])
            self.assertEqual(rows.mapped("quantity"), [20])

    def test_two_volunteers_take_two_proposals_of_one_need(self):
        one = self._need_ready(self.phare, 20)
        with self._connection() as env:
            need = env["ess.need.proposal"].browse(one).need_id
            two = (need.proposal_ids - env["ess.need.proposal"].browse(one))[:1]
            self._agree_all(two)
            two = two.id
            env.cr.commit()

        def accept(proposal_id):
            return lambda env: env["ess.need.proposal"].browse(proposal_id)._accept()

        with self.assertRaisesRegex(UserError, "is met; this is possible only"):
            self._race(accept(one), accept(two))
        with self._connection() as env:
            bookings = env["ess.need.proposal"].browse(one).need_id.booking_ids
            self.assertEqual(bookings.mapped("quantity"), [20])

    def test_two_lenders_say_yes_at_the_same_moment(self):
        """Neither sees the other's answer, and yet the proposal is ready."""
        both = self._need_ready(self.phare, 50, agree=False)
        with self._connection() as env:
            lines = env["ess.need.proposal"].browse(both).line_ids.ids
            self.assertEqual(len(lines), 2)

        def agree(line_id):
            return lambda env: (
                env["ess.need.proposal.line"].browse(line_id).action_agree()
            )

        self._race(agree(lines[0]), agree(lines[1]))
        with self._connection() as env:
            self.assertEqual(env["ess.need.proposal"].browse(both).state, "ready")
