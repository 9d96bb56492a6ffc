"""Loans that are out: a van and chairs of La Fabrique, hired by Le Phare.

Nothing is signed or inspected here; other tests do that.
"""

from odoo import fields


class LateData:
    """Makes loans; mixed into what has the federation already."""

    @classmethod
    def _out(cls, asset, start, stop, entity=None, quantity=1):
        """A loan of one item that is out (Paris wall times)."""
        asset.policy_id.loan_kind = "hire"
        booking = cls._booking(asset, start, stop, entity, quantity)
        booking._promise()
        booking.sudo()._hand_over_use()
        return booking.loan_id

    @classmethod
    def _promised(cls, asset, start, stop, entity=None, quantity=1):
        booking = cls._booking(asset, start, stop, entity or cls.semeurs, quantity)
        booking._promise()
        return booking

    def _back(self, loan):
        """Everything is back now."""
        loan.booking_ids._close(fields.Datetime.now())

    def _mails(self, subject):
        return self.env["mail.mail"].sudo().search([("subject", "like", subject)])
