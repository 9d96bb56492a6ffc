from odoo import models


class IrHttp(models.AbstractModel):
    _inherit = "ir.http"

    @classmethod
    def _get_translation_frontend_modules_name(cls):
        """Pages of the portal load the translated words of our scripts too."""
        return [*super()._get_translation_frontend_modules_name(), "ess_mutualisation"]
