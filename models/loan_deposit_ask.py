from odoo import models

# Bookings whose assets the deposit stands for.
STANDS_FOR = ("requested", "confirmed", "ongoing")


class LoanDepositAsk(models.Model):
    """Asks for the deposit that the assets of a loan call for."""

    _inherit = "ess.loan"

    def _ensure_deposit(self):
        """Bring what is asked for in line with the items; what is held stays.

        Called whenever the items change. A deposit that was given, or that somebody
        waived, is not asked for again.
        """
        for loan in self.sudo():
            asked = loan.deposit_ids.filtered(lambda one: one.state == "asked")
            if loan.deposit_ids - asked:
                continue
            wanted = loan._deposit_vals()
            if not wanted:
                asked.unlink()
            elif not asked:
                asked.create({"loan_id": loan.id, **wanted})
            elif any(asked[name] != value for name, value in wanted.items()):
                asked.write(wanted)

    def _deposit_vals(self):
        """What is to be asked for: nothing for a loan that is off or done.

        One deposit stands for all items. The federation holds it as soon as the
        policy of one of them says so.
        """
        self.ensure_one()
        if self.state in ("cancelled", "done"):
            return {}
        bookings = self.booking_ids.filtered(lambda b: b.state in STANDS_FOR)
        places = self.currency_id.decimal_places
        cents = sum(
            round(booking.asset_id.deposit_amount * 10**places) * booking.quantity
            for booking in bookings
        )
        if not cents:
            return {}
        holders = bookings.asset_id.policy_id.mapped("deposit_holder")
        return {
            "amount": self.currency_id.round(cents / 10**places),
            "holder": "federation" if "federation" in holders else "lender",
        }

    def _follow(self):
        """The deposit is a term of the agreement: it follows the items before that."""
        self.filtered(
            lambda loan: loan.sudo().state in ("draft", "to_sign", "signed")
        )._ensure_deposit()
        return super()._follow()

    def _terms_deposit(self):
        """What was waived after the signatures was agreed on all the same."""
        terms = super()._terms_deposit()
        signed = self._signatures().mapped("signed_on")
        waived = self.deposit_ids.filtered(
            lambda one: one.waived_on and signed and min(signed) <= one.waived_on
        )
        return terms + [
            [f"{one.amount:.2f}", one.holder] for one in waived.sorted("id")
        ]
