from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import format_datetime

SIDES = ("lender", "borrower")
OTHER = {"lender": "borrower", "borrower": "lender"}


class LoanInspectionFlow(models.Model):
    """Records what left and what came back; the other side says whether it is so."""

    _inherit = "ess.loan.inspection"

    def _on_in_words(self):
        inspection = self.sudo()
        return format_datetime(
            self.env, inspection.recorded_on, tz=inspection.loan_id.tz
        )

    # === RECORDING === #

    def action_record(self):
        """It is so from now on: things are out, or back.

        Who records it agrees with it; the other side is asked.
        """
        inspection = self._require_recorder()
        loan = inspection.loan_id.with_env(self.env)
        inspection.line_ids._check_units()
        if inspection.kind == "hand_over":
            inspection._check_leaving(loan)
        else:
            inspection._check_back()
        # two people who record at once collide here, and the second reads who was first
        inspection.write(
            {
                "state": "recorded",
                "recorded_on": fields.Datetime.now(),
                "recorded_by_id": self.env.user.partner_id.id,
            }
        )
        inspection.flush_recordset()
        if inspection.kind == "hand_over":
            inspection._record_hand_over()
        else:
            inspection._record_return()
        self._acknowledge(loan._side())
        loan.sudo()._tell_other(loan._side(), inspection.kind)
        return True

    def _leaving(self):
        return self.line_ids.filtered("quantity")

    def _coming_back(self):
        return self.line_ids.filtered(lambda li: li.quantity + li.lost_quantity)

    def _check_leaving(self, loan):
        """Something leaves, at its time, and nothing is missing before it may."""
        if not self._leaving():
            raise UserError(
                self.env._(
                    "Hand-over: enter how many leave, at least one of something."
                )
            )
        self._leaving().booking_id._require_state("confirmed")
        self._leaving().booking_id._check_early()
        loan._check_ready()

    def _check_back(self):
        if not self._coming_back():
            raise UserError(
                self.env._("Return: enter how many came back, or how many are lost.")
            )
        self._coming_back().booking_id._require_state("ongoing")

    def _record_hand_over(self):
        now = self.recorded_on
        for line in self._leaving():
            booking = line.booking_id
            booking.write({"state": "ongoing", "handed_over_on": now})
            stays = booking.quantity - line.quantity
            if stays:
                line.freed_quantity = stays
                booking.returned_quantity = stays
                booking._give_back_units(stays, now)

    def _record_return(self):
        now = self.recorded_on
        over = self.env["ess.booking"].sudo()
        for line in self._coming_back():
            booking, back = line.booking_id, line.quantity + line.lost_quantity
            line.freed_quantity = back
            rest = booking._out_quantity() - back
            booking.returned_quantity += back
            if rest:
                booking._give_back_units(back, now)
                continue
            distance = line._driven_km()
            if distance:
                booking.distance_km = distance
            over |= booking
        over._close(now)
        self._coming_back()._report_found()

    # === AGREEING === #

    def action_acknowledge(self, side=None):
        """It is so, says the side that did not record it.

        :param str side: for the federation, which side it speaks for; that is logged
        """
        self._acknowledge(self._answer_as(side))
        return True

    def _acknowledge(self, side):
        """Agreed as soon as both sides have said so."""
        inspection = self.sudo()
        if side in SIDES:
            inspection.write(
                {
                    f"{side}_ack_on": fields.Datetime.now(),
                    f"{side}_ack_by_id": self.env.user.partner_id.id,
                }
            )
        if inspection.lender_ack_on and inspection.borrower_ack_on:
            inspection.state = "agreed"

    def action_contest(self, text, side=None):
        """It is not so: what is wrong stays on record beside it.

        :param str text: what the other side reads
        """
        mine = self._answer_as(side)
        text = (text or "").strip()
        if not text:
            raise UserError(
                self.env._("What is wrong: say it, so that the other side knows.")
            )
        self.sudo().write(
            {"contested": text, "contested_by_id": self.env.user.partner_id.id}
        )
        self.sudo().loan_id._tell_other(mine, "contested")
        return True

    def _answer_as(self, side):
        """Let only a side that has not agreed yet answer what was recorded.

        :return: 'lender' or 'borrower', for whom it is answered
        """
        self.ensure_one()
        loan = self.sudo().loan_id.with_env(self.env)
        loan._require(*SIDES)
        if self.sudo().state == "draft":
            raise UserError(
                self.env._("This inspection is still being recorded: record it first.")
            )
        mine = self._own_side(side)
        if self.sudo()[f"{mine}_ack_on"]:
            raise UserError(
                self.env._("%s has said already that it is so.", loan._party(mine).name)
            )
        return mine

    def _own_side(self, side=None):
        """The side the user is on; the federation says for whom it speaks."""
        loan = self.sudo().loan_id.with_env(self.env)
        mine = loan._side()
        if mine:
            return mine
        if side not in SIDES:
            raise UserError(
                self.env._(
                    "Only the lender and the borrower can say so; choose for which of "
                    "them you answer."
                )
            )
        self.sudo().message_post(
            body=self.env._(
                "%(user)s answered for %(entity)s.",
                user=self.env.user.name,
                entity=loan._party(side).name,
            )
        )
        return side
