from datetime import timedelta

from odoo import models
from odoo.exceptions import UserError
from odoo.tools import format_amount, format_date

INSTANT = timedelta.resolution
DAY = timedelta(days=1)


class LoanInsure(models.Model):
    """The borrower is insured on every day of the loan, extension included."""

    _inherit = "ess.loan"

    def _insurance_needed(self):
        """Whether the policy of one of the things asks for a certificate."""
        self.ensure_one()
        return any(self._items().asset_id.policy_id.mapped("insurance_required"))

    def _insurance_days(self, stop=None):
        """First and last local day of the loan; an end at midnight is the day before.

        :param stop: naive UTC, instead of the agreed end
        """
        loan = self.sudo()
        first = loan._local_date(loan.start)
        return first, loan._local_date((stop or loan.stop) - INSTANT)

    def _certificates(self):
        """Certificates of the borrower that this federation knows."""
        loan = self.sudo()
        return (
            self.env["ess.insurance.certificate"]
            .sudo()
            .search(
                [
                    ("entity_id", "=", loan.entity_id.id),
                    ("company_id", "=", loan.company_id.id),
                ],
                order="date_from, id",
            )
        )

    def _certificates_used(self):
        """Certificates that are valid on some day of the loan."""
        first, last = self._insurance_days()
        return self._certificates().filtered(
            lambda c: c.date_from <= last and c.date_to >= first
        )

    def _insurance_reason(self, stop=None):
        """Why the insurance does not cover the loan; None when it does.

        Certificates that follow each other without a gap count together: who renews
        at New Year is insured over New Year.

        :param stop: naive UTC, the end that is asked for
        """
        self.ensure_one()
        loan = self.sudo()
        if not (loan.start and loan.stop and loan._insurance_needed()):
            return None
        first, last = loan._insurance_days(stop)
        open_day = loan._certificates()._first_open_day(first, last)
        if not open_day:
            return None
        figures = {
            "entity": loan.entity_id.name,
            "first": format_date(self.env, first),
            "last": format_date(self.env, last),
            "day": format_date(self.env, open_day),
        }
        if open_day == first:
            return self.env._(
                "Insurance: no certificate of %(entity)s is valid on %(day)s; the loan "
                "needs one from %(first)s to %(last)s.",
                **figures,
            )
        return self.env._(
            "Insurance: the certificate of %(entity)s ends on %(until)s, the loan on "
            "%(last)s: add one that is valid from %(day)s on, or return it by then.",
            until=format_date(self.env, open_day - DAY),
            **figures,
        )

    def _check_insurance(self, stop=None):
        """:raise UserError: when the certificate does not cover the whole loan"""
        for loan in self:
            reason = loan._insurance_reason(stop)
            if reason:
                raise UserError(reason)

    def _insurance_warnings(self):
        """What does not forbid the loan but should be known: a low ceiling.

        :rtype: list[str]
        """
        self.ensure_one()
        loan = self.sudo()
        if not (loan.start and loan.stop and loan._insurance_needed()):
            return []
        used = loan._certificates_used().filtered("ceiling")
        value = sum(b.asset_id.replacement_value * b.quantity for b in loan._items())
        low = used.filtered(lambda c: c.ceiling < value)[:1]
        if not low:
            return []
        return [
            self.env._(
                "Insurance: certificate %(number)s pays at most %(ceiling)s, the "
                "things are worth %(value)s.",
                number=low.number,
                ceiling=format_amount(self.env, low.ceiling, low.currency_id),
                value=format_amount(self.env, value, loan.currency_id),
            )
        ]
