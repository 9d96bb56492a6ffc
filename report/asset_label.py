from base64 import b64encode
from io import BytesIO

from PIL import Image
from reportlab.graphics.barcode.qrencoder import QRCode, QRErrorCorrectLevel

from odoo import models

PER_ROW = 2
QUIET = 4  # modules of white around the code, which readers need
MODULE = 8  # pixels


class AssetLabel(models.Model):
    _inherit = "ess.asset"

    def _label_url(self):
        """Address of the asset's page, short enough to be typed."""
        self.ensure_one()
        return f"{self.get_base_url()}{self.access_url}"

    def _label_qr(self):
        """QR code of the address as a data URI: printing needs no network."""
        self.ensure_one()
        return f"data:image/png;base64,{b64encode(_qr_png(self._label_url())).decode()}"

    def _label_rows(self):
        """Labels as they lie on the sheet, row by row."""
        return [self[i : i + PER_ROW] for i in range(0, len(self), PER_ROW)]


def _qr_png(text):
    """A QR code without reportlab's renderers, which are not installed everywhere.

    :rtype: bytes
    """
    code = QRCode(None, QRErrorCorrectLevel.M)
    code.addData(text)
    code.make()
    count = code.getModuleCount()
    side = count + 2 * QUIET
    image = Image.new("L", (side, side), 255)
    for row in range(count):
        for column in range(count):
            if code.isDark(row, column):
                image.putpixel((column + QUIET, row + QUIET), 0)
    image = image.resize((side * MODULE, side * MODULE), Image.Resampling.NEAREST)
    stream = BytesIO()
    image.save(stream, "PNG", optimize=True)
    return stream.getvalue()
