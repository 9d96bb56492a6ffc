from odoo import api, models
from odoo.exceptions import UserError

from .entered import entered


class Derived(models.AbstractModel):
    """A record that belongs where another one does: nobody says otherwise.

    Rules look at what is stored. A company that is written would hide a record from its
    own office, and let one in that hangs on a record of another company.
    """

    _name = "ess.derived"
    _description = "Follows Another Record"
    _inherit = ["ess.links"]

    @api.model_create_multi
    def create(self, vals_list):
        names = [set(entered(self, vals)) for vals in vals_list]
        records = super().create(vals_list)
        if not self.env.su:
            for record, given in zip(records, names, strict=True):
                record._check_derived(given)
        return records

    def write(self, vals):
        result = super().write(vals)
        if not self.env.su:
            self._check_derived(vals)
        return result

    @api.model
    def _derived(self):
        """Links that are taken from another record, and stored to be looked for."""
        return {
            name
            for name, field in self._fields.items()
            if field.related
            and field.store
            and field.readonly
            and field.type == "many2one"
        }

    def _check_derived(self, names):
        """:raise UserError: when a link among these is not that of the other record"""
        for name in self._derived() & set(names):
            field = self._fields[name]
            for record in self.sudo():
                other, origin = field.traverse_related(record)
                if record[name] != other[origin.name]:
                    raise UserError(
                        self.env._(
                            "%(field)s: that of %(other)s holds, %(value)s.",
                            field=field._description_string(self.env),
                            other=other.display_name,
                            value=other[origin.name].display_name,
                        )
                    )
