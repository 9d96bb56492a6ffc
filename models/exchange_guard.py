from odoo import api, models
from odoo.exceptions import UserError

from .entered import entered
from .exchange import HELD, ORIGINS

SETTLED = {"settlement_id", "settled_on"}
LINKS = {*ORIGINS, "counter_of_id", "round_id"}
# Made by the acts of a loan alone, which know what both sides agreed on.
LOANS = ("damage_id", "deposit_id", "staff_loan_id")
# What a run or a call has computed: its sums hold only as long as these stay.
COMPUTED = {
    "amount",
    "company_id",
    "currency_id",
    "date",
    "nature",
    "provider_id",
    "quantity",
    "receiver_id",
    "value",
}


class ExchangeGuard(models.Model):
    """What nobody enters on an exchange, on any channel."""

    _inherit = "ess.exchange"

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            for vals in vals_list:
                found = entered(self, vals)
                names = {name for name, value in found.items() if value}
                if SETTLED & names:
                    self._refuse_settled()
                if {"share_id", "call_line_id"} & names:
                    raise UserError(
                        self.env._(
                            "Shares and advances become exchanges by their run or call "
                            "alone."
                        )
                    )
                if "round_share_id" in names or vals.get("round_id"):
                    raise UserError(
                        self.env._(
                            "What is bought together becomes an exchange by its round "
                            "alone."
                        )
                    )
                if {*LOANS} & names or found.get("nature") in HELD:
                    self._refuse_of_loan()
        return super().create(vals_list)

    def write(self, vals):
        if not self.env.su:
            if SETTLED & set(vals):
                self._refuse_settled()
            if LINKS & set(vals):
                raise UserError(
                    self.env._("Where an exchange comes from is not entered by hand.")
                )
            if COMPUTED & set(vals):
                self._check_not_computed()
            if vals.get("nature") in HELD:
                self._refuse_of_loan()
        return super().write(vals)

    def _refuse_settled(self):
        raise UserError(
            self.env._("Settlement: exchanges are settled by settlements alone.")
        )

    def _refuse_of_loan(self):
        raise UserError(
            self.env._(
                "Damages, deposits and staff time become exchanges by the acts of "
                "their loan alone."
            )
        )

    def _check_not_computed(self):
        """What was computed or agreed on does not change by itself.

        Advances and true-up add up to the annual share.
        """
        for exchange in self:
            if exchange.share_id:
                raise UserError(
                    self.env._(
                        "%(exchange)s was computed by %(run)s: reverse that run as a "
                        "whole, or compute a correction.",
                        exchange=exchange.display_name,
                        run=exchange.share_id.sudo().run_id.name,
                    )
                )
            if exchange.call_line_id:
                raise UserError(
                    self.env._(
                        "%(exchange)s is a call of advances: cancel the call, or "
                        "change the budget and plan again.",
                        exchange=exchange.display_name,
                    )
                )
            if exchange.round_share_id:
                raise UserError(
                    self.env._(
                        "%(exchange)s follows from the bills of %(round)s: correct "
                        "what was received or billed there, and settle it again.",
                        exchange=exchange.display_name,
                        round=exchange.round_share_id.sudo().round_id.name,
                    )
                )
            if any(exchange[name] for name in LOANS):
                raise UserError(
                    self.env._(
                        "%(exchange)s is what both sides of a loan agreed on: make a "
                        "counter-exchange.",
                        exchange=exchange.display_name,
                    )
                )
