from odoo import api, fields, models


class CostRunLinks(models.Model):
    """What belongs to a run, to be counted and opened from its form."""

    _inherit = "ess.cost.run"

    share_count = fields.Integer(compute="_compute_share_count")
    exchange_count = fields.Integer(compute="_compute_exchange_count")

    # === COMPUTE METHODS === #

    @api.depends("share_ids")
    def _compute_share_count(self):
        counts = dict(
            self.env["ess.cost.share"]._read_group(
                [("run_id", "in", self.ids)], ["run_id"], ["__count"]
            )
        )
        for run in self:
            run.share_count = counts.get(run._origin, 0)

    @api.depends("share_ids.exchange_ids")
    def _compute_exchange_count(self):
        counts = {}
        for share, count in self.env["ess.exchange"]._read_group(
            [("share_id.run_id", "in", self.ids)], ["share_id"], ["__count"]
        ):
            counts[share.run_id] = counts.get(share.run_id, 0) + count
        for run in self:
            run.exchange_count = counts.get(run._origin, 0)

    # === ACTIONS === #

    def action_view_shares(self):
        """The shares side by side with those of other runs of the pool."""
        self.ensure_one()
        return {
            **self.env["ir.actions.act_window"]._for_xml_id(
                "ess_mutualisation.ess_cost_share_action"
            ),
            "domain": [("run_id", "=", self.id)],
            "context": {},
        }

    def action_view_exchanges(self):
        self.ensure_one()
        return {
            **self.env["ir.actions.act_window"]._for_xml_id(
                "ess_mutualisation.ess_exchange_action"
            ),
            "domain": [("share_id.run_id", "=", self.id)],
            "context": {},
        }
