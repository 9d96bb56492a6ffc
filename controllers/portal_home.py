"""The cards on /my."""

from odoo.http import request

from .portal_common import CommonsPortal


class CommonsHome(CommonsPortal):
    def _prepare_portal_layout_values(self):
        values = super()._prepare_portal_layout_values()
        return {**values, "ess_entity": request.env.user._ess_entity()}

    def _prepare_home_portal_values(self, counters):
        values = super()._prepare_home_portal_values(counters)
        if "ess_request_count" in counters:
            values["ess_request_count"] = self._ess_request_count()
        if "ess_charter_count" in counters:
            values["ess_charter_count"] = self._ess_charter_count()
        return values

    def _ess_charter_count(self):
        """Charters that the user's organisation has not accepted as they are now."""
        entity = request.env.user._ess_entity()
        return len(entity.ess_membership_ids.filtered(lambda m: not m.charter_accepted))
