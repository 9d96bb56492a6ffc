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
        """No text field of PostgreSQL can hold a NUL: it is dropped from forms and
        calls, and from the names of files."""
        request.params = without_nul(request.params)
        for _name, one in request.httprequest.files.items(multi=True):
            one.filename = without_nul(one.filename)
        return super()._dispatch(endpoint)


def without_nul(value):
    """The same, however deep a NUL stands in it; what is no text stays as it is."""
    if isinstance(value, str):
        return value.replace(NUL, "")
    if isinstance(value, dict):
        return {without_nul(key): without_nul(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [without_nul(one) for one in value]
    return value
