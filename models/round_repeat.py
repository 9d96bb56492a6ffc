from calendar import monthrange
from datetime import timedelta

from odoo import api, fields, models

from ..tools.wall_clock import UTC, at_wall, local, wall

# The next round is there so long before it opens, for somebody to look at it.
LEAD = timedelta(days=3)
FURTHEST = 600


class RoundRepeat(models.Model):
    """The same round again: by hand as a copy, by itself every week or month."""

    _inherit = "ess.round"

    repeat_day = fields.Integer(
        readonly=True,
        copy=False,
        help="The day of the month that the series opens on; in a shorter month, the "
        "last one.",
    )
    planned_close = fields.Datetime(readonly=True, copy=False)

    _next_once = models.UniqueIndex(
        "(previous_id) WHERE previous_id IS NOT NULL",
        "The next round of this one is there already.",
    )

    # === COPIES === #

    def copy_data(self, default=None):
        vals_list = super().copy_data(default)
        if "name" not in (default or {}):
            for vals in vals_list:
                vals["name"] = self.env._("%s (copy)", vals["name"])
        return vals_list

    def copy(self, default=None):
        rounds = super().copy(default)
        for old, new in zip(self, rounds, strict=True):
            old._copy_content(new)
        return rounds

    def _copy_content(self, new):
        """Offers and shared costs, with the suppliers of the new round."""
        suppliers = {one.partner_id: one for one in new.supplier_ids}
        by_old = {one: suppliers[one.partner_id] for one in self.supplier_ids}
        offers = []
        for offer in self.offer_ids:
            given = {"round_id": new.id, "supplier_id": by_old[offer.supplier_id].id}
            offers += offer.copy_data(given)
        self.env["ess.round.offer"].create(offers)
        for cost in self.cost_ids.filtered(lambda c: c._is_foreseen()):
            ids = [by_old[one].id for one in cost.supplier_ids]
            command = [fields.Command.set(ids)]
            again = cost.copy({"round_id": new.id, "supplier_ids": command})
            if cost.basis == "hand" and cost.kind != "container":
                # a key that was agreed; containers were taken in the old round
                cost.weight_ids.copy({"cost_id": again.id, "returned": 0})

    # === EVERY WEEK, EVERY MONTH === #

    @api.model
    def _cron_recur(self):
        """Make the next round of each series in time."""
        due = self.search(
            [
                ("repeat", "!=", "no"),
                ("state", "!=", "draft"),
                ("next_ids", "=", False),
                ("date_open", "!=", False),
                ("date_close", "!=", False),
            ]
        ).filtered(lambda one: one._next_dates()["date_open"] - LEAD <= self._now())
        self._each(due, lambda one: one._make_next())

    def _make_next(self):
        self.ensure_one()
        dates = self._next_dates()
        new = self.copy(
            {
                "name": self.name,
                "previous_id": self.id,
                "repeat": self.repeat,
                "repeat_day": self._series_day(),
                "coordinator_id": self.coordinator_id.id,
                **{name: dates[name] for name in ("date_open", "date_close")},
                "date_delivery": dates["date_delivery"],
            }
        )
        self._copy_slots(new, dates["days"])
        speaking = new.with_context(lang=new.coordinator_id.lang or self.env.lang)
        new.activity_schedule(
            "mail.mail_activity_data_todo",
            summary=speaking.env._(
                "%(round)s opens by itself on %(date)s: have a look at it.",
                round=new.name,
                date=speaking._when(new.date_open),
            ),
            user_id=new.coordinator_id.id,
        )
        new._call_cron("open", new.date_open)

    def _copy_slots(self, new, days):
        for slot in self.slot_ids:
            slot.copy(
                {
                    "round_id": new.id,
                    "start": self._moved(slot.start, days),
                    "stop": self._moved(slot.stop, days),
                }
            )

    def _next_dates(self):
        """When the next round opens, closes and is delivered.

        Rounds that would be over already (nobody looked after the series) are left
        out. All dates keep their distance in days from the opening, and their time on
        the clock.
        """
        self.ensure_one()
        close = self.planned_close or self.date_close
        for number in range(1, FURTHEST):
            days = self._days_to_next(number)
            if self._moved(close, days) > self._now():
                break
        delivery = self.date_delivery
        return {
            "days": days,
            "date_open": self._moved(self.date_open, days),
            "date_close": self._moved(close, days),
            "date_delivery": delivery and delivery + timedelta(days=days),
        }

    def _days_to_next(self, number):
        if self.repeat == "week":
            return 7 * number
        first = self._on_the_wall(self.date_open).date()
        month = first.year * 12 + first.month - 1 + number
        year, month0 = divmod(month, 12)
        day = min(self._series_day(), monthrange(year, month0 + 1)[1])
        return (first.replace(year=year, month=month0 + 1, day=day) - first).days

    def _series_day(self):
        return self.repeat_day or self._on_the_wall(self.date_open).day

    def _on_the_wall(self, moment):
        return wall(local(moment.replace(tzinfo=UTC), self._zone()))

    def _moved(self, moment, days):
        """A moment so many days later, at the same time on the clock."""
        clock = self._on_the_wall(moment)
        later = at_wall(clock + timedelta(days=days), self._zone())
        return later.astimezone(UTC).replace(tzinfo=None)

    @api.model
    def _now(self):
        return fields.Datetime.now()
