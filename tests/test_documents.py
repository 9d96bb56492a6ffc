from io import BytesIO

from lxml import html
from openpyxl import load_workbook

from odoo.tests import HttpCase, tagged

from ..report.workbook import Column, Sheet, Table, build_workbook
from .common import EssData
from .common_settled import Settled

STATEMENT = "ess_mutualisation.report_statement"
DAYS = ["2026-01-12", "2026-01-20", "2026-01-31"]


def cells(content):
    """Rows of the first sheet, with the values that were stored."""
    page = load_workbook(BytesIO(content), data_only=True).worksheets[0]
    return [[cell.value for cell in row] for row in page.iter_rows()]


@tagged("post_install", "-at_install")
class TestDocuments(Settled, EssData, HttpCase):
    """Statements on paper and as workbooks say what the records say."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._set_up_federation()
        cls.env["res.lang"]._activate_lang("fr_FR")
        cls.phare.lang = "fr_FR"
        cls.fabrique.lang = "en_US"
        cls.settlement = cls._settle()
        cls.line = cls._line_of(cls.settlement, cls.phare)

    def _html(self, records, report=STATEMENT):
        content, _kind = self.env["ir.actions.report"]._render_qweb_html(
            report, records.ids
        )
        return html.fromstring(content)

    # === STATEMENT ON PAPER === #

    def test_several_statements_at_once(self):
        pages = self._html(self.settlement.line_ids).xpath(
            "//div[contains(@class, 'ess_statement')]"
        )
        self.assertEqual(len(pages), 3)
        for line, page in zip(self.settlement.line_ids, pages, strict=True):
            text = page.text_content()
            self.assertIn(self.settlement.name, text)
            rows = page.xpath(".//tbody/tr")
            self.assertEqual(len(rows), len(line._statement_items()))

    def test_in_the_language_of_the_member(self):
        [page] = self._html(self.line).xpath("//div[contains(@class, 'ess_statement')]")
        self.assertIn("165,10", page.text_content(), "a comma, as the French write")
        [page] = self._html(self._line_of(self.settlement, self.fabrique)).xpath(
            "//div[contains(@class, 'ess_statement')]"
        )
        self.assertIn("You receive", page.text_content())

    def test_pdf(self):
        reports = self.env["ir.actions.report"].with_context(
            force_report_rendering=True
        )
        content, kind = reports._render_qweb_pdf(
            STATEMENT, self.settlement.line_ids.ids
        )
        self.assertEqual(kind, "pdf")
        self.assertTrue(content.startswith(b"%PDF"))

    # === WORKBOOK === #

    def test_workbook_adds_up(self):
        for line in self.settlement.line_ids:
            rows = cells(line._statement_xlsx())
            [head] = [index for index, row in enumerate(rows) if "Quantity" in row]
            column = rows[head].index("Amount (+ owed to you)")
            body, total = rows[head + 1 : -1], rows[-1]
            self.assertEqual(len(body), len(line._statement_items()))
            self.assertAlmostEqual(total[column], line.net, 2)
            self.assertAlmostEqual(sum(row[column] for row in body), line.net, 2)
            [net] = [row[1] for row in rows if row[0] == "Net (+ owed to you)"]
            self.assertEqual(net, line.net)

    def test_words_never_become_formulas(self):
        content = self.line._statement_xlsx()
        page = load_workbook(BytesIO(content)).worksheets[0]
        [cell] = [
            cell
            for row in page.iter_rows()
            for cell in row
            if cell.value == "=1+1 chairs"
        ]
        self.assertEqual(cell.data_type, "s")
        days = [page.cell(row, 1).value for row in range(cell.row - 1, cell.row + 2)]
        self.assertEqual([str(day.date()) for day in days], DAYS)

    def test_workbook_of_anything(self):
        """Signs that start formulas, empty cells, no rows, odd names."""
        nasty = ["=A1", "+1", "-1", "@SUM(A1)", "{=A1}", "https://example.org", ""]
        sheet = Sheet(
            name="SET/2026 [x]: a name that is much too long for a sheet",
            title="=title",
            facts=[("+label", "-fact", "text"), ("Sum", 1.5, "money")],
            tables=[
                Table([Column("@head")], [(text,) for text in nasty]),
                Table([Column("What"), Column("€", "money", total=True)], []),
                Table(
                    [Column("What"), Column("€", "money", total=True)],
                    [("a", 0.1), ("b", 0.2), ("c", None)],
                ),
            ],
        )
        content = build_workbook([sheet])
        page = load_workbook(BytesIO(content)).worksheets[0]
        formulas = [c.value for row in page for c in row if c.data_type == "f"]
        self.assertEqual(len(formulas), 1)
        self.assertRegex(formulas[0], r"^=SUM\(B\d+:B\d+\)$")
        self.assertEqual(cells(content)[-1], ["Total", 0.3])
