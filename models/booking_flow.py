from datetime import timedelta

from odoo import fields, models
from odoo.exceptions import AccessError, UserError

from .booking_rules import RuleBroken
from .occupancy import NotFree

EARLY_HAND_OVER = timedelta(hours=12)


class BookingFlow(models.Model):
    """The acts of a booking, the same for the back office, the portal and RPC.

    Each is public and checks for itself who calls it, in which state, and what the
    rules say. Time is taken by `_sync_occupancy`, through the gate.
    """

    _inherit = "ess.booking"

    # === ASKING === #

    def action_request(self, override=None):
        """Ask for the use: confirmed at once, or requested from who answers.

        :param str override: a manager's reason to break a rule of the policy
        :raise RuleBroken: with the rules that say no
        :raise NotFree: with what is left of it
        """
        bookings = self._require("borrower", "facilitator")
        self._require_state("draft", "waiting")
        for booking in self:
            booking._assert_rules(override)
        bookings._promise()
        return True

    def _promise(self):
        """Take the time: confirmed when nobody has to answer, requested otherwise."""
        now = fields.Datetime.now()
        automatic = self.filtered(lambda b: not b._needs_answer())
        # a hold becomes the booking in one step: nobody comes in between
        (self - automatic).write(
            {"state": "requested", "requested_on": now, "hold_until": False}
        )
        automatic.write(
            {
                "state": "confirmed",
                "hold_until": False,
                "requested_on": now,
                "confirmed_on": now,
                "confirmed_by_id": self.env.uid,
            }
        )
        self._freeze_price()
        (self - automatic)._tell("received", "to_approve")
        (self - automatic)._schedule_answer()
        automatic._tell("confirmed", "booked")

    def _needs_answer(self):
        """Whether somebody has to say yes; not for one's own asset."""
        self.ensure_one()
        if self.approval == "owner":
            return self.entity_id not in self.asset_id._lender_entities()
        return self.approval == "federation"

    # === ANSWERING === #

    def action_approve(self):
        """Say yes to a request, for the owner organisation or the federation."""
        self._require_answerer()
        self._require_state("requested")
        bookings = self.sudo()
        bookings.write(
            {
                "state": "confirmed",
                "confirmed_on": fields.Datetime.now(),
                "confirmed_by_id": self.env.uid,
            }
        )
        bookings._close_answer()
        bookings._tell("confirmed")
        bookings.filtered(lambda b: b.approval == "federation")._tell("booked")
        return True

    def action_refuse(self, reason):
        """Say no to a request, with a reason that the borrower reads."""
        self._require_answerer()
        self._require_state("requested")
        self.sudo()._end("refused", self._checked_reason(reason))
        return True

    def _require_answerer(self):
        for booking in self:
            if not booking._can_approve():
                raise AccessError(
                    self.env._("You cannot answer this request: it is not yours.")
                )

    def _checked_reason(self, reason):
        reason = (reason or "").strip()
        if not reason:
            raise UserError(
                self.env._("Reason: say why, so that the other side knows.")
            )
        return reason

    def _end(self, state, reason):
        self.write({"state": state, "reason": reason, "hold_until": False})
        self._close_answer()
        self._tell(state, f"{state}_lender")

    # === CANCELLING === #

    def action_cancel(self, reason=None):
        """Give the time back. A borrower may until the deadline of the policy."""
        self._require("borrower", "lender", "facilitator")
        self._require_state("draft", "waiting", "requested", "confirmed")
        promised = self.filtered(lambda b: b.state in ("requested", "confirmed"))
        for booking in promised:
            booking._check_deadline()
        (self - promised).sudo().write({"state": "cancelled", "hold_until": False})
        if promised:
            promised.sudo()._end("cancelled", self._checked_reason(reason))
        return True

    def _check_deadline(self):
        """A confirmed booking is changed in time, or by the lender's side."""
        self.ensure_one()
        if self.state != "confirmed" or self._roles() & {"lender", "facilitator"}:
            return
        if self._is_over():
            raise UserError(
                self.env._(
                    "%s is over: only its lender or the federation can say that it "
                    "was not used.",
                    self.name,
                )
            )
        late = self._cancel_reason()
        if late:
            raise RuleBroken("\n".join(self._reason_sentences([late])), [late])

    def _is_over(self):
        self.ensure_one()
        return self.sudo().stop <= fields.Datetime.now()

    def action_revive(self):
        """Start again from a booking that was cancelled or refused, as a draft."""
        bookings = self._require("borrower", "facilitator")
        self._require_state("cancelled", "refused")
        bookings.write({"state": "draft", "reason": False, "price_frozen": False})
        return True

    # === MOVING === #

    def action_reschedule(self, start=None, stop=None, quantity=None, override=None):
        """Move, enlarge or shorten a booking, by the same gate and the same rules.

        A change that takes other time than what was approved asks for approval again.

        :param start: new start, naive UTC; None keeps it
        :param stop: new end
        :param int quantity: new number of units
        :param str override: a manager's reason to break a rule
        """
        self.ensure_one()
        booking = self._require("borrower", "facilitator")
        self._require_state("draft", "waiting", "requested", "confirmed", "ongoing")
        self._check_deadline()
        start, stop = self.env["ess.asset"]._check_window(
            start or self.start, stop or self.stop
        )
        quantity = quantity or self.quantity
        before = (booking.start, booking.stop, booking.quantity)
        if before == (start, stop, quantity):
            return True
        within = start >= before[0] and stop <= before[1] and quantity <= before[2]
        self._check_used(start, stop, quantity)
        booking.write({"start": start, "stop": stop, "quantity": quantity})
        if booking.state in ("requested", "confirmed", "ongoing"):
            self._assert_moved_rules(within, override)
            booking.ics_sequence += 1
            booking.reminded_on = False
            if not within:
                booking._ask_again()
            booking._tell("moved", "moved_lender")
        elif booking.state == "waiting":
            self._assert_waitable()
            if not within:
                # another time is another queue
                booking.waiting_since = fields.Datetime.now()
            self._serve_waiting(booking.asset_id)
        return True

    def _check_used(self, start, stop, quantity):
        """A borrower does not make smaller what was used already: it has its price."""
        if self.state not in ("confirmed", "ongoing") or "facilitator" in self._roles():
            return
        if self.state == "ongoing":
            less = stop < self.stop or start != self.start or quantity < self.quantity
        else:
            less = stop < min(self.stop, fields.Datetime.now())
        if less:
            raise UserError(
                self.env._(
                    "%s has begun: its end can be put off; when it is back earlier, "
                    "record its return.",
                    self.name,
                )
            )

    def _assert_moved_rules(self, within, override):
        """A use that is under way or only gets smaller is not asked for notice."""
        try:
            self._assert_rules(override)
        except RuleBroken as error:
            waived = {"past"} if self.state == "ongoing" else set()
            if within or self.state == "ongoing":
                waived |= {"lead_time", "past", "quota_minutes", "quota_simultaneous"}
                waived.add("overdue")
            left = [r for r in error.reasons if r.code not in waived]
            if left:
                raise RuleBroken(
                    "\n".join(self._reason_sentences(left)), left
                ) from None

    def _ask_again(self):
        if self.state == "confirmed" and self._needs_answer():
            self.write({"state": "requested", "confirmed_on": False})
            self._schedule_answer()
            self._tell("to_approve")

    # === USING === #

    def action_hand_over(self):
        """The borrower has it now; recorded at the desk or by the borrower."""
        bookings = self._require("borrower", "lender", "facilitator")
        self._require_state("confirmed")
        bookings._check_early()
        bookings._hand_over_use()
        return True

    def _check_early(self):
        now = fields.Datetime.now()
        for booking in self:
            if booking.start - now > EARLY_HAND_OVER:
                raise UserError(
                    self.env._(
                        "%(booking)s starts on %(start)s only: move the booking if it "
                        "is needed earlier.",
                        booking=booking.name,
                        start=booking._when_in_words(),
                    )
                )

    def _hand_over_use(self):
        """The use begins now, whoever recorded it."""
        self.write({"state": "ongoing", "handed_over_on": fields.Datetime.now()})
        self._tell("handed_over")

    def action_return(self, distance_km=None):
        """It is back: the rest of the time is free, and the exchange is recorded.

        :param distance_km: a number, or what somebody typed; empty leaves it open
        """
        bookings = self._require("borrower", "lender", "facilitator")
        self._require_state("ongoing")
        distance = self._checked_distance(distance_km)
        if distance is not None:
            bookings.sudo().distance_km = distance
        bookings._close(fields.Datetime.now())
        bookings._tell("returned", "returned_lender")
        return True

    def action_done(self):
        """Close past bookings whose hand-over nobody recorded (back office, batch)."""
        bookings = self._require("facilitator")
        self._require_state("confirmed", "ongoing")
        now = fields.Datetime.now()
        future = bookings.filtered(lambda b: b.stop > now)
        if future:
            raise UserError(
                self.env._(
                    "%s is not over yet: record its return instead.",
                    future[0].display_name,
                )
            )
        bookings._close(False)
        return True

    def _close(self, returned_on):
        self.write({"state": "done", "returned_on": returned_on})
        self._create_exchanges()

    # === APPROVAL ACTIVITIES === #

    def _schedule_answer(self):
        """Somebody of the federation has to answer: an activity in their inbox."""
        for booking in self.filtered(lambda b: b.approval == "federation"):
            user = (
                self.env["res.users"]
                .sudo()
                .search(
                    [
                        (
                            "all_group_ids",
                            "in",
                            self.env.ref("ess_mutualisation.group_facilitator").id,
                        ),
                        ("share", "=", False),
                        ("company_ids", "in", booking.company_id.id),
                    ],
                    limit=1,
                    order="id desc",
                )
            )
            booking.activity_schedule(
                "mail.mail_activity_data_todo",
                summary=self.env._("Answer the request %s", booking.name),
                user_id=user.id or self.env.uid,
            )

    def _close_answer(self):
        self.activity_unlink(["mail.mail_activity_data_todo"])

    # === REFUSALS FOR PAGES === #

    def _try(self, act, *args):
        """Run an act so that a refusal leaves nothing behind and can be shown.

        Flushing inside the savepoint brings a violated constraint to light here.

        :param str act: name of the method
        :return: None, or {'message', 'codes', 'nearest': [(start, stop)…]}
        """
        self.ensure_one()
        try:
            with self.env.cr.savepoint():
                getattr(self, act)(*args)
        except (NotFree, RuleBroken) as error:
            self.invalidate_recordset()
            return {
                "message": str(error),
                "codes": self._reason_codes(error),
                "nearest": self._nearest(),
            }
        except UserError as error:
            self.invalidate_recordset()
            return {"message": str(error), "codes": ["refused"], "nearest": []}
        return None

    def _nearest(self):
        booking = self.sudo()
        return booking.asset_id._nearest_free(
            booking.start, booking.stop, booking.quantity, booking.occupancy_ids
        )
