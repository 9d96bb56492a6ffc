from odoo import fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import format_amount

from .typed import MOST_MONEY, typed_number

METHODS = ("cheque", "transfer", "cash", "card", "other")
UNDECIDED = ("reported", "proposed", "contested")


class LoanDepositFlow(models.Model):
    """The acts of a deposit: whoever holds it does them, and nobody does one twice."""

    _inherit = "ess.loan.deposit"

    # === ACCESS === #

    def _require_holder(self, *states):
        """:return: the deposit in superuser mode, for whoever holds it"""
        self.ensure_one()
        deposit = self.sudo()
        loan = deposit.loan_id.with_env(self.env)
        if deposit.holder == "lender":
            loan._require("lender", "facilitator")
        elif "facilitator" not in loan._roles():
            raise AccessError(
                self.env._("The federation holds this deposit: it alone acts on it.")
            )
        if deposit.state not in states:
            labels = dict(self._fields["state"]._description_selection(self.env))
            raise UserError(
                self.env._(
                    "The deposit of %(loan)s is %(state)s; this is possible only while "
                    "it is %(states)s.",
                    loan=loan.sudo().name,
                    state=labels[deposit.state].lower(),
                    states=", ".join(labels[state].lower() for state in states),
                )
            )
        return deposit

    # === ACTS === #

    def action_hold(self, method, reference=None):
        """The borrower has given it.

        :param str method: how it is held, see the field
        :param str reference: number of the cheque or transfer
        """
        deposit = self._require_holder("asked")
        if method not in METHODS:
            raise UserError(self.env._("How it is held: choose from the list."))
        if deposit.loan_id.state == "cancelled":
            raise UserError(
                self.env._(
                    "%s is cancelled: there is nothing to hold a deposit for.",
                    deposit.loan_id.name,
                )
            )
        deposit.write(
            {
                "state": "held",
                "method": method,
                "reference": (reference or "").strip(),
                "held_on": fields.Datetime.now(),
                "held_by_id": self.env.uid,
            }
        )
        deposit._exchange_held()
        deposit._tell("deposit_held")
        return True

    def action_release(self, force=None):
        """Give it back, all of it.

        :param str force: why it is given back although a damage is not decided yet,
            or is to be paid out of it
        """
        deposit = self._require_holder("held")
        self._check_damages(force, kept=0)
        deposit.write({"state": "released", "released_on": fields.Datetime.now()})
        # a second one who releases it at the same moment collides here
        deposit.flush_recordset()
        deposit._exchange_released()
        deposit._tell("deposit_released")
        return True

    def action_keep(self, amount, reason, force=None):
        """Keep a part of it, or all, and give back the rest.

        :param float amount: what is kept
        :param str reason: what for; the borrower reads it
        :param str force: why although a damage is not decided yet
        """
        deposit = self._require_holder("held")
        deposit.loan_id.with_env(self.env)._require_lender_itself()
        cents = deposit._typed_cents(amount)
        reason = deposit.loan_id._checked_reason(reason)
        self._check_damages(force, kept=cents)
        deposit.write(
            {
                "state": "kept",
                "kept_amount": deposit._from_cents(cents),
                "reason": reason,
                "released_on": fields.Datetime.now(),
            }
        )
        deposit.flush_recordset()
        deposit._exchange_kept()
        deposit._tell("deposit_kept")
        return True

    def action_waive(self, reason):
        """Lend without it: the decision of who would hold it."""
        deposit = self._require_holder("asked")
        deposit.loan_id.with_env(self.env)._require_lender_itself()
        deposit.write(
            {
                "state": "waived",
                "reason": deposit.loan_id._checked_reason(reason),
                "waived_on": fields.Datetime.now(),
            }
        )
        return True

    # === CHECKS === #

    def _typed_cents(self, amount):
        """:return: the amount in minor units, after a look at it"""
        try:
            symbol = self.currency_id.symbol
            number = typed_number(self.env, amount, MOST_MONEY, units=[symbol])
            cents = self._to_cents(float(number))
        except (ValueError, OverflowError):
            cents = 0
        held = self._to_cents(self.amount)
        if not 0 < cents <= held:
            raise UserError(
                self.env._(
                    "What is kept: enter an amount of more than 0 and at most "
                    "%(amount)s, what is held.",
                    amount=format_amount(self.env, self.amount, self.currency_id),
                )
            )
        return cents

    def _check_damages(self, force, kept):
        """What is still open has to be decided first, unless somebody says why not."""
        deposit = self.sudo()
        open_damages = deposit.loan_id.damage_ids.filtered(
            lambda damage: damage.state in UNDECIDED
        )
        sentence = None
        if open_damages:
            sentence = self.env._(
                "%(damages)s: decide first who bears it, or close it; what is kept of "
                "the deposit follows from it.",
                damages=", ".join(open_damages.mapped("display_name")),
            )
        elif kept < deposit._cents_due():
            sentence = self.env._(
                "%(due)s are to be paid out of this deposit, as was agreed for the "
                "damage: keep that much.",
                due=format_amount(
                    self.env,
                    deposit._from_cents(deposit._cents_due()),
                    deposit.currency_id,
                ),
            )
        if not sentence:
            return
        if not (force or "").strip():
            raise UserError(sentence)
        roles = deposit.loan_id.with_env(self.env)._roles()
        if "facilitator" not in roles:
            raise UserError(sentence)
        deposit.message_post(
            body=self.env._(
                "%(user)s went on although: %(rule)s (%(reason)s)",
                user=self.env.user.name,
                rule=sentence,
                reason=force.strip(),
            )
        )

    # === AMOUNTS === #

    def _to_cents(self, amount):
        return round(amount * 10**self.currency_id.decimal_places)

    def _from_cents(self, cents):
        return self.currency_id.round(cents / 10**self.currency_id.decimal_places)

    def _damage_cents(self):
        """What was agreed to be paid out of the deposit.

        :rtype: int
        """
        self.ensure_one()
        agreed = self.loan_id.damage_ids.filtered(
            lambda damage: damage.state == "agreed" and damage.from_deposit
        )
        return sum(self._to_cents(damage.amount) for damage in agreed)

    def _cents_due(self):
        """What is to be kept of this deposit: never more than there is."""
        return min(self._damage_cents(), self._to_cents(self.amount))

    def _tell(self, step):
        for deposit in self:
            loan = deposit.loan_id
            loan._tell_other("lender", step)
