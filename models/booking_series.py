from odoo import fields, models
from odoo.exceptions import UserError, ValidationError

from ..tools.recurrence import occurrences
from .booking_rules import RuleBroken
from .occupancy import NotFree

FREQUENCIES = [
    ("weekly", "Every week"),
    ("monthly", "Every month, on the same date"),
    ("monthly_weekday", "Every month, on the same weekday"),
]
LIMIT = 60


class BookingSeries(models.Model):
    """Bookings that were asked for together, at the same hour of their days."""

    _name = "ess.booking.series"
    _description = "Booking Series"
    _order = "id desc"

    name = fields.Char(required=True)
    frequency = fields.Selection(FREQUENCIES, required=True, default="weekly")
    interval = fields.Integer(required=True, default=1)
    booking_ids = fields.One2many("ess.booking", "series_id", string="Bookings")
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )


class BookingRepeat(models.Model):
    _inherit = "ess.booking"

    def _series_dates(self, frequency, interval=1, count=None, until=None):
        """Later dates of the series, naive UTC, the booking itself left out."""
        self.ensure_one()
        if frequency not in dict(FREQUENCIES):
            raise ValidationError(
                self.env._("Repeat: '%s' is not one of the choices.", frequency)
            )
        asset = self.sudo().asset_id
        try:
            dates = occurrences(
                asset._local(self.start),
                asset._local(self.stop),
                frequency,
                interval=int(interval or 1),
                count=int(count) if count else None,
                until=fields.Date.to_date(until) if until else None,
                limit=LIMIT,
            )
        except (ValueError, TypeError) as error:
            raise ValidationError(
                self.env._(
                    "Repeat: give either a number of times (2 to %(limit)s) or a last "
                    "day, after the first and with no more dates than that.",
                    limit=LIMIT,
                )
            ) from error
        return [(asset._utc(a), asset._utc(b)) for a, b in dates[1:]]

    def _plan_series(self, frequency, interval=1, count=None, until=None):
        """Which dates of a series can be had, without taking any.

        :return: list of {'start', 'stop', 'sentence': None or why not}
        """
        self._require("borrower", "facilitator")
        dates = self._series_dates(frequency, interval, count, until)
        booking, asset = self.sudo(), self.sudo().asset_id
        plan = []
        for start, stop in dates:
            reasons = asset._broken_rules(start, stop, booking.quantity)
            if reasons:
                sentence = " ".join(map(asset._reason_sentence, reasons))
            else:
                sentence = booking._date_shortage(start, stop)
            plan.append({"start": start, "stop": stop, "sentence": sentence})
        return plan

    def _date_shortage(self, start, stop):
        occupancy = self.env["ess.occupancy"].sudo()
        claim = {
            "asset_id": self.asset_id.id,
            "quantity": self.quantity,
            "start": start,
            "stop": stop,
            "kind": "booking",
        }
        return occupancy._shortages(occupancy._expand([claim])).get(0)

    def action_repeat(
        self, frequency, interval=1, count=None, until=None, skip=True, override=None
    ):
        """Book the later dates of a series, each by the same gate and rules.

        :param bool skip: leave out the dates that cannot be had; else book all or none
        :return: {'booked': ids, 'refused': [{'start', 'stop', 'sentence'}]}
        """
        self.ensure_one()
        booking = self._require("borrower", "facilitator")
        self._require_state("requested", "confirmed", "ongoing", "done")
        dates = self._series_dates(frequency, interval, count, until)
        if not booking.series_id:
            booking.series_id = (
                self.env["ess.booking.series"]
                .sudo()
                .create(
                    {
                        "name": booking.name,
                        "frequency": frequency,
                        "interval": int(interval or 1),
                        "company_id": booking.company_id.id,
                    }
                )
            )
        booked, refused = [], []
        for start, stop in dates:
            new, sentence = self._repeat_on(start, stop, override)
            if new:
                booked.append(new.id)
            else:
                refused.append({"start": start, "stop": stop, "sentence": sentence})
        if refused and not skip:
            raise UserError(
                self.env._("Nothing was booked, these dates cannot be had:")
                + "".join(f"\n• {one['sentence']}" for one in refused)
            )
        return {"booked": booked, "refused": refused}

    def _repeat_on(self, start, stop, override):
        """One more booking like this one, or the sentence why not."""
        try:
            with self.env.cr.savepoint():
                new = self.sudo().create(self._repeat_vals(start, stop))
                new = new.sudo(self.env.su)
                new.action_request(override)
                return new, None
        except (NotFree, RuleBroken) as error:
            return None, str(error)

    def _repeat_vals(self, start, stop):
        booking = self.sudo()
        return {
            "asset_id": booking.asset_id.id,
            "entity_id": booking.entity_id.id,
            "contact_id": booking.contact_id.id,
            "quantity": booking.quantity,
            "purpose": booking.purpose,
            "start": start,
            "stop": stop,
            "series_id": booking.series_id.id,
        }
