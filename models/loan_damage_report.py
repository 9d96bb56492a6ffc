from odoo import fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

from .loan_damage_flow import UNDECIDED
from .loan_damage_service import LOST_FOR

KINDS = ("damage", "loss", "expense")
OUT_OR_BACK = ("ongoing", "done")


class LoanDamageReport(models.Model):
    """Reports what is broken or lost, from the inspection or afterwards."""

    _inherit = "ess.loan"

    def _report_damage(self, line, vals, photos=()):
        """Say what is broken or lost; nothing is said yet about who bears it.

        What the inspection has reported by itself is completed, not said twice.

        :param line: ess.loan.inspection.line where it was found; empty afterwards
        :param dict vals: 'description', 'kind' (one of KINDS), 'quantity', and
            'booking_id' when there is no line
        :param photos: [(file name, bytes)]
        :return: the damage
        """
        self.ensure_one()
        loan = self._require("borrower", "lender", "facilitator")
        booking = loan._damaged_booking(line, vals)
        kind = vals.get("kind") or "damage"
        if kind not in KINDS:
            raise ValidationError(
                self.env._("Kind: choose a damage, a loss or an actual expense.")
            )
        if kind == "expense":
            # what it cost the lender, nobody else knows
            self._require_lender_itself()
        description = (vals.get("description") or "").strip()
        if not description:
            raise ValidationError(
                self.env._("Description: say what is broken or missing.")
            )
        known = loan.damage_ids.filtered(
            lambda one: (
                one.to_describe
                and one.booking_id == booking
                and one.kind == kind
                and one.state == "reported"
            )
        )[:1]
        facts = {"description": description, "to_describe": False}
        if vals.get("quantity") or not known:
            facts["quantity"] = self._damaged_units(booking, vals.get("quantity"))
        if known:
            known.write(facts)
            damage = known
        else:
            damage = known.create(
                {
                    **facts,
                    "loan_id": loan.id,
                    "booking_id": booking.id,
                    "line_id": line.id if line else False,
                    "kind": kind,
                    "reported_by_id": self.env.user.partner_id.id,
                }
            )
        self.env["ess.loan.photo"]._add(damage.with_env(self.env), list(photos))
        if not known:
            if kind == "loss":
                now = fields.Datetime.now()
                damage._take_out_if_possible(now, now + LOST_FOR)
            loan._tell_other(self._side(), "damage_reported")
        return damage.with_env(self.env)

    def _report_found(self, line, kind, units):
        """What an inspection found is on record, whoever describes it later."""
        label = dict(line._fields["condition"]._description_selection(self.env))
        damage = (
            self.env["ess.loan.damage"]
            .sudo()
            .create(
                {
                    "loan_id": self.id,
                    "booking_id": line.booking_id.id,
                    "line_id": line.id,
                    "kind": kind,
                    "quantity": units,
                    "description": line.note
                    or label["missing" if kind == "loss" else "damaged"],
                    "to_describe": True,
                    "reported_by_id": self.env.user.partner_id.id,
                }
            )
        )
        if kind == "loss":
            # what is not there is promised to nobody
            now = fields.Datetime.now()
            damage._take_out_if_possible(now, now + LOST_FOR)
        return damage

    def _damaged_booking(self, line, vals):
        """The item that is concerned, which left with this loan."""
        booking = line.sudo().booking_id if line else self.env["ess.booking"].sudo()
        if not booking and vals.get("booking_id"):
            booking = booking.browse(int(vals["booking_id"])).exists()
        if booking not in self.booking_ids:
            raise AccessError(
                self.env._("This item is not part of %s.", self.sudo().name)
            )
        if booking.state not in OUT_OR_BACK:
            raise UserError(
                self.env._(
                    "%s was not handed over yet: nothing of it can be damaged.",
                    booking.asset_id.name,
                )
            )
        return booking

    def _damaged_units(self, booking, typed):
        text = str(typed or 1).strip()
        units = int(text) if text.isascii() and text.isdigit() else 0
        if not 0 < units <= booking.quantity:
            raise ValidationError(
                self.env._(
                    "Quantity: of %(asset)s between 1 and %(most)s can be damaged or "
                    "lost, not %(typed)s.",
                    asset=booking.asset_id.name,
                    most=booking.quantity,
                    typed=text[:20],
                )
            )
        return units

    def _undecided_damages(self):
        return self.sudo().damage_ids.filtered(lambda one: one.state in UNDECIDED)
