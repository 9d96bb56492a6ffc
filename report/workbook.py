"""Workbooks for people who count on: numbers are numbers, words are never formulas.

Knows neither the database nor Odoo, so that it can be tested by reading it back.
"""

from dataclasses import dataclass, field
from io import BytesIO

import xlsxwriter
from xlsxwriter.utility import xl_range, xl_rowcol_to_cell

MONEY = "#,##0.00"
DATE = "yyyy-mm-dd"
QUANTITY = "#,##0.####"
FORMATS = {
    "title": {"bold": True, "font_size": 16},
    "head": {"bold": True, "bottom": 1, "bg_color": "#E9ECEF", "text_wrap": True},
    "label": {"font_color": "#5C636A"},
    "strong": {"bold": True},
    "text": {"text_wrap": True, "valign": "top"},
    "date": {"num_format": DATE, "align": "left", "valign": "top"},
    "money": {"num_format": MONEY, "valign": "top"},
    "quantity": {"num_format": QUANTITY, "valign": "top"},
    "total_text": {"bold": True, "top": 1},
    "total_money": {"bold": True, "top": 1, "num_format": MONEY},
}


@dataclass
class Column:
    """A column of a table.

    :param kind: `text`, `date`, `money` or `quantity`
    :param total: whether a sum stands below it
    """

    heading: str
    kind: str = "text"
    width: int = 14
    total: bool = False


@dataclass
class Table:
    """Rows in the order of the columns; None leaves a cell empty."""

    columns: list[Column]
    rows: list[tuple]
    title: str = ""


@dataclass
class Sheet:
    """A title, facts (label, value, kind) and tables below each other."""

    name: str
    title: str
    facts: list[tuple] = field(default_factory=list)
    tables: list[Table] = field(default_factory=list)
    total_word: str = "Total"


def build_workbook(sheets):
    """
    :param sheets: list of Sheet
    :return: the file
    :rtype: bytes
    """
    stream = BytesIO()
    book = xlsxwriter.Workbook(
        stream,
        {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False},
    )
    formats = {name: book.add_format(look) for name, look in FORMATS.items()}
    for sheet in sheets:
        _Writer(book.add_worksheet(_sheet_name(sheet.name)), formats).put(sheet)
    book.close()
    return stream.getvalue()


def _sheet_name(name):
    """Without what a spreadsheet refuses in the name of a sheet."""
    cleaned = "".join(" " if char in "[]:*?/\\'" else char for char in name)
    return cleaned.strip()[:31] or None


class _Writer:
    def __init__(self, page, formats):
        self.page, self.formats, self.row = page, formats, 0

    def put(self, sheet):
        self.page.set_landscape()
        self.page.set_paper(9)
        self.page.fit_to_pages(1, 0)
        self._widths(sheet)
        self._cell(0, sheet.title, "text", "title")
        self.row = 2
        for label, value, kind in sheet.facts:
            self._cell(0, label, "text", "label")
            self._cell(1, value, kind, "strong" if kind == "text" else None)
            self.row += 1
        for table in sheet.tables:
            self.row += 1
            self._table(table, sheet.total_word)

    def _widths(self, sheet):
        widths = {0: 24, 1: 24}
        for table in sheet.tables:
            for index, column in enumerate(table.columns):
                widths[index] = max(widths.get(index, 0), column.width)
        for index, width in widths.items():
            self.page.set_column(index, index, width)

    def _table(self, table, total_word):
        if table.title:
            self._cell(0, table.title, "text", "strong")
            self.row += 1
        for index, column in enumerate(table.columns):
            self._cell(index, column.heading, "text", "head")
        self.row += 1
        first = self.row
        for row in table.rows:
            for index, value in enumerate(row):
                self._cell(index, value, table.columns[index].kind)
            self.row += 1
        if any(column.total for column in table.columns):
            self._totals(table, first, total_word)

    def _totals(self, table, first, total_word):
        for index, column in enumerate(table.columns):
            if column.total and table.rows:
                span = xl_range(first, index, self.row - 1, index)
                # rounded as a sum of cents is, for readers that do not recompute
                value = round(sum(row[index] or 0 for row in table.rows), 2)
                self.page.write_formula(
                    self.row,
                    index,
                    f"=SUM({span})",
                    self.formats["total_money"],
                    value,
                )
            elif column.total:
                self._cell(index, 0, "money", "total_money")
            else:
                self._cell(index, "" if index else total_word, "text", "total_text")
        self.row += 1

    def _cell(self, index, value, kind, look=None):
        """A string stays a string, even one that looks like a formula."""
        look = self.formats[look or kind]
        place = xl_rowcol_to_cell(self.row, index)
        if value is None or value is False or value == "":
            self.page.write_blank(place, None, look)
        elif kind == "date":
            self.page.write_datetime(place, value, look)
        elif kind in ("money", "quantity"):
            self.page.write_number(place, value, look)
        else:
            self.page.write_string(place, str(value), look)
