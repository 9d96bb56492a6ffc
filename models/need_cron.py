import logging

from odoo import api, fields, models

_logger = logging.getLogger(__name__)


class NeedCron(models.Model):
    """Every night: what is over is closed, what waits is looked for again."""

    _inherit = "ess.need"

    @api.model
    def _cron_needs(self):
        """Treat each published need by itself; one that fails stops no other."""
        needs = self.search([("state", "=", "published")])
        self.env["ir.cron"]._commit_progress(remaining=len(needs))
        for candidate in needs:
            need = candidate.try_lock_for_update()
            if need:
                try:
                    with self.env.cr.savepoint():
                        need._nightly()
                except Exception:
                    _logger.exception("Need %s could not be treated", need.id)
                    self.env.invalidate_all()
            if not self.env["ir.cron"]._commit_progress(1):
                break

    def _nightly(self):
        self.ensure_one()
        if self.state != "published":
            return
        if self.start > fields.Datetime.now():
            self._propose()
            return
        self._end(self.env._("The time came before it was met."))
        self._tell_asker("expired")
