from datetime import timedelta

from odoo import api, fields, models

INSTANT = timedelta.resolution


class BookingPrice(models.Model):
    """What a booking costs: live while it is a draft, frozen once it is promised."""

    _inherit = "ess.booking"

    currency_id = fields.Many2one(related="company_id.currency_id")
    price_frozen = fields.Boolean(readonly=True, copy=False)
    unit_price = fields.Float(
        compute="_compute_price",
        store=True,
        precompute=True,
        digits="Product Price",
        tracking=True,
    )
    price_quantity = fields.Float(
        compute="_compute_price",
        store=True,
        precompute=True,
        digits="Product Unit",
        help="Units of time, times the number of items.",
    )
    price_uom_id = fields.Many2one(
        "uom.uom", compute="_compute_price", store=True, precompute=True
    )
    amount = fields.Monetary(
        compute="_compute_price", store=True, precompute=True, tracking=True
    )
    value = fields.Monetary(
        string="Reference Value", compute="_compute_price", store=True, precompute=True
    )

    @api.depends("asset_id", "entity_id", "start", "stop", "quantity", "price_frozen")
    def _compute_price(self):
        for booking in self:
            if booking.price_frozen:
                # assigned again: a stored compute has to give a value
                for name in ("unit_price", "price_quantity", "amount", "value"):
                    booking[name] = booking[name]
                booking.price_uom_id = booking.price_uom_id
                continue
            quote = booking._quote()
            booking.unit_price = quote.get("unit_price", 0)
            booking.price_quantity = float(quote.get("units", 0)) * booking.quantity
            booking.price_uom_id = quote.get("uom", False)
            booking.amount = quote.get("amount", 0)
            booking.value = quote.get("value", 0)

    def _quote(self):
        """See `ess.asset._quote`; empty while the booking is incomplete."""
        self.ensure_one()
        if not (self.asset_id and self.start and self.stop and self.start < self.stop):
            return {}
        return self.asset_id._quote(
            self.entity_id, self.start, self.stop, max(self.quantity, 1)
        )

    def _freeze_price(self):
        """Fix the price of the present use: later tariffs do not touch it.

        A promised booking that changes its time or quantity gets the price of its new
        use, at the tariff of the day of the change.
        """
        bookings = self.sudo()
        bookings.filtered("price_frozen").price_frozen = False
        bookings.flush_recordset()
        bookings.price_frozen = True
        bookings.flush_recordset()

    # === EXCHANGE === #

    def _create_exchanges(self):
        """Record what was used, at the frozen price; an owner owes itself nothing."""
        bookings = self.sudo().filtered(
            lambda b: b.entity_id != b.asset_id.owner_id and not b.exchange_ids
        )
        return (
            self.env["ess.exchange"]
            .sudo()
            .create([booking._prepare_exchange_vals() for booking in bookings])
        )

    def _prepare_exchange_vals(self):
        self.ensure_one()
        ended = self.returned_on or self.stop
        return {
            "name": f"{self.name} {self.asset_id.name}",
            # a use that ends at midnight belongs to the day before
            "date": self.asset_id._local(min(ended, self.stop) - INSTANT).date(),
            "nature": "loan" if self.loan_kind == "commodat" else "use",
            "provider_id": self.asset_id.owner_id.id,
            "receiver_id": self.entity_id.id,
            "product_id": self.asset_id.product_id.id,
            "quantity": self.price_quantity,
            "uom_id": self.price_uom_id.id,
            "currency_id": self.currency_id.id,
            "value": self.value,
            "amount": self.amount,
            "booking_id": self.id,
            "company_id": self.company_id.id,
        }
