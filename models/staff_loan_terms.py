from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain


class LoanOfStaff(models.Model):
    """What a loan of kind staff agrees on, and what it needs before anybody works."""

    _inherit = "ess.loan"

    staff_loan_ids = fields.One2many("ess.staff.loan", "loan_id", readonly=True)

    def _staff(self):
        """The staff time of this loan, in superuser mode; empty for things."""
        return self.sudo().staff_loan_ids[:1]

    def _compute_access_url(self):
        res = super()._compute_access_url()
        for loan in self:
            if loan.kind == "staff" and loan._staff():
                loan.access_url = loan._staff().access_url
        return res

    @api.depends("kind", "company_id")
    def _compute_tz(self):
        res = super()._compute_tz()
        for loan in self:
            if loan.kind == "staff" and loan._staff():
                loan.tz = loan._staff()._zone().key
        return res

    def _terms_more(self):
        terms = super()._terms_more()
        staff = self._staff()
        if not staff:
            return terms
        return {
            **terms,
            "staff": {
                "person": [staff.person_id.id, staff.person_id.name],
                "qualification": staff.qualification,
                "work": staff.work or "",
                "hours": f"{staff.hours:.2f}",
            },
        }

    def _check_may_be_signed(self):
        """Who is lent from when to when is known before anybody signs."""
        res = super()._check_may_be_signed()
        if self.kind == "staff" and not (self.start and self.stop):
            raise UserError(
                self.env._(
                    "Dates: say from when to when the time is lent, before both sides "
                    "sign."
                )
            )
        return res

    def _ready_reasons(self):
        staff = self._staff()
        reasons = super()._ready_reasons()
        return reasons + (staff.with_env(self.env)._paper_reasons() if staff else [])

    # === PORTAL: staff time has pages of its own === #

    def _portal_mine_domain(self):
        return super()._portal_mine_domain() & Domain("kind", "!=", "staff")

    def _portal_todo_domain(self):
        return super()._portal_todo_domain() & Domain("kind", "!=", "staff")
