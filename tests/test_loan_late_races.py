"""Two real connections: a late loan stretches while somebody books, or chooses.

As in the races for an asset, the second takes its snapshot before the first commits.
Data is committed, and deleted at the end.
"""

from freezegun import freeze_time
from psycopg2.errors import SerializationFailure

from odoo import fields
from odoo.tests import tagged

from ..models.occupancy import NotFree
from .common import NOW, EssData, utc
from .common_loan_late import LateData
from .common_races import RaceCase

DATA = (
    "ess_exchange",
    "ess_loan_disruption",
    "ess_occupancy",
    "ess_booking",
    "ess_loan",
)
TABLES = (
    *DATA,
    "ess_asset_ess_circle_rel",
    "ess_asset",
    "ess_booking_policy",
    "ess_asset_category",
    "ess_circle_membership",
    "ess_circle",
)
TODAY = ("2026-01-05 09:00", "2026-01-05 18:00")
EVENING = ("2026-01-05 19:00", "2026-01-05 23:00")
LATE = "2026-01-05 17:05:00"


@tagged("post_install", "-at_install")
class TestLoanLateRaces(LateData, EssData, RaceCase):
    seen_table = "ess_occupancy"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.startClassPatcher(freeze_time(NOW))
        cls.addClassCleanup(cls._clean_up)
        with cls._connection() as env:
            cls.env = env
            cls._set_up_federation()
            cls.truck = cls._asset("Truck", owner=cls.phare)
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

    def setUp(self):
        """The van is out until 18:00; committed."""
        super().setUp()
        with self._connection() as env:
            # the builders of the class work on this connection; records give ids
            type(self).env = env
            van = env["ess.asset"].browse(self.van.id)
            self.loan_id = self._out(
                van, *TODAY, env["res.partner"].browse(self.phare.id)
            ).id
            env.cr.commit()
        self.addCleanup(self._forget)

    def _forget(self):
        with self._connection() as env:
            self._delete(env, DATA)
            env.cr.execute("DELETE FROM mail_message WHERE model LIKE 'ess.%'")
            env.cr.execute("DELETE FROM mail_activity WHERE res_model LIKE 'ess.%'")
            env.cr.commit()

    def _draft(self, window=EVENING, act=None):
        """A committed draft of Les Semeurs for the van; its id."""
        with self._connection() as env:
            booking = env["ess.booking"].create(
                {
                    "asset_id": self.van.id,
                    "entity_id": self.semeurs.id,
                    "start": utc(window[0]),
                    "stop": utc(window[1]),
                }
            )
            if act:
                getattr(booking, act)()
            env.cr.commit()
            return booking.id

    def _treat(self, env):
        loan = env["ess.loan"].browse(self.loan_id)
        loan._treat_late(loan)

    def _one_after_the_other(self, first, second):
        """Both look, the first commits, then the second sees it, and acts."""
        attempts = []

        def counted(env):
            try:
                second(env)
                env.flush_all()
            except SerializationFailure:
                attempts.append("collided")
                raise

        with self._connection() as early, self._connection() as late:
            late.cr.execute("SELECT count(*) FROM ess_occupancy")
            first(early)
            early.cr.commit()
            self._retry(counted, late)
            late.cr.commit()
        self.assertEqual(attempts, ["collided"], "the second did not see the first")

    def _taken(self):
        with self._connection() as env:
            rows = env["ess.occupancy"].search([("asset_id", "=", self.van.id)])
            return sorted((row.start, row.stop) for row in rows)

    def test_stretch_then_booking(self):
        """The van is not back: who books the evening in that moment reads so."""
        one = self._draft()
        with freeze_time(LATE):
            self._race(
                self._treat,
                lambda env: env["ess.booking"].browse(one).action_request(),
                "Van is taken",
                NotFree,
            )
        self.assertEqual(self._taken(), [(utc(TODAY[0]), utc("2026-01-05 20:00"))])

    def test_booking_then_stretch(self):
        """Promised in that moment: the stretch ends there, and the holder is warned."""
        one = self._draft()
        with freeze_time(LATE):
            self._one_after_the_other(
                lambda env: env["ess.booking"].browse(one).action_request(), self._treat
            )
        self.assertEqual(
            self._taken(),
            [
                (utc(TODAY[0]), utc(EVENING[0])),
                (utc(EVENING[0]), utc(EVENING[1])),
            ],
        )
        with self._connection() as env:
            disruption = env["ess.loan.disruption"].search([])
            self.assertEqual(disruption.booking_id.id, one)
            self.assertEqual(disruption.state, "open")

    def _disrupted(self):
        self._draft(act="action_request")
        with self._connection() as env, freeze_time(LATE):
            self._treat(env)
            env.cr.commit()
            return env["ess.loan.disruption"].search([]).id

    def test_two_volunteers_choose_in_the_same_moment(self):
        """One gives it up while the other takes the truck: the first is right."""
        one = self._disrupted()

        def act(name, *args):
            return lambda env: getattr(env["ess.loan.disruption"].browse(one), name)(
                *args
            )

        with freeze_time(LATE):
            self._race(
                act("action_cancel"),
                act("action_other", self.truck.id),
                "nothing to choose any more",
            )
        with self._connection() as env:
            self.assertEqual(env["ess.loan.disruption"].browse(one).state, "cancelled")
            taken = env["ess.booking"].search([("asset_id", "=", self.truck.id)])
            self.assertFalse(taken)

    def test_back_while_the_run_treats_it(self):
        """The return wins: nothing stretches, nobody is told."""

        def back(env):
            env["ess.loan"].browse(self.loan_id).booking_ids._close(
                fields.Datetime.now()
            )

        with freeze_time(LATE):
            self._one_after_the_other(back, self._treat)
        with self._connection() as env:
            loan = env["ess.loan"].browse(self.loan_id)
            self.assertEqual(loan.state, "done")
            self.assertFalse(loan.late_told_on)
        self.assertEqual(self._taken(), [(utc(TODAY[0]), utc(TODAY[1]))])
