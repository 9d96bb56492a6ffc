from odoo import Command, api, fields, models


class BookingReschedule(models.TransientModel):
    """Move, enlarge or shorten a booking; a refusal comes with the nearest free times.

    What was typed stays: a refusal is written on this record, which opens again.
    """

    _name = "ess.booking.reschedule"
    _description = "Move a Booking"
    _inherit = ["ess.question"]

    booking_id = fields.Many2one(
        "ess.booking",
        required=True,
        ondelete="cascade",
        default=lambda self: self.env.context.get("active_id"),
    )
    asset_id = fields.Many2one(related="booking_id.asset_id")
    tz = fields.Selection(related="booking_id.tz", string="Its Time Zone")
    start = fields.Datetime(
        compute="_compute_use",
        compute_sudo=False,
        store=True,
        readonly=False,
        required=True,
        precompute=True,
    )
    stop = fields.Datetime(
        compute="_compute_use",
        compute_sudo=False,
        store=True,
        readonly=False,
        required=True,
        precompute=True,
    )
    quantity = fields.Integer(
        compute="_compute_use",
        compute_sudo=False,
        store=True,
        readonly=False,
        required=True,
        precompute=True,
    )
    override_reason = fields.Text(
        help="Why this use may break a rule. It is logged on the booking."
    )
    refusal = fields.Text(readonly=True)
    choice_ids = fields.One2many(
        "ess.booking.reschedule.choice", "reschedule_id", string="Nearest Free Times"
    )

    @api.depends("booking_id")
    def _compute_use(self):
        for move in self:
            move.start = move.booking_id.start
            move.stop = move.booking_id.stop
            move.quantity = move.booking_id.quantity

    def action_apply(self):
        self.ensure_one()
        refusal = self.booking_id._try(
            "action_reschedule",
            self.start,
            self.stop,
            self.quantity,
            self.override_reason,
        )
        if not refusal:
            return {"type": "ir.actions.act_window_close"}
        self.refusal = refusal["message"]
        self.choice_ids = [Command.clear(), *map(Command.create, self._choices())]
        return self._reopen()

    def _choices(self):
        """Free times of the length and quantity that were asked for."""
        booking = self.booking_id
        nearest = booking.asset_id._nearest_free(
            self.start, self.stop, self.quantity, booking.sudo().occupancy_ids
        )
        return [{"start": start, "stop": stop} for start, stop in nearest]

    def _reopen(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Move"),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "target": "new",
        }


class BookingRescheduleChoice(models.TransientModel):
    """A free time near the one that was refused."""

    _name = "ess.booking.reschedule.choice"
    _description = "Free Time for a Booking"
    _inherit = ["ess.question"]

    reschedule_id = fields.Many2one(
        "ess.booking.reschedule", required=True, ondelete="cascade", index=True
    )
    start = fields.Datetime(required=True)
    stop = fields.Datetime(required=True)

    def action_take(self):
        """Move the booking to this time."""
        self.ensure_one()
        move = self.reschedule_id
        move.write({"start": self.start, "stop": self.stop})
        return move.action_apply()
