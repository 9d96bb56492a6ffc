from odoo import models

# Money that is held for somebody: nothing given, so it counts nowhere as worth.
HELD = ("deposit",)


class ExchangeHeld(models.Model):
    _inherit = "ess.exchange"

    def _is_held(self):
        """Whether it moves money that stands on an account of its own."""
        self.ensure_one()
        return self.nature in HELD
