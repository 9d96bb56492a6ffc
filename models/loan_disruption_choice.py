from odoo import fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain

from ..tools.booking_rules import snap
from .booking_rules import RuleBroken
from .booking_waiting import SERVING
from .loan_disruption import OPEN

# What was asked in time stays asked in time when it has to be asked again.
WAIVED = {"lead_time"}
MOST_LOOKED_AT = 40


class LoanDisruptionChoice(models.Model):
    """The three choices of who was promised what is not there."""

    _inherit = "ess.loan.disruption"

    # === ACTIONS === #

    def action_wait(self):
        """Wait for it: the start is put off for as long as the asset is missing.

        What was taken for a repair stays in the queue, before all others.

        :raise UserError: when it would come back after the end of the booking
        """
        disruption = self._require_choice("open")
        late = disruption.cause == "late" and disruption.loan_id
        if late:
            booking, start = disruption.booking_id, disruption.booking_id.start
            disruption._put_off(disruption.expected_on)
            late._stretch(fields.Datetime.now())
            if booking.start != start:
                booking._tell("moved", "moved_lender")
            self.env["ess.booking"]._serve_waiting(disruption.asset_id)
        disruption._choose("wait")
        return True

    def action_other(self, asset):
        """Take another asset at the same time: promised before this one is given up.

        :param asset: ess.asset or its id, one of `_alternatives`
        :return: the new booking
        """
        disruption = self._require_choice(*OPEN)
        asset = asset if isinstance(asset, models.BaseModel) else self._as_asset(asset)
        asset = asset.sudo().exists()
        booking = disruption.booking_id
        if asset not in disruption._candidates():
            raise UserError(
                self.env._(
                    "Other asset: choose one that is shared with %(entity)s and of the "
                    "same kind as %(asset)s.",
                    entity=booking.entity_id.name,
                    asset=booking.asset_id.name,
                )
            )
        other = self.env["ess.booking"].sudo().create(disruption._other_vals(asset))
        disruption._choose("other", other_booking_id=other.id)
        # its quota is for the other now
        booking._end(
            "cancelled",
            self.env._(
                "%(asset)s instead (%(booking)s).", asset=asset.name, booking=other.name
            ),
        )
        other._bump_quota()
        reasons = [r for r in other._reasons() if r.code not in WAIVED]
        if reasons:
            raise RuleBroken("\n".join(other._reason_sentences(reasons)), reasons)
        other._promise()
        return other.sudo(self.env.su)

    def action_cancel(self):
        """Give it up, whatever the deadline: the asset is not there."""
        disruption = self._require_choice(*OPEN)
        disruption._choose("cancelled")
        disruption.booking_id._end(
            "cancelled",
            self.env._("%s was not there.", disruption.booking_id.asset_id.name),
        )
        return True

    # === WHO, WHEN === #

    def _require_choice(self, *states):
        """Only the borrower or the federation chooses, while there is a choice.

        :return: the disruption in superuser mode
        """
        self.ensure_one()
        self.sudo().booking_id.with_env(self.env)._require("borrower", "facilitator")
        disruption = self.sudo()
        if disruption.state not in states:
            labels = dict(self._fields["state"]._description_selection(self.env))
            raise UserError(
                self.env._(
                    "%(booking)s: there is nothing to choose any more (%(state)s).",
                    booking=disruption.booking_id.name,
                    state=labels[disruption.state].lower(),
                )
            )
        return disruption

    def _choose(self, state, **vals):
        self.write(
            {
                "state": state,
                "chosen_on": fields.Datetime.now(),
                "chosen_by_id": self.env.user.partner_id.id,
                **vals,
            }
        )
        self.activity_unlink(["mail.mail_activity_data_todo"])

    # === WAITING === #

    def _put_off(self, until):
        """Let the booking start when the asset may be there again.

        :param until: naive UTC, when the asset may be used
        :raise UserError: when nothing of the booking would be left
        """
        booking = self.booking_id
        if not until or until <= booking.start:
            return
        if until >= booking.stop:
            raise UserError(
                self.env._(
                    "%(asset)s is not expected before %(until)s, when %(booking)s is "
                    "over: choose another asset, or give it up.",
                    asset=booking.asset_id.name,
                    until=booking.asset_id._say_instant(booking.asset_id._local(until)),
                    booking=booking.name,
                )
            )
        self.start_before = self.start_before or booking.start
        # what this frees is for the loan that is late, before anybody else
        booking.with_context(ess_serving=SERVING).write(
            {"start": until, "ics_sequence": booking.ics_sequence + 1}
        )

    def _follow(self, until):
        """The asset is missing until later than was known: the start follows.

        Where nothing would be left of the booking, its holder has to choose again.
        """
        self.expected_on = until
        if self.state != "wait":
            return
        try:
            self._put_off(until)
        except UserError:
            self.write({"state": "open", "chosen_on": False, "chosen_by_id": False})
            self._tell("open")

    def _it_is_back(self):
        """The asset is back: who waits starts as promised, or as soon as it can be."""
        for disruption in self.filtered("start_before"):
            booking = disruption.booking_id
            # unless it was moved since, by its holder
            if booking.start == disruption.expected_on:
                booking._bring_forward(disruption.start_before)
        self._end("over", "over")

    def _assets(self):
        """What the disrupted booking takes: its asset, and components of it."""
        self.ensure_one()
        return self.asset_id | self.booking_id.occupancy_ids.asset_id

    # === OTHER ASSETS === #

    def _as_asset(self, asset_id):
        if not isinstance(asset_id, int):
            raise ValidationError(self.env._("Other asset: choose one of the list."))
        return self.env["ess.asset"].browse(asset_id)

    def _candidates(self):
        """Assets of the same category that this borrower may book.

        :return: ess.asset in superuser mode
        """
        booking = self.sudo().booking_id
        asset = booking.asset_id
        return asset.search(
            Domain("category_id", "child_of", asset.category_id.ids)
            & Domain("company_id", "=", asset.company_id.id)
            & Domain("published", "=", True)
            & Domain("id", "!=", asset.id)
            & Domain("capacity", ">=", booking.quantity)
            & (
                Domain("circle_ids", "in", booking.entity_id.ess_circle_ids.ids)
                | Domain("owner_id", "=", booking.entity_id.id)
            )
        )

    def _alternatives(self, limit=5):
        """Other assets that could be had for the same use, the best first.

        Those that nobody has to say yes to come first, then the nearest.

        :return: ess.asset in superuser mode
        """
        self.ensure_one()
        booking = self.sudo().booking_id
        assets = self._candidates()
        if not assets or booking.stop <= fields.Datetime.now():
            return assets.browse()
        point = booking.asset_id.latitude, booking.asset_id.longitude
        distances = assets._distances(point if any(point) else None)
        assets = assets.sorted(
            lambda a: (a.approval != "auto", distances.get(a.id, 1e9), a.id)
        )
        found = assets.browse()
        free = self._free_among(assets)
        for asset in assets.filtered(lambda a: a.id in free)[:MOST_LOOKED_AT]:
            if len(found) == limit:
                break
            other = booking.new(self._other_vals(asset))
            if all(reason.code in WAIVED for reason in other._reasons()):
                found |= asset
        return found

    def _free_among(self, assets):
        start = max(self.booking_id.start, fields.Datetime.now())
        units = assets._free_units(start, self.booking_id.stop)
        return {key for key, free in units.items() if free >= self.booking_id.quantity}

    def _other_vals(self, asset):
        """The same use of another asset; what is over of it is not asked for."""
        booking = self.sudo().booking_id
        start, now = self.start_before or booking.start, fields.Datetime.now()
        if start < now:
            running = asset._local(now)
            begun = snap(asset.policy_id._rules(), running, running)[0]
            start = max(asset._utc(begun), start)
        return {
            "asset_id": asset.id,
            "entity_id": booking.entity_id.id,
            "contact_id": booking.contact_id.id,
            "start": start,
            "stop": booking.stop,
            "quantity": booking.quantity,
            "purpose": booking.purpose,
            "need_id": booking.need_id.id,
        }
