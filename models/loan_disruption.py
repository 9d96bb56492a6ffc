from odoo import api, fields, models

# Still a matter of somebody: to be chosen, or waiting for the asset.
OPEN = ("open", "wait")


class LoanDisruption(models.Model):
    """A booking whose asset is not there: still out with another, or damaged."""

    _name = "ess.loan.disruption"
    _description = "Disrupted Booking"
    _inherit = ["ess.office.thread", "mail.activity.mixin", "portal.mixin"]
    _order = "id desc"
    _rec_name = "booking_id"

    loan_id = fields.Many2one(
        "ess.loan", index="btree_not_null", ondelete="cascade", help="What is late."
    )
    damage_id = fields.Many2one(
        "ess.loan.damage", index="btree_not_null", ondelete="cascade"
    )
    booking_id = fields.Many2one(
        "ess.booking",
        string="Disrupted Booking",
        required=True,
        index=True,
        ondelete="cascade",
    )
    asset_id = fields.Many2one(related="booking_id.asset_id", store=True, index=True)
    entity_id = fields.Many2one(related="booking_id.entity_id", store=True, index=True)
    company_id = fields.Many2one(
        related="booking_id.company_id", store=True, index=True
    )
    cause = fields.Selection(
        [("late", "Not Back Yet"), ("damage", "Out of Service")], required=True
    )
    state = fields.Selection(
        [
            ("open", "To Be Chosen"),
            ("wait", "Waits"),
            ("other", "Other Asset"),
            ("cancelled", "Cancelled"),
            ("over", "Over"),
        ],
        required=True,
        default="open",
        readonly=True,
        index=True,
    )
    other_booking_id = fields.Many2one(
        "ess.booking", string="Instead", readonly=True, index="btree_not_null"
    )
    expected_on = fields.Datetime(
        readonly=True, help="Until when the asset is missing, as far as is known."
    )
    start_before = fields.Datetime(
        string="Promised Start",
        readonly=True,
        help="What was promised, when the start was put off.",
    )
    chosen_on = fields.Datetime(readonly=True)
    chosen_by_id = fields.Many2one("res.partner", readonly=True)
    told_on = fields.Datetime(readonly=True)

    _one_open = models.UniqueIndex(
        "(booking_id) WHERE state IN ('open', 'wait')",
        "This booking is known to be disrupted already.",
    )

    def _compute_access_url(self):
        for disruption in self:
            disruption.access_url = f"/my/disruptions/{disruption.id}"

    @api.model_create_multi
    def create(self, vals_list):
        disruptions = super().create(vals_list)
        for disruption in disruptions.sudo():
            # made here and not by a page: a GET never writes
            disruption._portal_ensure_token()
        return disruptions

    # === BUSINESS METHODS === #

    @api.model
    def _disrupt(self, bookings, cause, loan=None, damage=None, expected_on=None):
        """Tell the holders of these promises that they cannot be kept as they are.

        Out of service (`damage`), the time is given back at once, so that the
        maintenance can take it: the booking waits, first in the queue, and is promised
        again by itself when the asset is back. Late, the promise stays: the loan that
        is late stretches up to it and no further.

        A booking that is known to be disrupted is not told twice.

        :param bookings: ess.booking, of which those requested or confirmed count
        :param str cause: 'late' or 'damage'
        :param loan: the ess.loan that is late
        :param damage: the ess.loan.damage that put the asset out of service
        :param expected_on: naive UTC, until when the asset is missing, if known
        :return: the new disruptions, in superuser mode
        """
        known = self.sudo().search(
            [("booking_id", "in", bookings.ids), ("state", "in", OPEN)]
        )
        new = bookings.sudo().filtered(lambda b: b.state in ("requested", "confirmed"))
        new -= known.booking_id
        disruptions = self.sudo().create(
            [
                {
                    "booking_id": booking.id,
                    "cause": cause,
                    "loan_id": loan.id if loan else False,
                    "damage_id": damage.id if damage else False,
                    "expected_on": expected_on,
                }
                for booking in new
            ]
        )
        if cause == "damage":
            new._give_back_for_repair()
        disruptions._tell("open")
        return disruptions

    def _end(self, state="over", *steps):
        """Close what is still open; `steps` are the mails that say so."""
        ended = self.filtered(lambda d: d.state in OPEN)
        ended.write({"state": state})
        ended.activity_unlink(["mail.mail_activity_data_todo"])
        ended._tell(*steps)
        return ended
