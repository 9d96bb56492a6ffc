from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import UserError

from .booking import USE_FIELDS

# In the context while a loan changes its own bookings. An object and not True: it
# cannot be sent from outside.
AMENDING = object()
PROMISED = ("requested", "confirmed")
# What an agreement says of an item: a change of one of them is a change of its terms.
TERMS = USE_FIELDS | {"entity_id", "state", "amount", "unit_price"}
WHOSE = ("asset_id", "entity_id")


class BookingLoanFlow(models.Model):
    """Bookings of another organisation's things make their loans, which follow them."""

    _inherit = "ess.booking"

    # === MAKING LOANS === #

    @api.model_create_multi
    def create(self, vals_list):
        bookings = super().create(vals_list)
        bookings._ensure_loans()
        return bookings

    def _promise(self):
        res = super()._promise()
        self._ensure_loans()
        return res

    def _ensure_loans(self):
        """Put each promise that needs an agreement into a loan, all in one act.

        Promises of one lender to one borrower, of one kind and over one period, share
        a loan; a loan that nobody has signed yet is joined.

        :return: the loans concerned
        """
        now, groups = fields.Datetime.now(), defaultdict(self.sudo().browse)
        for booking in self.sudo():
            if (
                booking.state in PROMISED
                and booking.loan_kind not in (False, "none")
                and not booking.loan_id
                and booking.stop > now
            ):
                groups[booking._loan_key()] |= booking
        loans = self.env["ess.loan"].sudo()
        joined = {key: loans._unsigned(key) for key in groups}
        new = [groups[key] for key, loan in joined.items() if not loan]
        made = loans.create([bookings._prepare_loan_vals() for bookings in new])
        pairs = [(groups[key], loan) for key, loan in joined.items() if loan]
        for bookings, loan in [*pairs, *zip(new, made, strict=True)]:
            bookings.write({"loan_id": loan.id})
            loans |= loan
        loans._ensure_deposit()
        loans._follow()
        return loans

    def _loan_key(self):
        self.ensure_one()
        return (
            self.owner_id.id,
            self.entity_id.id,
            self.loan_kind,
            self.start,
            self.stop,
            self.company_id.id,
        )

    def _prepare_loan_vals(self):
        first = self[0]
        return {
            "lender_id": first.owner_id.id,
            "lender_contact_id": first.owner_id._ess_volunteers()[:1].id,
            "entity_id": first.entity_id.id,
            "contact_id": first.contact_id.id,
            "kind": first.loan_kind,
            "start": first.start,
            "stop": first.stop,
            "company_id": first.company_id.id,
        }

    # === THE LOAN FOLLOWS === #

    def write(self, vals):
        """A change of an item changes its loan, on whatever channel it comes."""
        self._check_on_loan(vals)
        loans = self.sudo().loan_id
        other = any(booking._differs(vals, WHOSE) for booking in self.sudo())
        if other or vals.get("state") == "draft":
            # another use, or another thing: another agreement
            vals = {"loan_id": False, "loan_kind": False, **vals}
        res = super().write(vals)
        if other:
            self.sudo().filtered(lambda b: b.state in PROMISED)._freeze_price()
            self._ensure_loans()
        if TERMS & set(vals):
            (loans | self.sudo().loan_id)._follow()
        return res

    def _check_on_loan(self, vals):
        """What is out is moved by an extension, which both sides agree on."""
        if not (USE_FIELDS | {"entity_id"}) & set(vals) or self._is_amending():
            return
        for booking in self.sudo():
            if booking.loan_id.state not in ("ongoing", "done"):
                continue
            if booking._differs(vals, USE_FIELDS | {"entity_id"}):
                raise UserError(
                    self.env._(
                        "%(booking)s is out under the loan %(loan)s: ask there for an "
                        "extension, or record its return.",
                        booking=booking.name,
                        loan=booking.loan_id.name,
                    )
                )

    def _differs(self, vals, names):
        """Whether these values would change one of these fields."""
        self.ensure_one()
        return any(
            self._fields[name].convert_to_cache(vals[name], self)
            != self._fields[name].convert_to_cache(self[name], self)
            for name in names
            if name in vals
        )

    def _is_amending(self):
        return self.env.context.get("ess_amending") is AMENDING

    def _is_silent(self):
        # the loan tells what it did with its bookings
        return self._is_amending() or super()._is_silent()

    def _ask_again(self):
        # who agreed to the extension has answered
        return None if self._is_amending() else super()._ask_again()

    # === USING === #

    def action_hand_over(self):
        self._refuse_on_loan("hand_over")
        return super().action_hand_over()

    def action_return(self, distance_km=None):
        self._refuse_on_loan("return")
        return super().action_return(distance_km)

    def action_done(self):
        self._refuse_on_loan("return")
        return super().action_done()

    def _refuse_on_loan(self, act):
        """What leaves or comes back on loan is inspected there, by both sides."""
        if self.env.su:
            return
        self._require("borrower", "lender", "facilitator")
        for booking in self.sudo().filtered("loan_id"):
            sentences = {
                "hand_over": self.env._(
                    "%(booking)s is an item of the loan %(loan)s: record its hand-over "
                    "there, with the state that it is in.",
                    booking=booking.name,
                    loan=booking.loan_id.name,
                ),
                "return": self.env._(
                    "%(booking)s is an item of the loan %(loan)s: record its return "
                    "there, with the state that it is in.",
                    booking=booking.name,
                    loan=booking.loan_id.name,
                ),
            }
            raise UserError(sentences[act])

    def _portal_buttons(self):
        """The page of a booking on loan leads to the loan for hand-over and return."""
        buttons = super()._portal_buttons()
        loan = self.sudo().loan_id
        if loan:
            buttons = buttons - {"hand_over", "return"} | {"loan"}
            if loan.state in ("ongoing", "done"):
                buttons -= {"change"}
        return buttons
