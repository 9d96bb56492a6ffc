import logging

from psycopg2.errors import OperationalError

from odoo import api, fields, models
from odoo.exceptions import UserError

_logger = logging.getLogger(__name__)
# Two acts at once: the second is tried again after what the first has committed.
TRIES = 3


class RoundCron(models.Model):
    """What happens without anybody: opening, closing, reminding."""

    _inherit = "ess.round"

    @api.model
    def _cron_open(self):
        """Open drafts whose time has come; ask the coordinator where it cannot be."""
        due = self.search(
            [("state", "=", "draft"), ("date_open", "<=", fields.Datetime.now())]
        )
        self._each(due, lambda one: one._open_by_itself())

    def _open_by_itself(self):
        try:
            with self.env.cr.savepoint():
                self.action_open()
        except UserError as error:
            # not tried again every five minutes: the coordinator opens it
            self.date_open = False
            speaking = self.with_context(lang=self.coordinator_id.lang or self.env.lang)
            self.activity_schedule(
                "mail.mail_activity_data_todo",
                summary=speaking.env._("%s could not open by itself", self.name),
                note=str(error),
                user_id=self.coordinator_id.id,
            )

    @api.model
    def _cron_close(self):
        """Freeze the rounds whose deadline has passed, as their policy says.

        Those that wait for the coordinator's answer are left in peace.
        """
        due = self.search(
            [
                ("state", "=", "open"),
                ("date_close", "<=", fields.Datetime.now()),
                ("supplier_ids", "not any", [("state", "=", "asked")]),
                ("offer_ids", "not any", [("minimum_state", "=", "asked")]),
            ]
        )
        self._each(due, lambda one: one.state == "open" and one._close())

    @api.model
    def _cron_remind(self):
        """Remind the members before the deadline, once per deadline."""
        now = fields.Datetime.now()
        due = self.search(
            [
                ("state", "=", "open"),
                ("reminded_on", "=", False),
                ("reminder_hours", ">", 0),
                ("date_close", ">", now),
            ]
        ).filtered(lambda one: one._reminder_due(now))
        self._each(due, lambda one: one._remind())

    def _reminder_due(self, now):
        """Opened inside the reminder's time already: that mail was enough."""
        self.ensure_one()
        moment = fields.Datetime.subtract(self.date_close, hours=self.reminder_hours)
        return self.date_open <= moment <= now

    def _remind(self):
        self.reminded_on = fields.Datetime.now()
        self._tell("reminder")

    # === ONE BY ONE === #

    @api.model
    def _each(self, rounds, act):
        """Run an act on each, keep what is done, go on when one fails."""
        cron = self.env["ir.cron"]
        cron._commit_progress(remaining=len(rounds))
        for one in rounds:
            for attempt in range(TRIES):
                if self._once(one, act, attempt + 1 == TRIES):
                    break
                cron._commit_progress()
            if not cron._commit_progress(1):
                break

    @api.model
    def _once(self, one, act, is_last):
        """:return: whether there is no point in trying again"""
        try:
            with self.env.cr.savepoint():
                act(one)
                self.env.flush_all()
        except OperationalError:
            # a new transaction sees what the other has done
            self.env.invalidate_all()
            if is_last:
                _logger.warning("Round %s: others were faster three times", one.id)
            return False
        except Exception:
            self.env.invalidate_all()
            _logger.exception("Round %s could not be treated", one.id)
        return True
