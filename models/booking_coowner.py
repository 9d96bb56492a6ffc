from odoo import fields, models

from .asset_coowner import PRICED


class BookingCoowner(models.Model):
    """What a co-owner's booking takes of its share, fixed with the price."""

    _inherit = "ess.booking"

    share_hours = fields.Float(
        string="Hours within the Share",
        compute="_compute_price",
        store=True,
        precompute=True,
        help="Hours, times units, that a co-owner uses for free: up to its share of "
        "the hours of the year. What was promised before counts first.",
    )

    def _compute_price(self):  # pylint: disable=missing-return
        """Fixed together with the amount that it explains."""
        frozen = {b: b.share_hours for b in self if b.price_frozen}
        super()._compute_price()
        for booking in self:
            if booking in frozen:
                booking.share_hours = frozen[booking]
            elif booking.sudo().asset_id.coowner_use == "share":
                booking.share_hours = float(booking._quote().get("share_hours", 0))
            else:
                booking.share_hours = 0

    def _quote(self):
        """Its own promise does not count against itself."""
        booking = self.with_context(ess_priced=(PRICED, self._origin.id))
        return super(BookingCoowner, booking)._quote()

    def _create_exchanges(self):
        """What lies wholly within a share is no exchange: nobody gave anything."""
        own = self.sudo().filtered(lambda b: b.share_hours and not b.price_quantity)
        return super(BookingCoowner, self - own)._create_exchanges()
