from collections import Counter
from fractions import Fraction

from dateutil.relativedelta import relativedelta

from odoo import api, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command

from ..tools.cost_run import calls_left, from_cents, in_cents, to_cents
from .cost_key_rule import BY_USE

PLANNED = {"pool_id", "date_from", "date_to", "instalments"}


class CostBudgetPlan(models.Model):
    """A budget as calls: the annual share of each member in instalments."""

    _inherit = "ess.cost.budget"

    # === RULES === #

    @api.constrains("pool_id", "date_from", "date_to")
    def _check_one_year(self):
        """A run takes back the calls of its financial year."""
        for budget in self:
            first, last = budget.pool_id._year(budget.date_from)
            if budget.date_to > last:
                raise ValidationError(
                    self.env._(
                        "Dates: a budget lies within one financial year, here from "
                        "%(start)s to %(stop)s.",
                        **budget.pool_id._span_words((first, last)),
                    )
                )

    def write(self, vals):
        called = self.call_ids.filtered(lambda call: call.state == "posted")
        if "pool_id" in vals and self.sudo().call_ids.line_ids.exchange_ids:
            raise UserError(
                self.env._(
                    "Pool: instalments of this budget were called from the members of "
                    "%s; make another budget.",
                    self.pool_id[:1].name,
                )
            )
        if called and PLANNED & set(vals):
            raise UserError(
                self.env._(
                    "%(count)s instalments of this budget were called: only its amount "
                    "can change, for the calls to come.",
                    count=len(called),
                )
            )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_called(self):
        if self.call_ids.filtered(lambda call: call.state == "posted"):
            raise UserError(
                self.env._("Instalments of this budget were called: cancel them first.")
            )
        if self.sudo().call_ids.line_ids.exchange_ids:
            raise UserError(
                self.env._(
                    "Instalments of this budget were called and cancelled: it stays, "
                    "as what it called does. Change it and plan again."
                )
            )
        self.sudo().call_ids.unlink()

    # === PLANNING === #

    def action_plan(self):
        """Make the calls; again for what was not called yet, when something changed."""
        self.check_access("write")
        for budget in self.sudo():
            budget._plan()

    def _plan(self):
        self.ensure_one()
        self.pool_id._bump()
        if not self.call_ids.filtered(lambda call: call.state == "posted"):
            # what was called and cancelled stays beside the call that follows it
            self.call_ids.filtered(lambda call: not call.line_ids.exchange_ids).unlink()
            self.call_ids = [
                Command.create({"number": number, "date": day})
                for number, day in enumerate(self._call_dates(), 1)
            ]
        if not self.call_ids.filtered(lambda call: call.state == "draft"):
            raise UserError(
                self.env._(
                    "All instalments were called: the run at the end of the year takes "
                    "up the difference."
                )
            )
        self._replan()

    def _call_dates(self):
        """One day for each instalment: the first of equal months, or of equal parts."""
        last = self.date_to + relativedelta(days=1)
        span = relativedelta(last, self.date_from)
        months = span.years * 12 + span.months
        if not span.days and months % self.instalments == 0:
            step = months // self.instalments
            return [
                self.date_from + relativedelta(months=step * part)
                for part in range(self.instalments)
            ]
        days = (last - self.date_from).days
        return [
            self.date_from + relativedelta(days=days * part // self.instalments)
            for part in range(self.instalments)
        ]

    def _replan(self):
        """Bring the calls to come in line with who is there: Σ is the annual share.

        Nothing moves when everybody's sum is right already.
        """
        targets = self._annual_shares()
        called, planned = Counter(), Counter()
        drafts = self.call_ids.filtered(lambda call: call.state == "draft")
        for line in self.call_ids.line_ids:
            sums = {"posted": called, "draft": planned}.get(line.state)
            if sums is not None:
                sums[line.entity_id.id] += self._cents(line.amount)
        keys = {*targets, *called, *planned}
        if all(called[k] + planned[k] == targets.get(k, 0) for k in keys):
            return
        drafts = drafts.sorted("number")
        present = self._present(drafts, keys)
        rows = calls_left(targets, called, len(drafts), present)
        drafts.line_ids.unlink()
        decimals = self.currency_id.decimal_places
        self.env["ess.cost.call.line"].create(
            [
                {
                    "call_id": call.id,
                    "entity_id": key,
                    "amount": from_cents(cents, decimals),
                }
                for call, row in zip(drafts, rows, strict=True)
                for key, cents in row.items()
                if cents
            ]
        )

    def _present(self, calls, keys):
        """{member id: positions of the calls on whose day it is in the pool}."""
        presence = self.pool_id._presence((self.date_from, self.date_to))
        return {
            key: [i for i, call in enumerate(calls) if presence.has(key, call.date)]
            for key in keys
        }

    def _cents(self, amount):
        return to_cents(amount, self.currency_id.decimal_places)

    # === ANNUAL SHARES === #

    def _annual_shares(self):
        """{member id: cents} of the whole budget, by the version in force at its start.

        Days of membership count over the dates of the budget. A version that splits by
        use takes last year's: this year's is not known yet.
        """
        pool, span = self.pool_id, (self.date_from, self.date_to)
        version = self._version()
        presence = pool._presence(span)
        usage = None
        if version.kind in BY_USE:
            usage = self._usage_of_last_year(version, presence)
        rule = version._rule(presence, usage)
        costs = {False: self._cents(self.amount)}
        return in_cents(version._shares(costs, rule, pool, span))

    def _version(self):
        day = self.date_from
        version = self.pool_id.key_id.version_ids.filtered(
            lambda v: v.date_from <= day and (not v.date_to or v.date_to >= day)
        )
        if not version:
            raise UserError(
                self.env._(
                    "No version of the key of %(pool)s holds on %(start)s: record the "
                    "decision that does.",
                    pool=self.pool_id.name,
                    start=self.pool_id._span_words((day, day))["start"],
                )
            )
        return version

    def _usage_of_last_year(self, version, presence):
        year = relativedelta(years=1)
        span = presence.start - year, presence.stop - year
        usage = dict.fromkeys(presence.days, Fraction())
        for _model, _id, entity_id, _day, quantity in version._usage_rows(span):
            if entity_id in usage:
                usage[entity_id] += quantity
        if not any(usage.values()):
            raise UserError(
                self.env._(
                    "%(version)s splits by use, and the members used nothing between "
                    "%(start)s and %(stop)s, on which advances could be based: plan "
                    "them with a version of fixed weights, and split by use at the "
                    "end.",
                    version=version.display_name,
                    **self.pool_id._span_words(span),
                )
            )
        return usage
