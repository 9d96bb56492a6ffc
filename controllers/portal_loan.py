"""Loans: the list, the page, its files, and what brings one there."""

from datetime import timedelta
from math import ceil

from odoo import fields
from odoo.exceptions import AccessError, MissingError, UserError
from odoo.fields import Domain
from odoo.http import request

from odoo.addons.portal.controllers.portal import pager as portal_pager

from .portal_common import CommonsPortal, get_route

PER_PAGE = 20
MOST_TODO = 20


class CommonsLoan(CommonsPortal):
    def _prepare_home_portal_values(self, counters):
        values = super()._prepare_home_portal_values(counters)
        if "ess_loan_count" in counters:
            values["ess_loan_count"] = self._ess_loan_count()
        if "ess_disruption_count" in counters:
            values["ess_disruption_count"] = self._ess_disruption_count()
        return values

    def _ess_loan_count(self):
        """Loans where the user's organisation has something to do."""
        loans = request.env["ess.loan"]
        if not loans.has_access("read"):
            return 0
        return loans.search_count(loans._portal_todo_domain())

    def _ess_disruption_count(self):
        """Bookings of the user's organisation for which it has to choose."""
        disruptions = request.env["ess.loan.disruption"]
        if not disruptions.has_access("read"):
            return 0
        return disruptions.search_count(self._ess_disruption_domain())

    def _ess_disruption_domain(self):
        entity = request.env.user._ess_entity()
        return [("state", "=", "open"), ("entity_id", "=", entity.id or 0)]

    # === LIST === #

    @get_route("/my/loans", "/my/loans/page/<int:page>")
    def my_loans(self, page=1, show="current", **params):
        loans = request.env["ess.loan"]
        shows = self._ess_loan_shows()
        show = show if show in shows else "current"
        todo, found, pager = loans, loans, None
        if loans.has_access("read"):
            domain = loans._portal_mine_domain() & shows[show]["domain"]
            waiting = loans._portal_todo_domain()
            if page == 1:
                todo = loans.search(domain & waiting, order="start", limit=MOST_TODO)
            domain &= Domain("id", "not in", loans._search(domain & waiting))
            pager = portal_pager(
                url="/my/loans",
                total=loans.search_count(domain),
                page=page,
                step=PER_PAGE,
                url_args={"show": show},
            )
            found = loans.search(
                domain,
                order=shows[show]["order"],
                limit=PER_PAGE,
                offset=pager["offset"],
            )
        return request.render(
            "ess_mutualisation.portal_loans",
            self._ess_values(
                "loans",
                todo=self._ess_loan_rows(todo),
                rows=self._ess_loan_rows(found),
                shows=shows,
                show=show,
                pager=pager,
            ),
        )

    def _ess_loan_shows(self):
        over = request.env["ess.loan"]._portal_over_domain()
        late = Domain("is_late", "=", True)
        soonest, latest = "start, id", "start desc, id desc"
        sides = request.env["ess.loan"]._portal_sides()
        return {
            "current": {
                "label": request.env._("Current"),
                "domain": ~over,
                "order": soonest,
            },
            "borrowed": {
                "label": request.env._("Borrowed"),
                "domain": sides["borrower"] & ~over,
                "order": soonest,
            },
            "lent": {
                "label": request.env._("Lent"),
                "domain": sides["lender"] & ~over,
                "order": soonest,
            },
            "late": {
                "label": request.env._("Late"),
                "domain": late,
                "order": "stop, id",
            },
            "past": {
                "label": request.env._("Finished"),
                "domain": over,
                "order": latest,
            },
        }

    def _ess_loan_rows(self, loans):
        """What a list says of each loan; the queries do not grow with the list."""
        entity = request.env.user._ess_entity()
        assets = request.env["ess.asset"].browse(loans.sudo().booking_ids.asset_id.ids)
        photos = assets._filtered_access("read")._main_photos()
        rows = []
        for loan in loans.sudo():
            lends = loan.entity_id != entity
            step = loan._portal_step("lender" if lends else "borrower")
            first = loan.booking_ids[:1].asset_id
            rows.append(
                {
                    "loan": loan,
                    "lends": lends,
                    "step": step,
                    "photo": photos.get(first.id),
                    "icon": first.category_id.icon,
                }
            )
        return rows

    # === PAGE === #

    @get_route("/my/loans/<int:loan_id>", auth="public")
    def my_loan(self, loan_id, access_token=None, done=None, **params):
        loan = self._ess_loan_by(loan_id, access_token)
        if not loan:
            return self._ess_loan_stranger()
        if loan.sudo().kind == "staff":
            query = {"access_token": access_token} if access_token else {}
            return request.redirect_query(loan.sudo().access_url, query)
        return self._ess_loan_page(loan, done=done)

    def _ess_loan_by(self, loan_id, access_token=None):
        """The loan with the user's rights, None for strangers.

        A token lets one read: whoever acts needs the rights of a side.
        """
        try:
            loan_sudo = self._document_check_access("ess.loan", loan_id, access_token)
        except (AccessError, MissingError):
            return None
        return request.env["ess.loan"].browse(loan_sudo.id)

    def _ess_loan_stranger(self):
        if request.env.user._is_public():
            return self._ess_login()
        return request.redirect("/my")

    def _ess_loan_values(self, loan, page_name="loan", **values):
        """What every page about a loan knows."""
        roles = loan._roles()
        token = request.params.get("access_token") if not roles else None
        return self._ess_values(
            page_name,
            loan=loan.sudo(),
            base=f"/my/loans/{loan.id}",
            roles=roles,
            side=loan._side() if roles else None,
            token_only=not roles,
            token=f"?access_token={token}" if token else "",
            **values,
        )

    def _ess_loan_page(self, loan, done=None, act=None, sentence=None, typed=None):
        """
        :param str act: which form is open, when it was refused
        :param str sentence: why it was refused
        :param dict typed: what stands in this form
        """
        side = loan._side()
        form = {**self._ess_loan_form(loan.sudo()), **(typed or {})}
        return request.render(
            "ess_mutualisation.portal_loan",
            self._ess_loan_values(
                loan,
                step=loan._portal_step(side, page=True),
                buttons=loan._portal_buttons(),
                missing=self._ess_loan_missing(loan),
                certificates=self._ess_loan_certificates(loan),
                granularity=self._ess_loan_granularity(loan),
                form=form,
                done=done,
                act=act,
                sentences=sentence and sentence.split("\n"),
            ),
        )

    def _ess_loan_missing(self, loan):
        """What is still missing before the hand-over, for the two sides."""
        loan_sudo = loan.sudo()
        if not loan._roles() or loan_sudo.state not in ("to_sign", "signed"):
            return []
        return loan_sudo._ready_reasons() + loan_sudo._insurance_warnings()

    def _ess_loan_certificates(self, loan):
        """The borrower's certificates that may matter for this loan."""
        loan_sudo = loan.sudo()
        needed = loan._roles() and loan_sudo.start and loan_sudo._insurance_needed()
        return loan_sudo._certificates_used() if needed else None

    def _ess_loan_granularity(self, loan):
        asset = loan.sudo().booking_ids[:1].asset_id
        return asset.policy_id.granularity or "hour"

    def _ess_loan_form(self, loan_sudo):
        """What the forms of the page show before anybody typed."""
        if not loan_sudo.stop:
            return {}
        late = max(fields.Datetime.now() - loan_sudo.stop, timedelta(0))
        # a late one: at the same hour of the next day, as nobody asks for the past
        stop = loan_sudo.stop + timedelta(days=ceil(late / timedelta(days=1)))
        return self._ess_form_times(loan_sudo._portal_clock(), loan_sudo.start, stop)

    # === ACTS === #

    def _ess_loan_try(self, record, act, *args):
        """Run an act so that a refusal leaves nothing behind.

        Flushing inside the savepoint brings a violated constraint to light here.

        :return: None, or the sentence of the refusal
        """
        try:
            with request.env.cr.savepoint():
                getattr(record, act)(*args)
        except UserError as error:
            return str(error)
        return None

    def _ess_loan_act(self, loan_id, act, *args, done, typed=None, record=None):
        """Run an act of the loan, or of a record that goes with it.

        :param record: function of the loan; gives the record that acts, or nothing
        :param str done: what the page says afterwards; opens the form that was refused
        """
        loan = self._ess_record("ess.loan", loan_id)
        target = loan and (record(loan) if record else loan)
        if not target:
            return request.redirect("/my")
        sentence = self._ess_loan_try(target, act, *args)
        if sentence:
            return self._ess_loan_page(loan, act=done, sentence=sentence, typed=typed)
        return request.redirect(f"/my/loans/{loan.id}?done={done}")

    # === SHORT CODE === #

    @get_route("/l", "/l/<string:code>")
    def loan_by_code(self, code=None, **params):
        """Where the code of a sheet leads: its loan, for the two sides of it."""
        code = str(code or params.get("code") or "").strip()[:32]
        loan = request.env["ess.loan"]
        if code:
            loan = loan._by_code(code)
        if loan and loan.exists() and loan.has_access("read"):
            draft = loan.sudo().inspection_ids.filtered(
                lambda one: one.state == "draft"
            )
            if draft and loan._roles() & {"lender", "borrower"}:
                return request.redirect(
                    f"/my/loans/{loan.id}/inspections/{draft[0].id}"
                )
            return request.redirect(f"/my/loans/{loan.id}")
        return request.render(
            "ess_mutualisation.portal_loan_code",
            self._ess_values("loans", code=code),
        )
