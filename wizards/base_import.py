from odoo import models

from odoo.addons.base_import.models.base_import import ImportValidationError


class BaseImport(models.TransientModel):
    """The import screen, for models that name their faulty rows."""

    _inherit = "base_import.import"

    def execute_import(self, fields, columns, options, dryrun=False):
        """Number the refused rows as the file does, and give their cells back.

        A test of a later batch starts at the first row: what that batch may have
        depends on what the rows before it took.
        """
        self.ensure_one()
        if not self._ess_by_row(fields):
            return super().execute_import(fields, columns, options, dryrun)
        rows = self._ess_file_rows(fields, options)
        skip, start = int(options.get("skip") or 0), 0
        options = dict(options)
        if dryrun:
            options["skip"] = 0
            if options.get("limit"):
                options["limit"] = int(options["limit"]) + skip
        else:
            start = skip
        result = super(BaseImport, self.with_context(ess_by_row=True)).execute_import(
            fields, columns, dict(options), dryrun
        )
        refused = [m for m in result["messages"] if m.get("refused")]
        for message in refused:
            self._ess_place(message, rows, start)
        earlier = [m for m in refused if m["rows"]["from"] < skip]
        if earlier or start < skip:
            result["messages"] = [m for m in result["messages"] if m not in earlier]
            result["ids"] = (result.get("ids") or [])[max(skip - len(earlier), 0) :]
        return result

    def _ess_by_row(self, fields):
        model = self.env[self.res_model]
        by_row = getattr(model, "_imports_by_row", None)
        return bool(by_row and by_row([name for name in fields if name]))

    def _ess_file_rows(self, fields, options):
        """Rows of the file as (number that a spreadsheet shows, cells).

        Rows without a cell in any mapped column are left out, as Odoo does.
        """
        try:
            _length, rows = self._read_file(dict(options))
        except ImportValidationError:
            return []  # `execute_import` says it
        mapped = [index for index, name in enumerate(fields) if name]
        first = 1 if options.get("has_headers") else 0
        return [
            (number, row)
            for number, row in enumerate(rows[first:], first + 1)
            if any(row[index] for index in mapped if index < len(row))
        ]

    def _ess_place(self, message, rows, start):
        message["record"] += start
        message["rows"] = {key: row + start for key, row in message["rows"].items()}
        number, cells = rows[message["rows"]["from"]]
        message["row"] = number
        message["cells"] = [str(cell) for cell in cells]

    # === CELLS: what one row has wrong is no reason to refuse the others === #

    def _parse_float_from_data(self, data, index, name, options):
        if not self.env.context.get("ess_by_row"):
            return super()._parse_float_from_data(data, index, name, options)
        return self._ess_one_by_one(
            super()._parse_float_from_data, data, index, name, options
        )

    def _parse_date_from_data(self, data, index, name, field_type, options):
        if not self.env.context.get("ess_by_row"):
            return super()._parse_date_from_data(data, index, name, field_type, options)
        return self._ess_one_by_one(
            super()._parse_date_from_data, data, index, name, field_type, options
        )

    @staticmethod
    def _ess_one_by_one(parse, data, index, *args):
        """Parse each cell; one that cannot be is kept, and refused by its field."""
        for row in data:
            cell = row[index]
            try:
                parse([row], index, *args)
            except ImportValidationError:
                row[index] = cell
