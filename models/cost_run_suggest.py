from datetime import timedelta

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
        """The first period of this financial year that no live run has split.

        The period of today, when all before it are split; the last one at the end.
        """
        first, last = self._year(fields.Date.context_today(self))
        split = {r._span for r in self._live_runs((first, last))}
        day = first
        while day <= last:
            for start, stop, _version in self._segments(day):
                if (start, stop) not in split or stop == last:
                    return start, stop
                day = stop + timedelta(days=1)
        return first, last
