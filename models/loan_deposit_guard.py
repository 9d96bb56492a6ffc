from odoo import api, models
from odoo.exceptions import UserError

from .entered import entered

# What is agreed before the deposit is given, and not changed afterwards.
TERMS = {"loan_id", "amount", "holder"}
ACTS = {
    "state",
    "held_on",
    "held_by_id",
    "released_on",
    "waived_on",
    "kept_amount",
    "reason",
}


class LoanDepositGuard(models.Model):
    """A deposit changes by its acts; what was given is no longer edited."""

    _inherit = "ess.loan.deposit"

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list if not self.env.su else ():
            given = entered(self, vals)
            told = {name for name, value in given.items() if value}
            if given.get("state", "asked") != "asked" or ACTS & told - {"state"}:
                self._refuse_by_hand()
        return super().create(vals_list)

    def write(self, vals):
        if not self.env.su and ACTS & set(vals):
            self._refuse_by_hand()
        if TERMS & set(vals):
            self._check_asked()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_given(self):
        self._check_asked()

    def _refuse_by_hand(self):
        raise UserError(self.env._("Deposit: hold, release, keep or waive it."))

    def _check_asked(self):
        for deposit in self:
            if deposit.state != "asked":
                raise UserError(
                    self.env._(
                        "The deposit of %s was given or decided on already: it does "
                        "not change any more.",
                        deposit.loan_id.name,
                    )
                )
