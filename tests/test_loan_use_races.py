"""Two people who act on the same loan at the same moment, on two real connections."""

from freezegun import freeze_time

from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import EssData, utc
from .common_races import RaceCase
from .test_races import TABLES

OUT = "2026-01-12 08:00:00"
OURS = (
    "ess_exchange ess_loan_disruption ess_loan_damage ess_loan_inspection_check "
    "ess_loan_inspection_line ess_loan_inspection ess_loan_signature ess_occupancy "
    "ess_booking ess_loan"
).split()


@tagged("post_install", "-at_install")
class TestLoanUseRaces(EssData, RaceCase):
    seen_table = "ess_loan_inspection"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.startClassPatcher(freeze_time(OUT))
        cls.addClassCleanup(cls._clean_up)
        with cls._connection() as env:
            cls.env = env
            cls._set_up_federation()
            cls.policy.loan_kind = "hire"
            cls.partner_ids = tuple((cls.fabrique | cls.phare | cls.semeurs).ids)
            env.cr.commit()

    @classmethod
    def _clean_up(cls):
        with cls._connection() as env:
            cls._delete(env, [*OURS, *TABLES])
            cls._delete_resources(env)
            env.cr.execute("DELETE FROM res_partner WHERE id IN %s", [cls.partner_ids])
            env.cr.commit()

    def setUp(self):
        super().setUp()
        self.addCleanup(self._forget)

    def _forget(self):
        with self._connection() as env:
            self._delete(env, OURS)
            env.cr.commit()

    def _lent(self, env):
        """A loan of 20 chairs that a manager lets leave without signatures."""
        booking = env["ess.booking"].create(
            {
                "asset_id": self.chairs.id,
                "entity_id": self.phare.id,
                "start": utc("2026-01-12 10:00"),
                "stop": utc("2026-01-14 09:00"),
                "quantity": 20,
            }
        )
        booking.action_request()
        booking.loan_id.action_override("They are in a hurry")
        return booking.loan_id

    def test_one_inspection_is_recorded_once(self):
        with self._connection() as env:
            loan = self._lent(env)
            inspection_id = loan.action_inspect("hand_over").id
            env.cr.commit()

        def record(env):
            env["ess.loan.inspection"].browse(inspection_id).action_record()

        self._race(record, record, "was recorded on")

    def test_agreed_while_another_amount_is_proposed(self):
        with self._connection() as env:
            loan = self._lent(env)
            loan.action_inspect("hand_over").action_record()
            damage = loan._report_damage(
                loan.inspection_ids.line_ids, {"description": "Torn"}
            )
            damage.action_propose("borrower", cost=300)
            damage_id = damage.id
            env.cr.commit()

        def act(name, *args, **kwargs):
            return lambda env: getattr(env["ess.loan.damage"].browse(damage_id), name)(
                *args, **kwargs
            )

        self._race(
            act("action_propose", cost=900),
            act("action_agree", 300),
            "has changed meanwhile",
            UserError,
        )
        with self._connection() as env:
            self.assertEqual(env["ess.loan.damage"].browse(damage_id).state, "proposed")
