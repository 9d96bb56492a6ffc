import re
import uuid

from odoo import api, models

# Only what was really decided is shown to members; simulations never are.
SHOWN = ("posted", "reversed")


class CostSharePortal(models.Model):
    """The page of a share, and the evidence that its member may read."""

    _inherit = "ess.cost.share"

    @api.model_create_multi
    def create(self, vals_list):
        """Tokens are made here, so that reading a page never writes."""
        for vals in vals_list:
            vals.setdefault("access_token", str(uuid.uuid4()))
        return super().create(vals_list)

    def _compute_access_url(self):
        for share in self:
            share.access_url = f"/my/costs/{share.id}"

    def _get_report_base_filename(self):
        self.ensure_one()
        title = self.env._("Evidence %s", self.run_id.sudo().name)
        return re.sub(r"\W+", "_", f"{title} {self.entity_id.name}").strip("_")

    def _is_shown(self):
        """Whether the member may see this share on its portal."""
        self.ensure_one()
        return self.state in SHOWN and self.kind != "simulation"

    def _share_evidence(self):
        """Evidence of the run for this member: the others are anonymous.

        :rtype: dict
        """
        self.ensure_one()
        self.check_access("read")
        return self.sudo().run_id._evidence(self.sudo().entity_id)

    def _advances(self):
        """What was called from this member and is taken back by this share."""
        self.ensure_one()
        return (
            self.env["ess.cost.call.line"]
            .sudo()
            .search(
                [
                    ("run_id", "=", self.run_id.id),
                    ("entity_id", "=", self.entity_id.id),
                ],
                order="date, id",
            )
        )

    def _share_saving(self):
        """Cost alone less share; None where the cost alone is not known."""
        self.ensure_one()
        return self.standalone - self.amount if self.standalone else None


class CostRunPack(models.Model):
    _inherit = "ess.cost.run"

    def _get_report_base_filename(self):
        self.ensure_one()
        title = self.env._("Evidence %s", self.name)
        return re.sub(r"\W+", "_", f"{title} {self.pool_id.name}").strip("_")

    def action_view_pack(self):
        """The evidence pack as a workbook, for who may read the run."""
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_url",
            "url": f"/ess/costs/{self.id}/pack.xlsx",
            "target": "download",
        }
