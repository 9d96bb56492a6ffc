from odoo import fields, models


class RoundCancel(models.TransientModel):
    """Why a round is called off; members are told."""

    _name = "ess.round.cancel"
    _description = "Cancel a Round"
    _inherit = ["ess.question"]

    round_id = fields.Many2one("ess.round", required=True, readonly=True)
    reason = fields.Text(required=True)

    def action_apply(self):
        self.ensure_one()
        return self.round_id.action_cancel(self.reason)
