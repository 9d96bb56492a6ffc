from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain

from .booking_late import HOUR, full_hour
from .loan_disruption import OPEN

# Whose use begins within this time is warned while it can still choose.
WARNED_AHEAD = timedelta(hours=24)


class LoanLate(models.Model):
    """A loan that is not back: its time stretches, and those concerned are told.

    The late time is not charged by itself: the price was agreed for the agreed time.
    The lender who wants it paid agrees on an extension, priced like the rest.
    """

    _inherit = "ess.loan"

    @api.model
    def _late_domain(self, now=None):
        """Things that are out and should be back; staff time is never late.

        :rtype: Domain
        """
        return (
            Domain("state", "=", "ongoing")
            & Domain("stop", "<", now or fields.Datetime.now())
            & Domain("kind", "!=", "staff")
        )

    def _late_bookings(self):
        """Items of these loans that are still out."""
        return self.sudo().booking_ids.filtered(lambda b: b.state == "ongoing")

    # === THE TIME IT TAKES === #

    @api.model
    def _stretched_to(self, now):
        """An hour from now, on the full hour: runs come every hour."""
        return full_hour(now + HOUR)

    def _stretch(self, now):
        """Take the time that a late loan takes anyway, up to the next promise.

        Through the gate, which nobody overrides: what was promised to others stays
        theirs, and they are told (`_warn_next`).
        """
        target = self._stretched_to(now)
        for booking in self._late_bookings().filtered(lambda b: b.stop < now):
            booking._stretch_to(target)

    # === WHO IS TOLD === #

    def _warn_next(self, now):
        """Warn the next holders, and let those who wait follow.

        :return: new ess.loan.disruption
        """
        self.ensure_one()
        target = self._stretched_to(now)
        known = self.disruption_ids.filtered(
            lambda d: d.state in OPEN and d.cause == "late"
        )
        missing = self._late_bookings().occupancy_ids.asset_id
        back = known.filtered(lambda d: not d._assets() & missing)
        back._it_is_back()
        known -= back
        for disruption in known:
            disruption._follow(disruption.booking_id._earliest_after(target))
        self._stretch(now)
        new, broken = self._disrupt_next(max(now + WARNED_AHEAD, target), target)
        # moved away, or there is room after all
        known.filtered(
            lambda d: d.state == "open" and d.booking_id not in broken
        )._end()
        return new

    def _disrupt_next(self, until, target):
        """Disrupt the promises that cannot be kept if it stays out until then.

        Who has it already is not warned of itself.

        :return: (new disruptions, all bookings concerned)
        """
        new = self.env["ess.loan.disruption"].sudo()
        broken = self.env["ess.booking"].sudo()
        now = fields.Datetime.now()
        for booking in self._late_bookings().filtered(lambda b: b.stop < now):
            following = booking._next_holders(until).filtered(
                lambda b: b.entity_id != self.entity_id
            )
            expected_on = booking._earliest_after(target)
            new |= new._disrupt(following, "late", loan=self, expected_on=expected_on)
            broken |= following
        return new, broken

    def _tell_late(self, now):
        """The first word to both sides, then reminders by the policy's rhythm."""
        self.ensure_one()
        if not self.late_told_on or self.late_told_on < self.stop:
            self.write({"late_told_on": now, "late_reminders": 0})
            self._tell("late", "late_lender")
            self._schedule_late()
            return
        due = self._reminders_due(now)
        if due > self.late_reminders:
            # what was missed meanwhile is not made up for: one reminder
            self.late_reminders = due
            self._tell("late_reminder")

    def _reminders_due(self, now):
        """How many reminders should have been sent by now."""
        elapsed = (now - self.stop).days
        return sum(1 for day in self._reminder_days() if day <= elapsed)

    def _reminder_days(self):
        """Days after the agreed end, of all the policies of what is out.

        :rtype: list[int]
        """
        policies = self._late_bookings().asset_id.policy_id
        days = set()
        for policy in policies:
            days |= set(policy._overdue_days())
        return sorted(days) if policies else [1, 3, 7, 14]

    def _late_days(self):
        """Whole days since the agreed end, for a mail."""
        self.ensure_one()
        return max((fields.Datetime.now() - self.stop).days, 0)

    # === BACK === #

    def write(self, vals):
        """Whatever brings it back ends what its absence caused."""
        was_out = self.filtered(lambda loan: loan.state == "ongoing")
        res = super().write(vals)
        if "state" in vals:
            was_out.filtered(lambda loan: loan.state != "ongoing")._late_over()
        return res

    def _late_over(self):
        """It is back, or has more time: the next holders get what was promised."""
        loans = self.sudo()
        disruptions = loans.disruption_ids.filtered(
            lambda d: d.cause == "late" and d.state in OPEN
        )
        disruptions._it_is_back()
        loans.activity_unlink(["ess_mutualisation.mail_activity_late"])

    # === ACTIVITIES === #

    def _schedule_late(self):
        """Somebody of the federation calls: an activity in their inbox."""
        self.ensure_one()
        self.activity_unlink(["ess_mutualisation.mail_activity_late"])
        self._schedule_duty(
            "ess_mutualisation.mail_activity_late",
            lambda env: env._("%s is not back: call the borrower", self.name),
        )
