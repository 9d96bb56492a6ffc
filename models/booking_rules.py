from datetime import UTC

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

from ..tools.booking_rules import (
    Reason,
    Usage,
    may_cancel,
    minutes_within,
    quota_periods,
)
from ..tools.occupancy import peak
from .booking import TAKING


class RuleBroken(UserError):
    """A rule of the policy says no; a manager may override it with a reason.

    :ivar reasons: list of tools Reason
    """

    def __init__(self, message, reasons):
        super().__init__(message)
        self.reasons = reasons


class BookingRules(models.Model):
    """Checks a booking against its policy, the charter and the quotas."""

    _inherit = "ess.booking"

    def _reasons(self, actor=None):
        """Every rule that this booking breaks now, with figures.

        :rtype: list[Reason]
        """
        self.ensure_one()
        booking = self.sudo()
        reasons = booking._access_reasons()
        reasons += booking.asset_id._broken_rules(
            booking.start, booking.stop, booking.quantity, booking._usage()
        )
        return reasons

    def _access_reasons(self):
        """May this organisation book this asset at all?"""
        asset, entity = self.asset_id, self.entity_id
        if not asset.active:
            return [Reason("withdrawn", {"asset": asset.name})]
        if entity in asset._lender_entities():
            return []
        if not asset.published and self.env.user.share:
            # at the desk, a hidden asset may still be lent
            return [Reason("withdrawn", {"asset": asset.name})]
        shared = asset.circle_ids & entity.ess_circle_ids
        if not shared:
            return [Reason("circle", {"asset": asset.name, "entity": entity.name})]
        if not shared & entity._ess_accepted_circles():
            return [Reason("charter", {"circle": shared[0].name})]
        return []

    def _usage(self):
        """What the borrower has booked under the same policy, without this booking.

        :rtype: Usage or None, when the policy has no quota
        """
        policy = self.asset_id.policy_id
        rules = policy._rules()
        if not (rules.quota_minutes or rules.quota_simultaneous):
            return None
        use = self.asset_id._use(self.start, self.stop, self.quantity)
        periods = quota_periods(rules, use)
        first = min([self.asset_id._utc(p[0]) for p in periods] + [self.start])
        last = max([self.asset_id._utc(p[1]) for p in periods] + [self.stop])
        others = self.search(
            Domain("entity_id", "=", self.entity_id.id)
            & Domain("asset_id.policy_id", "=", policy.id)
            & Domain("state", "in", TAKING)
            & Domain("id", "!=", self._origin.id or 0)
            & Domain("start", "<", last)
            & Domain("stop", ">", first)
        )
        uses = [other.asset_id._use(other.start, other.stop) for other in others]
        return Usage(
            {
                start.date(): sum(minutes_within(one, start, stop) for one in uses)
                for start, stop in periods
            },
            peak([(o.start, o.stop, 1) for o in others], self.start, self.stop),
        )

    def _assert_rules(self, override=None):
        """Refuse a booking that breaks a rule, unless a manager says why it may.

        :param str override: the manager's reason, which is logged
        :raise RuleBroken: with one sentence per rule
        """
        for booking in self:
            booking._bump_quota()
            reasons = booking._reasons()
            if not reasons:
                continue
            sentences = booking._reason_sentences(reasons)
            if (override or "").strip():
                booking._log_override(override.strip(), sentences)
                continue
            raise RuleBroken("\n".join(sentences), reasons)

    def _log_override(self, override, sentences):
        self.ensure_one()
        if "manager" not in self._roles():
            raise UserError(
                self.env._("Only a manager of the federation may override a rule.")
            )
        self.sudo().override_reason = override
        self.sudo().message_post(
            body=self.env._(
                "%(user)s let this booking break a rule: %(reason)s (%(rules)s)",
                user=self.env.user.name,
                reason=override,
                rules=" ".join(sentences),
            )
        )

    def _bump_quota(self):
        """Make two bookings of one organisation under one quota collide.

        See the gate of occupancies: the second of two transactions that looked at the
        same total fails to serialize and is tried again.
        """
        policy = self.sudo().asset_id.policy_id
        if not (policy.quota_hours or policy.quota_simultaneous):
            return
        self.env.execute_query(
            SQL(
                "UPDATE res_partner SET ess_booking_version = "
                "COALESCE(ess_booking_version, 0) + 1 WHERE id = %s",
                self.sudo().entity_id.id,
            )
        )

    def _check_moved_rules(self):
        """A change written directly (form, RPC) obeys the rules like any other.

        An import is history and agreements already made: only the capacity binds it.
        """
        if self.env.su or self.env.context.get("import_file"):
            return
        self.filtered(
            lambda b: b.state in ("requested", "confirmed") and not b.override_reason
        )._assert_rules()

    def _cancel_reason(self):
        """The cancel deadline as a Reason when it has passed, else None."""
        self.ensure_one()
        booking = self.sudo()
        return may_cancel(
            booking.asset_id.policy_id._rules(),
            booking.asset_id._local(booking.start),
            fields.Datetime.now().replace(tzinfo=UTC),
        )

    # === SENTENCES === #

    def _reason_sentences(self, reasons):
        """One sentence per reason, in the reader's language, with its figures."""
        self.ensure_one()
        asset = self.sudo().asset_id
        return [asset._reason_sentence(reason) for reason in reasons]

    @api.model
    def _reason_codes(self, error):
        """Codes of a refusal, for who talks to us by RPC or JSON."""
        return [reason.code for reason in getattr(error, "reasons", [])] or ["not_free"]
