from odoo import api, fields, models
from odoo.exceptions import UserError

from .entered import entered

# Its bills are charged to the members of the round.
OF_ROUND = {"ess_supplier_id", "ess_round_id"}
GROUPS = "purchase.group_purchase_user,ess_mutualisation.group_facilitator"


class PurchaseOrder(models.Model):
    """Knows the round that it was made by."""

    _inherit = "purchase.order"

    ess_supplier_id = fields.Many2one(
        "ess.round.supplier",
        string="Supplier of a Round",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
        groups=GROUPS,
    )
    ess_round_id = fields.Many2one(
        related="ess_supplier_id.round_id",
        string="Buying Round",
        store=True,
        index="btree_not_null",
        groups=GROUPS,
    )

    _ess_once_per_supplier = models.UniqueIndex(
        "(ess_supplier_id) WHERE state <> 'cancel'",
        "This supplier of the round has its order already.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            for vals in vals_list:
                found = entered(self, vals)
                if any(found.get(name) for name in OF_ROUND):
                    self._refuse_round()
        return super().create(vals_list)

    def write(self, vals):
        if OF_ROUND & set(vals) and not self.env.su:
            self._refuse_round()
        return super().write(vals)

    def _refuse_round(self):
        raise UserError(
            self.env._("Buying round: only a round says which orders it made.")
        )

    def _prepare_grouped_data(self, rfq):
        """What two rounds buy of one supplier stays two orders."""
        return (*super()._prepare_grouped_data(rfq), rfq.sudo().ess_supplier_id.id)

    def _add_supplier_to_product(self):
        """A price that was reached together is no price from one piece on."""
        of_rounds = self.filtered(lambda o: o.sudo().ess_supplier_id)
        others = self - of_rounds
        return super(PurchaseOrder, others)._add_supplier_to_product()
