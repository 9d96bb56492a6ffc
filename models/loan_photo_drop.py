from odoo import models
from odoo.exceptions import UserError


class LoanPhotoDrop(models.Model):
    """A photo that was taken by mistake goes again, until the state is recorded."""

    _inherit = "ess.loan.inspection"

    def _drop_photo(self, photo_id):
        """Take back a photo of this inspection while it is being recorded.

        :raise UserError: when it is none of its photos, or after the recording
        """
        inspection = self._require_recorder()
        photo = inspection.line_ids.photo_ids.filtered(lambda one: one.id == photo_id)
        if not photo:
            raise UserError(self.env._("Photos: this one is not there any more."))
        photo.unlink()
