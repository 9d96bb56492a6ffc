"""What my organisation gave and received, each unit by itself."""

from odoo.http import request, route

from ..models.partner_exchanged import FOOT, HEIGHT, WIDTH
from .portal_common import CommonsPortal


class CommonsReciprocity(CommonsPortal):
    @route(
        "/my/reciprocity",
        type="http",
        auth="user",
        website=True,
        readonly=True,
        methods=["GET"],
    )
    def my_reciprocity(self, **params):
        entity = request.env.user._ess_entity()
        if not entity:
            return request.redirect("/my")
        return request.render(
            "ess_mutualisation.portal_reciprocity",
            self._ess_values(
                "reciprocity",
                chart={"width": WIDTH, "height": HEIGHT, "foot": FOOT},
                **entity._ess_exchanged(),
            ),
        )
