from odoo import models

# Marks the legal kind in the context. An object: it cannot be sent from outside.
KIND = object()


class AssetCommodat(models.Model):
    """A free loan (commodat) is free by essence, whatever price an asset has.

    Code civil, article 1876. Its reference value stays: it counts for reciprocity.
    """

    _inherit = "ess.asset"

    def _loan_kind(self, entity=None):
        """Legal kind of a use by this organisation: 'none', 'commodat' or 'hire'.

        The policy says it, or the promise that the price is asked for. Nobody needs
        an agreement with itself.
        """
        self.ensure_one()
        mark, kind = self.env.context.get("ess_loan_kind") or (None, None)
        if mark is KIND:
            return kind
        if entity and entity == self.owner_id:
            return "none"
        return self.policy_id.loan_kind or "none"

    def _member_prices(self, entity, quantities):
        """Nothing for a free loan, whatever the pricelist."""
        prices = super()._member_prices(entity, quantities)
        return {
            asset: 0.0 if asset._loan_kind(entity) == "commodat" else price
            for asset, price in prices.items()
        }

    def _quote_in_words(self, quote):
        if not quote["unit_price"] and self.sudo()._loan_kind() == "commodat":
            return self._commodat_in_words()
        return super()._quote_in_words(quote)

    def _commodat_in_words(self):
        return self.env._(
            "Free loan (commodat): it has no price, Code civil, article 1876."
        )
