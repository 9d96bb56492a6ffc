from datetime import timedelta

from odoo import api, fields, models

from .booking_cron import LONGEST_REMINDER
from .loan_disruption import OPEN

DUE_DEFAULT = 24
# A deposit or a damage that nobody closed after so long is somebody's task.
FORGOTTEN_AFTER = timedelta(days=7)
# Who has not chosen by then is called.
CHOSEN_BEFORE = timedelta(hours=4)


class LoanCron(models.Model):
    """What happens to loans without anybody, one loan after the other.

    Each loan is treated in a transaction of its own: what is sent is marked together
    with the mail, so that a run that dies in the middle repeats nothing, and one that
    fails stops no other.
    """

    _inherit = "ess.loan"

    due_told_for = fields.Datetime(
        readonly=True,
        copy=False,
        help="The end that the borrower was reminded of; another end, another mail.",
    )

    # === LATE === #

    @api.model
    def _cron_late(self):
        """Every hour: late loans stretch, next holders and both sides are told."""
        now = fields.Datetime.now()
        late = self.search(self._late_domain(now), order="stop, id")
        self._not_late_any_more(now)._late_over()
        self._one_by_one(late, self._treat_late)
        self._one_by_one(self._without_choice(now), self._remind_choice)

    @api.model
    def _not_late_any_more(self, now):
        """Loans with open disruptions that were given more time meanwhile."""
        disruptions = self.env["ess.loan.disruption"].search(
            [("cause", "=", "late"), ("state", "in", OPEN)]
        )
        return disruptions.loan_id.filtered(
            lambda loan: loan.state != "ongoing" or loan.stop >= now
        )

    @staticmethod
    def _treat_late(loan):
        now = fields.Datetime.now()
        if loan.state != "ongoing" or loan.stop >= now:
            return  # it came back since the run began
        loan._warn_next(now)
        loan._tell_late(now)

    @api.model
    def _without_choice(self, now):
        """Disruptions that begin soon and about which nobody has chosen.

        :return: ess.loan.disruption
        """
        return self.env["ess.loan.disruption"].search(
            [
                ("state", "=", "open"),
                ("booking_id.start", "<", now + CHOSEN_BEFORE),
                ("activity_ids", "=", False),
            ]
        )

    @staticmethod
    def _remind_choice(disruption):
        booking = disruption.booking_id
        lent = disruption.loan_id or disruption.damage_id.loan_id or booking.loan_id
        lent._schedule_duty(
            "mail.mail_activity_data_todo",
            lambda env: env._(
                "%(booking)s: %(asset)s is not there, and nobody has chosen: "
                "call %(who)s",
                booking=booking.name,
                asset=booking.asset_id.with_env(env).name,
                who=booking.entity_id.name,
            ),
            on=disruption,
        )

    # === DUE === #

    @api.model
    def _cron_due(self):
        """Every hour: remind borrowers that things are due back soon."""
        now = fields.Datetime.now()
        loans = self.search_fetch(
            [
                ("state", "=", "ongoing"),
                ("kind", "!=", "staff"),
                ("stop", ">", now),
                ("stop", "<", now + LONGEST_REMINDER),
            ],
            ["stop", "due_told_for", "start"],
            order="stop, id",
        )
        due = loans.filtered(lambda loan: loan._is_due(now))
        self._one_by_one(due, self._treat_due)

    def _is_due(self, now):
        """Once per end; not for a loan so short that its start was reminder enough."""
        self.ensure_one()
        if self.due_told_for == self.stop:
            return False
        hours = self._due_hours()
        moment = self.stop - timedelta(hours=hours)
        return bool(hours) and self.start <= moment <= now

    def _due_hours(self):
        policies = self.booking_ids.asset_id.policy_id
        return max(policies.mapped("due_reminder_hours"), default=DUE_DEFAULT)

    @staticmethod
    def _treat_due(loan):
        if loan.state == "ongoing" and loan.due_told_for != loan.stop:
            loan.due_told_for = loan.stop
            loan._tell("due")

    # === ACTIVITIES === #

    @api.model
    def _cron_duties(self):
        """Every night: what nobody closed becomes somebody's activity, once."""
        before = fields.Datetime.now() - FORGOTTEN_AFTER
        deposits = self.env["ess.loan.deposit"].search(
            [
                ("state", "=", "held"),
                ("loan_id.state", "in", ("done", "cancelled")),
                ("loan_id.stop", "<", before),
                ("activity_ids", "=", False),
            ]
        )
        damages = self.env["ess.loan.damage"].search(
            [
                ("state", "in", ("reported", "proposed", "contested")),
                ("create_date", "<", before),
                ("activity_ids", "=", False),
            ]
        )
        self._one_by_one(deposits, self._remind_deposit)
        self._one_by_one(damages, self._remind_damage)

    @staticmethod
    def _remind_deposit(deposit):
        deposit.loan_id._schedule_duty(
            "mail.mail_activity_data_todo",
            lambda env: env._(
                "The deposit of %s is still held: release it", deposit.loan_id.name
            ),
            on=deposit,
        )

    @staticmethod
    def _remind_damage(damage):
        damage.loan_id._schedule_duty(
            "mail.mail_activity_data_todo",
            lambda env: env._("%s waits for a decision", damage.name),
            on=damage,
        )

    def _schedule_duty(self, activity, summary, on=None):
        """An activity for a facilitator of the loan's company.

        :param str activity: xmlid of its type
        :param summary: gives its words from an environment in the language of who
            will read them: nightly jobs have none of their own
        :param on: the record it is about; the loan itself when empty
        """
        self.ensure_one()
        facilitators = self.env.ref("ess_mutualisation.group_facilitator")
        user = (
            self.env["res.users"]
            .sudo()
            .search(
                [
                    ("all_group_ids", "in", facilitators.id),
                    ("share", "=", False),
                    ("company_ids", "in", self.company_id.id),
                ],
                limit=1,
                order="id desc",
            )
        )
        told = self.with_context(lang=user.lang or self.env.lang)
        # in the inbox only: a night with many late loans writes no mail for each
        (on or self).sudo().with_context(
            mail_activity_quick_update=True
        ).activity_schedule(
            activity, summary=summary(told.env), user_id=user.id or self.env.uid
        )

    # === ONE BY ONE === #

    @api.model
    def _one_by_one(self, records, act):
        """See `ess.booking`: locked, in a savepoint, committed one by one."""
        self.env["ess.booking"]._one_by_one(records, act)
