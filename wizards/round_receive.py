from odoo import api, fields, models
from odoo.fields import Command


class RoundReceive(models.TransientModel):
    """What came of each offer of a round; a line that is not ticked waits."""

    _name = "ess.round.receive"
    _description = "Receive Goods of a Round"
    _inherit = ["ess.question"]

    round_id = fields.Many2one("ess.round", required=True, readonly=True)
    line_ids = fields.One2many(
        "ess.round.receive.line",
        "receive_id",
        compute="_compute_line_ids",
        compute_sudo=False,
        store=True,
        readonly=False,
        precompute=True,
    )

    @api.depends("round_id")
    def _compute_line_ids(self):
        for receive in self:
            one = receive.round_id._require("facilitator")
            offers = one.offer_ids.filtered("ordered")
            receive.line_ids = [
                Command.clear(),
                *(Command.create(self._line_vals(offer)) for offer in offers),
            ]

    @api.model
    def _line_vals(self, offer):
        came, received, refused = offer._expected_receipt()
        return {
            "offer_id": offer.id,
            "taken": came,
            "received": offer._to_uom(received),
            "refused": offer._to_uom(refused),
            "substitute_id": offer.substitute_id.id,
            "note": offer.receipt_note,
        }

    def action_apply(self):
        """Record the ticked lines, share out what came."""
        self.ensure_one()
        one = self.round_id._require("facilitator")
        received = self.env._("Received")
        refused = self.env._("Sent Back")
        one._receive(
            {
                line.offer_id.sudo(): (
                    line.offer_id._whole_steps(line.received, received),
                    line.offer_id._whole_steps(line.refused, refused),
                    {
                        "substitute_id": line.substitute_id.id,
                        "receipt_note": line.note,
                    },
                )
                for line in self.line_ids
                if line.taken
            }
        )
        return {"type": "ir.actions.act_window_close"}
