from datetime import date, datetime

import babel.dates

from odoo import models
from odoo.tools import format_date
from odoo.tools.misc import babel_locale_parse, get_lang


class AssetSentences(models.Model):
    """Reasons of a refusal as sentences: which rule, which figures, what would do."""

    _inherit = "ess.asset"

    def _reason_sentence(self, reason):
        """The reason in the reader's language.

        :param reason: tools Reason; its code names the method that says it
        :rtype: str
        """
        figures = {
            name: self._say(name, value) for name, value in reason.figures.items()
        }
        return getattr(self, f"_say_{reason.code}")(figures)

    def _say(self, name, value):
        """A figure as people say it: local times, lengths of time."""
        if isinstance(value, datetime):
            return self._say_instant(value)
        if isinstance(value, date):
            return format_date(self.env, value)
        if name.endswith("minutes") and isinstance(value, int):
            return self._say_minutes(value)
        return value

    def _say_instant(self, instant):
        locale = babel_locale_parse(get_lang(self.env).code)
        return babel.dates.format_datetime(
            instant, "EEE d MMM y HH:mm", tzinfo=instant.tzinfo, locale=locale
        )

    def _say_minutes(self, minutes):
        days, rest = divmod(minutes, 24 * 60)
        hours, rest = divmod(rest, 60)
        parts = []
        if days == 1:
            parts.append(self.env._("1 day"))
        elif days:
            parts.append(self.env._("%s days", days))
        if hours:
            parts.append(self.env._("%s h", hours))
        if rest or not parts:
            parts.append(self.env._("%s min", rest))
        return " ".join(parts)

    # === ONE SENTENCE PER CODE === #

    def _say_circle(self, figures):
        return self.env._(
            "%(asset)s is shared in circles that %(entity)s does not belong to: ask "
            "the federation to join one of them.",
            **figures,
        )

    def _say_withdrawn(self, figures):
        return self.env._("%(asset)s is not lent at present.", **figures)

    def _say_charter(self, figures):
        return self.env._(
            "Your organisation has not accepted the charter of %(circle)s yet: accept "
            "it on the page of your organisation, then ask again.",
            **figures,
        )

    def _say_overdue(self, figures):
        return self.env._(
            "%(asset)s (%(loan)s) should have been back on %(stop)s: bring it back, or "
            "ask for an extension, then book again.",
            **figures,
        )

    def _say_inverted(self, figures):
        return self.env._(
            "Dates: the end (%(stop)s) must come after the start (%(start)s).",
            **figures,
        )

    def _say_quantity(self, figures):
        return self.env._("Quantity: ask for at least 1, not %(quantity)s.", **figures)

    def _say_granularity(self, figures):
        raster = {
            "hour": self.env._("starts and ends on the hour"),
            "half_day": self.env._("starts and ends at midnight or noon"),
            "day": self.env._("is booked by whole days, from midnight to midnight"),
        }[figures["granularity"]]
        return self.env._(
            "A use %(raster)s: the nearest is from %(nearest_start)s to "
            "%(nearest_stop)s.",
            **{**figures, "raster": raster},
        )

    def _say_too_short(self, figures):
        return self.env._(
            "Duration: %(asked_minutes)s is too short, the shortest use is "
            "%(min_minutes)s.",
            **figures,
        )

    def _say_too_long(self, figures):
        return self.env._(
            "Duration: %(asked_minutes)s is too long, the longest use is "
            "%(max_minutes)s.",
            **figures,
        )

    def _say_past(self, figures):
        return self.env._("Start: %(start)s is over already.", **figures)

    def _say_lead_time(self, figures):
        return self.env._(
            "Start: ask at least %(lead_minutes)s before; the earliest possible start "
            "is %(earliest)s.",
            **figures,
        )

    def _say_horizon(self, figures):
        return self.env._(
            "End: one can book up to %(horizon_days)s days ahead, until %(latest)s.",
            **figures,
        )

    def _say_closed(self, figures):
        if figures.get("next_opening"):
            return self.env._(
                "Opening hours: closed from %(closed_from)s, open again on "
                "%(next_opening)s.",
                **figures,
            )
        return self.env._("Opening hours: closed from %(closed_from)s.", **figures)

    def _say_closed_start(self, figures):
        return self._say_closed_end_or_start(
            self.env._("Pick-up: closed on %(start)s", **figures), figures
        )

    def _say_closed_end(self, figures):
        return self._say_closed_end_or_start(
            self.env._("Return: closed on %(stop)s", **figures), figures
        )

    def _say_closed_end_or_start(self, sentence, figures):
        nearby = []
        if figures.get("previous_closing"):
            nearby.append(
                self.env._("open before until %(previous_closing)s", **figures)
            )
        if figures.get("next_opening"):
            nearby.append(self.env._("open again from %(next_opening)s", **figures))
        return f"{sentence} ({', '.join(nearby)})." if nearby else f"{sentence}."

    def _say_quota_minutes(self, figures):
        return self.env._(
            "Quota: your organisation may book %(quota_minutes)s from "
            "%(period_start)s to %(period_stop)s (excluded); %(booked_minutes)s are "
            "booked, %(left_minutes)s are left, this use takes %(asked_minutes)s.",
            **figures,
        )

    def _say_quota_simultaneous(self, figures):
        return self.env._(
            "Quota: your organisation has %(simultaneous)s bookings at that time "
            "already, %(quota_simultaneous)s are allowed at once.",
            **figures,
        )

    def _say_cancel_deadline(self, figures):
        return self.env._(
            "Deadline: a booking may be changed or cancelled until "
            "%(cancel_minutes)s before its start, that was %(deadline)s. Ask the "
            "lender or the federation.",
            **figures,
        )
