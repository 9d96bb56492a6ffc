import hashlib
import json

from odoo import fields, models
from odoo.exceptions import UserError


class LoanExtensionFlow(models.Model):
    """The answer to an extension, and the trail that it leaves."""

    _inherit = "ess.loan.extension"

    asked_on = fields.Datetime(readonly=True)
    terms_hash = fields.Char(
        readonly=True,
        help="SHA-256 of the signed terms' hash and of this amendment: who asked and "
        "who agreed, when, and until when.",
    )

    def action_agree(self):
        """Agree, for the lender or the federation: the time is taken now."""
        self.ensure_one()
        extension = self._require_asked("lender", "facilitator")
        loan = extension.loan_id
        loan._require_state("signed", "ongoing")
        if loan.stop != extension.stop_before:
            raise UserError(
                self.env._(
                    "%(loan)s ends on %(stop)s by now: the extension has to be asked "
                    "for anew.",
                    loan=loan.name,
                    stop=loan._in_words(loan.stop),
                )
            )
        loan._check_insurance(extension.stop)
        loan._amend(extension.stop)
        loan.amended_hash = loan._hash(loan._essence(loan._terms()))
        extension._answer("agreed")
        extension.terms_hash = extension._amendment_hash()
        loan.message_post(
            body=self.env._(
                "Extended until %(stop)s: asked by %(asked)s, agreed by %(agreed)s.",
                stop=loan._in_words(extension.stop),
                asked=extension.asked_by_id.name,
                agreed=extension.answered_by_id.name,
            )
        )
        loan._tell("extension_agreed")
        return True

    def action_refuse(self, reason=None):
        """Refuse it, with a reason that the borrower reads."""
        self.ensure_one()
        extension = self._require_asked("lender", "facilitator")
        reason = extension.loan_id._checked_reason(reason)
        extension._answer("refused")
        extension.reason = reason
        extension.loan_id._tell("extension_refused")
        return True

    def action_withdraw(self):
        """Take the request back, as its borrower."""
        self.ensure_one()
        extension = self._require_asked("borrower", "facilitator")
        extension._answer("cancelled")
        return True

    def _require_asked(self, *roles):
        """:return: the extension in superuser mode, when this user may answer it"""
        loan = self.sudo().loan_id.sudo(self.env.su)
        loan._require(*roles)
        extension = self.sudo()
        extension.loan_id._bump()
        if extension.state != "asked":
            labels = dict(self._fields["state"]._description_selection(self.env))
            raise UserError(
                self.env._(
                    "This extension is %s; nobody waits for an answer any more.",
                    labels[extension.state].lower(),
                )
            )
        return extension

    def _answer(self, state):
        self.write(
            {
                "state": state,
                "answered_on": fields.Datetime.now(),
                "answered_by_id": self.env.user.partner_id.id,
            }
        )

    def _amendment_hash(self):
        """Chained to what was signed, and to the amendments before this one."""
        self.ensure_one()
        before = self.loan_id.extension_ids.filtered(
            lambda e: e.state == "agreed" and e.id < self.id
        ).sorted("id")[-1:]
        text = json.dumps(
            {
                "before": before.terms_hash or self.loan_id.terms_hash or "",
                "loan": self.loan_id.name,
                "from": str(self.stop_before),
                "to": str(self.stop),
                "asked": [self.asked_by_id.id, str(self.asked_on)],
                "agreed": [self.answered_by_id.id, str(self.answered_on)],
            },
            sort_keys=True,
        )
        return hashlib.sha256(text.encode()).hexdigest()
