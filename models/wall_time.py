from zoneinfo import ZoneInfo

from odoo import models

from ..tools.wall_clock import at_wall
from .asset_calendar import span_in_words

UTC = ZoneInfo("UTC")


class WallTime(models.AbstractModel):
    """A period of the federation itself, on no asset's clock but on its own.

    Needs the fields `company_id`, `start` and `stop`.
    """

    _name = "ess.wall.time"
    _description = "Period on the Federation's Clock"

    def _zone(self):
        """The federation's time zone (ZoneInfo)."""
        company = (self.company_id or self.env.company).sudo()
        return ZoneInfo(company.partner_id.tz or "Europe/Paris")

    def _check_window(self, start, stop):
        """Both bounds as naive UTC datetimes, see `ess.asset._check_window`."""
        return self.env["ess.asset"]._check_window(start, stop)

    def _at_wall(self, clock):
        """Naive UTC of what the wall shows in the federation."""
        return self.env["ess.asset"]._utc(at_wall(clock, self._zone()))

    def _wall(self, instant):
        """What the wall shows in the federation at a naive UTC time."""
        zoned = instant.replace(tzinfo=UTC).astimezone(self._zone())
        return zoned.replace(tzinfo=None)

    def _span_in_words(self):
        """From when to when, in the reader's language; empty while it is open."""
        self.ensure_one()
        if not self.start or not self.stop:
            return ""
        return span_in_words(self.env, self._wall(self.start), self._wall(self.stop))
