from odoo import models


class IrRule(models.Model):
    """Rules of the portal are about the organisation of the user."""

    _inherit = "ir.rule"

    def _compute_domain_context_values(self):
        """Odoo keeps the domain of a user for as long as it runs, with the id of the
        organisation in it: who moves to another one would go on reading what belongs
        to the first. What circles share is for their members as they are now."""
        yield from super()._compute_domain_context_values()
        yield self.env.user.sudo().partner_id.commercial_partner_id.id
        yield self.env.user._ess_entity().id
