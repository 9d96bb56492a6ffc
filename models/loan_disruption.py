from odoo import fields, models


class LoanDisruption(models.Model):
    """A booking whose asset is not there: still out with another, or damaged."""

    _name = "ess.loan.disruption"
    _description = "Disrupted Booking"
    _inherit = ["mail.thread", "mail.activity.mixin", "portal.mixin"]
    _order = "id desc"
    _rec_name = "booking_id"

    loan_id = fields.Many2one(
        "ess.loan", index="btree_not_null", ondelete="cascade", help="What is late."
    )
    damage_id = fields.Many2one(
        "ess.loan.damage", index="btree_not_null", ondelete="cascade"
    )
    booking_id = fields.Many2one(
        "ess.booking",
        string="Disrupted Booking",
        required=True,
        index=True,
        ondelete="cascade",
    )
    asset_id = fields.Many2one(related="booking_id.asset_id", store=True, index=True)
    entity_id = fields.Many2one(related="booking_id.entity_id", store=True, index=True)
    company_id = fields.Many2one(
        related="booking_id.company_id", store=True, index=True
    )
    cause = fields.Selection(
        [("late", "Not Back Yet"), ("damage", "Out of Service")], required=True
    )
    state = fields.Selection(
        [
            ("open", "To Be Chosen"),
            ("wait", "Waits"),
            ("other", "Other Asset"),
            ("cancelled", "Cancelled"),
            ("over", "Over"),
        ],
        required=True,
        default="open",
        readonly=True,
        index=True,
    )
    other_booking_id = fields.Many2one(
        "ess.booking", string="Instead", readonly=True, index="btree_not_null"
    )
    chosen_on = fields.Datetime(readonly=True)
    chosen_by_id = fields.Many2one("res.partner", readonly=True)
    told_on = fields.Datetime(readonly=True)

    _one_open = models.UniqueIndex(
        "(booking_id) WHERE state IN ('open', 'wait')",
        "This booking is known to be disrupted already.",
    )
