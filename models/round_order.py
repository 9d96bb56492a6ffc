from odoo import api, fields, models
from odoo.exceptions import UserError

from .round import OFFICE

WAITING = {"draft", "sent"}


class RoundOrder(models.Model):
    """From what was decided to one purchase order per supplier."""

    _inherit = "ess.round"

    purchase_ids = fields.One2many(
        "purchase.order",
        "ess_round_id",
        string="Purchase Orders",
        readonly=True,
        groups=OFFICE,
    )
    purchase_count = fields.Integer(compute="_compute_purchase_count", groups=OFFICE)

    is_order_cancelled = fields.Boolean(
        compute="_compute_purchase_count",
        groups=OFFICE,
        help="An order of it was cancelled and can be made anew.",
    )

    is_order_waiting = fields.Boolean(
        compute="_compute_purchase_count",
        groups=OFFICE,
        help="An order of it is not confirmed yet.",
    )

    @api.depends("supplier_ids.purchase_id.state")
    def _compute_purchase_count(self):
        for one in self:
            orders = one.sudo().supplier_ids.purchase_id
            states = set(orders.mapped("state"))
            one.purchase_count = len(orders)
            one.is_order_cancelled = "cancel" in states
            one.is_order_waiting = bool(WAITING & states)

    # === ACTIONS === #

    def action_order(self):
        """Make one purchase order per supplier, or, where members order themselves,
        nothing but their documents. What was cancelled since is ordered anew."""
        for one in self._require("facilitator"):
            one._touch()
            one._require_state("closed", "ordered")
            one._make_orders()
            one.state = "ordered"

    def action_confirm_orders(self):
        """Confirm the orders, with the rights of who buys: it engages money."""
        self._require("facilitator")
        orders = self.env["purchase.order"].browse(
            self.sudo().supplier_ids.purchase_id.ids
        )
        orders.check_access("write")
        orders.filtered(lambda o: o.state in WAITING).button_confirm()

    def action_view_purchases(self):
        self.ensure_one()
        return {
            **self.env["ir.actions.act_window"]._for_xml_id("purchase.purchase_rfq"),
            "domain": [("ess_round_id", "=", self.id)],
            "context": {"create": False},
        }

    # === ORDERS === #

    def _make_orders(self):
        offers = self.offer_ids.filtered(lambda o: o.ordered > 0)
        if not offers:
            raise UserError(
                self.env._(
                    "%s: there is nothing to order, because nobody was allotted "
                    "anything.",
                    self.name,
                )
            )
        self._ensure_analytic_account()
        if self.legal_mode == "referencing":
            self._require_state("closed")
            return
        suppliers = offers.supplier_id.filtered(
            lambda s: not s.purchase_id or s.purchase_id.state == "cancel"
        )
        if not suppliers:
            raise UserError(
                self.env._(
                    "%(round)s is ordered already: %(orders)s.",
                    round=self.name,
                    orders=", ".join(self.supplier_ids.purchase_id.mapped("name")),
                )
            )
        for supplier in suppliers:
            supplier._make_order(offers & supplier.offer_ids)

    def _ensure_analytic_account(self):
        """Its account carries orders, bills and invoices: the balance of the round."""
        self.ensure_one()
        if self.analytic_account_id:
            return
        plan = self.env.ref("ess_mutualisation.analytic_plan_rounds")
        self.analytic_account_id = self.env["account.analytic.account"].create(
            {
                "name": f"{self.reference} {self.name}",
                "plan_id": plan.id,
                "company_id": self.company_id.id,
            }
        )

    def _analytic_distribution(self):
        self.ensure_one()
        account = self.sudo().analytic_account_id
        return {str(account.id): 100} if account else False
