from odoo import models
from odoo.exceptions import AccessError


class TaxRegimeInstall(models.Model):
    """The accountant asks for the regimes of French law by a button."""

    _inherit = "ess.tax.regime"

    def action_install_french(self):
        """Make the French regimes of the present company that do not exist yet."""
        if not (
            self.env.su or self.env.user.has_group("ess_mutualisation.group_accountant")
        ):
            raise AccessError(self.env._("Only accountants make tax regimes."))
        made = self.env.company._ess_install_regimes()
        message = (
            self.env._("Made: %s.", ", ".join(made.mapped("display_name")))
            if made
            else self.env._("All of them exist already: nothing was changed.")
        )
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success" if made else "info",
                "message": message,
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }
