"""Statements of settlements: the list, the page, the files."""

from odoo.exceptions import AccessError, MissingError
from odoo.fields import Domain
from odoo.http import content_disposition, request, route

from odoo.addons.portal.controllers.portal import pager as portal_pager

from ..models.settlement_statement import SHOWN
from .portal_common import CommonsPortal

PER_PAGE = 20
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class CommonsStatement(CommonsPortal):
    def _prepare_home_portal_values(self, counters):
        values = super()._prepare_home_portal_values(counters)
        if "ess_statement_count" in counters:
            lines = request.env["ess.settlement.line"]
            values["ess_statement_count"] = (
                lines.search_count(self._ess_statement_domain())
                if lines.has_access("read")
                else 0
            )
        return values

    def _ess_statement_domain(self):
        """Statements of the user's organisation, of what was really settled."""
        entity = request.env.user._ess_entity()
        return Domain("entity_id", "=", entity.id) & Domain("state", "in", SHOWN)

    # === LIST === #

    @route(
        ["/my/statements", "/my/statements/page/<int:page>"],
        type="http",
        auth="user",
        website=True,
        readonly=True,
        methods=["GET"],
    )
    def my_statements(self, page=1, **params):
        lines = request.env["ess.settlement.line"]
        if not request.env.user._ess_entity() or not lines.has_access("read"):
            return request.redirect("/my")
        domain = self._ess_statement_domain()
        pager = portal_pager(
            url="/my/statements",
            total=lines.search_count(domain),
            page=page,
            step=PER_PAGE,
        )
        found = lines.search(
            domain,
            order="date_to desc, id desc",
            limit=PER_PAGE,
            offset=pager["offset"],
        )
        return request.render(
            "ess_mutualisation.portal_statements",
            self._ess_values("statements", statements=found.sudo(), pager=pager),
        )

    # === PAGE AND FILES === #

    def _ess_statement_by(self, line_id, access_token=None):
        """The statement, in superuser mode once the reader may see it.

        :raise AccessError, MissingError: for everybody else
        """
        line = self._document_check_access("ess.settlement.line", line_id, access_token)
        if line.state not in SHOWN:
            raise MissingError(request.env._("This settlement is not posted."))
        # the rights are checked, so the page may show what the federation knows
        return request.env["ess.settlement.line"].sudo().browse(line.id)

    def _ess_stranger(self):
        """Where somebody goes that may not see a document."""
        if request.env.user._is_public():
            return self._ess_login()
        return request.redirect("/my")

    @route(
        "/my/statements/<int:line_id>",
        type="http",
        auth="public",
        website=True,
        readonly=True,
        methods=["GET"],
    )
    def my_statement(self, line_id, access_token=None, **params):
        try:
            line = self._ess_statement_by(line_id, access_token)
        except (AccessError, MissingError):
            return self._ess_stranger()
        token = f"?access_token={access_token}" if access_token else ""
        return request.render(
            "ess_mutualisation.portal_statement",
            self._ess_values("statement", token=token, **line._statement()),
        )

    @route(
        "/my/statements/<int:line_id>/pdf",
        type="http",
        auth="public",
        website=True,
        readonly=True,
        methods=["GET"],
    )
    def my_statement_pdf(self, line_id, access_token=None, **params):
        try:
            line = self._ess_statement_by(line_id, access_token)
        except (AccessError, MissingError):
            return self._ess_stranger()
        return self._show_report(
            model=line,
            report_type="pdf",
            report_ref="ess_mutualisation.action_report_statement",
            download=True,
        )

    @route(
        "/my/statements/<int:line_id>/xlsx",
        type="http",
        auth="public",
        website=True,
        readonly=True,
        methods=["GET"],
    )
    def my_statement_xlsx(self, line_id, access_token=None, **params):
        try:
            line = self._ess_statement_by(line_id, access_token)
        except (AccessError, MissingError):
            return self._ess_stranger()
        return self._ess_download(
            line._statement_xlsx(), f"{line._get_report_base_filename()}.xlsx", XLSX
        )

    def _ess_download(self, content, name, kind):
        return request.make_response(
            content,
            [
                ("Content-Type", kind),
                ("Content-Length", len(content)),
                ("Content-Disposition", content_disposition(name)),
            ],
        )
