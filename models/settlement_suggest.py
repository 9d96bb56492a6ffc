from datetime import timedelta

from dateutil.relativedelta import relativedelta

from odoo import fields, models

DAY = timedelta(days=1)


class SettlementSuggest(models.Model):
    """Suggests which days come next."""

    _inherit = "ess.settlement"

    def _suggested_span(self):
        """From where the last settlement ended to the end of last month.

        Without any settlement: from the month of the oldest open exchange. Never less
        than a month, so that a second one suggests the running month.
        """
        month = fields.Date.context_today(self).replace(day=1)
        company = [("company_id", "=", self.env.company.id)]
        last = self.search(
            [*company, ("state", "=", "posted")], order="date_to desc", limit=1
        )
        if last:
            first = last.date_to + DAY
        else:
            oldest = self.env["ess.exchange"].search(
                [*company, ("settled_on", "=", False)], order="date, id", limit=1
            )
            first = min(oldest.date or month, month - DAY).replace(day=1)
        end = first.replace(day=1) + relativedelta(months=1) - DAY
        return first, max(end, month - DAY)
