"""Shared costs: what my organisation carries, why, and the evidence of it."""

from fractions import Fraction

from odoo.exceptions import AccessError, MissingError
from odoo.fields import Domain
from odoo.http import request, route

from odoo.addons.portal.controllers.portal import pager as portal_pager

from ..models.cost_share_portal import SHOWN
from .portal_statement import XLSX, CommonsStatement

PER_PAGE = 20
MOST_ADVANCES = 60


class CommonsCost(CommonsStatement):
    def _prepare_home_portal_values(self, counters):
        values = super()._prepare_home_portal_values(counters)
        if "ess_share_count" in counters:
            shares = request.env["ess.cost.share"]
            values["ess_share_count"] = (
                shares.search_count(self._ess_share_domain())
                if shares.has_access("read")
                else 0
            )
        return values

    def _ess_share_domain(self):
        """Shares of the user's organisation, as they were decided."""
        entity = request.env.user._ess_entity()
        return (
            Domain("entity_id", "=", entity.id)
            & Domain("state", "in", SHOWN)
            & Domain("kind", "!=", "simulation")
        )

    # === LIST === #

    @route(
        ["/my/costs", "/my/costs/page/<int:page>"],
        type="http",
        auth="user",
        website=True,
        readonly=True,
        methods=["GET"],
    )
    def my_costs(self, page=1, **params):
        shares = request.env["ess.cost.share"]
        if not request.env.user._ess_entity() or not shares.has_access("read"):
            return request.redirect("/my")
        domain = self._ess_share_domain()
        pager = portal_pager(
            url="/my/costs",
            total=shares.search_count(domain),
            page=page,
            step=PER_PAGE,
        )
        found = shares.search(
            domain,
            order="date_to desc, id desc",
            limit=PER_PAGE,
            offset=pager["offset"],
        )
        return request.render(
            "ess_mutualisation.portal_costs",
            self._ess_values(
                "costs",
                shares=found.sudo(),
                pools=self._ess_pool_totals(domain),
                advances=self._ess_open_advances(),
                pager=pager,
            ),
        )

    def _ess_pool_totals(self, domain):
        """Per pool: what it costs my organisation, what was called, what is due."""
        rows = request.env["ess.cost.share"]._read_group(
            domain, ["pool_id"], ["amount:sum", "called:sum", "due:sum"]
        )
        open_advances = dict(
            request.env["ess.cost.call.line"]._read_group(
                self._ess_advance_domain(), ["pool_id"], ["amount:sum"]
            )
        )
        pools = {pool: figures for pool, *figures in rows}
        names = (pools.keys() | open_advances.keys()) if pools or open_advances else ()
        return [
            {
                "pool": pool.sudo(),
                **dict(
                    zip(
                        ("amount", "called", "due"),
                        pools.get(pool, (0, 0, 0)),
                        strict=True,
                    )
                ),
                "advances": open_advances.get(pool, 0),
            }
            for pool in sorted(names, key=lambda one: (one.sudo().name or "", one.id))
        ]

    def _ess_advance_domain(self):
        """Advances that were called and that no run has taken back yet."""
        entity = request.env.user._ess_entity()
        return (
            Domain("entity_id", "=", entity.id)
            & Domain("state", "=", "posted")
            & Domain("run_id", "=", False)
        )

    def _ess_open_advances(self):
        lines = request.env["ess.cost.call.line"]
        return lines.search(
            self._ess_advance_domain(), order="date desc, id desc", limit=MOST_ADVANCES
        ).sudo()

    # === PAGE AND FILES === #

    def _ess_share_by(self, share_id, access_token=None):
        """The share, in superuser mode once the reader may see it.

        :raise AccessError, MissingError: for everybody else
        """
        share = self._document_check_access("ess.cost.share", share_id, access_token)
        if not share._is_shown():
            raise MissingError(request.env._("This share is not posted."))
        return request.env["ess.cost.share"].sudo().browse(share.id)

    @route(
        "/my/costs/<int:share_id>",
        type="http",
        auth="public",
        website=True,
        readonly=True,
        methods=["GET"],
    )
    def my_cost(self, share_id, access_token=None, **params):
        try:
            share = self._ess_share_by(share_id, access_token)
        except (AccessError, MissingError):
            return self._ess_stranger()
        token = f"?access_token={access_token}" if access_token else ""
        return request.render(
            "ess_mutualisation.portal_cost",
            self._ess_values(
                "cost",
                share=share,
                evidence=share._share_evidence(),
                advances=share._advances(),
                saving=share._share_saving(),
                in_cents=float(Fraction(share.exact)),
                token=token,
            ),
        )

    @route(
        "/my/costs/<int:share_id>/pack.<string:kind>",
        type="http",
        auth="public",
        website=True,
        readonly=True,
        methods=["GET"],
    )
    def my_cost_pack(self, share_id, kind, access_token=None, **params):
        try:
            share = self._ess_share_by(share_id, access_token)
        except (AccessError, MissingError):
            return self._ess_stranger()
        if kind == "pdf":
            return self._show_report(
                model=share,
                report_type="pdf",
                report_ref="ess_mutualisation.action_report_cost_share",
                download=True,
            )
        if kind != "xlsx":
            return request.not_found()
        return self._ess_download(
            share._share_xlsx(), f"{share._get_report_base_filename()}.xlsx", XLSX
        )

    # === BACK OFFICE === #

    @route(
        "/ess/costs/<int:run_id>/pack.xlsx",
        type="http",
        auth="user",
        readonly=True,
        methods=["GET"],
    )
    def ess_cost_pack(self, run_id, **params):
        run = self._ess_record("ess.cost.run", run_id)
        if not run:
            return request.not_found()
        return self._ess_download(
            run._evidence_xlsx(), f"{run._get_report_base_filename()}.xlsx", XLSX
        )
