from odoo import models
from odoo.exceptions import UserError
from odoo.tools import format_amount

from .loan_disruption import OPEN


class LoanReady(models.Model):
    """What is missing before things may leave."""

    _inherit = "ess.loan"

    def _ready_reasons(self):
        """Each thing that is missing before the hand-over, as a sentence.

        :return: nothing when the loan is ready
        :rtype: list[str]
        """
        self.ensure_one()
        loan = self.sudo()
        reasons = [
            self.env._(
                "%(booking)s (%(asset)s) has not been answered yet.",
                booking=booking.name,
                asset=booking.asset_id.name,
            )
            for booking in loan._items()
            if booking.state in ("draft", "waiting", "requested")
        ]
        signed = set(loan._signatures().mapped("side"))
        if "lender" not in signed:
            reasons.append(
                self.env._(
                    "%s, the lender, has not signed the agreement.", loan.lender_id.name
                )
            )
        if "borrower" not in signed:
            reasons.append(
                self.env._(
                    "%s, the borrower, has not signed the agreement.",
                    loan.entity_id.name,
                )
            )
        reasons += loan._disrupted_reasons()
        insurance = loan._insurance_reason()
        if insurance:
            reasons.append(insurance)
        return reasons + loan._deposit_reasons()

    def _disrupted_reasons(self):
        """Things that are still out with somebody else, or out of service."""
        return [
            self.env._(
                "%(asset)s (%(booking)s) is not there: it is still out with somebody "
                "else, or out of service.",
                asset=disruption.asset_id.name,
                booking=disruption.booking_id.name,
            )
            for disruption in self._items().disruption_ids
            if disruption.state in OPEN
        ]

    def _deposit_reasons(self):
        return [
            self.env._(
                "The deposit of %s has not been given yet.",
                format_amount(self.env, deposit.amount, deposit.currency_id),
            )
            for deposit in self.sudo().deposit_ids
            if deposit.state == "asked"
        ]

    def _check_ready(self):
        """Refuse a hand-over while something is missing.

        A manager may have let the loan leave as it is, see `action_override`.

        :raise UserError: with one sentence per missing thing
        """
        for loan in self.sudo():
            reasons = loan._ready_reasons()
            if not reasons:
                continue
            if loan.override_reason and loan.state in ("to_sign", "signed", "ongoing"):
                continue
            raise UserError(
                self.env._("%s cannot leave yet:", loan.name)
                + "".join(f"\n• {reason}" for reason in reasons)
            )
