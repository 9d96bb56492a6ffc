from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from .booking_loan_flow import AMENDING

OVER = ("cancelled", "refused")


class LoanFlow(models.Model):
    """The life of a loan: it follows its bookings, and its acts act on them."""

    _inherit = "ess.loan"

    # === ITEMS === #

    def _items(self):
        """The bookings that the agreement is about, without those given up."""
        return self.sudo().booking_ids.filtered(lambda b: b.state not in OVER)

    def _unsigned(self, key):
        """A loan that a promise with this key may still join.

        :param key: see `ess.booking._loan_key`
        """
        names = ("lender_id", "entity_id", "kind", "start", "stop", "company_id")
        return self.search(
            [
                *((name, "=", value) for name, value in zip(names, key, strict=True)),
                ("state", "in", ("draft", "to_sign")),
                ("signature_ids", "not any", [("voided_on", "=", False)]),
            ],
            limit=1,
        )

    def _bump(self):
        """Make two transactions that act on the same loan collide (see the gate)."""
        self.env.execute_query(
            SQL(
                """
                UPDATE ess_loan SET version = COALESCE(version, 0) + 1
                 WHERE id IN (SELECT id FROM ess_loan WHERE id = ANY(%s)
                               ORDER BY id FOR UPDATE)
                """,
                sorted(self.ids),
            )
        )

    # === FOLLOWING THE BOOKINGS === #

    def _follow(self):
        """Bring these loans in line with their bookings.

        Signatures under terms that are no longer the same are voided.
        """
        for loan in self.sudo():
            if loan.kind == "staff" or loan.state in ("done", "cancelled"):
                continue
            loan._bump()
            before, state = loan.state, loan._state_of_items()
            if state in ("draft", "to_sign", "signed") and not loan._is_amending():
                loan._void_if_changed()
                state = loan._state_of_items()
            if state != before:
                loan.state = state
                loan._after_follow(before)

    def _is_amending(self):
        return self.env.context.get("ess_amending") is AMENDING

    def _state_of_items(self):
        self.ensure_one()
        states = set(self._items().mapped("state"))
        if not states:
            return "cancelled"
        if states == {"done"}:
            return "done"
        if states & {"ongoing", "done"}:
            return "ongoing"
        if states & {"draft", "waiting", "requested"}:
            return "draft"
        return "signed" if self._is_signed() else "to_sign"

    def _after_follow(self, before):
        self.ensure_one()
        if self.state == "cancelled":
            self._after_cancel()
        elif self.state == "to_sign" and before == "draft":
            self._tell("to_sign")

    def _after_cancel(self):
        """Nothing is asked any more for what does not take place."""
        why = self.reason or self.booking_ids.sorted("id")[-1:].reason
        if not self.reason:
            self.reason = why
        self.extension_ids.filtered(lambda e: e.state == "asked").state = "cancelled"
        self.deposit_ids.filtered(lambda d: d.state == "asked").write(
            {
                "state": "waived",
                "waived_on": fields.Datetime.now(),
                "reason": self.env._("The loan was cancelled before it was held."),
            }
        )
        if self._signatures() or not self.booking_ids:
            # its bookings have told the rest already
            self._tell("cancelled")

    # === ACTIONS === #

    def action_ask_signatures(self):
        """Ask the sides that have not signed yet to sign, once more if need be."""
        loans = self._require("borrower", "lender", "facilitator")
        self._require_state("draft", "to_sign")
        for loan in loans:
            loan._check_may_be_signed()
            if loan.state == "draft":
                loan.state = "to_sign"
            loan._tell("to_sign")
        return True

    def _check_may_be_signed(self):
        self.ensure_one()
        open_items = self._items().filtered(
            lambda b: b.state in ("draft", "waiting", "requested")
        )
        if open_items:
            raise UserError(
                self.env._(
                    "%(loan)s: %(booking)s has not been answered yet; the agreement is "
                    "signed once all its items are confirmed.",
                    loan=self.name,
                    booking=open_items[0].name,
                )
            )

    def action_cancel(self, reason=None):
        """Give up a loan that has not begun, with its bookings."""
        loans = self._require("borrower", "lender", "facilitator")
        self._require_state("draft", "to_sign", "signed")
        reason = self._checked_reason(reason)
        for loan in self:
            items = loan.sudo().booking_ids.filtered(lambda b: b.state not in OVER)
            items.sudo(self.env.su).action_cancel(reason)
        for loan in loans.filtered(lambda one: one.state != "cancelled"):
            loan.write({"state": "cancelled", "reason": reason})
            loan._after_cancel()
        return True

    def action_set_kind(self, kind):
        """Free loan or hire, as long as nobody has signed. Prices follow.

        :param str kind: 'commodat' or 'hire'
        """
        loans = self._require("facilitator")
        self._require_state("draft", "to_sign")
        if kind not in ("commodat", "hire"):
            raise UserError(
                self.env._("Kind: choose a free loan (commodat) or a hire.")
            )
        for loan in loans:
            if loan.kind == "staff":
                raise UserError(
                    self.env._("Kind: staff time is neither a free loan nor a hire.")
                )
            if loan._signatures():
                raise UserError(
                    self.env._(
                        "Kind: %s is signed already; move or cancel it to have it "
                        "signed anew.",
                        loan.name,
                    )
                )
            loan.kind = kind
            loan._items()._freeze_price()
            loan.message_post(
                body=self.env._(
                    "%(user)s changed the kind of the loan.", user=self.env.user.name
                )
            )
        return True

    def action_override(self, reason):
        """A manager lets things leave although something is missing, and says why."""
        loans = self._require("manager")
        self._require_state("to_sign", "signed")
        reason = self._checked_reason(reason)
        for loan in loans:
            missing = " ".join(loan._ready_reasons())
            loan.override_reason = reason
            loan.message_post(
                body=self.env._(
                    "%(user)s lets this loan leave as it is: %(reason)s (%(missing)s)",
                    user=self.env.user.name,
                    reason=reason,
                    missing=missing,
                )
            )
        return True

    # === WORDS === #

    def _local_date(self, instant):
        """The day of this instant on the wall where the things are."""
        self.ensure_one()
        asset = self.sudo().booking_ids[:1].asset_id
        if asset:
            return asset._local(instant).date()
        return fields.Datetime.context_timestamp(
            self.with_context(tz=self.tz or "UTC"), instant
        ).date()
