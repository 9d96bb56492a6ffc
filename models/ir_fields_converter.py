import re

from odoo import api, models

SEPARATED = re.compile(r"\d[.,\s]\d")


class IrFieldsConverter(models.AbstractModel):
    """Names in the files of a federation: looked up once, members first."""

    _inherit = "ir.fields.converter"

    @api.model
    def db_id_for(self, model, field, subfield, value, savepoint):
        """Thousands of rows name the same few members and assets.

        Where an organisation and somebody else share a name, the member is meant; a
        name that two members share refuses the row.
        """
        names = self.env.context.get("ess_import_names")
        if names is None:
            return super().db_id_for(model, field, subfield, value, savepoint)
        key = (field.name, field.comodel_name, subfield, value)
        if key in names:
            return names[key]
        member = self._ess_member(field, subfield, value)
        if member:
            found = (member.id, [])
        else:
            # its own savepoint: a failed creation undoes nothing but itself
            with self.env.cr.savepoint() as own:
                found = super().db_id_for(model, field, subfield, value, own)
        names[key] = found
        return found

    def _ess_member(self, field, subfield, value):
        partners = self.env["res.partner"]
        if field.comodel_name != "res.partner" or subfield is not None:
            return partners
        members = partners.search(
            [("ess_is_member", "=", True), ("name", "=", value)], limit=2
        )
        return members if len(members) == 1 else partners

    # === NUMBERS === #

    @api.model
    def _str_to_float(self, model, field, value, savepoint):
        self._ess_check_separators(value)
        return super()._str_to_float(model, field, value, savepoint)

    @api.model
    def _str_to_monetary(self, model, field, value, savepoint):
        self._ess_check_separators(value)
        return super()._str_to_monetary(model, field, value, savepoint)

    def _ess_check_separators(self, value):
        """A number of the file in other separators than those that were chosen."""
        thousands, decimals = self.env.context.get("ess_separators") or (None, None)
        if not decimals or not isinstance(value, str) or not SEPARATED.search(value):
            return
        try:
            float(value)
        except ValueError:
            # the name of the field is put in by who converts the row
            sentence = self.env._(
                "%(field)s: '%(value)s' is no number with '%(decimals)s' before "
                "decimals and '%(thousands)s' between thousands; choose the separators "
                "of the file.",
                field="%(field)s",
                value=value.replace("%", "%%"),
                decimals=decimals,
                thousands=thousands or "",
            )
            raise ValueError(sentence, None) from None
