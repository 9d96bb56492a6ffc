from odoo import api, fields, models
from odoo.exceptions import UserError

from .entered import entered
from .purchase_order import GROUPS


class PurchaseOrderLine(models.Model):
    """Keeps the price that its round reached, whatever changes on the line."""

    _inherit = "purchase.order.line"

    ess_offer_id = fields.Many2one(
        "ess.round.offer",
        string="Offer of a Round",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
        groups=GROUPS,
    )

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            for vals in vals_list:
                if entered(self, vals).get("ess_offer_id"):
                    self._refuse_offer()
        return super().create(vals_list)

    def write(self, vals):
        if "ess_offer_id" in vals and not self.env.su:
            self._refuse_offer()
        return super().write(vals)

    def _refuse_offer(self):
        raise UserError(
            self.env._("Offer of a round: only a round says what it ordered.")
        )

    def _compute_price_unit_and_date_planned_and_name(self):
        """Not by the tier that the quantity of this line reaches alone."""
        of_rounds = self.filtered(lambda line: line.sudo().ess_offer_id)
        for line in of_rounds:
            by_hand = line.technical_price_unit != line.price_unit
            if line.invoice_lines or by_hand or not line.product_uom_id:
                continue
            price = float(line.sudo().ess_offer_id._price_in(line.product_uom_id))
            line.price_unit = line.technical_price_unit = price
        others = self - of_rounds
        return super(
            PurchaseOrderLine, others
        )._compute_price_unit_and_date_planned_and_name()

    def _track_qty_received(self, new_qty):
        """Called where a receipt changes what was received: the round has to count."""
        res = super()._track_qty_received(new_qty)
        context = self.env.context
        if context.get("ess_counting") or context.get("accrual_entry_date"):
            return res
        one = self.sudo().ess_offer_id.round_id
        if one and new_qty != self.qty_received:
            one._remind_to_count(self.order_id)
        return res

    def _prepare_account_move_line(self, move=False):
        """What is paid in the name of members is no expense of the federation."""
        vals = super()._prepare_account_move_line(move)
        one = self.sudo().ess_offer_id.round_id
        if one.legal_mode == "agent":
            product = one.disbursement_product_id.with_company(one.company_id)
            accounts = product._get_product_accounts()
            if product and accounts["income"]:
                vals["account_id"] = accounts["income"].id
        return vals
