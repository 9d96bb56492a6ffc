"""Loans that are out, made by hand: a van and chairs, lent by La Fabrique.

Nothing is signed or inspected here; other tests do that.
"""

from odoo import fields

from .common import utc


class LateData:
    """Makes loans; mixed into what has the federation already."""

    @classmethod
    def _out(cls, asset, start, stop, entity=None, quantity=1, kind="hire"):
        """A loan of one item that is out since `start` (Paris wall times)."""
        booking = cls._booking(asset, start, stop, entity, quantity)
        booking._promise()
        loan = booking.loan_id or cls.env["ess.loan"].create(
            {
                "kind": kind,
                "lender_id": asset.owner_id.id,
                "entity_id": booking.entity_id.id,
                "contact_id": booking.contact_id.id,
                "start": utc(start),
                "stop": utc(stop),
            }
        )
        booking.sudo().write(
            {"loan_id": loan.id, "state": "ongoing", "handed_over_on": utc(start)}
        )
        loan.sudo().state = "ongoing"
        return loan

    @classmethod
    def _promised(cls, asset, start, stop, entity=None, quantity=1):
        booking = cls._booking(asset, start, stop, entity or cls.semeurs, quantity)
        booking._promise()
        return booking

    def _back(self, loan):
        """Everything is back now."""
        loan.booking_ids._close(fields.Datetime.now())
        loan.state = "done"

    def _mails(self, subject):
        return self.env["mail.mail"].sudo().search([("subject", "like", subject)])
