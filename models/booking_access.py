from odoo import models
from odoo.exceptions import AccessError, UserError


class BookingAccess(models.Model):
    """Who may do what with a booking: every act asks here before anything else."""

    _inherit = "ess.booking"

    def _roles(self):
        """Roles of the user towards this booking.

        :return: subset of {'borrower', 'lender', 'facilitator', 'manager'}
        :rtype: set[str]
        """
        self.ensure_one()
        user, booking = self.env.user, self.sudo()
        if self.env.su:
            return {"borrower", "lender", "facilitator", "manager"}
        roles = set()
        if user.has_group("ess_mutualisation.group_facilitator"):
            # a facilitator of another company is a stranger here
            if booking.company_id in user.company_ids:
                roles |= {"borrower", "lender", "facilitator"}
                if user.has_group("ess_mutualisation.group_manager"):
                    roles.add("manager")
        entity = user._ess_entity()
        if entity and entity == booking.entity_id:
            roles.add("borrower")
        if entity and entity in booking.asset_id._lender_entities():
            roles.add("lender")
        return roles

    def _require(self, *allowed):
        """Let the act go on only for somebody with one of these roles.

        :return: the bookings in superuser mode, for the act to write on
        :raise AccessError: for everybody else, without saying what the booking is
        """
        for booking in self:
            if not booking._roles() & set(allowed):
                raise AccessError(
                    self.env._(
                        "This booking is not yours to change: ask its borrower, its "
                        "lender or the federation."
                    )
                )
        return self.sudo()

    def _require_state(self, *states):
        labels = dict(self._fields["state"]._description_selection(self.env))
        for booking in self:
            if booking.state not in states:
                raise UserError(
                    self.env._(
                        "%(booking)s is %(state)s; this is possible only while it is "
                        "%(states)s.",
                        booking=booking.name,
                        state=booking._state_label(),
                        states=", ".join(labels[state].lower() for state in states),
                    )
                )

    def _can_approve(self):
        """Whether the user may say yes or no to this request."""
        self.ensure_one()
        roles = self._roles()
        if "facilitator" in roles:
            return True
        return "lender" in roles and self.sudo().approval != "federation"

    def _sees_instructions(self):
        """Door code and the like: for the lender, and for a confirmed borrower."""
        self.ensure_one()
        roles = self._roles()
        if roles & {"lender", "facilitator"}:
            return True
        return "borrower" in roles and self.sudo().state in ("confirmed", "ongoing")
