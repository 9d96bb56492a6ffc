from odoo import Command, api, fields, models
from odoo.exceptions import ValidationError

from ..models.booking_series import FREQUENCIES


class BookingRepeat(models.TransientModel):
    """Repeat a booking: the dates that can be had are seen before one says yes."""

    _name = "ess.booking.repeat"
    _description = "Repeat a Booking"
    _inherit = ["ess.question"]

    booking_id = fields.Many2one(
        "ess.booking",
        required=True,
        ondelete="cascade",
        default=lambda self: self.env.context.get("active_id"),
    )
    frequency = fields.Selection(FREQUENCIES, required=True, default="weekly")
    interval = fields.Integer(required=True, default=1)
    end = fields.Selection(
        [("count", "After a number of times"), ("until", "On a day")],
        string="Ends",
        required=True,
        default="count",
    )
    count = fields.Integer(
        string="Times in All", default=4, help="The booking itself is the first."
    )
    until = fields.Date(string="Last Day")
    date_ids = fields.One2many(
        "ess.booking.repeat.date",
        "repeat_id",
        string="Dates",
        compute="_compute_date_ids",
    )
    message = fields.Char(compute="_compute_date_ids")
    is_possible = fields.Boolean(compute="_compute_date_ids")
    is_partial = fields.Boolean(compute="_compute_date_ids")

    @api.depends("booking_id", "frequency", "interval", "end", "count", "until")
    def _compute_date_ids(self):
        for repeat in self:
            plan, message = repeat._plan()
            free = [date for date in plan if not date["sentence"]]
            repeat.date_ids = [Command.clear(), *map(Command.create, plan)]
            repeat.is_possible = bool(free)
            repeat.is_partial = len(free) < len(plan)
            repeat.message = message or self.env._(
                "%(free)s of %(total)s further dates can be had.",
                free=len(free),
                total=len(plan),
            )

    def _series(self):
        """Arguments that the model's methods for series take."""
        return {
            "frequency": self.frequency,
            "interval": self.interval,
            "count": self.count if self.end == "count" else None,
            "until": self.until if self.end == "until" else None,
        }

    def _plan(self):
        """Dates of the series, or the sentence that says what is missing."""
        if not self.booking_id:
            return [], self.env._("Choose a booking first.")
        try:
            plan = self.booking_id._plan_series(**self._series())
        except ValidationError as error:
            return [], error.args[0]
        if not plan:
            return [], self.env._("There is no further date in this series.")
        return plan, None

    def action_book_free(self):
        """Book the dates that can be had and leave out the others."""
        return self._book(skip=True)

    def action_book_all(self):
        """Book all the dates, or none of them."""
        return self._book(skip=False)

    def _book(self, skip):
        self.ensure_one()
        booking = self.booking_id
        booking.action_repeat(**self._series(), skip=skip)
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "ess_mutualisation.ess_booking_action"
        )
        return {
            **action,
            "domain": [("series_id", "=", booking.series_id.id)],
            "context": {},
        }


class BookingRepeatDate(models.TransientModel):
    """One date of a series that is being planned."""

    _name = "ess.booking.repeat.date"
    _description = "Date of a Repeated Booking"
    _inherit = ["ess.question"]

    repeat_id = fields.Many2one(
        "ess.booking.repeat", ondelete="cascade", index="btree_not_null"
    )
    start = fields.Datetime(readonly=True)
    stop = fields.Datetime(readonly=True)
    sentence = fields.Char(string="Why Not", readonly=True)
