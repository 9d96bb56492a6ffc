from collections import Counter
from dataclasses import replace
from fractions import Fraction

from odoo import models

from ..tools.cost_run import by_part, shares
from .cost_key_rule import BY_PART, BY_USE

NAMED = 3  # how many kinds of costs a sentence names


class CostRunFacts(models.Model):
    """Collects what each explanation needs, as plain data kept with the share.

    Cents are whole numbers, fractions are strings; words come when somebody reads.
    """

    _inherit = "ess.cost.run"

    def _facts(self, inputs, outcome):
        """Facts by member id."""
        shared = self._shared_facts(inputs)
        own = {key: dict(shared) for key in outcome.exact}
        for key, facts in own.items():
            facts["before"] = str(inputs.prior_exact.get(key, 0))
        if inputs.version.kind in BY_PART:
            self._add_parts(inputs, own)
        else:
            self._add_weights(inputs, own)
        if inputs.rule.ceilings is not None:
            self._add_ceilings(inputs, own)
        return own

    def _shared_facts(self, inputs):
        version, presence = inputs.version, inputs.presence
        return {
            "rule": version.kind,
            "own": inputs.own,
            "costs": sum(inputs.costs.values()),
            **self._what(inputs),
            "span": presence.span_days,
            "members": len(presence.days),
            "all_days": sum(presence.days.values()),
            "indicator": version.indicator or "",
            "measure": version.measure or "",
            "fixed": str(inputs.rule.fixed * 100),
        }

    def _what(self, inputs):
        """The largest costs by name: products where bills have them, else labels."""
        if not inputs.lines:
            return {"what": [], "more": 0}
        sums = Counter()
        for line in inputs.lines:
            label = "" if line.product_id else line.name or ""
            sums[line.product_id.id or 0, label] += abs(self._cents(line.amount))
        largest = sorted(sums.items(), key=lambda item: (-item[1], item[0]))
        return {
            "what": [list(name) for name, _cents in largest[:NAMED]],
            "more": max(0, len(largest) - NAMED),
        }

    def _add_weights(self, inputs, own):
        """What each has of what all have, before days count."""
        presence, version = inputs.presence, inputs.version
        if version.kind != "usage":
            weights = version._weights(presence)
            total = str(sum(weights.values()))
            plain = version.kind == "two_part" and not version.line_ids
            for key in weights:
                own[key].update(weight=str(weights[key]), weights=total, plain=plain)
        if version.kind in BY_USE:
            total = str(sum(inputs.usage.values()))
            for key, used in inputs.usage.items():
                own[key].update(used=str(used), uses=total)

    def _add_parts(self, inputs, own):
        """The cost of each component, with how many it is shared."""
        spent = by_part(inputs.costs, inputs.rule.parts)
        names = {c.id: c.level for c in inputs.version.component_ids}
        for part in inputs.rule.parts:
            total = sum(part.users.values())
            for key, days in part.users.items():
                fact = {
                    "id": part.key,
                    "level": names[part.key],
                    "cost": str(spent[part.key]),
                    "members": len(part.users),
                    "share": str(spent[part.key] * Fraction(days, total)),
                }
                own[key].setdefault("parts", []).append(fact)

    def _add_ceilings(self, inputs, own):
        """Who is held by the cost alone, and who carries what is left by that."""
        costs = inputs.costs
        free = shares(costs, replace(inputs.rule, ceilings=None))
        held = shares(costs, inputs.rule)
        for key, share in held.items():
            own[key]["uncapped"] = str(free[key])
            own[key]["held"] = str(share)
