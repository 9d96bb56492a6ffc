from odoo import api, models


class Question(models.AbstractModel):
    """What the office is asked before an act, about records that who is asked may read.

    It is kept while it is open, and shows what these records hold: each is checked
    where it comes in, as in a form.
    """

    _name = "ess.question"
    _description = "Question of the Back Office"
    _inherit = ["ess.links"]

    @api.model_create_multi
    def create(self, vals_list):
        questions = super().create(vals_list)
        questions._check_links()
        return questions

    def write(self, vals):
        result = super().write(vals)
        self._check_links()
        return result

    @api.model
    def default_get(self, fields):
        found = super().default_get(fields)
        self._check_linked(found)
        return found

    def _check_links(self):
        """:raise AccessError: when a record that was linked may not be read"""
        for name, field in self._fields.items():
            linked_to = field.store and field.type in ("many2one", "many2many")
            if linked_to and name not in models.LOG_ACCESS_COLUMNS:
                self[name].check_access("read")
