from odoo import api, fields, models
from odoo.fields import Domain

from .booking_flow import EARLY_HAND_OVER
from .loan import LIVE
from .loan_damage_flow import UNDECIDED
from .loan_portal_steps import PAGE, TODO, WAITING

LIVE_BOOKING = ("requested", "confirmed", "ongoing", "done")


class LoanPortal(models.Model):
    """What the portal asks of loans: lists, what is next, what may be done."""

    _inherit = "ess.loan"

    # === LISTS === #

    @api.model
    def _portal_mine_domain(self):
        """Loans of the user's organisation, as lender and as borrower.

        :rtype: Domain
        """
        return Domain.OR(self._portal_sides().values())

    def _portal_sides(self):
        """Loans on each side of which the user's organisation is, see `_side`.

        Who keeps a thing for its owner hands it over: it is on the lender's side.

        :rtype: dict[str, Domain]
        """
        entity = self.env.user._ess_entity()
        if not entity:
            return {"borrower": Domain.FALSE, "lender": Domain.FALSE}
        borrows = Domain("entity_id", "=", entity.id)
        lends = Domain("lender_id", "=", entity.id)
        keeps = Domain("booking_ids.custodian_id", "=", entity.id)
        return {"borrower": borrows, "lender": lends | (keeps & ~borrows)}

    @api.model
    def _portal_todo_domain(self):
        """Loans where the user's organisation has something to do.

        The same as `_portal_step(…).todo`, for the database to count.

        :rtype: Domain
        """
        return Domain.OR(
            mine & Domain.OR(getattr(self, f"_todo_{name}")(side) for name in TODO)
            for side, mine in self._portal_sides().items()
        )

    @api.model
    def _portal_of_asset(self, asset):
        """Loans of the user's organisation that this asset is part of now or soon.

        :return: loans with the user's rights, the next one first
        """
        if not self.has_access("read"):
            return self.browse()
        soon = fields.Datetime.now() + EARLY_HAND_OVER
        items = [("asset_id", "=", asset.id), ("state", "in", ("confirmed", "ongoing"))]
        return self.search(
            self._portal_mine_domain()
            & Domain("state", "in", ("to_sign", "signed", "ongoing"))
            & Domain("start", "<=", soon)
            & Domain("booking_ids", "any", items),
            order="start, id",
            limit=3,
        )

    @api.model
    def _portal_over_domain(self):
        """Loans of which nothing is left: neither a deposit nor an open damage.

        :rtype: Domain
        """
        return (
            Domain("state", "in", ("done", "cancelled"))
            & Domain("deposit_ids", "not any", [("state", "=", "held")])
            & Domain("damage_ids", "not any", [("state", "in", UNDECIDED)])
            & ~self._portal_todo_domain()
        )

    # === WORDS === #

    def _portal_bookings(self):
        """Items that are still part of it; all of them once it is cancelled."""
        self.ensure_one()
        bookings = self.sudo().booking_ids
        return bookings.filtered(lambda b: b.state in LIVE_BOOKING) or bookings

    def _portal_items(self):
        """'20 × Chairs, Van'"""
        names = [
            f"{booking.quantity} × {booking.asset_id.name}"
            if booking.quantity > 1
            else booking.asset_id.name
            for booking in self._portal_bookings()
        ]
        return ", ".join(names) or self.sudo().name

    def _portal_span(self):
        """From when to when, in the time of the place and the reader's language."""
        loan = self.sudo()
        if not loan.start or not loan.stop:
            return ""
        return loan._portal_clock()._span_in_words(loan.start, loan.stop)

    def _portal_instant(self, instant):
        """One instant (naive UTC) in the time of the place: 'Fri 12 Jun 2026 14:00'."""
        clock = self.sudo()._portal_clock()
        return clock._say_instant(clock._local(instant))

    def _portal_clock(self):
        """The asset that tells the time; staff time has none, but a time zone."""
        asset = self.booking_ids[:1].asset_id
        return asset or self.env["ess.asset"].new({"tz": self.tz})

    # === WHAT IS NEXT === #

    def _portal_step(self, side, page=False):
        """What comes next, in one sentence, for one side.

        :param str side: 'lender', 'borrower' or None for who only looks on
        :param bool page: also look at what costs queries of its own
        :rtype: loan_portal_steps.Step
        """
        self.ensure_one()
        loan = self.sudo()
        if side:
            for name in PAGE if page else TODO:
                step = getattr(loan, f"_step_{name}")(side)
                if step:
                    return step
        for name in WAITING:
            step = getattr(loan, f"_wait_{name}")(side)
            if step:
                return step
        return loan._wait_over(side)

    # === WHAT MAY BE DONE === #

    def _portal_buttons(self):
        """What the user may do with this loan now, for the page to offer.

        The acts check again by themselves.

        :rtype: set[str]
        """
        self.ensure_one()
        roles, loan = self._roles(), self.sudo()
        buttons = set()
        if not roles & {"lender", "borrower"}:
            return buttons
        if loan.state in ("draft", "to_sign", "signed"):
            buttons.add("cancel")
        if self._portal_may_sign():
            buttons.add("sign")
        waits = loan.state in ("signed", "ongoing") and loan._to_inspect("hand_over")
        if waits and loan._near_start():
            buttons.add("hand_over")
        if loan.state == "ongoing":
            buttons |= {"return", "damage"}
        if loan.state == "done" and loan._returns():
            buttons.add("damage")
        return (
            buttons
            | loan._portal_extension_buttons(roles)
            | loan._portal_deposit_buttons(roles)
            | loan._portal_other_buttons(roles)
        )

    def _portal_may_sign(self):
        """Only people of the two organisations sign, and each of them once."""
        self.ensure_one()
        side, loan = self._side(), self.sudo()
        if not side or loan.state != "to_sign" or loan._signed(side):
            return False
        return self.env.user._ess_entity() == loan._party(side)

    def _portal_extension_buttons(self, roles):
        asked = self.extension_ids.filtered(lambda one: one.state == "asked")
        if self.state not in ("to_sign", "signed", "ongoing"):
            return set()
        buttons = set()
        if "borrower" in roles:
            buttons.add("withdraw_extension" if asked else "extend")
        if "lender" in roles and asked:
            buttons.add("answer_extension")
        return buttons

    def _portal_deposit_buttons(self, roles):
        """The holder of a deposit acts on it: the lender, or else the federation."""
        deposit = self._live_deposit()
        holds = (
            "facilitator" in roles
            if deposit.holder == "federation"
            else "lender" in roles
        )
        if not deposit or not holds:
            return set()
        if deposit.state == "asked":
            return {"hold_deposit", "waive_deposit"} if self.state in LIVE else set()
        due = deposit._cents_due()
        return {"keep_deposit"} if due else {"release_deposit", "keep_deposit"}

    def _portal_other_buttons(self, roles):
        buttons = set()
        if "lender" in roles and self._requested():
            buttons.add("answer")
        if "borrower" in roles and self.state in LIVE:
            buttons.add("insurance")
        return buttons

    # === FACTS === #

    def _signed(self, side):
        """The live signature of this side, or an empty recordset."""
        return self.signature_ids.filtered(
            lambda one: one.side == side and not one.voided_on
        )

    def _near_start(self):
        return bool(self.start) and (
            self.start - fields.Datetime.now() <= EARLY_HAND_OVER
        )

    def _live_deposit(self):
        return self.deposit_ids.filtered(lambda one: one.state in ("asked", "held"))[:1]

    def _requested(self):
        """Requests in it that the lender itself answers."""
        return self.booking_ids.filtered(
            lambda b: b.state == "requested" and b.approval != "federation"
        )

    def _returns(self):
        return self.inspection_ids.filtered(
            lambda one: one.kind == "return" and one.state != "draft"
        )

    def _still_out(self):
        """Units that are out now.

        :rtype: int
        """
        return sum(
            booking.quantity - (booking.returned_quantity or 0)
            for booking in self.booking_ids
            if booking.state == "ongoing"
        )

    def _other_name(self, side):
        """The organisation on the other side, as a sentence names it."""
        return (self.entity_id if side == "lender" else self.lender_id).name
