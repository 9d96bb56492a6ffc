import base64
import binascii

from psycopg2.errors import UniqueViolation

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

MOST_BYTES = 2_000_000


class LoanSign(models.Model):
    """Both organisations sign, each by a person of its own."""

    _inherit = "ess.loan"

    def action_sign(self, name, signature, contact=None, seen=None):
        """Sign the agreement in the name of the user's organisation.

        :param str name: of the person, as typed
        :param signature: image, base64 (what Odoo's signature form gives)
        :param contact: res.partner or id of who signs; a member signs for itself
        :param str seen: `_terms_hash` of what the page showed; the signature is
            refused when the terms are others by now
        :return: the signature
        """
        self.ensure_one()
        contact = self._signing_contact(contact)
        self._require_state("to_sign")
        loan = self.sudo()
        loan._bump()
        loan._void_if_changed()
        terms = loan._terms()
        if seen and seen != loan._hash(terms):
            raise UserError(
                self.env._(
                    "%s was changed since you opened it: read it again, please, before "
                    "you sign.",
                    loan.name,
                )
            )
        entity = contact.commercial_partner_id
        side = "lender" if entity == loan.lender_id else "borrower"
        made = loan._create_signature(
            {
                "loan_id": loan.id,
                "side": side,
                "entity_id": entity.id,
                "contact_id": contact.id,
                "signer_name": self._checked_name(name),
                "signature": self._checked_signature(signature),
                "signed_on": fields.Datetime.now(),
                "terms": terms,
                "terms_hash": loan._hash(terms),
            }
        )
        loan.terms_hash = made.terms_hash
        if loan._is_signed():
            loan._after_signed()
        return made.sudo(self.env.su)

    def _signing_contact(self, contact):
        """The person who signs: the user, of one of the two organisations.

        :raise AccessError: for strangers, and for the federation: nobody signs for
            somebody else
        """
        user, loan = self.env.user, self.sudo()
        parties = loan.lender_id | loan.entity_id
        if isinstance(contact, int):
            contact = user.sudo().partner_id.browse(contact)
        person = contact.sudo() if contact else user.sudo().partner_id
        if not self.env.su and person != user.partner_id:
            raise AccessError(self.env._("Nobody signs in the name of another person."))
        if person.commercial_partner_id not in parties:
            raise AccessError(
                self.env._(
                    "This agreement is signed by a person of the lender and one of the "
                    "borrower: your account belongs to neither."
                )
            )
        return person

    @api.model
    def _checked_name(self, name):
        name = " ".join(str(name or "").split())[:120]
        if not name:
            raise UserError(self.env._("Name: write the name of who signs."))
        return name

    @api.model
    def _checked_signature(self, signature):
        """The image as base64; a data URL is understood as well."""
        text = signature.decode() if isinstance(signature, bytes) else signature or ""
        text = str(text).partition("base64,")[2] or str(text)
        try:
            raw = base64.b64decode(text, validate=True)
        except (binascii.Error, ValueError):
            raw = b""
        if not raw.startswith((b"\x89PNG", b"\xff\xd8")) or len(raw) > MOST_BYTES:
            raise UserError(
                self.env._(
                    "Signature: draw or type it in the box first (an image of at most "
                    "2 MB)."
                )
            )
        return text

    def _create_signature(self, vals):
        try:
            with self.env.cr.savepoint():
                made = self.env["ess.loan.signature"].sudo().create(vals)
                made.flush_recordset()
                return made
        except UniqueViolation as error:
            raise UserError(
                self.env._(
                    "%s is signed already for your organisation.", self.sudo().name
                )
            ) from error

    def _after_signed(self):
        """Both have signed: the document is made once, kept and sent to both."""
        self.ensure_one()
        self.state = "signed"
        self._ensure_document()
        self._tell("signed")
