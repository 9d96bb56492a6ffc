from collections import Counter
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from odoo import fields, models
from odoo.fields import Domain

from ..tools.cost_run import to_cents
from .cost_key_rule import BY_USE
from .cost_pool_links import COSTS


@dataclass
class Inputs:
    """All that a run is computed from, as found in the database."""

    span: tuple
    version: Any
    presence: Any
    kind: str = "actual"
    lines: Any = None  # the analytic lines that this run takes
    own: int = 0  # their cents
    costs: Counter = field(default_factory=Counter)  # product id → cents, of the period
    uses: list = field(default_factory=list)
    usage: dict = field(default_factory=dict)
    rule: Any = None
    prior: Any = None  # live runs of this period
    earlier: Any = None  # live runs of this financial year
    prior_exact: Counter = field(default_factory=Counter)
    year_exact: Counter = field(default_factory=Counter)
    year_cents: Counter = field(default_factory=Counter)
    calls: Any = None  # the advances that this run takes back
    called: Counter = field(default_factory=Counter)


class CostRunInputs(models.Model):
    """Reads what a run needs, in a number of queries that does not depend on it."""

    _inherit = "ess.cost.run"

    @property
    def _span(self):
        return self.date_from, self.date_to

    @property
    def _decimals(self):
        return self.currency_id.decimal_places

    def _cents(self, amount):
        return to_cents(amount, self._decimals)

    def _gather(self):
        """Everything that this run depends on; refused where something is missing."""
        self.ensure_one()
        pool = self.pool_id
        simulated = self.kind == "simulation"
        version = self.version_id if simulated else pool._version_for(self._span)
        inputs = Inputs(self._span, version, pool._presence(self._span))
        inputs.prior = inputs.earlier = self.browse()
        inputs.calls = self.env["ess.cost.call.line"]
        inputs.kind = self.kind
        if not simulated:
            self._gather_earlier(inputs)
            self._gather_calls(inputs)
        self._gather_costs(inputs)
        if version.kind in BY_USE:
            inputs.uses = version._usage_rows(self._span)
            inputs.usage = version._usage(pool, inputs.presence, inputs.uses)
        inputs.rule = version._rule(inputs.presence, inputs.usage)
        return inputs

    # === COSTS === #

    def _gather_costs(self, inputs):
        inputs.lines = self._open_lines()
        for line in inputs.lines:
            cents = -self._cents(line.amount)
            inputs.own += cents
            inputs.costs[line.product_id.id] += cents
        for source in inputs.prior.source_ids:
            inputs.costs[source.product_id.id] += self._cents(source.amount)

    def _open_lines(self):
        """Posted costs of the period that no other live run has taken.

        A simulation looks at all of them.
        """
        lines = self.env["account.analytic.line"].search_fetch(
            self._line_domain(),
            ["amount", "date", "name", "product_id", "partner_id", "move_line_id"],
            order="date, id",
        )
        if self.kind == "simulation":
            return lines
        taken = self.env["ess.cost.source"].search_fetch(
            [
                ("analytic_line_id", "in", lines.ids),
                ("live", "=", True),
                ("run_id", "!=", self.id),
            ],
            ["analytic_line_id"],
        )
        return lines - taken.analytic_line_id

    def _line_domain(self):
        account = self.pool_id.analytic_account_id
        return Domain(
            [
                (account.plan_id._column_name(), "=", account.id),
                # bills of its branches too
                ("company_id", "child_of", self.company_id.id),
                ("date", ">=", self.date_from),
                ("date", "<=", self.date_to),
                *COSTS,
            ]
        )

    # === WHAT CAME BEFORE === #

    def _gather_earlier(self, inputs):
        pool = self.pool_id
        inputs.earlier = pool._live_runs(pool._year(self.date_from))
        inputs.prior = inputs.earlier.filtered(lambda r: r._span == self._span)
        # where only corrections are left of a period, its first run is still to come
        first = inputs.prior.filtered(lambda r: r.kind == "actual")
        inputs.kind = "correction" if first else "actual"
        prior_ids = set(inputs.prior.ids)
        shares = self.env["ess.cost.share"].search_fetch(
            [("run_id", "in", inputs.earlier.ids)],
            ["run_id", "entity_id", "exact", "amount"],
        )
        for share in shares:
            key, exact = share.entity_id.id, Fraction(share.exact)
            inputs.year_exact[key] += exact
            inputs.year_cents[key] += self._cents(share.amount)
            if share.run_id.id in prior_ids:
                inputs.prior_exact[key] += exact

    def _gather_calls(self, inputs):
        """Advances of the year so far that no run has taken back."""
        first, _last = self.pool_id._year(self.date_from)
        inputs.calls = self.env["ess.cost.call.line"].search_fetch(
            [
                ("pool_id", "=", self.pool_id.id),
                ("state", "=", "posted"),
                ("run_id", "=", False),
                ("date", ">=", first),
                ("date", "<=", self.date_to),
            ],
            ["entity_id", "amount"],
            order="id",
        )
        for line in inputs.calls:
            inputs.called[line.entity_id.id] += self._cents(line.amount)

    # === AS PLAIN DATA === #

    def _input_sections(self, inputs):
        """The inputs as plain data, by section: what is hashed and compared.

        Fractions are strings; records are their ids; everything has an order.
        """
        iso = fields.Date.to_string
        presence, version = inputs.presence, inputs.version
        return {
            "period": [self.pool_id.id, *map(iso, inputs.span), inputs.kind],
            "sources": [
                [
                    line.id,
                    iso(line.date),
                    -self._cents(line.amount),
                    line.product_id.id or 0,
                    line.move_line_id.move_id.name or "",
                    line.name or "",
                ]
                for line in inputs.lines.sorted("id")
            ],
            "members": [
                [
                    key,
                    presence.days[key],
                    [[iso(day) if day else "" for day in i] for i in intervals],
                    _text(presence.standalone[key]),
                ]
                for key, intervals in sorted(presence.intervals.items())
            ],
            "key": version._as_data(),
            "weights": [[k, _text(w)] for k, w in sorted(inputs.rule.weights.items())],
            "uses": [
                [model, id_, entity, iso(day), _text(quantity)]
                for model, id_, entity, day, quantity in inputs.uses
            ],
            "earlier": [[run.id, run.chain_hash] for run in inputs.earlier],
            "calls": [
                [line.id, line.entity_id.id, self._cents(line.amount)]
                for line in inputs.calls
            ],
        }


class CostKeyVersionData(models.Model):
    _inherit = "ess.cost.key.version"

    def _as_data(self):
        """This version as plain data: whatever decides how it splits."""
        self.ensure_one()
        components = [
            [
                c.id,
                c.level,
                to_cents(c.amount, self.currency_id.decimal_places),
                sorted(c.product_ids.ids),
                sorted(c.entity_ids.ids) if self.kind == "components" else [],
            ]
            for c in self.component_ids.sorted("id")
        ]
        return {
            "id": self.id,
            "kind": self.kind,
            "capped": self.is_capped,
            "fixed": f"{self.fixed_percent:.2f}",
            "measure": self.measure or "",
            "indicator": self.indicator or "",
            "assets": sorted(self.asset_ids.ids),
            "lines": [
                [line.entity_id.id, f"{line.weight:.4f}", line.level]
                for line in self.line_ids.sorted(lambda line: line.entity_id.id)
            ],
            "components": components,
        }


def _text(number):
    return "" if number is None else str(Fraction(number))
