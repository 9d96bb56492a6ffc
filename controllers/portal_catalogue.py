"""The catalogue: what is free from A to B, near here."""

from zoneinfo import ZoneInfo

from werkzeug.urls import url_encode

from odoo import fields
from odoo.exceptions import ValidationError
from odoo.http import request

from odoo.addons.portal.controllers.portal import pager as portal_pager

from ..tools.form_times import read_start, read_stop
from ..tools.wall_clock import at_wall
from .portal_common import TIME_FIELDS, CommonsPortal, get_route, integer, units

PER_PAGE = 24
DISTANCES = (2, 5, 10, 20, 50, 100)
HERE = "here"
FILTERS = (
    *TIME_FIELDS,
    "words",
    "category",
    "circle",
    "town",
    "near",
    "distance",
    "quantity",
    "taken",
)


class CommonsCatalogue(CommonsPortal):
    @get_route("/commons", "/commons/page/<int:page>", auth="public")
    def commons(self, page=1, **params):
        assets = request.env["ess.asset"]
        if not assets.has_access("read"):
            return request.redirect("/my")
        asked = {name: params[name] for name in FILTERS if params.get(name)}
        if "near" not in params and request.env.user._ess_entity():
            # a member looks around its own place first
            asked["near"] = HERE
        towns = assets._catalogue_towns()
        window, sentence = self._ess_catalogue_window(asked)
        point = self._ess_point(asked.get("near"), towns)
        found, free, distances = assets._catalogue_search(
            self._ess_filters(asked), window, point
        )
        pager = portal_pager(
            url="/commons", total=len(found), page=page, step=PER_PAGE, url_args=asked
        )
        shown = found[pager["offset"] :][:PER_PAGE]
        cards = shown._catalogue_cards(
            request.env.user._ess_entity(),
            window,
            free,
            distances,
            whole_days=not (asked.get("start_time") or asked.get("stop_time")),
        )
        return request.render(
            "ess_mutualisation.portal_catalogue",
            self._ess_values(
                "commons",
                asked=asked,
                cards=cards,
                total=len(found),
                pager=pager,
                window=window,
                sentence=sentence,
                query=url_encode({n: asked[n] for n in TIME_FIELDS if n in asked}),
                has_point=bool(point),
                towns=towns,
                distances=DISTANCES,
                categories=request.env["ess.asset.category"].search([]),
                circles=self._ess_circles(),
            ),
        )

    def _ess_filters(self, asked):
        """What was asked for, as the search understands it."""
        return {
            "words": asked.get("words"),
            "category": integer(asked.get("category")),
            "circle": integer(asked.get("circle")),
            "town": asked.get("town"),
            "quantity": units(asked.get("quantity")) or 1,
            "distance": integer(asked.get("distance")),
            "taken": bool(asked.get("taken")),
        }

    def _ess_catalogue_window(self, asked):
        """The dates asked for, naive UTC, or a sentence that says what is wrong."""
        times = self._ess_times(self._ess_whole_day(asked))
        if not times.start_date:
            return None, None
        assets = request.env["ess.asset"]
        zone = self._ess_zone()
        try:
            start, stop = read_start(times), read_stop(times)
            bounds = [assets._utc(at_wall(one, zone)) for one in (start, stop)]
            window = assets._check_window(*bounds)
        except ValidationError:
            return None, request.env._(
                "Dates: the end must come after the start, so all dates are shown."
            )
        except (ValueError, OverflowError):
            return None, request.env._(
                "Dates: one cannot be read; choose them in the calendar."
            )
        if window[1] <= fields.Datetime.now():
            return None, request.env._("Dates: they are over, so all dates are shown.")
        return window, None

    def _ess_zone(self):
        company, user = request.env.company.sudo(), request.env.user
        return ZoneInfo(company.partner_id.tz or user.tz or "Europe/Paris")

    def _ess_point(self, near, towns):
        """Where distances are measured from: a town, or the user's organisation."""
        if near == HERE:
            entity = request.env.user._ess_entity()
            place = entity.partner_latitude, entity.partner_longitude
            return place if any(place) else towns.get(entity.city)
        return towns.get(near)

    def _ess_circles(self):
        circles = request.env["ess.circle"]
        return circles.search([]) if circles.has_access("read") else circles
