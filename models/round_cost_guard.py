from odoo import api, models
from odoo.exceptions import UserError

from .entered import entered

DECIDED = {"company_id", "is_automatic"}


class RoundCostGuard(models.Model):
    """What was charged stays: it is corrected by its amount, and settled again."""

    _inherit = "ess.round.cost"

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su and any(
            entered(self, vals).get("is_automatic") for vals in vals_list
        ):
            self._refuse_decided()
        return super().create(vals_list)

    def write(self, vals):
        if DECIDED & set(vals) and not self.env.su:
            self._refuse_decided()
        moved = self.filtered(
            lambda one: one.round_id.id != vals.get("round_id", one.round_id.id)
        )
        moved._refuse_charged()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_charged(self):
        """What members were told and charged stays explained; what was computed and
        charged to nobody goes with it, or else only its link would be emptied."""
        self._refuse_charged()
        self._shares().unlink()

    def _shares(self):
        return self.env["ess.round.share"].sudo().search([("cost_id", "in", self.ids)])

    def _refuse_decided(self):
        raise UserError(
            self.env._(
                "Which costs a round adds by itself, and of which company they are, is "
                "not entered by hand."
            )
        )

    def _refuse_charged(self):
        charged = self._shares().filtered("exchange_ids").cost_id[:1]
        if charged:
            raise UserError(
                self.env._(
                    "%(cost)s was charged to the members of %(round)s: correct its "
                    "amount, down to 0, and settle again.",
                    cost=charged.name,
                    round=charged.round_id.name,
                )
            )
