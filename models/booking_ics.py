import vobject
from vobject.icalendar import utc

from odoo import fields, models

GONE = ("cancelled", "refused")


class BookingIcs(models.Model):
    """The booking as an iCalendar event (RFC 5545)."""

    _inherit = "ess.booking"

    def _ics(self):
        """Calendar file of these bookings; a cancelled one takes its event away.

        The uid never changes and the sequence grows with each move, so that a
        calendar replaces the event instead of showing it twice.

        :rtype: bytes
        """
        calendar = vobject.iCalendar()
        gone = all(booking.state in GONE for booking in self)
        calendar.add("method").value = "CANCEL" if gone else "PUBLISH"
        for booking in self.sudo():
            booking._ics_event(calendar.add("vevent"))
        return calendar.serialize().encode()

    def _ics_event(self, event):
        self.ensure_one()
        asset = self.asset_id
        # calendars are shared: the token, which opens the page, stays out of them
        database = self.env["ir.config_parameter"].get_param("database.uuid")
        event.add("uid").value = f"ess-booking-{self.id}@{database}"
        event.add("sequence").value = str(self.ics_sequence + (self.state in GONE))
        event.add("dtstamp").value = fields.Datetime.now().replace(tzinfo=utc)
        event.add("dtstart").value = self.start.replace(tzinfo=utc)
        event.add("dtend").value = self.stop.replace(tzinfo=utc)
        event.add("status").value = self._ics_status()
        event.add("summary").value = (
            asset.name if self.quantity == 1 else (f"{self.quantity} × {asset.name}")
        )
        place = ", ".join(filter(None, (asset.street, asset.zip, asset.city)))
        if place:
            event.add("location").value = place
        event.add("url").value = self.get_base_url() + self.access_url
        event.add("description").value = self.env._(
            "%(borrower)s, lent by %(owner)s. Reference %(name)s.",
            borrower=self.entity_id.name,
            owner=self.owner_id.name,
            name=self.name,
        )

    def _ics_status(self):
        if self.state in GONE:
            return "CANCELLED"
        return "TENTATIVE" if self.state in ("draft", "requested") else "CONFIRMED"
