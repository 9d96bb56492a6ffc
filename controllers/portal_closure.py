"""What the lender takes and gives back by hand, and who has an asset when."""

from odoo.exceptions import UserError
from odoo.http import request

from ..models.occupancy import HAND_KINDS
from .portal_common import TIME_FIELDS, get_route, post_route, units
from .portal_lender import CommonsLender

TYPED = (*TIME_FIELDS, "kind", "quantity", "note")


class CommonsClosure(CommonsLender):
    @get_route("/my/assets/<int:asset_id>/closures")
    def my_closures(self, asset_id, done=None, **params):
        asset = self._ess_lent(asset_id)
        if not asset:
            return request.redirect("/my")
        return self._ess_closures_page(asset, done=done)

    def _ess_closures_page(self, asset, typed=None, sentence=None, done=None):
        bookings = request.env["ess.booking"].search(
            [
                ("asset_id", "=", asset.id),
                ("state", "in", ("requested", "confirmed", "ongoing", "waiting")),
            ],
            order="start, id",
            limit=80,
        )
        kinds = dict(
            request.env["ess.occupancy"]
            ._fields["kind"]
            ._description_selection(request.env)
        )
        return request.render(
            "ess_mutualisation.portal_closures",
            self._ess_values(
                "closures",
                asset=asset.sudo(),
                bookings=bookings.sudo(),
                closures=asset._portal_closures(),
                kinds={kind: kinds[kind] for kind in HAND_KINDS},
                form={
                    "kind": "closure",
                    "quantity": asset.sudo().capacity,
                    **(typed or {}),
                },
                sentence=sentence,
                done=done,
            ),
        )

    @post_route("/my/assets/<int:asset_id>/closures/add")
    def my_closure_add(self, asset_id, **params):
        asset = self._ess_lent(asset_id)
        if not asset:
            return request.redirect("/my")
        typed = {name: params.get(name, "") for name in TYPED}
        try:
            asset._portal_close(
                params.get("kind"),
                *self._ess_window(asset, typed, "hour"),
                units(params.get("quantity")) or 1,
                (params.get("note") or "").strip()[:200],
            )
        except UserError as error:
            return self._ess_closures_page(asset, typed, str(error))
        return request.redirect(f"/my/assets/{asset.id}/closures?done=closed")

    @post_route("/my/assets/<int:asset_id>/closures/<int:closure_id>/delete")
    def my_closure_delete(self, asset_id, closure_id, **params):
        asset = self._ess_lent(asset_id)
        if not asset:
            return request.redirect("/my")
        try:
            asset._portal_reopen(closure_id)
        except UserError as error:
            return self._ess_closures_page(asset, sentence=str(error))
        return request.redirect(f"/my/assets/{asset.id}/closures?done=reopened")
