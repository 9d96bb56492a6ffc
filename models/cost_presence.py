from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction

from odoo import models
from odoo.exceptions import UserError

from ..tools.apportionment import days_present
from ..tools.cost_run import to_cents


@dataclass
class Presence:
    """Who is in a pool on which days of a span, by the id of the member."""

    start: date
    stop: date
    intervals: dict = field(default_factory=dict)  # id → [(first, last or None)]
    days: dict = field(default_factory=dict)  # id → days in the span, at least 1
    standalone: dict = field(default_factory=dict)  # id → exact cents, or None
    memberships: dict = field(default_factory=dict)  # id → the last one in the span

    @property
    def span_days(self):
        return (self.stop - self.start).days + 1

    def has(self, entity_id, day):
        return any(
            first <= day and (not last or day <= last)
            for first, last in self.intervals.get(entity_id, ())
        )


class CostPoolPresence(models.Model):
    """Membership counts by days."""

    _inherit = "ess.cost.pool"

    def _presence(self, span):
        """Who is in the pool in these days; refused when nobody is.

        :param span: first and last day
        :return: a `Presence`
        """
        self.ensure_one()
        presence = Presence(*span)
        members = self.env["ess.cost.pool.member"].search(
            [
                ("pool_id", "=", self.id),
                ("date_from", "<=", span[1]),
                "|",
                ("date_to", "=", False),
                ("date_to", ">=", span[0]),
            ],
            order="entity_id, date_from",
        )
        if not members:
            raise UserError(
                self.env._(
                    "%(pool)s has no member between %(start)s and %(stop)s.",
                    pool=self.name,
                    **self._span_words(span),
                )
            )
        first, last = self._year(span[0])
        year_days = (last - first).days + 1
        decimals = self.currency_id.decimal_places
        for member in members:
            self._count_in(presence, member, year_days, decimals)
        return presence

    def _count_in(self, presence, member, year_days, decimals):
        key = member.entity_id.id
        interval = (member.date_from, member.date_to or None)
        days = days_present([interval], presence.start, presence.stop)
        alone = Fraction(to_cents(member.standalone_cost, decimals) * days, year_days)
        known = presence.standalone.get(key, Fraction())
        if member.standalone_cost and known is not None:
            presence.standalone[key] = known + alone
        else:
            presence.standalone[key] = None
        presence.intervals.setdefault(key, []).append(interval)
        presence.days[key] = presence.days.get(key, 0) + days
        presence.memberships[key] = member
