from odoo import api, models
from odoo.exceptions import UserError

from .entered import entered

# What the acts of a loan decide, and nobody by hand.
DECIDED = {
    "state",
    "short_code",
    "terms_hash",
    "amended_hash",
    "document_id",
    "document_hash",
    "override_reason",
    "late_told_on",
    "late_reminders",
    "due_told_for",
    "access_token",
}
# What its bookings say.
BOOKED = {"kind", "lender_id", "entity_id", "start", "stop", "company_id"}
# What both sides sign: a change voids the signatures.
TERMS = {
    "agreement_id",
    "place",
    "purpose",
    "kind",
    "lender_id",
    "lender_contact_id",
    "entity_id",
    "contact_id",
    "start",
    "stop",
    "deposit_ids",
}


class LoanGuard(models.Model):
    """What is not entered by hand on a loan, and what a change of it voids."""

    _inherit = "ess.loan"

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            for vals in vals_list:
                given = entered(self, vals)
                told = {name for name, value in given.items() if value}
                self._check_decided(told - {"state"})
                if given.get("state", "draft") != "draft":
                    self._check_decided({"state"})
                if given.get("kind", "hire") != "staff":
                    raise UserError(
                        self.env._(
                            "A loan of things is made by its bookings: book them, and "
                            "the loan is there."
                        )
                    )
        return super().create(vals_list)

    def write(self, vals):
        if not self.env.su:
            self._check_decided(set(vals))
            if BOOKED & set(vals):
                self._check_not_booked()
        res = super().write(vals)
        if TERMS & set(vals):
            self.filtered(
                lambda loan: loan.sudo().state in ("draft", "to_sign", "signed")
            )._void_if_changed()
        return res

    def _check_decided(self, names):
        if names & DECIDED:
            raise UserError(
                self.env._("Loan: use its actions to change its state or agreement.")
            )

    def _check_not_booked(self):
        for loan in self.sudo():
            if loan.booking_ids:
                raise UserError(
                    self.env._(
                        "%s: its kind, parties and dates are those of its bookings; "
                        "change those, or use “Change the kind”.",
                        loan.name,
                    )
                )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_agreed(self):
        for loan in self.sudo():
            if loan.signature_ids or loan.state not in ("draft", "cancelled"):
                raise UserError(
                    self.env._(
                        "%s is an agreement between two members: cancel it, so that it "
                        "stays on record.",
                        loan.name,
                    )
                )
