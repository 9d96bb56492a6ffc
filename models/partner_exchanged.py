from dateutil.relativedelta import relativedelta

from odoo import fields, models
from odoo.tools import format_date

from .exchange import USES

MONTHS = 12
MONEY = "money"
SIGNS = {"gave": 1, "received": -1}  # the report counts what was received negative
# The chart, in units of its own: the page makes it as wide as it can.
WIDTH, HEIGHT, FOOT = 360, 120, 16


class PartnerExchanged(models.Model):
    """What a member gave and received over the last twelve months, for its page.

    Worth is one series, and each unit (hours, days, uses) one of its own: they are
    never added up. An advance moves money only, so it is nothing given.
    """

    _inherit = "res.partner"

    def _ess_exchanged(self, months=MONTHS):
        """
        :return: {'since': date, 'series': list of `_series`, 'partners': list of
            `_counterparts`, 'saved', 'forgone', 'currency'}: a constant number of
            queries, whatever was exchanged
        :rtype: dict
        """
        self.ensure_one()
        today = fields.Date.context_today(self)
        first = today.replace(day=1) - relativedelta(months=months - 1)
        starts = [first + relativedelta(months=index) for index in range(months)]
        domain = self._exchanged_domain(first, first + relativedelta(months=months))
        report = self.env["ess.reciprocity"].sudo()
        by_month = report._read_group(
            domain,
            ["date:month", "side", "kind", "unit", "nature"],
            ["gave:sum", "received:sum", "value:sum"],
        )
        totals = self._exchanged_totals(domain)
        return {
            "since": first,
            "currency": self.env.company.currency_id,
            "series": self._series(starts, by_month),
            "partners": self._counterparts(domain),
            **totals,
        }

    def _exchanged_domain(self, first, end):
        company = self.env.company
        return [
            ("entity_id", "=", self.id),
            ("company_id", "=", company.id),
            ("currency_id", "=", company.currency_id.id),
            ("nature", "!=", "advance"),
            ("date", ">=", first),
            ("date", "<", end),
        ]

    def _exchanged_totals(self, domain):
        """What was saved on what one received, and forgone on what one gave."""
        found = {
            side: (SIGNS[side] * (value or 0), SIGNS[side] * (amount or 0))
            for side, value, amount in self.env["ess.reciprocity"]
            .sudo()
            ._read_group(domain, ["side"], ["value:sum", "amount:sum"])
        }
        value, amount = found.get("received", (0, 0))
        worth, asked = found.get("gave", (0, 0))
        return {"saved": value - amount, "forgone": worth - asked}

    # === SERIES === #

    def _series(self, starts, rows):
        """One dict per unit, worth first: label, unit, months, gave, received, balance.

        A month is a dict of its label, gave, received and the heights of its bars.
        """
        figures = {(MONEY, ""): {}}
        for month, side, kind, unit, nature, gave, received, value in rows:
            worth = figures[(MONEY, "")].setdefault(month, [0, 0])
            worth[side == "received"] += SIGNS[side] * (value or 0)
            if kind == MONEY or nature not in USES:
                continue  # a share of costs is worth something, but no unit of use
            counted = figures.setdefault((kind, unit), {}).setdefault(month, [0, 0])
            counted[0] += gave or 0
            counted[1] += received or 0
        ranks = list(dict(self.env["ess.reciprocity"]._fields["kind"].selection))
        ordered = sorted(
            figures, key=lambda k: (k[0] != MONEY, ranks.index(k[0]), k[1])
        )
        return [self._one_series(*key, starts, figures[key]) for key in ordered]

    def _one_series(self, kind, unit, starts, by_month):
        pairs = [by_month.get(start, (0, 0)) for start in starts]
        gave, received = (sum(pair[side] for pair in pairs) for side in (0, 1))
        highest = max((abs(figure) for pair in pairs for figure in pair), default=0)
        step = WIDTH / len(starts)
        return {
            "kind": kind,
            "unit": unit,
            "gave": gave,
            "received": received,
            "balance": gave - received,
            "months": [
                {
                    "label": format_date(self.env, start, date_format="LLLL y"),
                    "short": format_date(self.env, start, date_format="LLLLL"),
                    "gave": pair[0],
                    "received": pair[1],
                    "middle": round(index * step + step / 2, 1),
                    "bars": self._bars(index * step, step, pair, highest),
                }
                for index, (start, pair) in enumerate(zip(starts, pairs, strict=True))
            ],
        }

    def _bars(self, left, step, pair, highest):
        """Two bars of a month; a correction below zero has no height."""
        bars = []
        for index, (name, figure) in enumerate(
            zip(("gave", "received"), pair, strict=True)
        ):
            height = HEIGHT * max(figure, 0) / highest if highest else 0
            bars.append(
                {
                    "name": name,
                    "x": round(left + step * (0.12 + 0.4 * index), 1),
                    "y": round(HEIGHT - height, 1),
                    "width": round(step * 0.36, 1),
                    "height": round(height, 1),
                }
            )
        return bars

    # === BY ORGANISATION === #

    def _counterparts(self, domain):
        """With whom: worth of what was given and received, and the units besides.

        :return: list of dicts, the largest exchange first
        """
        rows = (
            self.env["ess.reciprocity"]
            .sudo()
            ._read_group(
                domain,
                ["counterpart_id", "side", "kind", "unit", "nature"],
                ["gave:sum", "received:sum", "value:sum", "saving:sum"],
            )
        )
        found = {}
        for partner, side, kind, unit, nature, gave, received, value, saving in rows:
            one = found.setdefault(
                partner,
                {
                    "name": partner.name,
                    "gave": 0,
                    "received": 0,
                    "saved": 0,
                    "units": {},
                },
            )
            one[side] += SIGNS[side] * (value or 0)
            one["saved"] += saving or 0
            if kind != MONEY and nature in USES:
                counted = one["units"].setdefault(unit, [0, 0])
                counted[0] += gave or 0
                counted[1] += received or 0
        return sorted(
            found.values(),
            key=lambda one: (-(one["gave"] + one["received"]), one["name"] or ""),
        )
