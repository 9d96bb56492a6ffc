"""The basket: several things are chosen first, and asked for in one act."""

from odoo import fields
from odoo.exceptions import UserError
from odoo.http import request

from .portal_asset import TYPED, CommonsAsset
from .portal_common import get_route, post_route


class CommonsBasket(CommonsAsset):
    def _ess_basket(self):
        bookings = request.env["ess.booking"]
        return bookings._portal_basket() if bookings.has_access("read") else bookings

    @get_route("/my/basket")
    def my_basket(self, done=None, **params):
        if not request.env.user._ess_entity():
            return request.redirect("/my")
        return self._ess_basket_page(done=done)

    def _ess_basket_page(self, refused=None, done=None):
        bookings = self._ess_basket()
        photos = bookings.sudo().asset_id.sudo(False)._filtered_access("read")
        return request.render(
            "ess_mutualisation.portal_basket",
            self._ess_values(
                "basket",
                bookings=bookings.sudo(),
                now=fields.Datetime.now(),
                photos=photos._main_photos(),
                refused=refused or {},
                done=done,
            ),
        )

    @post_route("/commons/<int:asset_id>/basket")
    def commons_basket(self, asset_id, **params):
        """Put the dates of an asset's form into the basket: they are held."""
        asset = self._ess_asset(asset_id)
        if not asset:
            return request.not_found()
        typed = {name: params.get(name, "") for name in TYPED}
        try:
            vals = self._ess_asked(asset, params)
            typed |= self._ess_form_times(asset, vals["start"], vals["stop"])
            _booking, refusal = request.env["ess.booking"]._portal_ask(
                asset, vals, "_portal_hold"
            )
        except UserError as error:
            refusal = {"message": str(error), "codes": ["refused"], "nearest": []}
        if refusal:
            refusal = self._ess_refusal(asset, refusal)
            return self._ess_asset_page(asset, typed, refusal=refusal)
        return request.redirect("/my/basket?done=added")

    @post_route("/my/basket/request")
    def my_basket_request(self, **params):
        bookings = self._ess_basket()
        if not bookings:
            return request.redirect("/my/basket")
        refused = bookings._portal_ask_all()
        if refused:
            return self._ess_basket_page(refused=refused)
        return request.redirect("/my/loans?done=asked")

    @post_route("/my/basket/<int:booking_id>/remove")
    def my_basket_remove(self, booking_id, **params):
        booking = self._ess_basket().filtered(lambda one: one.id == booking_id)
        if booking:
            booking._try("action_cancel")
        return request.redirect("/my/basket?done=removed")
