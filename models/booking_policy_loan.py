from odoo import api, fields, models
from odoo.exceptions import ValidationError

MOST_DAYS = 365


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
        string="Late Loans Block New Bookings",
        tracking=True,
        help="An organisation that has not brought a loan back books nothing under "
        "this policy until it has.",
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

    @api.constrains("overdue_reminder_days")
    def _check_overdue_reminder_days(self):
        for policy in self:
            policy._overdue_days()

    def _overdue_days(self):
        """Days after the agreed end on which to remind, ascending; none is allowed.

        :rtype: list[int]
        :raise ValidationError: for anything but whole days, separated by commas
        """
        self.ensure_one()
        typed = (self.overdue_reminder_days or "").replace(";", ",").split(",")
        days = [day.strip() for day in typed if day.strip()]
        if not all(
            day.isascii() and day.isdigit() and 0 < int(day) <= MOST_DAYS
            for day in days
        ):
            raise ValidationError(
                self.env._(
                    "Reminders of late loans: give whole days from 1 to %(most)s, "
                    "separated by commas, such as 1,3,7,14, not “%(typed)s”.",
                    most=MOST_DAYS,
                    typed=self.overdue_reminder_days,
                )
            )
        return sorted({int(day) for day in days})
