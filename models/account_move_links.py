from odoo import api, fields, models


class AccountMoveLinks(models.Model):
    """From an invoice back to the exchanges that it stands for."""

    _inherit = "account.move"

    ess_exchange_count = fields.Integer(
        compute="_compute_ess_exchange_count",
        groups="ess_mutualisation.group_facilitator,ess_mutualisation.group_accountant",
    )

    @api.depends("line_ids.ess_settlement_item_ids")
    def _compute_ess_exchange_count(self):
        counts = dict.fromkeys(self, 0)
        lines = self.env["ess.settlement.item"]._read_group(
            [("move_line_id.move_id", "in", self.ids)], ["move_line_id"], ["__count"]
        )
        for line, count in lines:
            counts[line.move_id] += count
        for move in self:
            move.ess_exchange_count = counts.get(move._origin, 0)

    def action_view_ess_exchanges(self):
        self.ensure_one()
        return {
            **self.env["ir.actions.act_window"]._for_xml_id(
                "ess_mutualisation.ess_exchange_action"
            ),
            "domain": [("settlement_item_ids.move_line_id.move_id", "=", self.id)],
            "context": {},
        }
