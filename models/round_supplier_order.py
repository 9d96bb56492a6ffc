from odoo import fields, models
from odoo.fields import Command


class RoundSupplierOrder(models.Model):
    """One order, in the supplier's units, at the prices that were reached together."""

    _inherit = "ess.round.supplier"

    def _make_order(self, offers):
        self.ensure_one()
        company = self.company_id
        orders = self.env["purchase.order"].with_company(company)
        partner = self.partner_id.with_company(company)
        positions = self.env["account.fiscal.position"].with_company(company)
        position = positions._get_fiscal_position(partner)
        now = fields.Datetime.now()
        # a cancelled one makes room in the unique index
        self.purchase_id.flush_recordset(["state"])
        self.purchase_id = orders.create(
            {
                "partner_id": partner.id,
                "company_id": company.id,
                "currency_id": company.currency_id.id,
                "fiscal_position_id": position.id,
                "payment_term_id": partner.property_supplier_payment_term_id.id,
                "user_id": self.round_id.coordinator_id.id,
                "origin": self.round_id.reference,
                "date_order": now,
                "ess_supplier_id": self.id,
                "order_line": [
                    Command.create(offer._order_line_vals(sequence, position, now))
                    for sequence, offer in enumerate(offers, start=1)
                ],
            }
        )
        for line in self.purchase_id.order_line:
            line.ess_offer_id.purchase_line_id = line
        return self.purchase_id
