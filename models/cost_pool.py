from odoo import api, fields, models
from odoo.exceptions import UserError

from .entered import entered


class CostPool(models.Model):
    """Costs that members carry together: a depot, a bookkeeper, an insurance.

    Vendor bills reach it by the analytic distribution on its account of the plan
    "Pools", which only tags them; a run computes the shares, exactly.
    """

    _name = "ess.cost.pool"
    _description = "Cost Pool"
    _inherit = ["ess.links", "mail.thread", "mail.activity.mixin"]
    _order = "name, id"
    _check_company_auto = True

    name = fields.Char(required=True, tracking=True)
    active = fields.Boolean(default=True)
    description = fields.Text(translate=True)
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda s: s.env.company
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    analytic_account_id = fields.Many2one(
        "account.analytic.account",
        readonly=True,
        copy=False,
        index=True,
        ondelete="restrict",
        check_company=True,
        help="Made with the pool, in the plan “Pools”.",
    )
    member_ids = fields.One2many("ess.cost.pool.member", "pool_id", string="Members")
    key_id = fields.Many2one(
        "ess.cost.key",
        check_company=True,
        index="btree_not_null",
        tracking=True,
        ondelete="restrict",
    )
    period = fields.Selection(
        [("month", "Month"), ("quarter", "Quarter"), ("year", "Year")],
        required=True,
        default="year",
        tracking=True,
        help="How often the costs are split. Shares add up over the financial year "
        "before they are rounded: twelve months cost what the year costs.",
    )
    product_id = fields.Many2one(
        "product.product",
        string="Settlement Product",
        check_company=True,
        ondelete="restrict",
        help="What the members are invoiced for: it gives the account.",
    )
    advance_product_id = fields.Many2one(
        "product.product",
        check_company=True,
        ondelete="restrict",
        help="For advances, on an account of its own (4191 in France); the run takes "
        "them back there. The settlement product when empty.",
    )
    budget_ids = fields.One2many("ess.cost.budget", "pool_id")
    call_ids = fields.One2many("ess.cost.call", "pool_id")
    run_ids = fields.One2many("ess.cost.run", "pool_id")
    run_version = fields.Integer(
        readonly=True,
        copy=False,
        help="Counts the runs posted: two at the same moment collide here.",
    )

    _account_uniq = models.Constraint(
        "UNIQUE (analytic_account_id)", "Another pool has this analytic account."
    )

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        self._check_entered(*(entered(self, vals) for vals in vals_list))
        pools = super().create(vals_list)
        pools._ensure_account()
        return pools

    def write(self, vals):
        self._check_entered(vals)
        res = super().write(vals)
        if "name" in vals:
            for pool in self.sudo().filtered("analytic_account_id"):
                pool.analytic_account_id.name = pool.name
        return res

    def _check_entered(self, *vals_list):
        """The account and the counter of runs are nobody's to choose."""
        if self.env.su:
            return
        for vals in vals_list:
            if {"analytic_account_id", "run_version"} & set(vals):
                raise UserError(
                    self.env._("Analytic account: the pool makes and keeps its own.")
                )

    def _ensure_account(self):
        """Give each pool its analytic account, by which bills are tagged."""
        plan = self.env.ref("ess_mutualisation.analytic_plan_pools")
        without = self.sudo().filtered(lambda p: not p.analytic_account_id)
        accounts = self.env["account.analytic.account"].sudo()
        accounts = accounts.create(
            [
                {
                    "name": pool.name,
                    "plan_id": plan.id,
                    "company_id": pool.company_id.id,
                }
                for pool in without
            ]
        )
        for pool, account in zip(without, accounts, strict=True):
            pool.analytic_account_id = account
