"""What the pages of the portal share: reading forms, showing refusals."""

from dataclasses import asdict

from werkzeug.urls import url_encode

from odoo import fields
from odoo.exceptions import ValidationError
from odoo.http import request, route

from odoo.addons.portal.controllers.portal import CustomerPortal

from ..tools.form_times import FormTimes, read_start, read_stop, write_form

TIME_FIELDS = ("start_date", "start_time", "stop_date", "stop_time")
HOURS = [f"{hour:02d}:00" for hour in range(24)]
LARGEST = 2**31 - 1
MOST_UNITS = 100_000


def get_route(*urls, auth="user"):
    """A route that shows something and changes nothing."""
    return route(
        list(urls),
        type="http",
        auth=auth,
        website=True,
        readonly=True,
        methods=["GET"],
    )


def post_route(*urls, auth="user"):
    """A route that does something, asked for by a form."""
    return route(list(urls), type="http", auth=auth, website=True, methods=["POST"])


def integer(text, default=0, low=0, high=LARGEST):
    """The number that somebody typed, kept within bounds; never an error."""
    try:
        return min(max(int(str(text).strip()), low), high)
    except (TypeError, ValueError):
        return default


def units(text, default=1):
    """How many of a thing; 0 when that is what was typed."""
    return integer(text, default, 0, MOST_UNITS)


class CommonsPortal(CustomerPortal):
    """Helpers. Route methods of the other files are merged into the same class, so
    their names differ."""

    # === PAGES === #

    def _ess_values(self, page_name, **values):
        """Values for every page of ours: breadcrumbs, navigation, organisation."""
        entity = request.env.user._ess_entity()
        return {
            **self._prepare_portal_layout_values(),
            "page_name": page_name,
            "ess_entity": entity,
            "ess_requests": self._ess_request_count(),
            "hours": HOURS,
            **values,
        }

    def _ess_request_count(self):
        bookings = request.env["ess.booking"]
        if not bookings.has_access("read"):
            return 0
        return bookings.search_count(bookings._portal_answer_domain())

    def _ess_login(self):
        """To the log-in page, and back here afterwards."""
        path = request.httprequest.full_path.rstrip("?")
        return request.redirect_query("/web/login", {"redirect": path})

    def _ess_record(self, model, record_id):
        """A record that the user may read, with the user's rights; else None."""
        record = request.env[model].browse(record_id).exists()
        return record if record and record.has_access("read") else None

    # === DATES IN FORMS === #

    def _ess_times(self, params):
        return FormTimes(**{name: str(params.get(name) or "") for name in TIME_FIELDS})

    def _ess_whole_day(self, params):
        """One date alone means this whole day."""
        start, stop = params.get("start_date"), params.get("stop_date")
        return {**params, "start_date": start or stop, "stop_date": stop or start}

    def _ess_window(self, asset, params, granularity=None):
        """The use that a form says, naive UTC.

        :raise ValidationError: when a date is missing, cannot be read or is absurd
        """
        granularity = granularity or asset.sudo().policy_id.granularity or "hour"
        times = self._ess_times(params)
        try:
            start = read_start(times, granularity)
            stop = read_stop(times, granularity)
            bounds = [one and asset._at_wall(one) for one in (start, stop)]
        except (ValueError, OverflowError) as error:
            raise ValidationError(
                request.env._("Dates: one cannot be read; choose them in the calendar.")
            ) from error
        if not all(bounds):
            raise ValidationError(
                request.env._("Dates: say from when to when you need it.")
            )
        if bounds[1] <= bounds[0]:
            raise ValidationError(
                request.env._("Dates: the end must come after the start.")
            )
        return asset._check_window(*bounds)

    def _ess_form_times(self, asset, start, stop):
        """What the form of this asset shows for a use in naive UTC."""
        granularity = asset.sudo().policy_id.granularity or "hour"
        return asdict(write_form(asset._wall(start), asset._wall(stop), granularity))

    # === REFUSALS === #

    def _ess_refusal(self, asset, refusal):
        """A refusal of `_try` as the page shows it."""
        return {
            "sentences": refusal["message"].split("\n"),
            "not_free": "not_free" in refusal["codes"],
            "nearest": self._ess_choices(asset, refusal["nearest"]),
        }

    def _ess_choices(self, asset, spans):
        """Free times as choices: words for people, a value for the form."""
        times = [self._ess_form_times(asset, *span) for span in spans]
        return [
            {
                "query": url_encode(form),
                "words": asset._span_in_words(start, stop),
                "value": f"{fields.Datetime.to_string(start)}/"
                f"{fields.Datetime.to_string(stop)}",
                "times": form,
            }
            for (start, stop), form in zip(spans, times, strict=True)
        ]

    def _ess_chosen(self, asset, params):
        """The use asked for: one of the free times that were offered, or the dates.

        :return: (start, stop), naive UTC
        """
        start, _slash, stop = str(params.get("nearest") or "").partition("/")
        if not stop:
            return self._ess_window(asset, params)
        return asset._check_window(start, stop)
