"""Staff time: the agreement, its papers, what it cost."""

from dataclasses import asdict

from odoo.exceptions import AccessError, MissingError, UserError, ValidationError
from odoo.http import request, route

from odoo.addons.portal.controllers.portal import pager as portal_pager

from ..models.staff_loan_portal import PAPERS
from ..models.typed import typed_number
from ..tools.form_times import write_form
from .portal_common import CommonsPortal, get_route, integer, post_route

PER_PAGE = 20
MOST_HOURS = 999_999
TEXTS = {"qualification": 120, "work": 4000, "place": 200}


class CommonsStaff(CommonsPortal):
    # === HOME === #

    def _prepare_home_portal_values(self, counters):
        values = super()._prepare_home_portal_values(counters)
        if "ess_staff_count" in counters:
            staff = request.env["ess.staff.loan"]
            values["ess_staff_count"] = staff.has_access("read") and staff.search_count(
                staff._portal_sign_domain()
            )
        return values

    # === LIST === #

    @get_route("/my/staff", "/my/staff/page/<int:page>")
    def my_staff(self, page=1, **params):
        staff = request.env["ess.staff.loan"]
        found, pager = staff, None
        if staff.has_access("read"):
            domain = staff._portal_domain()
            pager = portal_pager(
                url="/my/staff",
                total=staff.search_count(domain),
                page=page,
                step=PER_PAGE,
            )
            found = staff.search(domain, limit=PER_PAGE, offset=pager["offset"])
        return request.render(
            "ess_mutualisation.portal_staff",
            self._ess_values("staff", loans=found.sudo(), pager=pager),
        )

    # === PAGE === #

    @get_route("/my/staff/<int:staff_id>", auth="public")
    def my_staff_loan(self, staff_id, access_token=None, done=None, **params):
        try:
            staff_sudo = self._document_check_access(
                "ess.staff.loan", staff_id, access_token
            )
        except (AccessError, MissingError):
            if request.env.user._is_public():
                return self._ess_login()
            return request.redirect("/my")
        staff = request.env["ess.staff.loan"].browse(staff_sudo.id)
        return self._ess_staff_page(staff, done=done)

    def _ess_staff_page(self, staff, done=None, refusal=None, act=None, typed=None):
        roles = staff._roles()
        sees_costs = bool(roles & {"facilitator"}) or (
            staff.sudo().loan_id.with_env(request.env)._side() == "lender"
        )
        natures = request.env["ess.staff.loan.line"].sudo()._fields["nature"]
        return request.render(
            "ess_mutualisation.portal_staff_loan",
            self._ess_values(
                "staff",
                staff=staff.sudo(),
                loan=staff.sudo().loan_id,
                roles=roles,
                side=staff.sudo().loan_id.with_env(request.env)._side(),
                buttons=staff._portal_buttons(),
                sentence_next=staff._portal_next(),
                lines=staff.sudo().line_ids if sees_costs else None,
                natures=natures._description_selection(request.env),
                totals=staff._totals(),
                refusal=refusal,
                act=act,
                typed=typed or {},
                done=done,
                token_only=not roles,
                seen=staff.sudo().loan_id._terms_hash() if roles else "",
            ),
        )

    # === WRITING ONE === #

    @get_route("/my/staff/new")
    def my_staff_new(self, **params):
        if not request.env.user._ess_entity():
            return request.redirect("/my")
        return self._ess_staff_form(request.env["ess.staff.loan"])

    @get_route("/my/staff/<int:staff_id>/edit")
    def my_staff_edit(self, staff_id, **params):
        staff = self._ess_staff_lent(staff_id)
        return self._ess_staff_form(staff) if staff else request.redirect("/my")

    def _ess_staff_lent(self, staff_id):
        """Staff time that the user's organisation lends and may still change."""
        staff = self._ess_record("ess.staff.loan", staff_id)
        return staff if staff and "change" in staff._portal_buttons() else None

    def _ess_staff_form(self, staff, typed=None, sentence=None):
        return request.render(
            "ess_mutualisation.portal_staff_form",
            self._ess_values(
                "staff",
                staff=staff.sudo(),
                form={**self._ess_staff_typed(staff), **(typed or {})},
                sentence=sentence,
                tz=staff.sudo()._zone().key,
                partners=staff._portal_partners(),
                people=staff._portal_people(),
            ),
        )

    def _ess_staff_typed(self, staff):
        if not staff:
            return {}
        staff = staff.sudo()
        times = {}
        if staff.start and staff.stop:
            span = staff._wall(staff.start), staff._wall(staff.stop)
            times = asdict(write_form(*span, "hour"))
        return {
            **times,
            **{name: staff[name] or "" for name in TEXTS},
            "hours": f"{staff.hours:g}",
            "person_id": staff.person_id.id,
            "entity_id": staff.entity_id.id,
        }

    @post_route("/my/staff/save")
    def my_staff_create(self, **params):
        if not request.env.user._ess_entity():
            return request.redirect("/my")
        return self._ess_staff_save(request.env["ess.staff.loan"], params)

    @post_route("/my/staff/<int:staff_id>/save")
    def my_staff_save(self, staff_id, **params):
        staff = self._ess_staff_lent(staff_id)
        if not staff:
            return request.redirect("/my")
        return self._ess_staff_save(staff, params)

    def _ess_staff_save(self, staff, params):
        typed = {n: v for n, v in params.items() if isinstance(v, str)}
        for name in ("person_id", "entity_id"):
            typed[name] = integer(params.get(name)) or False
        try:
            start, stop = self._ess_window(staff, self._ess_whole_day(params), "hour")
            vals = {
                name: (params.get(name) or "").strip()[:most]
                for name, most in TEXTS.items()
            }
            vals |= {"start": start, "stop": stop, "entity_id": typed["entity_id"]}
            vals |= {"person_id": typed["person_id"]}
            vals["hours"] = self._ess_number(params.get("hours"))
            with request.env.cr.savepoint():
                saved = staff._portal_save(vals, params.get("person_name"))
        except AccessError:
            raise
        except UserError as error:
            return self._ess_staff_form(staff, typed, str(error))
        return request.redirect(f"/my/staff/{saved.id}?done=saved")

    def _ess_number(self, text):
        """Hours as people type them, with a comma or a point; 0 for nothing."""
        try:
            return float(typed_number(request.env, text, MOST_HOURS, units=["h"]))
        except (ValueError, OverflowError):
            raise ValidationError(
                request.env._("Hours: '%s' is not a number such as 7.5.", text)
            ) from None

    # === ACTS === #

    def _ess_staff_act(self, staff_id, act, *args, done, typed=None):
        staff = self._ess_record("ess.staff.loan", staff_id)
        if not staff:
            return request.redirect("/my")
        try:
            refusal = staff._try(act, *args)
        except AccessError as error:
            refusal = [str(error)]
        if refusal:
            return self._ess_staff_page(staff, refusal=refusal, act=act, typed=typed)
        return request.redirect(f"/my/staff/{staff.id}?done={done}")

    @post_route("/my/staff/<int:staff_id>/ask")
    def my_staff_ask(self, staff_id, **params):
        return self._ess_staff_act(staff_id, "action_ask_signatures", done="asked")

    @post_route("/my/staff/<int:staff_id>/cancel")
    def my_staff_cancel(self, staff_id, reason="", **params):
        typed = {"reason": reason}
        return self._ess_staff_act(
            staff_id, "action_cancel", reason, done="cancelled", typed=typed
        )

    @post_route("/my/staff/<int:staff_id>/bill")
    def my_staff_bill(self, staff_id, **params):
        return self._ess_staff_act(staff_id, "action_bill", done="billed")

    @post_route("/my/staff/<int:staff_id>/paper/<string:paper>")
    def my_staff_paper(self, staff_id, paper, consent_on="", **params):
        one = request.httprequest.files.get("file")
        if one:
            one.seek(0)  # read before, when this request is tried again
        name, raw = (one.filename, one.read()) if one else ("", b"")
        return self._ess_staff_act(
            staff_id, "_portal_paper", paper, name, raw, consent_on, done="paper"
        )

    @get_route("/my/staff/<int:staff_id>/paper/<string:paper>")
    def my_staff_paper_read(self, staff_id, paper, **params):
        staff = self._ess_record("ess.staff.loan", staff_id)
        if not staff or paper not in PAPERS or not staff.sudo()[f"{paper}_document"]:
            return request.redirect("/my")
        stream = request.env["ir.binary"]._get_stream_from(
            staff.sudo(), f"{paper}_document", filename=staff.sudo()[f"{paper}_name"]
        )
        return stream.get_response(as_attachment=True)

    @post_route("/my/staff/<int:staff_id>/costs/add")
    def my_staff_cost_add(self, staff_id, **params):
        typed = {n: v for n, v in params.items() if isinstance(v, str)}
        try:
            vals = {
                "nature": params.get("nature"),
                "label": (params.get("label") or "").strip()[:120],
                "hours": self._ess_number(params.get("hours")),
                "cost": self._ess_amount(params.get("cost")),
            }
            if (params.get("amount") or "").strip():
                vals["amount"] = self._ess_amount(params["amount"])
        except UserError as error:
            staff = self._ess_record("ess.staff.loan", staff_id)
            if not staff:
                return request.redirect("/my")
            return self._ess_staff_page(
                staff, refusal=[str(error)], act="_portal_add_line", typed=typed
            )
        return self._ess_staff_act(
            staff_id, "_portal_add_line", vals, done="cost", typed=typed
        )

    @post_route("/my/staff/<int:staff_id>/costs/<int:line_id>/delete")
    def my_staff_cost_drop(self, staff_id, line_id, **params):
        return self._ess_staff_act(staff_id, "_portal_drop_line", line_id, done="cost")

    @route("/my/staff/<int:staff_id>/sign", type="jsonrpc", auth="user", website=True)
    def my_staff_sign(self, staff_id, name=None, signature=None, **params):
        staff = self._ess_record("ess.staff.loan", staff_id)
        if not staff:
            return {"error": request.env._("This agreement is not there any more.")}
        # the form of Odoo sends name and image only: what was read is in the address
        seen = request.httprequest.args.get("seen")
        try:
            refusal = staff._try("action_sign", name, signature, seen)
        except AccessError as error:
            refusal = [str(error)]
        if refusal:
            return {"error": " ".join(refusal)}
        return {
            "force_refresh": True,
            "redirect_url": f"/my/staff/{staff.id}?done=signed",
        }
