from base64 import b64encode

from odoo import models

from .asset_label import _qr_png


class LoanSheet(models.Model):
    """The sheet that goes with the things: written on by hand, without network."""

    _inherit = "ess.loan"

    def _sheet_url(self):
        """Where its code leads: short enough to be typed."""
        self.ensure_one()
        return f"{self.get_base_url()}/l/{self.sudo().short_code}"

    def _sheet_qr(self):
        """QR code of the address as a data URI: printing needs no network."""
        png = b64encode(_qr_png(self._sheet_url())).decode()
        return f"data:image/png;base64,{png}"

    def _sheet_name(self):
        self.ensure_one()
        return self.env._("Sheet %s", self.name.replace("/", "-"))

    def _sheet_lines(self):
        """What is written down for each item.

        :return: [{'booking', 'meter', 'km', 'hours', 'checks', 'left'}]: the last
            readings, the points to look at, how many left (None: not yet)
        """
        self.ensure_one()
        bookings = self._items()
        readings = bookings.asset_id._last_readings()
        return [
            {
                "booking": booking,
                "meter": booking.asset_id.category_id._meter(),
                "reading": max(readings.get(booking.asset_id, (0.0, 0.0))),
                "checks": booking.asset_id.category_id._all_checks(),
                "left": self._sheet_left(booking),
            }
            for booking in bookings
        ]

    def _sheet_left(self, booking):
        lines = booking.inspection_line_ids.filtered(
            lambda one: one.kind == "hand_over" and one.inspection_id.state != "draft"
        )
        return sum(lines.mapped("quantity")) if lines else None
