from odoo import api, models
from odoo.tools import email_normalize


class ResPartnerImport(models.Model):
    """Member organisations from a file; other contacts come in as Odoo does it."""

    _inherit = "res.partner"

    @api.model
    def _imports_by_row(self, columns):
        return bool(
            self.env.context.get("ess_import_members") or "ess_is_member" in columns
        )

    @api.model
    def _import_defaults(self):
        if self.env.context.get("ess_import_members"):
            return {"ess_is_member": True, "is_company": True}
        return super()._import_defaults()

    @api.model
    def _import_refusals(self, vals_list):
        """Addresses that cannot be written to, and members that are here already.

        So a corrected file may be imported as it is: what is in stays as it was.
        """
        refusals = super()._import_refusals(vals_list)
        known = self._import_known_members(vals_list)
        for index, vals in enumerate(vals_list):
            if not vals.get("ess_is_member"):
                continue
            sentence = self._import_email(vals) or self._import_name(vals, known)
            if sentence:
                refusals.setdefault(index, sentence)
            elif vals.get("name"):
                known[vals["name"].casefold()] = True
        return refusals

    @api.model
    def _import_known_members(self, vals_list):
        """{name: whether it is in this file}"""
        members = self.with_context(active_test=False).search(
            [("ess_is_member", "=", True)]
        )
        return {(name or "").casefold(): False for name in members.mapped("name")}

    @api.model
    def _import_email(self, vals):
        email = vals.get("email")
        if not email or email_normalize(email):
            return ""
        return self.env._(
            "E-mail: '%(email)s' is not an address; it would look like "
            "name@example.org.",
            email=email,
        )

    @api.model
    def _import_name(self, vals, known):
        name = vals.get("name") or ""
        if name.casefold() not in known:
            return ""
        if known[name.casefold()]:
            return self.env._("Name: %s is in this file already.", name)
        return self.env._("Name: %s is a member organisation already.", name)
