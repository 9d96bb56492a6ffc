from datetime import timedelta

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models


class CostRunSuggest(models.Model):
    """Suggests which days come next, once a pool is chosen."""

    _inherit = "ess.cost.run"

    @api.onchange("pool_id")
    def _onchange_pool_id(self):
        if self.pool_id:
            self.date_from, self.date_to = self.pool_id._next_span()


class CostPoolSuggest(models.Model):
    _inherit = "ess.cost.pool"

    def _next_span(self):
        """The first period with costs that no run has split, since last year.

        Without any: the first period of this financial year that no live run has
        split; the period of today, when all before it are split; the last one at the
        end.
        """
        first, last = self._year(fields.Date.context_today(self))
        day = self._first_open_cost(first, last)
        if day:
            return next(
                (start, stop)
                for start, stop, _version in self._segments(day)
                if start <= day <= stop
            )
        split = {r._span for r in self._live_runs((first, last))}
        day = first
        while day <= last:
            for start, stop, _version in self._segments(day):
                if (start, stop) not in split or stop == last:
                    return start, stop
                day = stop + timedelta(days=1)
        return first, last

    def _first_open_cost(self, first, last):
        """The day of the oldest cost that no live run holds, not before last year."""
        taken = (
            self.env["ess.cost.source"]
            .sudo()
            ._search([("live", "=", True), ("analytic_line_id", "!=", False)])
        )
        line = (
            self.env["account.analytic.line"]
            .sudo()
            .search(
                [
                    *self._cost_domain(),
                    ("date", ">=", first - relativedelta(years=1)),
                    ("date", "<=", last),
                    ("id", "not in", taken.subselect("analytic_line_id")),
                ],
                order="date, id",
                limit=1,
            )
        )
        return line.date

    def _year_of_costs(self):
        """The financial year of the latest cost up to now; else that of today."""
        first, last = self._year(fields.Date.context_today(self))
        line = (
            self.env["account.analytic.line"]
            .sudo()
            .search(
                [*self._cost_domain(), ("date", "<=", last)],
                order="date desc, id desc",
                limit=1,
            )
        )
        return self._year(line.date) if line else (first, last)
