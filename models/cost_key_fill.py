from odoo import models
from odoo.exceptions import UserError
from odoo.fields import Command

DECLARED = {"headcount": "ess_headcount", "budget": "ess_annual_budget"}


class CostKeyVersionFill(models.Model):
    """Weights copied from what the members declared."""

    _inherit = "ess.cost.key.version"

    def action_fill_from_members(self):
        """One line for each member of the pools with this key, as declared today."""
        self.check_access("write")
        for version in self:
            version._fill_from_members()

    def _fill_from_members(self):
        self.ensure_one()
        name = DECLARED.get(self.indicator) if self.kind == "indicator" else None
        if self.kind == "indicator" and not name:
            raise UserError(
                self.env._(
                    "Indicator: choose staff or budget; another one is entered by hand."
                )
            )
        known = {line.entity_id: line for line in self.line_ids}
        commands = []
        for entity in self._members_in_force():
            weight = entity[name] if name else 1.0
            if entity not in known:
                values = {"entity_id": entity.id, "weight": weight}
                commands.append(Command.create(values))
            elif name:
                commands.append(Command.update(known[entity].id, {"weight": weight}))
        if commands:
            self.line_ids = commands

    def _members_in_force(self):
        """Who is in a pool with this key while the version holds."""
        members = self.key_id.pool_ids.member_ids.filtered(
            lambda m: (
                (not self.date_to or m.date_from <= self.date_to)
                and (not m.date_to or m.date_to >= self.date_from)
            )
        )
        return members.entity_id
