from odoo import models


class AssetReading(models.Model):
    """What was read off an asset when it last left or came back."""

    _inherit = "ess.asset"

    def _last_readings(self):
        """:return: {asset: (kilometres, hours)} as last read, whatever their number"""
        lines = self.env["ess.loan.inspection.line"].sudo()
        last = lines._read_group(
            [
                ("asset_id", "in", self.ids),
                ("inspection_id.state", "!=", "draft"),
                "|",
                ("meter_km", ">", 0),
                ("meter_hours", ">", 0),
            ],
            ["asset_id"],
            ["id:max"],
        )
        found = lines.browse(line_id for __, line_id in last)
        return {line.asset_id: (line.meter_km, line.meter_hours) for line in found}
