from contextlib import suppress
from unittest.mock import patch

from odoo import fields
from odoo.tests import tagged
from odoo.tools import SQL, mute_logger

from .common import EssCommon, utc
from .common_loan_late import LateData

CRON_LOG = "odoo.addons.ess_mutualisation.models.booking_cron"
MANY = 5000
LATE = 40
TODAY = ("2026-01-05 09:00", "2026-01-05 18:00")


class Killed(BaseException):
    """The worker is gone: nothing of Odoo catches this."""


@tagged("post_install", "-at_install")
class TestLoanCron(LateData, EssCommon):
    """Nightly jobs: thousands of loans, crashes in the middle, nothing sent twice."""

    def _run(self, name="late"):
        with self.enter_registry_test_mode():
            cron = self.env.ref(f"ess_mutualisation.ir_cron_loan_{name}")
            cron.method_direct_trigger()
        self.env.invalidate_all()

    @classmethod
    def _loans(cls, count):
        """So many vans that are out today, each lent to Le Phare."""
        vans = cls.env["ess.asset"].create(
            [
                {
                    "name": f"Van {number}",
                    "owner_id": cls.fabrique.id,
                    "category_id": cls.category.id,
                    "policy_id": cls.policy.id,
                    "tz": "Europe/Paris",
                }
                for number in range(count)
            ]
        )
        return cls.env["ess.loan"].union(*(cls._out(van, *TODAY) for van in vans))

    @classmethod
    def _copies(cls, loan, count, days):
        """Rows like this loan's in the database, all back `days` later."""
        loan.flush_recordset()
        cls.env.flush_all()
        cr = cls.env.cr
        cr.execute(
            SQL(
                """
                INSERT INTO ess_loan (name, kind, lender_id, entity_id, contact_id,
                            start, stop, state, company_id)
                     SELECT 'COPY/' || number, kind, lender_id, entity_id, contact_id,
                            start, stop + %(days)s * interval '1 day', state, company_id
                       FROM ess_loan, generate_series(1, %(count)s) AS number
                      WHERE id = %(loan)s
                  RETURNING id
                """,
                days=days,
                count=count,
                loan=loan.id,
            )
        )
        return cls.env["ess.loan"].browse(row[0] for row in cr.fetchall())

    def _mails(self, subject):
        return super()._mails(subject).mapped("subject")

    # === MANY === #

    def test_five_thousand_loans_of_which_few_are_late(self):
        """Those that are not late cost nothing each: one search sees them all."""
        late = self._loans(LATE)
        self._copies(late[:1], MANY, days=30)
        with self.at("2026-01-05 17:05:00"):
            self._run()
        self.assertEqual(len(self._mails("Late: please bring back")), LATE)
        self.assertEqual(set(late.mapped("late_told_on")), {utc("2026-01-05 18:05")})
        self.assertEqual(
            set(late.booking_ids.mapped("stretched_until")), {utc("2026-01-05 20:00")}
        )
        with self.at("2026-01-05 17:10:00"):
            self.env.invalidate_all()
            with self.assertQueryCount(LATE * 18 + 40):
                self._run()
        self.assertEqual(len(self._mails("Late: please bring back")), LATE)

    def test_five_thousand_loans_are_due(self):
        """One mail for each, once; what is asked does not grow with their number."""
        loan = self._out(self.van, *TODAY)
        copies = self._copies(loan, MANY, days=1)
        told = []
        loans = type(self.env["ess.loan"])

        def tell(loan, *steps):
            told.extend((loan.id, step) for step in steps)

        with (
            patch.object(loans, "_tell", tell),
            self.at("2026-01-05 18:00:00"),
        ):
            self._run("due")
            self._run("due")
        self.assertEqual(sorted(told), [(one.id, "due") for one in copies.sorted("id")])
        self.assertEqual(set(copies.mapped("due_told_for")), {utc("2026-01-06 18:00")})

    def test_the_cost_of_one_does_not_depend_on_the_number(self):
        loans = self._loans(20)
        counts = {}
        with self.at("2026-01-05 17:05:00"):
            loan_model = self.env["ess.loan"]
            loan_model._treat_late(loans[0])
            for number, loan in enumerate(loans[1:], 1):
                before = self.env.cr.sql_log_count
                loan_model._treat_late(loan)
                self.env.flush_all()
                counts[number] = self.env.cr.sql_log_count - before
        self.assertLess(max(counts.values()) - min(counts.values()), 15, counts)

    # === CRASHES === #

    def test_one_failure_stops_no_other(self):
        loans = self._loans(5)
        broken = loans[2]
        tell = type(loans)._tell

        def failing(loan, *steps):
            tell(loan, *steps)
            if loan == broken:
                raise ValueError("The printer is on fire")

        with self.at("2026-01-05 17:05:00"):
            with patch.object(type(loans), "_tell", failing), mute_logger(CRON_LOG):
                self._run()
            mails = self._mails("Late: please bring back")
            self.assertEqual(len(mails), 4, "its own mail went with its mark")
            self.assertFalse(broken.late_told_on)
            self._run()
        mails = self._mails("Late: please bring back")
        self.assertEqual(sorted(mails), sorted(self._subjects(loans)))

    def test_killed_in_the_middle_it_goes_on_and_repeats_nothing(self):
        loans = self._loans(6)
        tell, seen = type(loans)._tell, []

        def dying(loan, *steps):
            if len(seen) == 3:
                raise Killed
            seen.append(loan)
            tell(loan, *steps)

        with self.at("2026-01-05 17:05:00"):
            # not assertRaises: it would roll back what was committed
            with (
                patch.object(type(loans), "_tell", dying),
                suppress(Killed),
                self.enter_registry_test_mode(),
            ):
                self.env.ref(
                    "ess_mutualisation.ir_cron_loan_late"
                ).method_direct_trigger()
            self.env.invalidate_all()
            self.assertEqual(len(self._mails("Late: please bring back")), 3)
            self.assertEqual(len(loans.filtered("late_told_on")), 3)
            self._run()
            self._run()
        mails = self._mails("Late: please bring back")
        self.assertEqual(sorted(mails), sorted(self._subjects(loans)))

    def _subjects(self, loans):
        return [f"Late: please bring back {loan.name}" for loan in loans]

    def test_time_is_up_the_next_run_goes_on(self):
        """The scheduler gives some time only: what is left is for its next turn."""
        loans = self._loans(4)
        commit = type(self.env["ir.cron"])._commit_progress
        calls = []

        def short(cron, processed=0, **kwargs):
            commit(cron, processed, **kwargs)
            calls.append(processed)
            return 0 if sum(calls) >= 2 else 60

        with self.at("2026-01-05 17:05:00"):
            with (
                patch.object(type(self.env["ir.cron"]), "_commit_progress", short),
                self.enter_registry_test_mode(),
                self.registry.cursor() as cr,
            ):
                self.env(cr=cr)["ess.loan"]._cron_late()
            self.assertEqual(len(loans.filtered("late_told_on")), 2)
            self._run()
        self.assertEqual(len(loans.filtered("late_told_on")), 4)
        self.assertEqual(len(self._mails("Late: please bring back")), 4)

    # === DUTIES === #

    def test_a_forgotten_deposit_is_somebodys_task_once(self):
        facilitator = self._internal("fac", "ess_mutualisation.group_facilitator")
        loan = self._out(self.van, *TODAY)
        deposit = self.env["ess.loan.deposit"].create(
            {"loan_id": loan.id, "amount": 100}
        )
        deposit.sudo().state = "held"
        self._back(loan)
        for day, count in (("12", 0), ("13", 1), ("14", 1)):
            with self.at(f"2026-01-{day} 16:30:00"):
                self._run("duties")
            self.assertEqual(len(deposit.activity_ids), count, day)
        self.assertEqual(deposit.activity_ids.user_id, facilitator)
        self.assertEqual(
            deposit.activity_ids.summary,
            f"The deposit of {loan.name} is still held: release it",
        )

    def test_a_damage_waits_for_a_decision(self):
        loan = self._out(self.van, *TODAY)
        damage = self.env["ess.loan.damage"].create(
            {
                "loan_id": loan.id,
                "booking_id": loan.booking_ids.id,
                "description": "A dent",
            }
        )
        self.env.cr.execute(
            "UPDATE ess_loan_damage SET create_date = %s", [fields.Datetime.now()]
        )
        for day, count in (("11", 0), ("13", 1), ("14", 1)):
            with self.at(f"2026-01-{day} 07:00:00"):
                self._run("duties")
            self.assertEqual(len(damage.activity_ids), count, day)
