from odoo import models
from odoo.exceptions import UserError
from odoo.fields import Command

from .round_catalogue import REFRESH
from .round_facts import as_fraction
from .round_offer_columns import PRICES, TIERS

IN_STEPS = ("carton", "minimum", "available")
REPLACED = (Command.CLEAR, Command.SET)
GONE = (Command.DELETE, Command.UNLINK)
# Where tiers wait while all of them move: two never have the same quantity.
PARKED = 10**9


class RoundOfferStep(models.Model):
    """Another smallest amount: what is counted in steps stays the same amount.

    A carton of 12 kg handed out by the kilo is one of 24 halves; else a new step would
    make cartons, minima and prices mean something else.
    """

    _inherit = "ess.round.offer"

    def write(self, vals):
        refreshing = self.env.context.get("ess_terms") is REFRESH
        if not vals.get("step") or refreshing:
            return super().write(vals)
        for offer in self:
            super(RoundOfferStep, offer).write(offer._in_new_steps(vals))
        return True

    def _in_new_steps(self, vals):
        """:return: the values, with those quantities in steps that they do not give"""
        self.ensure_one()
        digits = self.env["decimal.precision"].precision_get("Product Unit")
        new = as_fraction(round(float(vals["step"]), digits))
        if new <= 0 or new == self._step():
            return vals
        # what may not change is told as such, not as a number that does not divide
        self._check_basis()
        ratio = self._step() / new
        given = dict(vals)
        for name in IN_STEPS:
            if name not in given:
                given[name] = self._steps_again(self[name], ratio, name)
        if PRICES & set(given):
            for _number, start, _price in TIERS:
                if start not in given:
                    given[start] = self._steps_again(self[start], ratio, start)
        else:
            self._tiers_again(ratio, given.get("tier_ids") or [])
        return given

    def _steps_again(self, steps, ratio, name, field=None):
        """:return: so many of the old steps in new ones
        :param ratio: new steps in one old one, exactly
        """
        again = (steps or 0) * ratio
        if name == "carton" and again < 1 and again.numerator == 1:
            # one step holds several whole cartons: nothing else can be ordered
            return 1
        if again.denominator == 1:
            return again.numerator
        raise UserError(
            self.env._(
                "Step of %(offer)s: %(field)s is %(amount)s, which is no whole number "
                "of steps of %(step)s %(unit)s; give it anew, or choose another step.",
                offer=self.name,
                field=(field or self._fields[name])._description_string(self.env),
                amount=self._in_words(steps),
                step=self._number(self._step() / ratio),
                unit=self.uom_id.name,
            )
        )

    def _tiers_again(self, ratio, commands):
        """Move the tiers that the commands leave where they are."""
        if any(command[0] in REPLACED for command in commands):
            return
        moved = {
            command[1]
            for command in commands
            if command[0] in GONE
            or (command[0] == Command.UPDATE and "from_quantity" in command[2])
        }
        tiers = self.tier_ids.sorted("from_quantity")
        again = {}
        for tier in tiers.filtered(lambda t: t.id not in moved):
            start = tier.from_quantity
            if start <= 1 and tier == tiers[0]:
                # from the smallest amount on, whatever it is
                again[tier] = start
            else:
                again[tier] = tier._steps_again(start, ratio)
        for number, tier in enumerate(tiers):
            tier.from_quantity = PARKED + number
        tiers.flush_recordset(["from_quantity"])
        for tier, start in again.items():
            tier.from_quantity = start
        tiers.flush_recordset(["from_quantity"])


class RoundTierStep(models.Model):
    _inherit = "ess.round.tier"

    def _steps_again(self, start, ratio):
        return self.offer_id._steps_again(
            start, ratio, "from_quantity", self._fields["from_quantity"]
        )
