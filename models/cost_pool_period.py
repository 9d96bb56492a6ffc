from datetime import timedelta

from dateutil.relativedelta import relativedelta

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

MONTHS = {"month": 1, "quarter": 3, "year": 12}
DAY = timedelta(days=1)


class CostPoolPeriod(models.Model):
    """Which days a run may cover: a period of the financial year, within a version."""

    _inherit = "ess.cost.pool"

    def _year(self, day):
        """First and last day of the financial year with this day."""
        dates = self.company_id.compute_fiscalyear_dates(fields.Date.to_date(day))
        return dates["date_from"], dates["date_to"]

    def _period(self, day):
        """First and last day of this pool's period with this day."""
        first, last = self._year(day)
        step = relativedelta(months=MONTHS[self.period])
        count = 1
        while first + step * count <= day:
            count += 1
        return first + step * (count - 1), min(first + step * count - DAY, last)

    def _segments(self, day):
        """The period with this day, cut where the version of the key changes.

        :return: [(first day, last day, version or none)] in order
        """
        self.ensure_one()
        first, last = self._period(day)
        versions = self.key_id.version_ids.filtered(
            lambda v: v.date_from <= last and (not v.date_to or v.date_to >= first)
        )
        segments, next_day = [], first
        for version in versions.sorted("date_from"):
            start = max(version.date_from, first)
            stop = min(version.date_to or last, last)
            if start > next_day:
                segments.append((next_day, start - DAY, versions.browse()))
            segments.append((start, stop, version))
            next_day = stop + DAY
        if next_day <= last:
            segments.append((next_day, last, versions.browse()))
        return segments

    def _version_for(self, span):
        """The version that splits these days, which must be a period of the pool.

        A correction takes the version of the run that it corrects, whatever key the
        pool has now.
        """
        self.ensure_one()
        live = self._live_runs(self._year(span[0]))
        same = live.filtered(lambda r: (r.date_from, r.date_to) == span)
        self._check_no_overlap(live - same, span)
        if same:
            return same[0].version_id
        if not self.key_id:
            raise UserError(
                self.env._(
                    "Key: %(pool)s has none: choose how its costs are split.",
                    pool=self.name,
                )
            )
        segments = self._segments(span[0])
        for start, stop, version in segments:
            if (start, stop) == span and version:
                return version
        if any((start, stop) == span for start, stop, _version in segments):
            raise UserError(
                self.env._(
                    "No version of the key %(key)s holds from %(start)s to %(stop)s: "
                    "record the decision that does.",
                    key=self.key_id.name,
                    **self._span_words(span),
                )
            )
        raise UserError(
            self.env._(
                "%(start)s to %(stop)s is not a period of %(pool)s: choose "
                "%(choices)s.",
                pool=self.name,
                choices=self.env._(" or ").join(
                    self.env._("%(start)s to %(stop)s", **self._span_words(segment))
                    for segment in segments
                ),
                **self._span_words(span),
            )
        )

    def _live_runs(self, span):
        """Posted runs that are not reversed and lie within these days, oldest first."""
        return self.env["ess.cost.run"].search(
            [
                ("pool_id", "=", self.id),
                ("state", "=", "posted"),
                ("kind", "in", ("actual", "correction")),
                ("date_from", "<=", span[1]),
                ("date_to", ">=", span[0]),
            ],
            order="id",
        )

    def _check_no_overlap(self, runs, span):
        """No other live run may cover a part of these days."""
        for run in runs:
            if run.date_from <= span[1] and run.date_to >= span[0]:
                raise UserError(
                    self.env._(
                        "%(run)s splits %(start)s to %(stop)s already: choose exactly "
                        "these days for a correction, or reverse it first.",
                        run=run.name,
                        **self._span_words((run.date_from, run.date_to)),
                    )
                )

    def _span_words(self, span):
        return {
            "start": format_date(self.env, span[0]),
            "stop": format_date(self.env, span[1]),
        }
