from odoo import api, fields, models
from odoo.tools import SQL

from ..models.loan import STATES

# A visit that is planned counts on its planned day; once it took place, on the day on
# which it was recorded. What comes back in two parts is two visits.
SQL_PLANNED = """
    SELECT loan.id::bigint * 4 + visit.number AS id, visit.kind, visit.date,
           FALSE AS is_done, loan.id AS loan_id, NULL::int AS inspection_id,
           visit.date < %(now)s AS is_late
      FROM ess_loan loan
     CROSS JOIN LATERAL (VALUES
               (0, 'hand_over', loan.start), (1, 'return', loan.stop)
           ) visit(number, kind, date)
     WHERE loan.kind <> 'staff' AND visit.date IS NOT NULL
       AND (loan.state IN ('draft', 'to_sign', 'signed')
            OR loan.state = 'ongoing' AND visit.kind = 'return')
"""
SQL_RECORDED = """
    SELECT inspection.id::bigint * 4 + 2 AS id, inspection.kind,
           inspection.recorded_on AS date, TRUE AS is_done,
           inspection.loan_id, inspection.id AS inspection_id, FALSE AS is_late
      FROM ess_loan_inspection inspection
     WHERE inspection.state <> 'draft' AND inspection.recorded_on IS NOT NULL
"""
SQL_ROWS = """
    SELECT visit.*, loan.lender_id, loan.entity_id, loan.place, loan.company_id,
           loan.state, COALESCE(item.units, 0) AS units
      FROM visit
      JOIN ess_loan loan ON loan.id = visit.loan_id
      LEFT JOIN LATERAL (
           SELECT CASE WHEN visit.inspection_id IS NOT NULL
                       THEN (SELECT SUM(line.quantity)
                               FROM ess_loan_inspection_line line
                              WHERE line.inspection_id = visit.inspection_id)
                       ELSE (SELECT SUM(booking.quantity
                                        - COALESCE(booking.returned_quantity, 0))
                               FROM ess_booking booking
                              WHERE booking.loan_id = visit.loan_id
                                AND booking.state NOT IN ('cancelled', 'refused'))
                  END AS units
           ) item ON TRUE
"""


class LoanVisit(models.Model):
    """Who comes when: one row per hand-over and per return, planned or recorded.

    The desk sees how many visits a day brings before it promises another one.
    """

    _name = "ess.loan.visit"
    _description = "Visits: Hand-overs and Returns"
    _auto = False
    _order = "date, id"
    _depends = {
        "ess.loan": [
            "kind", "start", "stop", "state", "lender_id", "entity_id", "place",
            "company_id",
        ],
        "ess.loan.inspection": ["loan_id", "kind", "state", "recorded_on"],
        "ess.loan.inspection.line": ["inspection_id", "quantity"],
        "ess.booking": ["loan_id", "quantity", "returned_quantity", "state"],
    }  # fmt: skip

    date = fields.Datetime(readonly=True)
    kind = fields.Selection(
        [("hand_over", "Hand-over"), ("return", "Return")], readonly=True
    )
    is_done = fields.Boolean(string="Took Place", readonly=True)
    is_late = fields.Boolean(
        string="Overdue",
        readonly=True,
        help="Its time is past, and it is not recorded.",
    )
    loan_id = fields.Many2one("ess.loan", readonly=True)
    inspection_id = fields.Many2one("ess.loan.inspection", readonly=True)
    state = fields.Selection(STATES, string="State of the Loan", readonly=True)
    lender_id = fields.Many2one("res.partner", readonly=True)
    entity_id = fields.Many2one("res.partner", string="Borrower", readonly=True)
    place = fields.Char(readonly=True)
    units = fields.Integer(readonly=True, help="Units that leave or come back.")
    item_words = fields.Char(related="loan_id.item_words", string="Items")
    company_id = fields.Many2one("res.company", readonly=True)

    @property
    def _table_query(self):
        return SQL(
            "WITH visit AS (%(planned)s UNION ALL %(recorded)s) %(rows)s",
            planned=SQL(SQL_PLANNED, now=fields.Datetime.now()),
            recorded=SQL(SQL_RECORDED),
            rows=SQL(SQL_ROWS),
        )

    @api.depends("kind", "loan_id")
    def _compute_display_name(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        for visit in self:
            visit.display_name = self.env._(
                "%(visit)s: %(member)s",
                visit=kinds.get(visit.kind, ""),
                member=visit.entity_id.name or "",
            )

    def action_view_loan(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "ess.loan",
            "res_id": self.loan_id.id,
            "view_mode": "form",
        }
