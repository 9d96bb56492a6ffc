from odoo import api, models
from odoo.exceptions import UserError

from .entered import entered
from .loan_damage_flow import UNDECIDED

# What both sides agree on: it does not change once they did.
TERMS = {
    "loan_id",
    "booking_id",
    "kind",
    "quantity",
    "description",
    "bearer",
    "borrower_percent",
    "cost",
    "from_deposit",
}
# What the borrower was asked to agree with: another proposal is made anew.
PROPOSED = {"bearer", "borrower_percent", "cost", "from_deposit"}


class LoanDamageGuard(models.Model):
    """A damage that was agreed has its exchange: neither changes any more."""

    _inherit = "ess.loan.damage"

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list if not self.env.su else ():
            given = entered(self, vals)
            told = {name for name, value in given.items() if value}
            told &= self._acts() - {"name", "state"}
            if given.get("state", "reported") != "reported" or told:
                self._refuse_by_hand()
        return super().create(vals_list)

    def write(self, vals):
        if not self.env.su:
            if self._acts() & set(vals):
                self._refuse_by_hand()
            if TERMS & set(vals):
                self._check_undecided()
        res = super().write(vals)
        if not self.env.su and PROPOSED & set(vals):
            # what the borrower was shown is no longer what is proposed
            shown = self.filtered(lambda one: one.state in ("proposed", "contested"))
            shown.sudo().write({"state": "reported", "proposed_on": False})
        return res

    @api.model
    def _acts(self):
        """What its acts write. What it has of its loan is looked at as such."""
        return {
            name
            for name, field in self._fields.items()
            if field.readonly and not field.related and name != "amount"
        }

    @api.ondelete(at_uninstall=False)
    def _unlink_except_decided(self):
        self._check_undecided()

    def _refuse_by_hand(self):
        raise UserError(
            self.env._("Damage: propose who bears it, then the borrower agrees.")
        )

    def _check_undecided(self):
        for damage in self:
            if damage.state not in UNDECIDED:
                raise UserError(
                    self.env._(
                        "%s was decided: it does not change any more.", damage.name
                    )
                )
