from zoneinfo import ZoneInfo

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import format_datetime


class RoundFlow(models.Model):
    """The acts of a round before its freeze, the same for back office, cron and RPC."""

    _inherit = "ess.round"

    # === OPENING === #

    def action_open(self):
        """Open the round to the members of its circle, with its terms as of now."""
        rounds = self._require("facilitator")
        self._require_state("draft")
        for one in rounds:
            one._touch()
            one._check_can_open()
            one._take_snapshot()
            one._open()
        return True

    def _check_can_open(self):
        self.ensure_one()
        now = fields.Datetime.now()
        if not self.date_close or self.date_close <= now:
            raise UserError(
                self.env._(
                    "Closes: %(round)s needs a deadline that lies ahead.",
                    round=self.name,
                )
            )
        if not self.offer_ids:
            raise UserError(
                self.env._(
                    "Offers: %s has none; take some from the vendors' prices or from a "
                    "file.",
                    self.name,
                )
            )
        self.offer_ids._check_priced()
        if not self.circle_id.membership_ids:
            raise UserError(
                self.env._(
                    "Circle: %s has no members, so nobody could commit.",
                    self.circle_id.name,
                )
            )
        # else they would be asked for when the goods are handed out already
        if self.commission_percent:
            self._require_named("commission_product_id")
        if self.legal_mode == "agent":
            self._require_named("disbursement_product_id")

    def _open(self):
        now = fields.Datetime.now()
        opens = self.date_open if self.date_open and self.date_open < now else now
        self.write(
            {"state": "open", "date_open": opens, "planned_close": self.date_close}
        )
        self._call_cron("close", self.date_close)
        self._tell("opened")

    # === CANCELLING === #

    def action_cancel(self, reason=None):
        """Call the round off before anything is ordered; who committed is told why."""
        rounds = self._require("facilitator")
        self._require_state("draft", "open", "closed")
        reason = (reason or "").strip()
        if not reason:
            raise UserError(
                self.env._("Reason: say why, so that those who committed know.")
            )
        for one in rounds:
            one._touch()
            one._shut_gates()
            was_shown = one.state != "draft"
            one.write({"state": "cancelled", "reason": reason})
            one.activity_unlink(["mail.mail_activity_data_todo"])
            if was_shown:
                one._tell("cancelled")
        return True

    # === TIME === #

    def _zone(self):
        self.ensure_one()
        return ZoneInfo(self.tz or "UTC")

    def _when(self, moment):
        """A moment as the clock at the place of the round shows it."""
        self.ensure_one()
        return format_datetime(
            self.env, moment, tz=self.tz, dt_format="EEEE d MMMM y HH:mm"
        )
