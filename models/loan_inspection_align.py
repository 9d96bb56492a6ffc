from odoo import models
from odoo.fields import Command


class LoanInspectionAlign(models.Model):
    """The list of an inspection: the items that it is about now."""

    _inherit = "ess.loan.inspection"

    def _align_lines(self, bookings):
        """One line per booking that is concerned; what was typed stays."""
        self.ensure_one()
        outdated = self.line_ids.filtered(lambda li: li.booking_id not in bookings)
        outdated.unlink()
        new = bookings - self.line_ids.booking_id
        if not new:
            return
        last = new.asset_id._last_readings()
        self.write(
            {
                "line_ids": [
                    Command.create(self._line_vals(booking, last.get(booking.asset_id)))
                    for booking in new
                ]
            }
        )

    def _line_vals(self, booking, last):
        leaves = self.kind == "hand_over"
        km, hours = last or (0.0, 0.0)
        points = booking.asset_id.category_id._all_checks()
        return {
            "booking_id": booking.id,
            "quantity": booking.quantity if leaves else booking._out_quantity(),
            # at the return, a reading is read and not guessed
            "meter_km": km if leaves else 0.0,
            "meter_hours": hours if leaves else 0.0,
            "check_ids": [
                Command.create({"name": point.name, "sequence": number})
                for number, point in enumerate(points, start=1)
            ],
        }
