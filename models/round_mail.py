from odoo import models


class RoundMail(models.Model):
    """Members are told once, each in its language, in a transaction of its own."""

    _inherit = "ess.round"

    def _tell(self, step):
        """Note that members have to be told; the cron writes the mails at once.

        :param str step: of STEPS
        """

    def _call_cron(self, name, moment=None):
        """Have a cron of the rounds run at a moment, or now."""
        cron = self.env.ref(f"ess_mutualisation.ir_cron_round_{name}", False)
        if cron:
            cron.sudo()._trigger(moment)
