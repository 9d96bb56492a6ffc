from odoo import api, fields, models
from odoo.tools import format_datetime

from .booking import TAKING

USE = ("asset_id", "entity_id", "start", "stop", "quantity")


class BookingImport(models.Model):
    """Bookings from a file: promises made already, bound by the capacity only."""

    _inherit = "ess.booking"

    # Times are those of the clock at the asset, wherever the facilitator sits.
    _import_local_times = ("start", "stop")

    @api.model
    def _import_defaults(self):
        """A booking that comes in a file is a promise that was made already."""
        return {**super()._import_defaults(), "state": "confirmed"}

    @api.model
    def _import_zone(self, vals):
        asset = self.env["ess.asset"].browse(vals.get("asset_id") or [])
        return asset._zone() if asset else None

    @api.model
    def _import_refusals(self, vals_list):
        """Inverted uses, uses that are here already or go beyond what is left."""
        refusals = super()._import_refusals(vals_list)
        known = self._import_known_uses(vals_list)
        claims, positions = [], []
        for index, vals in enumerate(vals_list):
            sentence = self._import_order(vals) or self._import_again(vals, known)
            if sentence:
                refusals[index] = sentence
            elif vals.get("state") in TAKING and vals.get("asset_id"):
                claims.append(self._import_claim(vals))
                positions.append(index)
        occupancy = self.env["ess.occupancy"]
        shortages = occupancy._shortages(occupancy._expand(claims))
        for position, sentence in shortages.items():
            refusals[positions[position]] = sentence
        return refusals

    @api.model
    def _import_order(self, vals):
        if (vals.get("quantity") or 1) < 1:
            return self.env._("Quantity: a use takes at least one unit.")
        start = fields.Datetime.to_datetime(vals.get("start"))
        stop = fields.Datetime.to_datetime(vals.get("stop"))
        if not (start and stop):
            return self.env._("Dates: give both a start and an end.")
        if start < stop:
            return ""
        zone = self._import_zone(vals)
        return self.env._(
            "Dates: the end (%(stop)s) must come after the start (%(start)s).",
            start=format_datetime(self.env, start, tz=zone and zone.key),
            stop=format_datetime(self.env, stop, tz=zone and zone.key),
        )

    @api.model
    def _import_known_uses(self, vals_list):
        """{use: reference} of the bookings that the rows may repeat."""
        assets = {vals.get("asset_id") for vals in vals_list} - {None, False}
        bookings = self.search(
            [("asset_id", "in", list(assets)), ("state", "in", TAKING)]
        )
        return {
            (b.asset_id.id, b.entity_id.id, b.start, b.stop, b.quantity): b.name
            for b in bookings
        }

    @api.model
    def _import_again(self, vals, known):
        """A file that is imported again, corrected, must not book twice."""
        use = tuple(
            fields.Datetime.to_datetime(vals.get(name))
            if name in self._import_local_times
            else vals.get(name)
            for name in USE
        )
        if use not in known:
            return ""
        return self.env._("This booking is here already: %s.", known[use])

    @api.model
    def _import_claim(self, vals):
        return {
            "asset_id": vals["asset_id"],
            "quantity": vals.get("quantity") or 1,
            "start": vals["start"],
            "stop": vals["stop"],
            "kind": "booking",
        }
