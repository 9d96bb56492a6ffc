from odoo import models
from odoo.fields import Command


class Links(models.AbstractModel):
    """A form tells nothing of records that who fills it in may not read.

    It computes with the links that it is given, often as superuser or from what was
    read before, and is never saved. So each record is checked where it comes in.
    """

    _name = "ess.links"
    _description = "Links of a Form"

    def onchange(self, values, field_names, fields_spec):
        self._check_linked(values)
        return super().onchange(values, field_names, fields_spec)

    def _check_linked(self, vals):
        """Look at the values of a form, with those of its lines.

        What a record links to already is no news.

        :raise AccessError: when a record among them may not be read
        """
        for name, value in vals.items():
            field = self._fields.get(name)
            if not field or not field.relational:
                continue
            others = self.env[field.comodel_name]
            ids, lines = linked(value)
            there = self.sudo()[name].ids if field.store and self else ()
            new = others.browse(one for one in ids if one not in there)
            new.exists().check_access("read")
            if isinstance(others, self.env.registry["ess.links"]):
                for line_id, line in lines:
                    others.browse(line_id).exists()._check_linked(line)


def linked(value):
    """What a value of a relation names.

    :param value: id, or (id, name), or commands
    :return: (ids of records, [(ids of a line, its new values)])
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
                line_id = record_id if code == Command.UPDATE else None
                lines.append((line_id if isinstance(line_id, int) else (), new or {}))
    return [one for one in ids if isinstance(one, int) and one], lines
