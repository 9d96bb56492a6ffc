from odoo import models

from .workbook import Column, Sheet, Table, build_workbook


class StatementReport(models.Model):
    _inherit = "ess.settlement.line"

    def _statement_xlsx(self):
        """The statement as a workbook, in the language of the context.

        :rtype: bytes
        """
        self.ensure_one()
        statement = self._statement()
        line, settlement = statement["line"], statement["settlement"]
        facts = [
            (self.env._("Member"), line.entity_id.name, "text"),
            (self.env._("Federation"), settlement.company_id.name, "text"),
            (self.env._("From"), settlement.date_from, "date"),
            (self.env._("To"), settlement.date_to, "date"),
            (self.env._("Currency"), line.currency_id.name, "text"),
            *((one["label"], one["amount"], "money") for one in statement["positions"]),
            *(
                (self.env._("To do"), sentence, "text")
                for sentence in statement["todo"]
            ),
            *(
                (self.env._("Document"), one["name"], "text")
                for one in statement["documents"]
            ),
        ]
        return build_workbook(
            [
                Sheet(
                    name=settlement.name,
                    title=self.env._("Statement %s", settlement.name),
                    facts=facts,
                    tables=[self._statement_table(statement["rows"])],
                    total_word=self.env._("Total"),
                )
            ]
        )

    def _statement_table(self, rows):
        gave, received = self.env._("Gave"), self.env._("Received")
        return Table(
            columns=[
                Column(self.env._("Date"), "date", 12),
                Column(self.env._("What"), width=44),
                Column(self.env._("Gave or Received"), width=12),
                Column(self.env._("With"), width=28),
                Column(self.env._("Quantity"), "quantity", 10),
                Column(self.env._("Unit"), width=10),
                Column(self.env._("Reference Value"), "money", 14),
                Column(self.env._("Amount (+ owed to you)"), "money", 14, total=True),
                Column(self.env._("What became of it"), width=34),
            ],
            rows=[
                (
                    row["date"],
                    row["name"],
                    gave if row["gave"] else received,
                    row["with"],
                    row["quantity"],
                    row["unit"],
                    row["value"],
                    row["amount"],
                    row["fate"],
                )
                for row in rows
            ],
        )
