from odoo import api, fields, models
from odoo.exceptions import ValidationError


class AssetComponent(models.Model):
    """One line of a composite asset: so many units of that component."""

    _name = "ess.asset.component"
    _description = "Asset Component"
    _inherit = ["ess.derived"]
    _order = "parent_id, sequence, id"
    _rec_name = "component_id"

    parent_id = fields.Many2one(
        "ess.asset", string="Composite", required=True, ondelete="cascade", index=True
    )
    component_id = fields.Many2one(
        "ess.asset", required=True, ondelete="restrict", index=True
    )
    sequence = fields.Integer(default=10)
    quantity = fields.Integer(required=True, default=1)
    company_id = fields.Many2one(related="parent_id.company_id", store=True)

    _quantity_positive = models.Constraint(
        "CHECK (quantity > 0)", "A component is taken at least once."
    )
    _once = models.Constraint(
        "UNIQUE (parent_id, component_id)",
        "This component is in the composite already: change its quantity.",
    )
    _not_itself = models.Constraint(
        "CHECK (parent_id <> component_id)", "An asset cannot be its own component."
    )

    @api.constrains("parent_id", "component_id")
    def _check_no_cycle(self):
        """Follow the components downwards: the composite must not come back."""
        for line in self:
            seen, level = set(), line.component_id
            while level:
                if line.parent_id in level:
                    raise ValidationError(
                        self.env._(
                            "%(component)s contains %(composite)s already: one of the "
                            "two must be the smaller one.",
                            component=line.component_id.display_name,
                            composite=line.parent_id.display_name,
                        )
                    )
                seen |= set(level.ids)
                level = level.component_ids.component_id.filtered(
                    lambda asset, seen=seen: asset.id not in seen
                )

    @api.constrains("quantity", "component_id")
    def _check_quantity(self):
        for line in self:
            if line.quantity > line.component_id.capacity:
                raise ValidationError(
                    self.env._(
                        "%(composite)s asks for %(asked)s × %(component)s, of which "
                        "there are only %(capacity)s.",
                        composite=line.parent_id.display_name,
                        asked=line.quantity,
                        component=line.component_id.display_name,
                        capacity=line.component_id.capacity,
                    )
                )

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        lines.parent_id._rebuild_occupancy()
        return lines

    def write(self, vals):
        before = self.parent_id
        res = super().write(vals)
        if {"parent_id", "component_id", "quantity"} & set(vals):
            (before | self.parent_id)._rebuild_occupancy()
        return res

    def unlink(self):
        parents = self.parent_id
        res = super().unlink()
        parents.exists()._rebuild_occupancy()
        return res
