from odoo import models
from odoo.exceptions import UserError


class SettlementIssueLinks(models.Model):
    """The way from what is missing to where it is mended."""

    _inherit = "ess.settlement.issue"

    def action_open(self):
        """Open what has to be mended, with the rights of the user."""
        self.ensure_one()
        self.check_access("read")
        known = self.res_model and self.res_model in self.env
        record = (
            self.env[self.res_model].browse(self.res_id).exists() if known else None
        )
        if not record:
            raise UserError(
                self.env._("What this speaks of is gone: prepare the settlement again.")
            )
        if record._name == "res.company":
            # what a settlement needs of a company, accountants set there
            return self.env["ir.actions.act_window"]._for_xml_id(
                "ess_mutualisation.ess_settlement_settings_action"
            )
        record.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "res_model": record._name,
            "res_id": record.id,
            "views": [(False, "form")],
            "target": "current",
        }
