from odoo import fields, models


class LoanDepositExchange(models.Model):
    """What a deposit means in money: exchanges, which the settlement turns into it.

    Held by the federation, a deposit of 150 € of which 40 € are kept for a damage of
    60 € that the borrower bears is, on the deposit account (in minus what is held):

    * given: federation → borrower +150, an invoice (−150);
    * the rest back: federation → borrower −110, a credit note (+110);
    * kept: lender → federation +40, a bill (+40), so the account is at 0 again;
    * against the damage: lender → borrower −40, beside the 60 of the damage itself.

    Held by the lender, only the last one is made: the lender has the money already.
    What is kept beyond agreed damages is owed for the reason given: one exchange more.
    """

    _inherit = "ess.loan.deposit"

    def _is_collected(self):
        """Whether its money passes through the books of the federation."""
        self.ensure_one()
        federation = self.company_id.partner_id
        if self.entity_id == federation:
            return False
        return self.holder == "federation" or self.lender_id == federation

    def _exchange_held(self):
        if self._is_collected():
            cents = self._to_cents(self.amount)
            self._add_exchange("given", self.company_id.partner_id, cents)

    def _exchange_released(self):
        if self._is_collected():
            cents = self._to_cents(self.amount)
            self._add_exchange("back", self.company_id.partner_id, -cents)

    def _exchange_kept(self):
        federation, lender = self.company_id.partner_id, self.lender_id
        kept = self._to_cents(self.kept_amount)
        if self._is_collected():
            self._add_exchange("back", federation, kept - self._to_cents(self.amount))
            if lender != federation:
                self._add_exchange("passed", lender, kept, receiver=federation)
        beyond = kept - self._agreed_cents()
        if beyond > 0:
            self._add_exchange("reason", lender, beyond, nature="damage")
        self._add_exchange("against", lender, -kept)

    def _agreed_cents(self):
        """What the borrower owes the lender for agreed damages of this loan."""
        agreed = self.loan_id.damage_ids.filtered(lambda one: one.state == "agreed")
        return sum(self._to_cents(damage.amount) for damage in agreed)

    def _add_exchange(self, what, provider, cents, receiver=None, nature="deposit"):
        """Nothing for nothing. Its worth is its amount: a deposit saves nothing."""
        if not cents:
            return
        amount = self._from_cents(cents)
        product = self.env["product.product"]
        if nature == "damage":
            product = self.loan_id.booking_ids[:1].asset_id._damage_product()
        self.env["ess.exchange"].sudo().create(
            {
                "name": self._exchange_name(what),
                "date": fields.Date.context_today(self),
                "nature": nature,
                "provider_id": provider.id,
                "receiver_id": (receiver or self.entity_id).id,
                "product_id": product.id,
                "quantity": 1 if cents > 0 else -1,
                "currency_id": self.currency_id.id,
                "value": amount,
                "amount": amount,
                "deposit_id": self.id,
                "company_id": self.company_id.id,
            }
        )

    def _exchange_name(self, what):
        """In the language of the borrower, on whose documents it stands."""
        lang = self.entity_id.lang or self.env.lang
        env, loan = self.with_context(lang=lang).env, self.loan_id.name
        if what == "given":
            return env._("Deposit of %s", loan)
        if what == "back":
            return env._("Deposit of %s given back", loan)
        if what == "passed":
            return env._("Deposit of %s kept for the lender", loan)
        if what == "against":
            return env._("Deposit of %s, against what is owed", loan)
        return env._("%(loan)s: %(reason)s", loan=loan, reason=self.reason or "")
