from odoo import models


class AccountMoveAssets(models.Model):
    """A bill for an asset is a cost of the pool that carries the asset."""

    _inherit = "account.move"

    def _post(self, soft=True):
        self._tag_pools_of_assets()
        return super()._post(soft)

    def _tag_pools_of_assets(self):
        """Add the pool's account where a bill names the account of an asset.

        Whoever named a pool already has decided otherwise; what a settlement made is no
        cost.
        """
        bills = self.filtered(
            lambda move: move.is_purchase_document() and not move.ess_settlement_id
        )
        lines = bills.line_ids.filtered("analytic_distribution")
        if not lines:
            return
        pools = self.env["ess.asset"]._pool_accounts()
        for line in lines:
            named = line.analytic_distribution
            tagged = {self._with_pool(key, pools): part for key, part in named.items()}
            if len(tagged) == len(named) and tagged != named:
                line.analytic_distribution = tagged

    def _with_pool(self, key, pools):
        """:return: ids of a distribution, with the one pool that they lead to"""
        accounts = {int(account) for account in key.split(",")}
        if accounts & set(pools["named"]):
            return key
        found = {pools["of"][account] for account in accounts & set(pools["of"])}
        return f"{key},{found.pop()}" if len(found) == 1 else key
