from datetime import timedelta
from fractions import Fraction
from zoneinfo import ZoneInfo

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import formatLang

from ..tools.cost_run import exact_from

HOUR = timedelta(hours=1)


class CostKeyVersionUsage(models.Model):
    """What members used: bookings that took place, or readings."""

    _inherit = "ess.cost.key.version"

    def _usage_rows(self, span):
        """Each use in these days: [(model, id, member id, day, exact quantity)].

        A booking counts on the day on which it ended, by the clock at the asset.
        """
        self.ensure_one()
        self._check_measure()
        if self.measure == "reading":
            return self._reading_rows(span)
        return self._booking_rows(span)

    def _check_measure(self):
        if not self.measure:
            raise UserError(
                self.env._("Usage: %s does not say by what.", self.display_name)
            )
        if self.measure != "reading" and not self.asset_ids:
            raise UserError(
                self.env._(
                    "Assets: %s counts bookings, but of no asset: choose them.",
                    self.display_name,
                )
            )

    def _reading_rows(self, span):
        readings = self.env["ess.cost.reading"].search_fetch(
            self._reading_domain(span), ["entity_id", "date", "quantity"], order="id"
        )
        return [
            (
                "ess.cost.reading",
                reading.id,
                reading.entity_id.id,
                reading.date,
                exact_from(reading.quantity, 4),
            )
            for reading in readings
        ]

    def _reading_domain(self, span):
        return Domain(
            [
                ("key_id", "=", self.key_id.id),
                ("date", ">=", span[0]),
                ("date", "<=", span[1]),
            ]
        )

    def _booking_rows(self, span):
        # a day more on each side: local days are at most 14 hours off UTC
        first = fields.Datetime.to_datetime(span[0]) - timedelta(days=1)
        last = fields.Datetime.to_datetime(span[1]) + timedelta(days=2)
        bookings = self.env["ess.booking"].search_fetch(
            [
                ("asset_id", "in", self.asset_ids.ids),
                ("state", "=", "done"),
                ("stop", ">=", first),
                ("stop", "<=", last),
            ],
            ["asset_id", "entity_id", "start", "stop", "quantity", "distance_km"],
            order="id",
        )
        rows = []
        for booking in bookings:
            zone = ZoneInfo(booking.asset_id.tz or "UTC")
            ended = booking.stop.replace(tzinfo=ZoneInfo("UTC")).astimezone(zone)
            # what ends at midnight was a use of the day before
            day = (ended - timedelta.resolution).date()
            if span[0] <= day <= span[1]:
                quantity = self._measured(booking)
                row = (booking._name, booking.id, booking.entity_id.id, day, quantity)
                rows.append(row)
        return rows

    def _measured(self, booking):
        if self.measure == "uses":
            return Fraction(1)
        if self.measure == "km":
            return exact_from(booking.distance_km, 1)
        length = booking.stop - booking.start
        return Fraction(length // timedelta(seconds=1), 3600) * booking.quantity

    def _usage(self, pool, presence, rows):
        """Sum the uses by member; each must have been in the pool on that day.

        :return: {member id: exact quantity}, 0 for who used nothing
        """
        usage = dict.fromkeys(presence.days, Fraction())
        strangers = {}
        for _model, _id, entity_id, day, quantity in rows:
            if presence.has(entity_id, day):
                usage[entity_id] += quantity
            elif quantity:
                strangers.setdefault(entity_id, []).append((day, quantity))
        if strangers:
            self._refuse_strangers(pool, presence, strangers)
        return usage

    def _refuse_strangers(self, pool, presence, strangers):
        entity_id, uses = min(strangers.items())
        entity = self.env["res.partner"].sudo().browse(entity_id)
        days = [day for day, _quantity in uses]
        raise UserError(
            self.env._(
                "%(member)s used %(quantity)s %(unit)s between %(start)s and %(stop)s, "
                "but was not in %(pool)s then: correct its membership, or the use.",
                member=entity.name,
                quantity=self._figure(sum(quantity for _day, quantity in uses)),
                unit=self._unit_word(),
                pool=pool.name,
                **pool._span_words((min(days), max(days))),
            )
        )

    def _unit_word(self):
        return {
            "hours": self.env._("hours"),
            "uses": self.env._("uses"),
            "km": self.env._("km"),
        }.get(self.measure, self.env._("units"))

    def _figure(self, quantity):
        """A quantity for a person, with up to 4 decimals and no idle zeros."""
        quantity = Fraction(quantity)
        digits = next(
            (n for n in range(4) if (quantity * 10**n).denominator == 1),
            4,
        )
        return formatLang(self.env, float(quantity), digits=digits)
