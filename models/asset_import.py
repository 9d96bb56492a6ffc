from odoo import api, models


class AssetImport(models.Model):
    """Rows of an asset file that must not go in."""

    _inherit = "ess.asset"

    @api.model
    def _import_empty(self, name):
        if name == "capacity":
            return self.env._("Quantity: empty; give the number of units, at least 1.")
        return super()._import_empty(name)

    @api.model
    def _import_refusals(self, vals_list):
        """Codes used twice (the first row keeps its code), and impossible figures."""
        refusals = super()._import_refusals(vals_list)
        known = self._import_known_codes(vals_list)
        for index, vals in enumerate(vals_list):
            sentence = self._import_figures(vals) or self._import_code(vals, known)
            if sentence:
                refusals.setdefault(index, sentence)
            elif vals.get("code"):
                known[vals["code"]] = (vals.get("name"), True)
        return refusals

    @api.model
    def _import_known_codes(self, vals_list):
        """{code: (name of its asset, whether it is in this file)}"""
        codes = [vals["code"] for vals in vals_list if vals.get("code")]
        assets = self.with_context(active_test=False).search(
            [("code", "in", codes), ("company_id", "=", self.env.company.id)]
        )
        return {asset.code: (asset.name, False) for asset in assets}

    @api.model
    def _import_code(self, vals, known):
        code = vals.get("code")
        if code not in known:
            return ""
        name, in_file = known[code]
        if in_file:
            return self.env._(
                "Code: %(code)s is in this file already, for '%(asset)s'; give this "
                "asset a code of its own.",
                code=code,
                asset=name,
            )
        return self.env._(
            "Code: %(code)s is the code of '%(asset)s' already.", code=code, asset=name
        )

    @api.model
    def _import_figures(self, vals):
        capacity = vals.get("capacity", 1)
        if capacity < 1:
            return self.env._(
                "Quantity: %s; give the number of units, at least 1.", capacity
            )
        if (vals.get("price") or 0) < 0:
            return self.env._("Price: %s; a price cannot be negative.", vals["price"])
        return ""
