from odoo import models
from odoo.exceptions import AccessError, UserError


class LoanAccess(models.Model):
    """Who may do what with a loan: every act of a loan asks here before anything."""

    _inherit = "ess.loan"

    def _side(self):
        """The side of this loan that the user's organisation is on.

        :return: 'borrower', 'lender' (its owner, or a custodian who hands things over
            for the owner) or None, for the federation and for strangers
        """
        self.ensure_one()
        entity, loan = self.env.user._ess_entity(), self.sudo()
        if not entity:
            return None
        if entity == loan.entity_id:
            return "borrower"
        if entity in loan.lender_id | loan.booking_ids.custodian_id:
            return "lender"
        return None

    def _roles(self):
        """Roles of the user towards this loan.

        Nobody is on both sides: who borrows what it keeps for its owner is borrower.

        :return: subset of {'borrower', 'lender', 'facilitator', 'manager'}
        :rtype: set[str]
        """
        self.ensure_one()
        user = self.env.user
        if self.env.su:
            return {"borrower", "lender", "facilitator", "manager"}
        roles = set()
        if user.has_group("ess_mutualisation.group_facilitator"):
            # a facilitator of another company is a stranger here
            if self.sudo().company_id in user.company_ids:
                roles |= {"borrower", "lender", "facilitator"}
                if user.has_group("ess_mutualisation.group_manager"):
                    roles.add("manager")
        side = self._side()
        if side:
            roles.add(side)
        return roles

    def _require(self, *allowed):
        """Let the act go on only for somebody with one of these roles.

        :return: the loans in superuser mode, for the act to write on
        :raise AccessError: for everybody else, without saying what the loan is
        """
        for loan in self:
            if not loan._roles() & set(allowed):
                raise AccessError(
                    self.env._(
                        "This loan is not yours to change: ask its borrower, its "
                        "lender or the federation."
                    )
                )
        return self.sudo()

    def _state_label(self):
        self.ensure_one()
        selection = self._fields["state"]._description_selection(self.env)
        return dict(selection)[self.sudo().state].lower()

    def _require_state(self, *states):
        """:raise UserError: for a loan in another state, with what would be needed"""
        labels = dict(self._fields["state"]._description_selection(self.env))
        for loan in self.sudo():
            if loan.state not in states:
                raise UserError(
                    self.env._(
                        "%(loan)s is %(state)s; this is possible only while it is "
                        "%(states)s.",
                        loan=loan.name,
                        state=loan._state_label(),
                        states=", ".join(labels[state].lower() for state in states),
                    )
                )

    def _checked_reason(self, reason):
        reason = (reason or "").strip()
        if not reason:
            raise UserError(
                self.env._("Reason: say why, so that the other side knows.")
            )
        return reason
