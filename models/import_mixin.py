from odoo import api, models


class ImportMixin(models.AbstractModel):
    """Import in which good rows go in and every faulty row is named.

    Odoo's own `load` keeps nothing when one row is faulty. A federation that brings
    2,400 bookings needs the other 2,330, and a list of the 70 with their reasons.
    """

    _name = "ess.import.mixin"
    _description = "Import that names faulty rows"

    @api.model
    def _import_defaults(self):
        """Values that an imported record gets when its file has no such column."""
        return {}

    @api.model
    def _import_refusals(self, vals_list):
        """Rows that must not go in, looked at together and in file order.

        :param list[dict] vals_list: converted values, defaults included
        :return: {index: sentence}
        """
        return {}
