from odoo import models
from odoo.exceptions import UserError

from .typed import typed_number

MOST_KM = 99_999


class BookingDistance(models.Model):
    """Kilometres, read at the return: what some costs are shared by."""

    _inherit = "ess.booking"

    _distance_not_negative = models.Constraint(
        "CHECK (distance_km >= 0)", "Kilometres cannot be negative."
    )

    def _checked_distance(self, typed):
        """:return: kilometres as a number, None for nothing typed"""
        if typed is None or not str(typed).strip():
            return None
        try:
            return float(typed_number(self.env, typed, MOST_KM, units=["km"]))
        except (ValueError, OverflowError):
            raise UserError(
                self.env._(
                    "Kilometres: “%(typed)s” is not a distance such as 42.5, up to "
                    "%(most)s.",
                    typed=str(typed)[:20],
                    most=MOST_KM,
                )
            ) from None

    def _asks_distance(self):
        """Whether a key shares some costs by the kilometres of this asset."""
        self.ensure_one()
        return bool(
            self.env["ess.cost.key.version"]
            .sudo()
            .search_count(
                [("measure", "=", "km"), ("asset_ids", "in", self.asset_id.ids)],
                limit=1,
            )
        )
