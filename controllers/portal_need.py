"""Needs: the board, what lenders answer, what the member chooses."""

from dataclasses import asdict

from odoo import fields
from odoo.exceptions import AccessError, MissingError, UserError
from odoo.fields import Domain
from odoo.http import request

from odoo.addons.portal.controllers.portal import pager as portal_pager

from ..tools.form_times import write_form
from .portal_common import CommonsPortal, get_route, integer, post_route, units

PER_PAGE = 20
TEXTS = {"name": 80, "city": 60, "description": 2000}


class CommonsNeed(CommonsPortal):
    # === HOME === #

    def _prepare_home_portal_values(self, counters):
        values = super()._prepare_home_portal_values(counters)
        needs = request.env["ess.need"]
        lines = request.env["ess.need.proposal.line"]
        reads = needs.has_access("read")
        if "ess_need_asked_count" in counters:
            asked = reads and lines._read_group(
                lines._portal_answer_domain(), [], ["need_id:count_distinct"]
            )
            values["ess_need_asked_count"] = asked[0][0] if asked else 0
        if "ess_need_ready_count" in counters:
            ready = needs._portal_mine_domain() & needs._ready_domain()
            values["ess_need_ready_count"] = reads and needs.search_count(ready)
        return values

    # === BOARD === #

    @get_route("/my/needs", "/my/needs/page/<int:page>")
    def my_needs(self, page=1, show="mine", done=None, **params):
        needs = request.env["ess.need"]
        shows = self._ess_need_shows()
        show = show if show in shows else "mine"
        found, answers, pager = needs, request.env["ess.need.proposal.line"], None
        if needs.has_access("read"):
            pager = portal_pager(
                url="/my/needs",
                total=needs.search_count(shows[show]["domain"]),
                page=page,
                step=PER_PAGE,
                url_args={"show": show},
            )
            found = needs.search(
                shows[show]["domain"],
                order="start desc, id desc" if show == "past" else "start, id",
                limit=PER_PAGE,
                offset=pager["offset"],
            )
            answers = answers.search(answers._portal_answer_domain(), limit=80)
        return request.render(
            "ess_mutualisation.portal_needs",
            self._ess_values(
                "needs",
                needs=found.sudo(),
                answers=answers.sudo()._once_per_asset(),
                shows=shows,
                show=show,
                pager=pager,
                done=done,
            ),
        )

    def _ess_need_shows(self):
        """Lists to choose from: ours that are open, those of others, ours of old."""
        needs = request.env["ess.need"]
        mine, now = needs._portal_mine_domain(), fields.Datetime.now()
        over = Domain("state", "=", "closed") | Domain("stop", "<=", now)
        return {
            "mine": {"label": request.env._("Ours"), "domain": mine & ~over},
            "others": {
                "label": request.env._("Of others"),
                "domain": needs._portal_board_domain(),
            },
            "past": {"label": request.env._("Past needs"), "domain": mine & over},
        }

    # === PAGE === #

    @get_route("/my/needs/<int:need_id>", auth="public")
    def my_need(self, need_id, access_token=None, done=None, **params):
        try:
            need_sudo = self._document_check_access("ess.need", need_id, access_token)
        except (AccessError, MissingError):
            if request.env.user._is_public():
                return self._ess_login()
            return request.redirect("/my")
        need = request.env["ess.need"].browse(need_sudo.id)
        return self._ess_need_page(need, done=done)

    def _ess_need_page(self, need, done=None, refusal=None, act=None, typed=None):
        """
        :param refusal: sentences, when an act was refused
        :param str act: which form is open
        """
        member = need.has_access("read")
        roles = need._roles()
        answers = need._portal_answers()
        return request.render(
            "ess_mutualisation.portal_need",
            self._ess_values(
                "need",
                need=need.sudo(),
                roles=roles,
                member=member,
                proposals=need._portal_proposals() if roles else (),
                answers=answers,
                offerable=need._portal_offerable() if member else (),
                refusal=refusal,
                act=act,
                typed=typed or {},
                done=done,
            ),
        )

    # === WRITING ONE === #

    @get_route("/my/needs/new")
    def my_need_new(self, **params):
        if not request.env.user._ess_entity():
            return request.redirect("/my")
        typed = {
            name: params[name] for name in ("category_id", "name") if name in params
        }
        return self._ess_need_form(request.env["ess.need"], typed)

    @get_route("/my/needs/<int:need_id>/edit")
    def my_need_edit(self, need_id, **params):
        need = self._ess_record("ess.need", need_id)
        if not need or not need._roles():
            return request.redirect("/my")
        return self._ess_need_form(need)

    def _ess_need_form(self, need, typed=None, sentence=None):
        env = request.env
        return request.render(
            "ess_mutualisation.portal_need_form",
            self._ess_values(
                "need",
                need=need.sudo(),
                form={**self._ess_need_typed(need), **(typed or {})},
                sentence=sentence,
                tz=need.sudo()._zone().key,
                categories=env["ess.asset.category"].search([]),
            ),
        )

    def _ess_need_typed(self, need):
        """What the form shows before anybody typed."""
        if not need:
            entity = request.env.user._ess_entity()
            return {"quantity": 1, "city": entity.city or ""}
        need = need.sudo()
        times = write_form(need._wall(need.start), need._wall(need.stop), "hour")
        return {
            **asdict(times),
            **{name: need[name] or "" for name in TEXTS},
            "quantity": need.quantity,
            "category_id": need.category_id.id,
            "radius_km": round(need.radius_km) or "",
        }

    @post_route("/my/needs/save")
    def my_need_create(self, **params):
        if not request.env.user._ess_entity():
            return request.redirect("/my")
        return self._ess_need_save(request.env["ess.need"], params)

    @post_route("/my/needs/<int:need_id>/save")
    def my_need_save(self, need_id, **params):
        need = self._ess_record("ess.need", need_id)
        if not need or not need._roles():
            return request.redirect("/my")
        return self._ess_need_save(need, params)

    def _ess_need_save(self, need, params):
        typed = {n: v for n, v in params.items() if isinstance(v, str)}
        typed["category_id"] = integer(params.get("category_id")) or False
        try:
            start, stop = self._ess_window(need, self._ess_whole_day(params), "hour")
            with request.env.cr.savepoint():
                saved = need._portal_save(
                    {
                        **{
                            name: (params.get(name) or "").strip()[:most]
                            for name, most in TEXTS.items()
                        },
                        "category_id": typed["category_id"],
                        "quantity": units(params.get("quantity"), 0),
                        "radius_km": integer(params.get("radius_km"), 0, 0, 20000),
                        "start": start,
                        "stop": stop,
                    }
                )
        except AccessError:
            raise
        except UserError as error:
            return self._ess_need_form(need, typed, str(error))
        done = "changed" if need else "published"
        return request.redirect(f"/my/needs/{saved.id}?done={done}")

    # === ACTS === #

    def _ess_need_act(self, need_id, act, *args, done, typed=None):
        need = self._ess_record("ess.need", need_id)
        if not need:
            return request.redirect("/my")
        try:
            refusal = need._try(act, *args)
        except AccessError as error:
            refusal = [str(error)]
        if refusal:
            return self._ess_need_page(need, refusal=refusal, act=act, typed=typed)
        return request.redirect(f"/my/needs/{need.id}?done={done}")

    @post_route("/my/needs/<int:need_id>/publish")
    def my_need_publish(self, need_id, **params):
        return self._ess_need_act(need_id, "action_publish", done="published")

    @post_route("/my/needs/<int:need_id>/close")
    def my_need_close(self, need_id, reason="", **params):
        return self._ess_need_act(
            need_id, "action_close", reason, done="closed", typed={"reason": reason}
        )

    @post_route("/my/needs/<int:need_id>/offer")
    def my_need_offer(self, need_id, asset_id=None, quantity=None, **params):
        asset_id, quantity = integer(asset_id), units(quantity, 0)
        return self._ess_need_act(
            need_id,
            "action_offer",
            asset_id,
            quantity or None,
            done="offered",
            typed={"asset_id": asset_id, "quantity": quantity or ""},
        )

    @post_route("/my/needs/<int:need_id>/answer/<int:line_id>/<string:act>")
    def my_need_answer(self, need_id, line_id, act, reason="", **params):
        need = self._ess_record("ess.need", need_id)
        line = self._ess_record("ess.need.proposal.line", line_id)
        if not need or not line or line.sudo().need_id != need:
            return request.redirect("/my")
        acts = {"agree": ("action_agree",), "decline": ("action_decline", reason)}
        if act not in acts:
            return request.redirect(f"/my/needs/{need.id}")
        try:
            refusal = need._try_on(line, *acts[act])
        except AccessError as error:
            refusal = [str(error)]
        if refusal:
            return self._ess_need_page(
                need, refusal=refusal, act=f"line-{line.id}", typed={"reason": reason}
            )
        return request.redirect(f"/my/needs/{need.id}?done={act}")

    @post_route("/my/needs/<int:need_id>/proposals/<int:proposal_id>/accept")
    def my_need_accept(self, need_id, proposal_id, **params):
        need = self._ess_record("ess.need", need_id)
        proposal = self._ess_record("ess.need.proposal", proposal_id)
        if not need or not proposal or proposal.sudo().need_id != need:
            return request.redirect("/my")
        try:
            # what is found to be taken meanwhile stays noted: no savepoint here
            refusal = proposal._accept()
        except UserError as error:
            refusal = str(error).split("\n")
        if refusal:
            return self._ess_need_page(need, refusal=refusal, act="accept")
        return request.redirect(f"/my/needs/{need.id}?done=accepted")
