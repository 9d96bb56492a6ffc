from odoo import fields, models


class LoanDisruptionDesk(models.Model):
    """When the thing was wanted, in the list of who waits for it."""

    _inherit = "ess.loan.disruption"

    booking_start = fields.Datetime(related="booking_id.start", string="Wanted from")
