"""My organisation: circles, charters, and what it gave and received."""

from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.http import request

from odoo.addons.portal.controllers.portal import pager as portal_pager

from .portal_common import CommonsPortal, get_route, integer, post_route

PER_PAGE = 20


class CommonsMembership(CommonsPortal):
    @get_route("/my/organisation", "/my/organisation/page/<int:page>")
    def my_organisation(self, page=1, done=None, **params):
        entity = request.env.user._ess_entity()
        if not entity:
            return request.redirect("/my")
        return self._ess_organisation_page(entity, page, done)

    def _ess_organisation_page(self, entity, page=1, done=None, sentence=None):
        exchanges = request.env["ess.exchange"].sudo()
        domain = Domain("provider_id", "=", entity.id)
        domain |= Domain("receiver_id", "=", entity.id)
        pager = portal_pager(
            url="/my/organisation",
            total=exchanges.search_count(domain),
            page=page,
            step=PER_PAGE,
        )
        return request.render(
            "ess_mutualisation.portal_organisation",
            self._ess_values(
                "organisation",
                memberships=entity.ess_membership_ids,
                exchanges=exchanges.search(
                    domain, limit=PER_PAGE, offset=pager["offset"]
                ),
                totals=self._ess_exchange_totals(entity),
                pager=pager,
                done=done,
                sentence=sentence,
            ),
        )

    def _ess_exchange_totals(self, entity):
        """What the organisation gave and received, per currency.

        :return: list of (currency, given, received)
        """
        exchanges = request.env["ess.exchange"].sudo()
        totals = {}
        for index, name in enumerate(("provider_id", "receiver_id")):
            for currency, value, amount in exchanges._read_group(
                [(name, "=", entity.id)],
                ["currency_id"],
                ["value:sum", "amount:sum"],
            ):
                zero = [{"value": 0.0, "amount": 0.0}, {"value": 0.0, "amount": 0.0}]
                entry = totals.setdefault(currency, zero)
                entry[index] = {"value": value, "amount": amount}
        return [(currency, *entry) for currency, entry in totals.items()]

    @post_route("/my/organisation/charter/<int:membership_id>/accept")
    def my_charter_accept(self, membership_id, version=None, **params):
        membership = self._ess_record("ess.circle.membership", membership_id)
        entity = request.env.user._ess_entity()
        if not membership or membership.sudo().entity_id != entity:
            return request.redirect("/my")
        try:
            membership.action_accept_charter(integer(version))
        except UserError as error:
            return self._ess_organisation_page(entity, sentence=str(error))
        return request.redirect("/my/organisation?done=accepted")
