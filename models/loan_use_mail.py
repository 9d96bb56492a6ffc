from odoo import models

from .loan_inspection_flow import OTHER, SIDES
from .loan_mail import STEPS

# Read by the side that did not act.
USE_STEPS = (
    "hand_over",
    "return",
    "contested",
    "deposit_held",
    "deposit_released",
    "deposit_kept",
    "damage_reported",
    "damage_proposed",
    "damage_agreed",
    "damage_contested",
    "damage_closed",
)
STEPS.update(dict.fromkeys(USE_STEPS, ("other", False)))


class LoanUseMail(models.Model):
    """Mails about the use of a loan: what the one side did, told to the other."""

    _inherit = "ess.loan"

    def _tell_other(self, side, step):
        """Write to the side that did not act; to both when it was the federation.

        :param side: 'lender', 'borrower' or None
        :param str step: of USE_STEPS
        """
        for other in [OTHER[side]] if side in OTHER else SIDES:
            self.with_context(ess_audience=other)._tell(step)

    def _readers(self, audience):
        if audience == "other":
            audience = self.env.context.get("ess_audience", "both")
        return super()._readers(audience)
