from odoo import models

from .workbook import Column, Sheet, Table, build_workbook


class StatementReport(models.Model):
    _inherit = "ess.settlement.line"

    def _statement_xlsx(self):
        """The statement as a workbook, in the language of the context.

        :rtype: bytes
        """
        self.ensure_one()
        _, statement = self.env._, self._statement()
        line, settlement = statement["line"], statement["settlement"]
        facts = [
            (_("Member"), line.entity_id.name, "text"),
            (_("Federation"), settlement.company_id.name, "text"),
            (_("From"), settlement.date_from, "date"),
            (_("To"), settlement.date_to, "date"),
            (_("Currency"), line.currency_id.name, "text"),
            *((one["label"], one["amount"], "money") for one in statement["positions"]),
            *((_("To do"), sentence, "text") for sentence in statement["todo"]),
            *((_("Document"), one["name"], "text") for one in statement["documents"]),
        ]
        return build_workbook(
            [
                Sheet(
                    name=settlement.name,
                    title=_("Statement %s", settlement.name),
                    facts=facts,
                    tables=[self._statement_table(statement["rows"])],
                    total_word=_("Total"),
                )
            ]
        )

    def _statement_table(self, rows):
        _ = self.env._
        gave, received = _("Gave"), _("Received")
        return Table(
            columns=[
                Column(_("Date"), "date", 12),
                Column(_("What"), width=44),
                Column(_("Gave or Received"), width=12),
                Column(_("With"), width=28),
                Column(_("Quantity"), "quantity", 10),
                Column(_("Unit"), width=10),
                Column(_("Reference Value"), "money", 14),
                Column(_("Amount (+ owed to you)"), "money", 14, total=True),
                Column(_("What became of it"), width=34),
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
