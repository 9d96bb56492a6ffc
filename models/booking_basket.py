from odoo import api, models
from odoo.exceptions import UserError

from .booking_portal import PortalRefused


class BookingBasket(models.Model):
    """Begun requests of a volunteer: the basket that is sent in one act."""

    _inherit = "ess.booking"

    @api.model
    def _portal_basket(self):
        """Requests that this volunteer began and has not sent.

        :return: bookings with the user's rights, by lender and then by start
        """
        user = self.env.user
        entity = user._ess_entity()
        if not entity:
            return self.browse()
        found = self.search(
            [
                ("state", "=", "draft"),
                ("entity_id", "=", entity.id),
                ("create_uid", "=", user.id),
            ]
        )
        return found.sorted(lambda b: (b.sudo().owner_id.name, b.start, b.id))

    def _portal_ask_all(self):
        """Ask for all of them in one act: one loan per lender, all or nothing.

        :return: {booking id: sentence} of those that cannot be had; empty when all
            were asked for. A refusal of no single one stands under 0.
        """
        try:
            with self.env.cr.savepoint():
                self.action_request()
        except UserError as error:
            return self._portal_refusals() or {0: str(error)}
        return {}

    def _portal_refusals(self):
        """Which of them cannot be had beside the others; everything stays as it was."""
        refused = {}
        try:
            with self.env.cr.savepoint():
                for booking in self:
                    refusal = booking._try("action_request")
                    if refusal:
                        refused[booking.id] = refusal["message"]
                raise PortalRefused({"message": ""})
        except PortalRefused:
            return refused
