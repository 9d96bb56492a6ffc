"""My bookings: the list, the page, and what can be done there."""

from odoo import fields
from odoo.exceptions import AccessError, MissingError, UserError
from odoo.fields import Domain
from odoo.http import content_disposition, request, route

from odoo.addons.portal.controllers.portal import pager as portal_pager

from ..models.booking_series import FREQUENCIES
from .portal_common import CommonsPortal, integer, units

PER_PAGE = 20
REPEAT_FIELDS = ("frequency", "interval", "count", "until")


class CommonsBooking(CommonsPortal):
    # === LIST === #

    @route(
        ["/my/bookings", "/my/bookings/page/<int:page>"],
        type="http",
        auth="user",
        website=True,
        readonly=True,
        methods=["GET"],
    )
    def my_bookings(self, page=1, show="upcoming", sort=None, **params):
        bookings = request.env["ess.booking"]
        shows = self._ess_booking_shows()
        show = show if show in shows else "upcoming"
        sorts = self._ess_booking_sorts()
        sort = (
            sort if sort in sorts else ("soonest" if show == "upcoming" else "latest")
        )
        found, total, pager = bookings, 0, None
        if bookings.has_access("read"):
            domain = bookings._portal_mine_domain() & shows[show]["domain"]
            total = bookings.search_count(domain)
            pager = portal_pager(
                url="/my/bookings",
                total=total,
                page=page,
                step=PER_PAGE,
                url_args={"show": show, "sort": sort},
            )
            found = bookings.search(
                domain,
                order=sorts[sort]["order"],
                limit=PER_PAGE,
                offset=pager["offset"],
            )
        return request.render(
            "ess_mutualisation.portal_bookings",
            self._ess_values(
                "bookings",
                bookings=found.sudo(),
                photos=self._ess_photos(found),
                shows=shows,
                show=show,
                sorts=sorts,
                sort=sort,
                total=total,
                pager=pager,
            ),
        )

    def _ess_photos(self, bookings):
        """Photos of the assets, of those that the user may (still) look at."""
        assets = request.env["ess.asset"].browse(bookings.sudo().asset_id.ids)
        return assets._filtered_access("read")._main_photos()

    def _ess_booking_shows(self):
        now = fields.Datetime.now()
        over = Domain("state", "in", ("done", "refused", "cancelled"))
        past = over | (Domain("stop", "<=", now) & Domain("state", "!=", "ongoing"))
        return {
            "upcoming": {"label": request.env._("Upcoming"), "domain": ~past},
            "past": {"label": request.env._("Past"), "domain": past},
            "all": {"label": request.env._("All"), "domain": Domain.TRUE},
        }

    def _ess_booking_sorts(self):
        return {
            "soonest": {"label": request.env._("Earliest first"), "order": "start, id"},
            "latest": {
                "label": request.env._("Latest first"),
                "order": "start desc, id desc",
            },
            "state": {"label": request.env._("By state"), "order": "state, start, id"},
        }

    # === PAGE === #

    @route(
        "/my/bookings/<int:booking_id>",
        type="http",
        auth="public",
        website=True,
        readonly=True,
        methods=["GET"],
    )
    def my_booking(self, booking_id, access_token=None, done=None, **params):
        try:
            booking = self._ess_booking_by(booking_id, access_token)
        except (AccessError, MissingError):
            if request.env.user._is_public():
                return self._ess_login()
            return request.redirect("/my")
        return self._ess_booking_page(booking, done=done)

    def _ess_booking_by(self, booking_id, access_token=None):
        """The booking, with the user's rights: a token lets one read the page only."""
        booking_sudo = self._document_check_access(
            "ess.booking", booking_id, access_token
        )
        return request.env["ess.booking"].browse(booking_sudo.id)

    def _ess_booking_page(self, booking, done=None, refusal=None, typed=None, act=None):
        """
        :param refusal: sentences and free times, when an act was refused
        :param dict typed: what stands in the form of this act
        :param str act: which form is open
        """
        booking_sudo, asset = booking.sudo(), booking.sudo().asset_id
        sees = booking._sees_instructions() and asset._has_text("private_instructions")
        roles = booking._roles()
        form = {
            **self._ess_form_times(asset, booking_sudo.start, booking_sudo.stop),
            "quantity": booking_sudo.quantity,
            "purpose": booking_sudo.purpose or "",
            "reason": "",
            "distance_km": "",
        }
        return request.render(
            "ess_mutualisation.portal_booking",
            self._ess_values(
                "booking",
                booking=booking_sudo,
                asset=asset,
                roles=roles,
                buttons=booking._portal_buttons(),
                instructions=asset.private_instructions if sees else None,
                granularity=asset.policy_id.granularity or "hour",
                form={**form, **(typed or {})},
                refusal=refusal,
                act=act,
                done=done,
                token_only=not roles,
                frequencies=self._ess_frequencies(),
            ),
        )

    def _ess_frequencies(self):
        series = request.env["ess.booking.series"]._fields["frequency"]
        return series._description_selection(request.env) or FREQUENCIES

    # === ACTS === #

    def _ess_act(self, booking_id, act, *args, typed=None, done=None):
        """Run an act of the model; the page comes back with what was typed if not."""
        booking = self._ess_record("ess.booking", booking_id)
        if not booking:
            return request.redirect("/my")
        refusal = booking._try(act, *args)
        if refusal:
            asset = booking.sudo().asset_id
            return self._ess_booking_page(
                booking,
                refusal=self._ess_refusal(asset, {**refusal, "nearest": []}),
                typed=typed,
                act=act,
            )
        return request.redirect(f"/my/bookings/{booking.id}?done={done or act}")

    @route(
        "/my/bookings/<int:booking_id>/cancel",
        type="http",
        auth="user",
        website=True,
        methods=["POST"],
    )
    def my_booking_cancel(self, booking_id, reason="", **params):
        typed = {"reason": reason}
        return self._ess_act(
            booking_id, "action_cancel", reason, typed=typed, done="cancelled"
        )

    @route(
        "/my/bookings/<int:booking_id>/hand-over",
        type="http",
        auth="user",
        website=True,
        methods=["POST"],
    )
    def my_booking_hand_over(self, booking_id, **params):
        return self._ess_act(booking_id, "action_hand_over", done="ongoing")

    @route(
        "/my/bookings/<int:booking_id>/return",
        type="http",
        auth="user",
        website=True,
        methods=["POST"],
    )
    def my_booking_return(self, booking_id, distance_km="", **params):
        typed = {"distance_km": distance_km}
        return self._ess_act(
            booking_id, "action_return", distance_km, typed=typed, done="returned"
        )

    @route(
        "/my/bookings/<int:booking_id>/change",
        type="http",
        auth="user",
        website=True,
        methods=["POST"],
    )
    def my_booking_change(self, booking_id, **params):
        booking = self._ess_record("ess.booking", booking_id)
        if not booking:
            return request.redirect("/my")
        asset = booking.sudo().asset_id
        typed = {name: value for name, value in params.items() if name != "nearest"}
        try:
            start, stop = self._ess_chosen(asset, params)
            typed |= self._ess_form_times(asset, start, stop)
            refusal = booking._portal_change(
                {
                    "start": start,
                    "stop": stop,
                    "quantity": units(params.get("quantity")) or 1,
                    "purpose": (params.get("purpose") or "").strip()[:500],
                }
            )
        except UserError as error:
            refusal = {"message": str(error), "codes": ["refused"], "nearest": []}
        if refusal:
            refusal = self._ess_refusal(asset, refusal)
            return self._ess_booking_page(
                booking, refusal=refusal, typed=typed, act="change"
            )
        return request.redirect(f"/my/bookings/{booking.id}?done=changed")

    # === REPEATING === #

    @route(
        "/my/bookings/<int:booking_id>/repeat",
        type="http",
        auth="user",
        website=True,
        readonly=True,
        methods=["GET"],
    )
    def my_booking_repeat(self, booking_id, **params):
        booking = self._ess_record("ess.booking", booking_id)
        if not booking or "borrower" not in booking._roles():
            return request.redirect("/my")
        typed = {name: params[name] for name in REPEAT_FIELDS if params.get(name)}
        plan, sentence = None, None
        if typed.get("frequency"):
            try:
                plan = booking._plan_series(*self._ess_series(typed))
            except UserError as error:
                sentence = str(error)
        return self._ess_repeat_page(booking, typed, plan, sentence)

    def _ess_repeat_page(self, booking, typed, plan=None, sentence=None):
        return request.render(
            "ess_mutualisation.portal_repeat",
            self._ess_values(
                "booking_repeat",
                booking=booking.sudo(),
                frequencies=self._ess_frequencies(),
                typed={"frequency": "weekly", "interval": 1, "count": 4, **typed},
                plan=plan,
                possible=sum(not one["sentence"] for one in plan or ()),
                sentence=sentence,
            ),
        )

    def _ess_series(self, typed):
        return (
            typed.get("frequency"),
            integer(typed.get("interval"), 1, 1, 52),
            None if typed.get("until") else integer(typed.get("count"), 0),
            typed.get("until") or None,
        )

    @route(
        "/my/bookings/<int:booking_id>/repeat",
        type="http",
        auth="user",
        website=True,
        methods=["POST"],
    )
    def my_booking_repeat_book(self, booking_id, **params):
        booking = self._ess_record("ess.booking", booking_id)
        if not booking or "borrower" not in booking._roles():
            return request.redirect("/my")
        typed = {name: params[name] for name in REPEAT_FIELDS if params.get(name)}
        refusal = booking._try("action_repeat", *self._ess_series(typed))
        if refusal:
            return self._ess_repeat_page(booking, typed, None, refusal["message"])
        return request.redirect("/my/bookings?show=upcoming&done=repeated")

    # === CALENDAR FILE === #

    @route(
        "/my/bookings/<int:booking_id>/ics",
        type="http",
        auth="public",
        website=True,
        readonly=True,
        methods=["GET"],
    )
    def my_booking_ics(self, booking_id, access_token=None, **params):
        try:
            booking = self._ess_booking_by(booking_id, access_token)
        except (AccessError, MissingError):
            if request.env.user._is_public():
                return self._ess_login()
            return request.redirect("/my")
        name = booking.sudo().name.replace("/", "-")
        return request.make_response(
            booking._ics(),
            [
                ("Content-Type", "text/calendar; charset=utf-8"),
                ("Content-Disposition", content_disposition(f"{name}.ics")),
            ],
        )
