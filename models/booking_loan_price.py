from odoo import api, models
from odoo.exceptions import UserError

from .asset_commodat import KIND
from .booking import TAKING
from .entered import entered

# Set by the acts of bookings and loans alone.
LOCKED = {
    "loan_kind",
    "loan_id",
    "price_frozen",
    "returned_quantity",
    "stretched_until",
}
PRICES = {"amount", "unit_price"}


class BookingLoanPrice(models.Model):
    """The legal kind is fixed with the promise, and locks the price of a free loan."""

    _inherit = "ess.booking"

    @api.model_create_multi
    def create(self, vals_list):
        return super().create([self._with_kind(vals) for vals in vals_list])

    def _with_kind(self, vals):
        """The vals with the kind of what is promised already (a file, a past use)."""
        given = entered(self, vals)
        self._check_locked(given)
        asset = self.env["ess.asset"].sudo().browse(given.get("asset_id") or [])
        entity = asset.owner_id.browse(given.get("entity_id") or [])
        kind = asset._loan_kind(entity) if asset else "none"
        if kind == "commodat" and any(given.get(name) for name in PRICES):
            self._refuse_price(asset.name)
        return {"loan_kind": kind, **vals} if given.get("state") in TAKING else vals

    def write(self, vals):
        self._check_locked(vals)
        if any(vals.get(name) for name in PRICES):
            for booking in self.filtered(lambda b: b._is_commodat()):
                self._refuse_price(booking.name)
        return super().write(vals)

    def _refuse_price(self, what):
        raise UserError(
            self.env._(
                "Price: %(what)s is lent for free (commodat), by law (Code civil, "
                "article 1876): its price stays 0. Choose the kind “Hire” to ask for a "
                "price.",
                what=what,
            )
        )

    def _check_locked(self, vals):
        if not self.env.su and any(vals.get(name) for name in LOCKED):
            raise UserError(
                self.env._(
                    "Agreement: its kind and its price are fixed when the booking is "
                    "promised, not by hand."
                )
            )

    def _is_commodat(self):
        self.ensure_one()
        return (self.loan_kind or self._wanted_kind()) == "commodat"

    def _wanted_kind(self):
        """The kind that the policy asks for now."""
        self.ensure_one()
        return self.sudo().asset_id._loan_kind(self.entity_id)

    # === PRICE === #

    @api.depends("loan_kind")
    def _compute_price(self):
        return super()._compute_price()

    def _quote(self):
        booking = self
        if self.loan_kind:
            booking = self.with_context(ess_loan_kind=(KIND, self.loan_kind))
        return super(BookingLoanPrice, booking)._quote()

    def _freeze_price(self):
        """The kind is that of the promise; another asset may have another one."""
        bookings = self.sudo()
        bookings.filtered("price_frozen").price_frozen = False
        for booking in bookings:
            kind = booking.loan_id.kind or booking.loan_kind or booking._wanted_kind()
            if booking.loan_kind != kind:
                booking.loan_kind = kind
        return super()._freeze_price()

    def _extend_price(self, stop, price):
        """After an extension, only what is still out costs the time that was added.

        :param stop: naive UTC, the end before the extension
        :param dict price: amount, value and price_quantity before the extension
        """
        self.ensure_one()
        out = self._out_quantity()
        mark = {"ess_loan_kind": (KIND, self.loan_kind)} if self.loan_kind else {}
        asset = self.sudo().asset_id.with_context(**mark)
        before, after = (
            asset._quote(self.entity_id, self.start, end, out)
            for end in (stop, self.stop)
        )
        currency = self.currency_id
        added = float(after["units"] - before["units"]) * out
        self.sudo().write(
            {
                "price_quantity": price["price_quantity"] + added,
                **{
                    name: currency.round(price[name] + after[name] - before[name])
                    for name in ("amount", "value")
                },
            }
        )
