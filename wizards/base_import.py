import re

from odoo import models

from odoo.addons.base_import.models.base_import import ImportValidationError

# A number without grouping: its only separator stands before decimals.
DECIMALS = re.compile(r"[-+]?\d+([.,])(?:\d{1,2}|\d{4,})")
SPACES = re.compile(r"\s")  # also those that do not break, of French thousands
NUMBER = re.compile(r"[-+]?[\d.,]*\d[\d.,]*[€$%]?")
# What the screen sends while nobody has chosen anything.
SCREEN = (",", ".")
ENOUGH_ROWS = 2000


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
        separators = self._ess_separators(options)
        skip, start = int(options.get("skip") or 0), 0
        options = dict(options)
        if dryrun:
            options["skip"] = 0
            if options.get("limit"):
                options["limit"] = int(options["limit"]) + skip
        else:
            start = skip
        own = self.with_context(ess_by_row=True, ess_separators=separators)
        result = super(BaseImport, own).execute_import(
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

    # === SEPARATORS === #

    def parse_preview(self, options, count=10):
        """Look at the cells for how the file writes decimals.

        Odoo's screen says "30,05" is 3005 unless somebody chooses otherwise, whatever
        the file and the language.
        """
        if hasattr(self.env[self.res_model], "_imports_by_row"):
            options = {**options, **self._ess_guess(options)}
        return super().parse_preview(options, count)

    def _ess_guess(self, options):
        """:return: the options of separators that the file, else the language, has"""
        try:
            _length, rows = self._read_file(dict(options))
        except Exception:  # noqa: BLE001 `parse_preview` says it
            return {}
        rows = rows[1 if options.get("has_headers") else 0 :][:ENOUGH_ROWS]
        found = self._ess_decimals(rows)
        if len(found) == 1:
            return self._ess_options(found.pop())
        if self._ess_separators(options) not in (SCREEN, (None, None)):
            return {}  # somebody has chosen
        lang = self.env["res.lang"]._get_data(code=self.env.lang or "en_US")
        return self._ess_options("," if lang.decimal_point == "," else ".")

    @staticmethod
    def _ess_decimals(rows):
        """:return: characters that stand before decimals in columns of numbers"""
        found = set()
        for column in zip(*rows, strict=False):
            cells = [SPACES.sub("", str(cell)) for cell in column if cell]
            if all(NUMBER.fullmatch(cell) for cell in cells if cell):
                matches = (DECIMALS.fullmatch(cell.rstrip("€$%")) for cell in cells)
                found |= {match[1] for match in matches if match}
        return found

    @staticmethod
    def _ess_options(decimals):
        return {
            "float_decimal_separator": decimals,
            "float_thousand_separator": "." if decimals == "," else ",",
        }

    @staticmethod
    def _ess_separators(options):
        return (
            options.get("float_thousand_separator"),
            options.get("float_decimal_separator"),
        )

    def _ess_check_groups(self, cell, options):
        """Thousands come in groups of three digits: "30,05" has none.

        :raise ImportValidationError: as for any other cell that is no number
        """
        thousands, decimals = self._infer_separators(cell, options)
        whole = cell.split(decimals)[0] if decimals else cell
        groups = whole.split(thousands)[1:] if thousands else []
        if any(sum(c.isdigit() for c in group) != 3 for group in groups):
            raise ImportValidationError(cell)

    # === CELLS: what one row has wrong is no reason to refuse the others === #

    def _parse_float_from_data(self, data, index, name, options):
        if not self.env.context.get("ess_by_row"):
            return super()._parse_float_from_data(data, index, name, options)
        parse = super()._parse_float_from_data

        def parse_grouped(rows, *args):
            for row in rows:
                row[index] = SPACES.sub("", row[index])
                self._ess_check_groups(row[index], options)
            parse(rows, *args)

        return self._ess_one_by_one(parse_grouped, data, index, name, options)

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
