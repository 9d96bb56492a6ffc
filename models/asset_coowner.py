from collections import defaultdict
from datetime import datetime
from fractions import Fraction

from odoo import models
from odoo.tools.misc import get_lang

from ..tools.coowners import free_hours, hours_by_year, hours_of_year
from ..tools.pricing import amount_in_cents
from ..tools.wall_clock import at_wall
from .booking import TAKING

# Marks in the context the booking that is priced. An object: it cannot be sent.
PRICED = object()


class AssetCoowner(models.Model):
    """A co-owner uses its own for free, up to its share of the hours of the year.

    The hours of the year are the opening hours where a whole use has to lie in them,
    else all of them; times the units of a pool. What was promised before counts first.
    Beyond its share a co-owner pays like everybody: of a booking that is partly beyond,
    the price is that of the whole, pro rata of its hours.
    """

    _inherit = "ess.asset"

    def _quotes(self, entity, start, stop, quantity=1):
        quotes = super()._quotes(entity, start, stop, quantity)
        shared = self.sudo().filtered(
            lambda asset: (
                asset.coowner_use == "share"
                and entity
                and entity != asset.owner_id
                and entity in asset.share_ids.sudo().entity_id
            )
        )
        if shared:
            used = shared._coowner_used(entity.sudo(), start, stop)
            for asset in shared:
                quotes[asset.id] = asset._quote_beyond_share(
                    quotes[asset.id], entity, (start, stop), used[asset.id]
                )
        return quotes

    def _quote_beyond_share(self, quote, entity, window, used):
        """The quote without what the co-owner may use for free.

        :param used: {year: unit-hours of its other promises}
        """
        asked = self._unit_hours(*window, quote["quantity"])
        allowed = {year: self._share_of_year(entity, year) for year in asked}
        free, whole = free_hours(asked, allowed, used), sum(asked.values())
        if not free:
            return quote
        beyond = 1 - free / whole
        units, currency = quote["units"] * beyond, quote["currency"]

        def amount(price):
            cents = amount_in_cents(
                Fraction(repr(price)), units, quote["quantity"], currency.decimal_places
            )
            return currency.round(cents / 10**currency.decimal_places)

        return {
            **quote,
            "units": units,
            "all_units": quote["units"],
            "amount": amount(quote["unit_price"]),
            # nobody lends a co-owner what is its own
            "value": amount(quote["list_price"]),
            "share_hours": free,
            "hours": whole,
        }

    # === HOURS === #

    def _unit_hours(self, start, stop, quantity):
        """:return: {year: exact hours times units}"""
        hours = hours_by_year(self._local(start), self._local(stop))
        return {year: figure * quantity for year, figure in hours.items()}

    def _share_of_year(self, entity, year):
        """Unit-hours of a calendar year that the co-owner's parts give it."""
        asset = self.sudo()
        parts = sum(
            asset.share_ids.filtered(lambda s: s.entity_id == entity).mapped("parts")
        )
        total = sum(asset.share_ids.mapped("parts"))
        return Fraction(parts, total) * asset._hours_of_year(year) * asset.capacity

    def _hours_of_year(self, year):
        """Hours of a year in which it can be used, by the clock at the asset."""
        zone = self._zone()
        if self.policy_id.opening_rule != "inside" or not self.resource_calendar_id:
            return hours_of_year(year, zone)
        first = self._utc(at_wall(datetime(year, 1, 1), zone))
        last = self._utc(at_wall(datetime(year + 1, 1, 1), zone))
        opening = self._opening(first, last)[self.id]
        seconds = sum(
            int((self._utc(b) - self._utc(a)).total_seconds()) for a, b in opening
        )
        return Fraction(seconds, 3600)

    def _coowner_used(self, entity, start, stop):
        """What this co-owner was promised in the years of a use, one search for all.

        :return: {asset id: {year: unit-hours}}
        """
        mark, priced = self.env.context.get("ess_priced") or (None, None)
        years = {
            moment.year
            for asset in self
            for moment in (asset._local(start), asset._local(stop))
        }
        # local days are at most 14 hours off UTC: what lies in other years is not read
        bookings = (
            self.env["ess.booking"]
            .sudo()
            .search_fetch(
                [
                    ("asset_id", "in", self.ids),
                    ("entity_id", "=", entity.id),
                    ("state", "in", TAKING),
                    ("start", "<", datetime(max(years) + 1, 1, 2)),
                    ("stop", ">", datetime(min(years) - 1, 12, 31)),
                    ("id", "!=", priced if mark is PRICED else 0),
                ],
                ["asset_id", "start", "stop", "quantity"],
            )
        )
        used = defaultdict(lambda: defaultdict(Fraction))
        for booking in bookings:
            asset = booking.asset_id
            hours = asset._unit_hours(booking.start, booking.stop, booking.quantity)
            for year, figure in hours.items():
                used[asset.id][year] += figure
        return used

    # === WORDS === #

    def _quote_in_words(self, quote):
        """'2 days × 40.00 €; 12 of 48 h are free, within your share'"""
        if not quote.get("share_hours"):
            return super()._quote_in_words(quote)
        words = super()._quote_in_words({**quote, "units": quote["all_units"]})
        return f"{words}; {self._share_in_words(quote['share_hours'], quote['hours'])}"

    def _share_in_words(self, free, whole):
        if free == whole:
            return self.env._("free of charge, within your share of the year")

        def figure(hours):
            return f"{float(hours):.4g}".replace(".", get_lang(self.env).decimal_point)

        return self.env._(
            "%(free)s of %(whole)s h are free of charge, within your share of the year",
            free=figure(free),
            whole=figure(whole),
        )
