from odoo import models


class ResUsers(models.Model):
    _inherit = "res.users"

    def _ess_entity(self):
        """Member organisation that this user acts for (empty for nobody's user, and
        when it is no member any more, or archived).

        :rtype: recordset of res.partner, in superuser mode
        """
        self.ensure_one()
        entity = self.sudo().partner_id.commercial_partner_id
        return entity.filtered(lambda one: one.ess_is_member and one.active)

    def _ess_is_facilitator(self):
        return self.has_group("ess_mutualisation.group_facilitator")
