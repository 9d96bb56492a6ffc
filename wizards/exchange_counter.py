from odoo import api, fields, models


class ExchangeCounter(models.TransientModel):
    """Undo exchanges by counter-exchanges, and say why."""

    _name = "ess.exchange.counter"
    _description = "Correct Exchanges"
    _inherit = ["ess.question"]

    exchange_ids = fields.Many2many(
        "ess.exchange",
        string="Exchanges",
        required=True,
        default=lambda self: self._default_exchange_ids(),
    )
    reason = fields.Char(required=True)

    @api.model
    def _default_exchange_ids(self):
        if self.env.context.get("active_model") != "ess.exchange":
            return False
        return self.env.context.get("active_ids")

    def action_apply(self):
        self.ensure_one()
        self.exchange_ids._check_not_computed()
        counters = self.exchange_ids._make_counter(self.reason)
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "ess_mutualisation.ess_exchange_action"
        )
        return {
            **action,
            "domain": [("id", "in", (counters | self.exchange_ids).ids)],
            "context": {},
        }
