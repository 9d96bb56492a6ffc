from odoo import api, models
from odoo.exceptions import UserError


class ExchangeCommodat(models.Model):
    """What was lent for free stays free when it is counted."""

    _inherit = "ess.exchange"

    @api.constrains("amount", "booking_id")
    def _check_commodat(self):
        for exchange in self:
            booking = exchange.sudo().booking_id
            if booking.loan_kind == "commodat" and exchange.amount:
                raise UserError(
                    self.env._(
                        "Amount: %(booking)s was lent for free (commodat), by law "
                        "(Code civil, article 1876): nothing is owed for its use.",
                        booking=booking.name,
                    )
                )
