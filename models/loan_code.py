from secrets import choice

from odoo import api, fields, models

# Nothing that is mistaken for another sign, written by hand or said on the phone.
ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
LENGTH = 6


class LoanCode(models.Model):
    """A short code finds a loan without network: on paper, or said on the phone."""

    _inherit = "ess.loan"

    short_code = fields.Char(default=lambda self: self._new_code())

    @api.model
    def _new_code(self):
        """:return: a code that no loan has; the index refuses what races"""
        while True:
            code = "".join(choice(ALPHABET) for __ in range(LENGTH))
            if not self.sudo().search_count([("short_code", "=", code)], limit=1):
                return code

    @api.model
    def _by_code(self, code):
        """The loan of this code however it was typed, or an empty recordset.

        Says nothing about rights: whoever shows the loan checks them.
        """
        typed = "".join(sign for sign in (code or "").upper() if sign.isalnum())
        if len(typed) != LENGTH:
            return self.browse()
        found = self.sudo().search([("short_code", "=", typed)], limit=1)
        return found.sudo(self.env.su)

    def _code_in_words(self):
        """'K7P 2XM': three signs at a time are easier to read out."""
        self.ensure_one()
        code = self.sudo().short_code or ""
        return f"{code[:3]} {code[3:]}".strip()
