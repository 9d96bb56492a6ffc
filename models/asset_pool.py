from odoo import api, models


class AssetPool(models.Model):
    """Where the costs of an asset go: a pool, split by ownership or by use.

    Bills that name the asset's analytic account reach the pool by themselves; the key
    of the pool names the asset, and takes its co-owners' parts or its bookings.
    """

    _inherit = "ess.asset"

    @api.model
    def _pool_accounts(self):
        """Analytic accounts of assets and of the pools that carry them.

        An account of several assets that are in different pools leads nowhere.

        :return: dict `of` ({account of assets: account of their pool}) and `named` (all
            accounts of pools)
        """
        rows = self.sudo()._read_group(
            [("cost_pool_id", "!=", False), ("analytic_account_id", "!=", False)],
            ["analytic_account_id", "cost_pool_id"],
        )
        plan = self.env.ref("ess_mutualisation.analytic_plan_pools")
        accounts = self.env["account.analytic.account"].sudo()
        pools = {}
        for account, pool in rows:
            pools.setdefault(account.id, set()).add(pool.analytic_account_id.id)
        return {
            "of": {key: found.pop() for key, found in pools.items() if len(found) == 1},
            "named": accounts.search([("plan_id", "=", plan.id)]).ids,
        }

    def action_view_cost_pool(self):
        self.ensure_one()
        self.check_access("read")
        return {
            **self.env["ir.actions.act_window"]._for_xml_id(
                "ess_mutualisation.ess_cost_pool_action"
            ),
            "res_id": self.cost_pool_id.id,
            "view_mode": "form",
            "views": [(False, "form")],
        }
