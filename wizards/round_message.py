from odoo import api, fields, models


class RoundMessage(models.TransientModel):
    """Write to the members of a round: each gets a mail of its own."""

    _name = "ess.round.message"
    _description = "Message to the Members of a Round"
    _inherit = ["ess.question"]

    round_id = fields.Many2one(
        "ess.round",
        required=True,
        ondelete="cascade",
        default=lambda self: self._default_round_id(),
    )
    audience = fields.Selection(
        [("committed", "Who has committed"), ("circle", "All members of the circle")],
        required=True,
        default="committed",
    )
    text = fields.Text(string="Message", required=True)

    @api.model
    def _default_round_id(self):
        if self.env.context.get("active_model") != "ess.round":
            return False
        return self.env.context.get("active_id")

    def action_apply(self):
        self.ensure_one()
        self.round_id.action_message(self.text, self.audience)
        return {"type": "ir.actions.act_window_close"}
