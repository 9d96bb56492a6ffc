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
from .common_loan import PIXEL
from .common_need import DAY, NeedData
from .common_staff import PAPER
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
        env.cr.execute(
            "DELETE FROM ir_attachment WHERE res_model IN ('ess.loan', "
            "'ess.loan.signature', 'ess.staff.loan')"
        )
        for table in (
            "ess_exchange",
            "ess_occupancy",
            "ess_booking",
            "ess_staff_loan",
            "ess_loan",
            "ess_need",
        ):
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

    def test_staff_time_is_billed_once(self):
        """Lender and desk press "Bill" together: one exchange, one sentence."""
        with self._connection() as env:
            person = env["res.partner"].create(
                {"name": "Camille", "parent_id": self.fabrique.id}
            )
            staff = env["ess.staff.loan"].create(
                {
                    "lender_id": self.fabrique.id,
                    "entity_id": self.phare.id,
                    "person_id": person.id,
                    "qualification": "Bookkeeper",
                    "hours": 7,
                    "start": utc("2026-01-05 09:00"),
                    "stop": utc("2026-01-05 17:00"),
                    "consent_document": PAPER,
                    "consent_on": "2026-01-02",
                    "convention_document": PAPER,
                    "line_ids": [
                        (0, 0, {"label": "January", "hours": 7, "cost": 140.1})
                    ],
                }
            )
            staff.action_ask_signatures()
            for member in (self.fabrique, self.phare):
                contact = env["res.partner"].browse(member.id)
                staff.loan_id.action_sign(contact.name, PIXEL, contact)
            staff_id, person_id = staff.id, person.id
            env.cr.commit()

        def forget():
            with self._connection() as env:
                self._forget_needs(env)
                env.cr.execute("DELETE FROM res_partner WHERE id = %s", [person_id])
                env.cr.commit()

        self.addCleanup(forget)

        def bill(env):
            env["ess.staff.loan"].browse(staff_id).action_bill()

        with self.assertRaisesRegex(UserError, "it is not billed"):
            self._race(bill, bill)
        with self._connection() as env:
            staff = env["ess.staff.loan"].browse(staff_id)
            self.assertEqual(staff.exchange_ids.mapped("amount"), [140.1])
