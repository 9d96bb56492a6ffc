from base64 import b64encode

from odoo import models

PER_ROW = 2
QR_SIDE = 300


class AssetLabel(models.Model):
    _inherit = "ess.asset"

    def _label_url(self):
        """Address of the asset's page, short enough to be typed."""
        self.ensure_one()
        return f"{self.get_base_url()}{self.access_url}"

    def _label_qr(self):
        """QR code of the address as a data URI: printing needs no network."""
        self.ensure_one()
        png = self.env["ir.actions.report"].barcode(
            "QR", self._label_url(), width=QR_SIDE, height=QR_SIDE, barLevel="M"
        )
        return f"data:image/png;base64,{b64encode(png).decode()}"

    def _label_rows(self):
        """Labels as they lie on the sheet, row by row."""
        return [self[i : i + PER_ROW] for i in range(0, len(self), PER_ROW)]
