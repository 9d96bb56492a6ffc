import json
from fractions import Fraction

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..tools.cost_run import difference, from_cents


class CostRunCompute(models.Model):
    """Gathers, lets `tools` compute, writes: nothing is decided here."""

    _inherit = "ess.cost.run"

    # === ACTIONS === #

    def action_compute(self):
        """Split the costs of the period, as the database has them now."""
        self.check_access("write")
        for run in self.sudo():
            run._require_state("draft", "computed")
            run._compute_run()

    def action_reset(self):
        """Back to a draft: its costs are free for another run."""
        self.check_access("write")
        for run in self.sudo():
            run._require_state("computed", "approved")
            run._clear()
            run.write(
                {
                    "state": "draft",
                    "total": 0,
                    "snapshot": False,
                    "content_hash": False,
                    "computed_by_id": False,
                    "computed_on": False,
                    "approved_by_id": False,
                    "approved_on": False,
                }
            )

    def _require_state(self, *states):
        self.ensure_one()
        if self.state not in states:
            labels = dict(self._fields["state"]._description_selection(self.env))
            raise UserError(
                self.env._(
                    "%(run)s is %(state)s; this is possible only while it is "
                    "%(needed)s.",
                    run=self.name,
                    state=labels[self.state].lower(),
                    needed=self.env._(" or ").join(labels[s].lower() for s in states),
                )
            )

    def _clear(self):
        self.share_ids.unlink()
        self.source_ids.unlink()

    # === THE COMPUTATION === #

    def _compute_run(self):
        self._clear()
        self._check_alone()
        inputs = self._gather()
        outcome = self._outcome(inputs)
        self._check_something(inputs, outcome)
        # before the shares, which repeat a part of it
        self.write(
            {
                "kind": inputs.kind,
                "version_id": inputs.version.id,
                "state": "computed",
                "total": from_cents(inputs.own, self._decimals),
                "computed_by_id": self.env.uid,
                "computed_on": fields.Datetime.now(),
            }
        )
        self._write_sources(inputs)
        self._write_shares(inputs, outcome)
        self.write(
            self._snapshot_vals(self._input_sections(inputs), self._result_data())
        )

    def _check_alone(self):
        """One run at a time: the next one builds on what this one gives."""
        if self.kind == "simulation":
            return
        other = self.search(
            [
                ("id", "!=", self.id),
                ("pool_id", "=", self.pool_id.id),
                ("kind", "!=", "simulation"),
                ("state", "in", ("computed", "approved")),
                ("date_from", "<=", self.date_to),
                ("date_to", ">=", self.date_from),
            ],
            limit=1,
        )
        if other:
            raise UserError(
                self.env._(
                    "%(other)s is computed for %(pool)s and these days already: post "
                    "it or set it back to a draft first.",
                    other=other.name,
                    pool=self.pool_id.name,
                )
            )

    def _outcome(self, inputs):
        """The exact part of this run and its cents, for everybody it concerns."""
        period = inputs.version._shares(
            inputs.costs, inputs.rule, self.pool_id, inputs.span
        )
        outcome = difference(
            period, inputs.prior_exact, inputs.year_exact, inputs.year_cents
        )
        for key in inputs.called:
            outcome.exact.setdefault(key, Fraction())
            outcome.cents.setdefault(key, 0)
        return outcome

    def _check_something(self, inputs, outcome):
        moves = any(outcome.exact.values()) or any(inputs.called.values())
        if inputs.lines or moves or self.kind == "simulation":
            return
        raise UserError(
            self.env._(
                "Nothing to split: %(pool)s has no posted cost between %(start)s and "
                "%(stop)s that is not in a run already.",
                pool=self.pool_id.name,
                **self.pool_id._span_words(inputs.span),
            )
        )

    def _write_sources(self, inputs):
        lines = inputs.lines
        self.env["ess.cost.source"].create(
            [
                {
                    "run_id": self.id,
                    "analytic_line_id": line.id,
                    "line_ref": line.id,
                    "live": self.kind != "simulation",
                    "date": line.date,
                    "name": line.name,
                    "move_id": line.move_line_id.move_id.id,
                    "move_name": line.move_line_id.move_id.name,
                    "partner_id": line.partner_id.id,
                    "product_id": line.product_id.id,
                    "amount": -line.amount,
                }
                for line in lines
            ]
        )

    def _write_shares(self, inputs, outcome):
        facts = self._facts(inputs, outcome)
        decimals, presence = self._decimals, inputs.presence
        vals_list = []
        for key in sorted(outcome.exact):
            cents, called = outcome.cents[key], inputs.called[key]
            if not (key in presence.days or outcome.exact[key] or cents or called):
                continue
            weight = inputs.rule.weights.get(key)
            vals_list.append(
                {
                    "run_id": self.id,
                    "entity_id": key,
                    "days": presence.days.get(key, 0),
                    "weight": "" if weight is None else str(Fraction(weight)),
                    "exact": str(outcome.exact[key]),
                    "amount": from_cents(cents, decimals),
                    "called": from_cents(called, decimals),
                    "due": from_cents(cents - called, decimals),
                    "standalone": from_cents(
                        round(presence.standalone.get(key) or 0), decimals
                    ),
                    "facts": facts[key],
                }
            )
        self.env["ess.cost.share"].create(vals_list)

    # === STILL TRUE? === #

    @api.depends("state", "snapshot")
    def _compute_stale_reason(self):
        for run in self:
            run.stale_reason = run.sudo()._stale()

    def _stale(self):
        """Why the computation no longer holds, as a sentence; empty while it does."""
        self.ensure_one()
        if self.state not in ("computed", "approved") or self.kind == "simulation":
            return ""
        before = json.loads(self.snapshot)["inputs"]
        try:
            now = self._input_sections(self._gather())
        except UserError as error:
            return str(error)
        changed = {name for name, data in now.items() if data != before[name]}
        if not changed:
            return ""
        if "sources" in changed:
            return self._stale_sources(before["sources"], now["sources"])
        if changed & {"earlier", "period"}:
            return self.env._("Another run was posted or reversed since.")
        if "calls" in changed:
            return self.env._("An advance was called or cancelled since.")
        if "members" in changed:
            return self.env._("The members of the pool were changed since.")
        if "uses" in changed:
            return self.env._("What was used was changed since: bookings or readings.")
        return self.env._("The key was changed since.")

    def _stale_sources(self, before, now):
        """Name the cost that changed, went or came since."""
        then = {source[0]: source for source in before}
        today = {source[0]: source for source in now}
        for line_id, source in then.items():
            if today.get(line_id) != source:
                words = self._source_words(source)
                if line_id in today:
                    return self.env._(
                        "%(bill)s was changed since (%(amount)s).", **words
                    )
                return self.env._(
                    "%(bill)s was reset to draft, cancelled or deleted since "
                    "(%(amount)s).",
                    **words,
                )
        new = [source for line_id, source in today.items() if line_id not in then]
        return self.env._(
            "New costs since (%(count)s): %(bill)s (%(amount)s).",
            count=len(new),
            **self._source_words(new[0]),
        )

    def _source_words(self, source):
        _id, _date, cents, _product, move_name, name = source
        return {
            "bill": " – ".join(word for word in (move_name, name) if word),
            "amount": self.version_id._money(cents),
        }
