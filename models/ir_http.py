from odoo import models
from odoo.http import request

NUL = "\0"


class IrHttp(models.AbstractModel):
    _inherit = "ir.http"

    @classmethod
    def _get_translation_frontend_modules_name(cls):
        """Pages of the portal load the translated words of our scripts too."""
        return [*super()._get_translation_frontend_modules_name(), "ess_mutualisation"]

    @classmethod
    def _dispatch(cls, endpoint):
        """No text field of PostgreSQL can hold a NUL: it is dropped from forms."""
        request.params = {
            name: value.replace(NUL, "") if isinstance(value, str) else value
            for name, value in request.params.items()
        }
        return super()._dispatch(endpoint)
