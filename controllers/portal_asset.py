"""The page of an asset: what it is, when it is free, and the request."""

from datetime import date, timedelta

from werkzeug.exceptions import NotFound

from odoo import fields
from odoo.exceptions import AccessError, MissingError, UserError, ValidationError
from odoo.http import request, route

from .portal_common import (
    TIME_FIELDS,
    CommonsPortal,
    get_route,
    integer,
    post_route,
    units,
)

LONGEST_WINDOW = timedelta(days=62)
TYPED = (*TIME_FIELDS, "quantity", "purpose", "contact_id")


class CommonsAsset(CommonsPortal):
    # === PAGE === #

    @get_route("/commons/<int:asset_id>", auth="public")
    def commons_asset(self, asset_id, access_token=None, **params):
        # a token opens nothing here: the catalogue is for those who may see it
        asset = self._ess_asset(asset_id)
        if not asset:
            if request.env.user._is_public():
                return self._ess_login()
            raise NotFound()
        typed = {name: params[name] for name in TYPED if params.get(name)}
        return self._ess_asset_page(asset, typed, month=params.get("month"))

    def _ess_asset(self, asset_id):
        """The asset with the reader's rights; None for who may not see it."""
        try:
            asset_sudo = self._document_check_access("ess.asset", asset_id)
        except (AccessError, MissingError):
            return None
        asset = request.env["ess.asset"].browse(asset_sudo.id)
        internal = request.env.user._is_internal()
        shown = asset_sudo.active and asset_sudo.published
        return asset if shown or internal or asset._is_lender() else None

    def _ess_asset_page(self, asset, typed, month=None, refusal=None):
        draft = self._ess_draft(asset)
        if not typed and draft:
            typed = self._ess_draft_typed(asset, draft)
        quote = None if refusal else self._ess_page_quote(asset, typed, draft)
        first = self._ess_month(asset, month, typed)
        form = self._ess_shown_times(asset, typed)
        return request.render(
            "ess_mutualisation.portal_asset",
            self._ess_values(
                "commons_asset",
                asset=asset.sudo(),
                photos=self._ess_gallery(asset),
                opening=asset._opening_in_words(),
                rules=asset._rules_in_words(),
                price=asset._prices_in_words(request.env.user._ess_entity())[asset.id],
                granularity=asset.sudo().policy_id.granularity or "hour",
                form={"quantity": 1, **form},
                obstacles=asset._portal_obstacles(),
                quote=quote,
                refusal=refusal,
                draft=draft,
                contacts=self._ess_contacts(),
                is_lender=asset._is_lender(),
                loans=request.env["ess.loan"]._portal_of_asset(asset).sudo(),
                **self._ess_month_values(asset, first),
            ),
        )

    def _ess_draft(self, asset):
        if request.env.user._is_public() or not request.env.user._ess_entity():
            return None
        return request.env["ess.booking"]._portal_draft(asset)

    def _ess_draft_typed(self, asset, draft):
        return {
            **self._ess_form_times(asset, draft.start, draft.stop),
            "quantity": draft.quantity,
            "purpose": draft.purpose or "",
            "contact_id": draft.sudo().contact_id.id,
        }

    def _ess_shown_times(self, asset, typed):
        """What was typed; dates of a search are brought onto the asset's raster.

        Days without hours are the opening hours of the asset on these days.
        """
        try:
            window = self._ess_window(asset, self._ess_whole_day(typed), "hour")
            opening = asset._within_opening(*window)
        except UserError:
            return typed
        if (asset.sudo().policy_id.granularity or "hour") == "hour":
            window = (
                window[0] if typed.get("start_time") else opening[0],
                window[1] if typed.get("stop_time") else opening[1],
            )
        return {**typed, **self._ess_form_times(asset, *window)}

    def _ess_page_quote(self, asset, typed, draft):
        """Price and refusals of the dates in the address, for a page without script."""
        shown = self._ess_shown_times(asset, typed)
        try:
            start, stop = self._ess_window(asset, shown)
            quote = asset._portal_quote(
                start, stop, units(typed.get("quantity")) or 1, draft
            )
        except UserError:
            return None
        return {**quote, "nearest": self._ess_choices(asset, quote["nearest"])}

    def _ess_gallery(self, asset):
        photos = [
            {
                "url": f"/web/image/ess.asset.photo/{photo.id}/image_1024",
                "alt": photo.name or asset.sudo().name,
            }
            for photo in asset.sudo().photo_ids
        ]
        if not photos and asset.sudo().image_512:
            url = f"/web/image/ess.asset/{asset.id}/image_1024"
            photos.append({"url": url, "alt": asset.sudo().name})
        return photos

    def _ess_contacts(self):
        """People of the user's organisation who may be named in a request."""
        entity = request.env.user._ess_entity()
        return entity.child_ids.filtered(lambda p: not p.is_company)

    # === MONTH === #

    def _ess_today(self, asset):
        return asset._wall(fields.Datetime.now()).date()

    def _ess_month(self, asset, month, typed):
        """First day of the month to show: the one asked for, of the dates, or this."""
        for text in (f"{month}-01", typed.get("start_date") or ""):
            try:
                day = date.fromisoformat(text).replace(day=1)
            except ValueError:
                continue
            if 1 < day.year < 9000:
                return day
        return self._ess_today(asset).replace(day=1)

    def _ess_month_values(self, asset, first):
        following = (first + timedelta(days=31)).replace(day=1)
        previous = (first - timedelta(days=1)).replace(day=1)
        today = self._ess_today(asset)
        start = max(first, today) if today < following else first
        return {
            "month": first,
            "today": today,
            "month_days": asset._calendar_days(start, following),
            "month_next": f"{following:%Y-%m}",
            "month_previous": f"{previous:%Y-%m}" if first > today else None,
        }

    # === LIVE === #

    @route(
        "/commons/<int:asset_id>/availability",
        type="jsonrpc",
        auth="public",
        website=True,
        readonly=True,
    )
    def commons_availability(self, asset_id, first=None, last=None, by_day=False):
        """Free units between two local days, for the calendar: by step, or by day."""
        asset = self._ess_asset(asset_id)
        if not asset:
            raise NotFound()
        first, last = self._ess_days(asset, first, last)
        if by_day:
            days = asset._calendar_days(first, last)
            return [{**day, "date": day["date"].isoformat()} for day in days]
        return [
            {
                **step,
                "start": step["start"].isoformat(),
                "stop": step["stop"].isoformat(),
            }
            for step in asset._calendar_steps(first, last)
        ]

    def _ess_days(self, asset, first, last):
        """The days of a calendar's window: at least one, at most two months.

        :raise ValidationError: for what is no day, or absurdly far away
        """
        try:
            first = date.fromisoformat(str(first)[:10])
            last = date.fromisoformat(str(last)[:10])
            last = min(max(last, first + timedelta(days=1)), first + LONGEST_WINDOW)
        except (ValueError, OverflowError) as error:
            raise ValidationError(
                request.env._("Dates: one cannot be read; choose them in the calendar.")
            ) from error
        asset._check_window(first, last)
        return first, last

    @route(
        "/commons/<int:asset_id>/quote",
        type="jsonrpc",
        auth="public",
        website=True,
        readonly=True,
    )
    def commons_quote(self, asset_id, **typed):
        """Price of the dates typed, whether they are free, and what else would do."""
        asset = self._ess_asset(asset_id)
        if not asset:
            raise NotFound()
        try:
            start, stop = self._ess_window(asset, typed)
        except UserError as error:
            return {
                "sentences": [str(error)],
                "nearest": [],
                "amount": "",
                "detail": "",
            }
        quote = asset._portal_quote(
            start, stop, units(typed.get("quantity")), self._ess_draft(asset)
        )
        return {**quote, "nearest": self._ess_choices(asset, quote["nearest"])}

    @route("/commons/<int:asset_id>/hold", type="jsonrpc", auth="user", website=True)
    def commons_hold(self, asset_id, **typed):
        """Keep these dates for this volunteer while the form is filled in."""
        asset = self._ess_asset(asset_id)
        if not asset:
            raise NotFound()
        try:
            vals = self._ess_asked(asset, typed)
        except UserError as error:
            return {"message": str(error)}
        booking, refusal = request.env["ess.booking"]._portal_ask(
            asset, vals, "_portal_hold"
        )
        if refusal:
            return {"message": refusal["message"]}
        return {"minutes": booking.sudo().asset_id.policy_id.hold_minutes or 15}

    # === ASKING === #

    @post_route("/commons/<int:asset_id>/book")
    def commons_book(self, asset_id, **params):
        asset = self._ess_asset(asset_id)
        if not asset:
            raise NotFound()
        typed = {name: params.get(name, "") for name in TYPED}
        act = "action_wait" if params.get("wait") else "action_request"
        try:
            vals = self._ess_asked(asset, params)
            typed |= self._ess_form_times(asset, vals["start"], vals["stop"])
            booking, refusal = request.env["ess.booking"]._portal_ask(asset, vals, act)
        except ValidationError as error:
            refusal = {"message": str(error), "codes": ["refused"], "nearest": []}
        if refusal:
            refusal = self._ess_refusal(asset, refusal)
            return self._ess_asset_page(asset, typed, refusal=refusal)
        return request.redirect(f"/my/bookings/{booking.id}?done={booking.state}")

    def _ess_asked(self, asset, params):
        """What a form asks for, as values of a booking.

        :raise ValidationError: when the dates cannot be read
        """
        start, stop = self._ess_chosen(asset, params)
        vals = {
            "start": start,
            "stop": stop,
            "quantity": units(params.get("quantity"), 0),
            "purpose": str(params.get("purpose") or "").strip()[:500],
        }
        if vals["quantity"] < 1:
            raise ValidationError(request.env._("Quantity: ask for at least 1."))
        contact = integer(params.get("contact_id"))
        if contact in self._ess_contacts().ids:
            vals["contact_id"] = contact
        return vals
