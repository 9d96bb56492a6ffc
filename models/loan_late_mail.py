from .loan_mail import STEPS

# What is said of a loan that is due, or not back: who reads it; no document with it.
STEPS.update(
    {
        "due": ("borrower", False),
        "late": ("borrower", False),
        "late_lender": ("lender", False),
        "late_reminder": ("borrower", False),
    }
)
