from odoo import fields, models


class BookingPolicyLoan(models.Model):
    """What a policy asks for when an asset goes to another organisation."""

    _inherit = "ess.booking.policy"

    loan_kind = fields.Selection(
        [
            ("none", "No agreement"),
            ("commodat", "Free loan (commodat)"),
            ("hire", "Hire"),
        ],
        string="Agreement",
        required=True,
        default="none",
        tracking=True,
        help="A free loan is free by law (Code civil, article 1876): whatever the "
        "asset's price, its borrower pays nothing.",
    )
    deposit_holder = fields.Selection(
        [("lender", "The lender"), ("federation", "The federation")],
        required=True,
        default="lender",
        string="Deposit Held by",
    )
    insurance_required = fields.Boolean(
        string="Insurance Certificate",
        tracking=True,
        help="The borrower needs a certificate that is valid over the whole loan.",
    )
    overdue_blocks = fields.Boolean(
        string="Late Loans Block New Bookings", tracking=True
    )
    overdue_reminder_days = fields.Char(
        string="Reminders of Late Loans (days)",
        default="1,3,7,14",
        help="Days after the agreed end on which the borrower is reminded.",
    )
    due_reminder_hours = fields.Float(
        string="Reminder of Return (hours before)", default=24
    )

    _due_not_negative = models.Constraint(
        "CHECK (due_reminder_hours >= 0)", "A reminder comes before the end."
    )
