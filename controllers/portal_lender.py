"""The lender's side: requests to answer, the organisation's assets."""

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Domain
from odoo.http import request
from odoo.tools import html2plaintext
from odoo.tools.misc import get_lang

from odoo.addons.portal.controllers.portal import pager as portal_pager

from ..models.typed import MOST_MONEY, typed_number
from .portal_common import CommonsPortal, get_route, integer, post_route, units

PER_PAGE = 24
TEXTS = ("name", "code", "street", "zip", "city", "description", "private_instructions")
NUMBERS = ("price", "deposit_amount", "replacement_value")
CHOICES = ("price_unit", "approval")
LINKS = ("category_id", "policy_id")
TICKS = ("published", "is_public")


class CommonsLender(CommonsPortal):
    # === REQUESTS === #

    @get_route("/my/requests")
    def my_requests(self, done=None, **params):
        return self._ess_requests_page(done=done)

    def _ess_requests_page(self, done=None, refusal=None, refused=None, reason=""):
        bookings = request.env["ess.booking"]
        found = bookings
        if bookings.has_access("read"):
            found = bookings.search(
                bookings._portal_answer_domain(), order="start, id", limit=80
            )
        return request.render(
            "ess_mutualisation.portal_requests",
            self._ess_values(
                "requests",
                bookings=found.sudo(),
                done=done,
                refusal=refusal,
                refused=refused,
                reason=reason,
            ),
        )

    @post_route("/my/bookings/<int:booking_id>/approve")
    def my_booking_approve(self, booking_id, **params):
        return self._ess_answer(booking_id, "action_approve", done="approved")

    @post_route("/my/bookings/<int:booking_id>/refuse")
    def my_booking_refuse(self, booking_id, reason="", **params):
        return self._ess_answer(booking_id, "action_refuse", reason, done="refused")

    def _ess_answer(self, booking_id, act, *args, done):
        booking = self._ess_record("ess.booking", booking_id)
        if not booking:
            return request.redirect("/my")
        refusal = booking._try(act, *args)
        if refusal:
            return self._ess_requests_page(
                refusal=refusal["message"].split("\n"),
                refused=booking.id,
                reason=args[0] if args else "",
            )
        return request.redirect(f"/my/requests?done={done}")

    # === ASSETS === #

    @get_route("/my/assets", "/my/assets/page/<int:page>")
    def my_assets(self, page=1, **params):
        entity = request.env.user._ess_entity()
        if not entity:
            return request.redirect("/my")
        assets = request.env["ess.asset"].with_context(active_test=True)
        domain = Domain("owner_id", "=", entity.id)
        domain |= Domain("custodian_id", "=", entity.id)
        pager = portal_pager(
            url="/my/assets",
            total=assets.search_count(domain),
            page=page,
            step=PER_PAGE,
        )
        found = assets.search(domain, limit=PER_PAGE, offset=pager["offset"])
        return request.render(
            "ess_mutualisation.portal_assets",
            self._ess_values(
                "assets",
                assets=found.sudo(),
                photos=found._main_photos(),
                people=found._portal_now_and_next(),
                pager=pager,
            ),
        )

    @get_route("/my/assets/new")
    def my_asset_new(self, **params):
        if not request.env.user._ess_entity():
            return request.redirect("/my")
        return self._ess_asset_form(request.env["ess.asset"])

    @get_route("/my/assets/<int:asset_id>/edit")
    def my_asset_edit(self, asset_id, done=None, **params):
        asset = self._ess_lent(asset_id)
        if not asset:
            return request.redirect("/my")
        return self._ess_asset_form(asset, done=done)

    def _ess_lent(self, asset_id):
        """An asset that the user's organisation lends, with the user's rights."""
        asset = self._ess_record("ess.asset", asset_id)
        return asset if asset and asset._is_lender() else None

    def _ess_asset_form(self, asset, typed=None, sentence=None, done=None):
        env = request.env
        fields_get = env["ess.asset"].sudo()._fields
        policies = env["ess.booking.policy"].sudo()
        return request.render(
            "ess_mutualisation.portal_asset_form",
            self._ess_values(
                "asset_form",
                asset=asset.sudo(),
                form={**self._ess_asset_typed(asset), **(typed or {})},
                sentence=sentence,
                done=done,
                categories=env["ess.asset.category"].search([]),
                policies=policies.search([("company_id", "=", env.company.id)]),
                circles=env.user._ess_entity().ess_circle_ids,
                units=fields_get["price_unit"]._description_selection(env),
                approvals=fields_get["approval"]._description_selection(env),
            ),
        )

    def _ess_asset_typed(self, asset):
        """What the form shows before anybody typed."""
        asset = asset.sudo()
        if not asset:
            entity = request.env.user._ess_entity()
            return {
                "capacity": 1,
                "price_unit": "day",
                "approval": "owner",
                "published": "on",
                "city": entity.city or "",
                "street": entity.street or "",
                "zip": entity.zip or "",
                "circle_ids": entity._ess_accepted_circles().ids,
            }
        return {
            **{name: asset[name] or "" for name in TEXTS[:5]},
            **{name: html2plaintext(asset[name] or "") for name in TEXTS[5:]},
            **{name: self._ess_typed_amount(asset[name]) for name in NUMBERS},
            **{name: asset[name] for name in CHOICES},
            **{name: asset[name].id for name in LINKS},
            **{name: "on" if asset[name] else "" for name in TICKS},
            "capacity": asset.capacity,
            "circle_ids": asset.circle_ids.ids,
        }

    @post_route("/my/assets/save")
    def my_asset_create(self, **params):
        if not request.env.user._ess_entity():
            return request.redirect("/my")
        return self._ess_save(request.env["ess.asset"], params)

    @post_route("/my/assets/<int:asset_id>/save")
    def my_asset_save(self, asset_id, **params):
        asset = self._ess_lent(asset_id)
        if not asset:
            return request.redirect("/my")
        return self._ess_save(asset, params)

    def _ess_save(self, asset, params):
        """Save the form and its photos, all or nothing."""
        files = request.httprequest.files.getlist("photos")
        for one in files:
            one.seek(0)  # read before, when this request is tried again
        circles = request.httprequest.form.getlist("circle_ids")
        circle_ids = [integer(one) for one in circles]
        typed = {n: v for n, v in params.items() if isinstance(v, str)}
        typed |= {"circle_ids": circle_ids}
        typed |= {name: params.get(name) or "" for name in TICKS}
        try:
            vals = {**self._ess_asset_vals(asset, params), "circle_ids": circle_ids}
            with request.env.cr.savepoint():
                saved = asset._portal_save(vals)
                saved._portal_add_photos(
                    [(one.filename, one.read()) for one in files if one.filename]
                )
        except AccessError:
            raise
        except UserError as error:
            return self._ess_asset_form(asset, typed, str(error))
        return request.redirect(f"/my/assets/{saved.id}/edit?done=saved")

    def _ess_asset_vals(self, asset, params):
        """The form as values of an asset.

        :raise ValidationError: for a number that is none
        """
        shown = self._ess_asset_typed(asset) if asset else {}
        vals = {
            name: params[name].strip()
            for name in TEXTS
            # a text that nobody touched keeps the layout it had in the back office
            if name in params and params[name].strip() != shown.get(name, "").strip()
        }
        for name in NUMBERS:
            vals[name] = self._ess_amount(params.get(name))
        for name in CHOICES:
            if params.get(name) in dict(
                request.env["ess.asset"]
                ._fields[name]
                ._description_selection(request.env)
            ):
                vals[name] = params[name]
        for name in LINKS:
            vals[name] = integer(params.get(name)) or False
        for name in TICKS:
            vals[name] = bool(params.get(name))
        if not asset:
            vals.setdefault("name", "")
        if vals.get("code") == "":
            vals["code"] = False
        return {**vals, "capacity": units(params.get("capacity"), 0)}

    def _ess_typed_amount(self, amount):
        """Money as a reader types it: '12,50' in French; empty for none."""
        point = get_lang(request.env).decimal_point
        return f"{amount:.2f}".replace(".", point) if amount else ""

    def _ess_amount(self, text):
        """Money as people type it, with a comma or a point."""
        symbol = request.env.company.currency_id.symbol
        try:
            return float(typed_number(request.env, text, MOST_MONEY, units=[symbol]))
        except (ValueError, OverflowError):
            raise ValidationError(
                request.env._("Amounts: '%s' is not an amount such as 12.50.", text)
            ) from None

    @post_route("/my/assets/<int:asset_id>/photos/<int:photo_id>/<string:act>")
    def my_asset_photo(self, asset_id, photo_id, act, **params):
        asset = self._ess_lent(asset_id)
        if not asset or act not in ("delete", "main"):
            return request.redirect("/my")
        try:
            asset._portal_photo(photo_id, act)
        except UserError as error:
            return self._ess_asset_form(asset, sentence=str(error))
        return request.redirect(f"/my/assets/{asset.id}/edit?done={act}#photos")
