import logging
from datetime import timedelta

from odoo import api, fields, models

_logger = logging.getLogger(__name__)

DRAFT_LIFE = timedelta(days=2)
# No policy reminds earlier than this; it bounds the search.
LONGEST_REMINDER = timedelta(days=31)


class BookingCron(models.Model):
    """What happens without anybody: reminders, requests nobody answered."""

    _inherit = "ess.booking"

    @api.model
    def _cron_remind(self):
        """Remind borrowers before the start, once per start."""
        now = fields.Datetime.now()
        due = self.search(
            [
                ("state", "=", "confirmed"),
                ("reminded_on", "=", False),
                ("start", ">", now),
                ("start", "<", now + LONGEST_REMINDER),
            ]
        ).filtered(lambda b: b._reminder_due(now))
        self._one_by_one(due, self._remind)

    def _reminder_due(self, now):
        """Booked inside the reminder's time already: the confirmation was enough."""
        self.ensure_one()
        hours = (
            self.asset_id.policy_id.reminder_hours if self.asset_id.policy_id else 24
        )
        moment = self.start - timedelta(hours=hours)
        return bool(hours) and moment <= now and (self.confirmed_on or now) <= moment

    @staticmethod
    def _remind(booking):
        booking.reminded_on = fields.Datetime.now()
        booking._tell("reminder")

    @api.model
    def _cron_expire(self):
        """Close requests and waits whose time has come without an answer."""
        now = fields.Datetime.now()
        over = self.search(
            [("state", "in", ("requested", "waiting")), ("start", "<=", now)]
        ).filtered(lambda b: b._answer_is_late(now))
        self._one_by_one(over, self._expire)

    def _answer_is_late(self, now):
        """What was asked while its day was running may be answered until its end."""
        self.ensure_one()
        asked = self.requested_on if self.state == "requested" else self.waiting_since
        return self.stop <= now or not asked or asked < self.start

    @staticmethod
    def _expire(booking):
        if booking.state == "requested":
            reason = booking.env._("Nobody answered before the start.")
        else:
            reason = booking.env._("The time was not given back before the start.")
        booking._end("refused", reason)

    @api.model
    def _one_by_one(self, bookings, act):
        """Run an act on each, keep what is done, go on when one fails."""
        self.env["ir.cron"]._commit_progress(remaining=len(bookings))
        for candidate in bookings:
            booking = candidate.try_lock_for_update()
            if not booking:
                continue
            try:
                with self.env.cr.savepoint():
                    act(booking)
            except Exception:
                _logger.exception("%s could not be treated", booking)
            if not self.env["ir.cron"]._commit_progress(1):
                break

    @api.autovacuum
    def _gc_drafts(self):
        """Requests that were begun on the portal and never sent."""
        self.search(
            [
                ("state", "=", "draft"),
                ("hold_until", "<", fields.Datetime.now() - DRAFT_LIFE),
                ("hold_until", "!=", False),
            ],
            limit=1000,
        ).unlink()
