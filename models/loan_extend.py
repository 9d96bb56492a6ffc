from datetime import datetime

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import format_datetime

from .booking_loan_flow import AMENDING


class Possible(Exception):  # noqa: N818 (it says what happened, not an error)
    """Undoes a try that went well."""


class LoanExtend(models.Model):
    """More time for what is lent: the borrower asks, the lender agrees.

    An extension does not void the signatures: the borrower's request and the lender's
    answer are an amendment, chained to the signed terms by its hash. Nobody else can
    change the time of what is out.
    """

    _inherit = "ess.loan"

    def action_ask_extension(self, stop, note=None):
        """Ask to keep it until a later time. Nothing is taken before it is agreed.

        :param stop: new end, naive UTC
        :raise NotFree, RuleBroken, UserError: when it could not be had anyway
        """
        self.ensure_one()
        loan = self._require("borrower", "facilitator")
        self._require_state("signed", "ongoing")
        stop = loan._checked_extension(stop)
        loan._bump()
        loan._check_insurance(stop)
        loan._try_amend(stop)
        extension = loan.env["ess.loan.extension"].create(
            {
                "loan_id": loan.id,
                "stop_before": loan.stop,
                "stop": stop,
                "note": (note or "").strip()[:2000],
                "asked_by_id": self.env.user.partner_id.id,
                "asked_on": fields.Datetime.now(),
            }
        )
        loan._tell("extension_asked")
        return extension.sudo(self.env.su)

    def _checked_extension(self, stop):
        self.ensure_one()
        if self.extension_ids.filtered(lambda e: e.state == "asked"):
            raise UserError(
                self.env._(
                    "%s: an extension waits for an answer already; withdraw it to ask "
                    "for another one.",
                    self.name,
                )
            )
        if not self._extendable():
            raise UserError(
                self.env._("%s: nothing is out any more that could stay.", self.name)
            )
        _start, stop = self.env["ess.asset"]._check_window(self.start, stop)
        if isinstance(stop, datetime) and stop.microsecond:
            stop = stop.replace(microsecond=0)
        least = max(self.stop, fields.Datetime.now())
        if stop <= least:
            raise UserError(
                self.env._(
                    "New end: choose a time after %(stop)s.",
                    stop=self._in_words(least),
                )
            )
        return stop

    def _extendable(self):
        """Items that would stay longer: those that are not back."""
        return self._items().filtered(lambda b: b.state in ("confirmed", "ongoing"))

    def _in_words(self, instant):
        """A time on the wall where the things are, in the reader's language."""
        self.ensure_one()
        return format_datetime(
            self.env, instant, tz=self.tz, dt_format="EEE d MMM y HH:mm"
        )

    def _try_amend(self, stop):
        """Pass the gate and the rules as the extension would, and leave no trace."""
        try:
            with self.env.cr.savepoint():
                self._amend(stop)
                raise Possible
        except Possible:
            self.invalidate_recordset()
            self.env["ess.booking"].invalidate_model()
            self.env["ess.occupancy"].invalidate_model()

    def _amend(self, stop):
        """Move the end of what is out, by the gate and the rules of each thing."""
        self.ensure_one()
        items = self._extendable().with_context(ess_amending=AMENDING)
        for booking in items.filtered(lambda b: b.stop < stop):
            agreed = booking.stop
            price = booking.read(["amount", "value", "price_quantity"])[0]
            booking.action_reschedule(None, stop)
            if booking.returned_quantity:
                booking._extend_price(agreed, price)
        self.env.flush_all()
