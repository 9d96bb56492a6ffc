from odoo import models


class AssetDamage(models.Model):
    _inherit = "ess.asset"

    def _damage_product(self, kind="damage"):
        """The product of a compensation or of an expense: its account and taxes, where
        an invoice or a bill is made of it."""
        company = self.company_id.sudo() or self.env.company
        if kind == "expense" and company.ess_expense_product_id:
            return company.ess_expense_product_id
        return company.ess_damage_product_id or self.sudo().product_id
