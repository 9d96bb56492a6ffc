from odoo import models
from odoo.exceptions import ValidationError

from .loan_inspection_line import CONDITIONS
from .typed import typed_number

MOST_UNITS = 1_000_000
MOST_READING = 9_999_999
RESULTS = ("ok", "not_ok", "none")


class LoanInspectionLineFill(models.Model):
    _inherit = "ess.loan.inspection.line"

    def _fill(self, found):
        """See `ess.loan.inspection._fill`, which checks who asks."""
        self.ensure_one()
        line = self.sudo()
        vals = {}
        for name in ("quantity", "lost_quantity", "damaged_quantity"):
            if name in found:
                vals[name] = self._typed_units(name, found[name])
        for name in ("meter_km", "meter_hours"):
            if name in found:
                vals[name] = self._typed_reading(name, found[name])
        if "condition" in found:
            if found["condition"] not in dict(CONDITIONS):
                raise ValidationError(
                    self.env._(
                        "%s: choose its condition from the list.", line.asset_id.name
                    )
                )
            vals["condition"] = found["condition"]
        if "note" in found:
            vals["note"] = (found["note"] or "").strip()
        line.write(vals)
        self._fill_checks(found.get("checks") or {})
        self.env["ess.loan.photo"]._add(self, found.get("photos") or [])
        line._check_units()

    def _fill_checks(self, results):
        checks = {check.id: check for check in self.sudo().check_ids}
        for check_id, result in results.items():
            check = checks.get(int(check_id))
            if check and result in RESULTS:
                check.result = result

    # === NUMBERS === #

    def _typed_units(self, name, typed):
        text = str(typed or "0").strip()
        if not (text.isascii() and text.isdigit()) or int(text) > MOST_UNITS:
            raise ValidationError(
                self.env._(
                    "%(field)s of %(asset)s: “%(typed)s” is not a whole number such as "
                    "12.",
                    field=self._label_of(name),
                    asset=self.sudo().asset_id.name,
                    typed=text[:20],
                )
            )
        return int(text)

    def _typed_reading(self, name, typed):
        try:
            number = typed_number(self.env, typed, MOST_READING, units=["km", "h"])
        except (ValueError, OverflowError):
            raise ValidationError(
                self.env._(
                    "%(field)s of %(asset)s: “%(typed)s” is not a reading such as "
                    "48210.5.",
                    field=self._label_of(name),
                    asset=self.sudo().asset_id.name,
                    typed=str(typed)[:20],
                )
            ) from None
        return float(number)

    def _label_of(self, name):
        return self._fields[name]._description_string(self.env)

    # === RULES === #

    def _check_units(self):
        """What is said of an item fits what was booked, or what is still out."""
        for line in self:
            line._check_leaving() if line.kind == "hand_over" else line._check_back()

    def _check_leaving(self):
        booked = self.booking_id.quantity
        figures = {"asset": self.asset_id.name, "booked": booked}
        if self.quantity > booked:
            raise ValidationError(
                self.env._(
                    "%(asset)s: %(units)s leave, but only %(booked)s are booked; book "
                    "the others first.",
                    units=self.quantity,
                    **figures,
                )
            )
        if self.lost_quantity:
            raise ValidationError(
                self.env._(
                    "%(asset)s: nothing is lost at a hand-over; enter how many of "
                    "%(booked)s leave.",
                    **figures,
                )
            )
        self._check_damaged()

    def _check_back(self):
        out = self.booking_id._out_quantity()
        figures = {"asset": self.asset_id.name, "out": out}
        if self.quantity + self.lost_quantity > out:
            raise ValidationError(
                self.env._(
                    "%(asset)s: %(back)s came back and %(lost)s are lost, but only "
                    "%(out)s are out.",
                    back=self.quantity,
                    lost=self.lost_quantity,
                    **figures,
                )
            )
        self._check_damaged()
        self._check_meter()

    def _check_damaged(self):
        if self.damaged_quantity > self.quantity:
            raise ValidationError(
                self.env._(
                    "%(asset)s: %(damaged)s are damaged, but only %(units)s are there.",
                    asset=self.asset_id.name,
                    damaged=self.damaged_quantity,
                    units=self.quantity,
                )
            )

    def _check_meter(self):
        """A meter does not run backwards between the hand-over and the return."""
        before = self._reading_at_hand_over()
        for name in ("meter_km", "meter_hours"):
            if 0 < self[name] < before.get(name, 0):
                raise ValidationError(
                    self.env._(
                        "%(field)s of %(asset)s: %(now)s is less than %(before)s, "
                        "which was read at the hand-over.",
                        field=self._label_of(name),
                        asset=self.asset_id.name,
                        now=f"{self[name]:.10g}",
                        before=f"{before[name]:.10g}",
                    )
                )

    def _reading_at_hand_over(self):
        lines = self.sudo().booking_id.inspection_line_ids
        left = lines.filtered(
            lambda one: one.kind == "hand_over" and one.inspection_id.state != "draft"
        )[-1:]
        return {name: left[name] for name in ("meter_km", "meter_hours") if left}

    def _driven_km(self):
        """Kilometres between both readings, 0 when one of them is missing."""
        before = self._reading_at_hand_over().get("meter_km", 0)
        return round(self.meter_km - before, 1) if before and self.meter_km else 0.0

    def _report_found(self):
        """What came back damaged, or not at all, is on record from now on."""
        for line in self:
            loan = line.inspection_id.loan_id
            damaged = line.damaged_quantity
            if not damaged and line.quantity and line.condition == "damaged":
                damaged = 1
            if damaged:
                loan._report_found(line, "damage", damaged)
            if line.lost_quantity:
                loan._report_found(line, "loss", line.lost_quantity)
