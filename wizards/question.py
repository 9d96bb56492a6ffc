from odoo import api, models
from odoo.fields import Command


class Question(models.AbstractModel):
    """What the office is asked before an act, about records that who is asked may read.

    A form shows what these records hold: by names and links that are read as superuser,
    or from what was read before. So each record is checked where it comes in.
    """

    _name = "ess.question"
    _description = "Question of the Back Office"

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
        self._check_entered(found)
        return found

    def onchange(self, values, field_names, fields_spec):
        self._check_entered(values)
        return super().onchange(values, field_names, fields_spec)

    def _check_links(self):
        """:raise AccessError: when a record that was linked may not be read"""
        for name, field in self._fields.items():
            linked_to = field.store and field.type in ("many2one", "many2many")
            if linked_to and name not in models.LOG_ACCESS_COLUMNS:
                self[name].check_access("read")

    @api.model
    def _check_entered(self, vals):
        """The same for the values of a form, with those of its lines.

        :raise AccessError: when a record among them may not be read
        """
        for name, value in vals.items():
            field = self._fields.get(name)
            if not field or not field.relational:
                continue
            others = self.env[field.comodel_name]
            ids, lines = linked(value)
            others.browse(ids).exists().check_access("read")
            if isinstance(others, self.env.registry["ess.question"]):
                for line in lines:
                    others._check_entered(line)


def linked(value):
    """What a value of a relation names.

    :param value: id, or (id, name), or commands
    :return: (ids of records, dicts of new values)
    """
    ids, lines = [], []
    if not isinstance(value, list | tuple):
        return [value] if isinstance(value, int) and value else [], lines
    for one in value:
        if isinstance(one, int):
            ids.append(one)
        elif isinstance(one, list | tuple) and one:
            code, record_id, new = (*one, None, None)[:3]
            if code in (Command.LINK, Command.UPDATE):
                ids.append(record_id)
            if code == Command.SET:
                ids += new or []
            if code in (Command.CREATE, Command.UPDATE):
                lines.append(new or {})
    return [one for one in ids if isinstance(one, int) and one], lines
