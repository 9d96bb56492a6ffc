from odoo import models
from odoo.tools import format_amount
from odoo.tools.misc import get_lang


class AssetQuote(models.Model):
    """What a page says of a use before it is asked for."""

    _inherit = "ess.asset"

    def _portal_quote(self, start, stop, quantity=1, draft=None):
        """Price of a use, whether it is free, and what else would do. Writes nothing.

        :param draft: ess.booking that the volunteer has begun; its own hold is no
            obstacle
        :return: dict `sentences` (why not; none when it can be had), `nearest` (list of
            (start, stop)), `amount` and `detail` in words
        """
        self.ensure_one()
        without = draft.sudo().occupancy_ids if draft else None
        sentences = [
            self._reason_sentence(reason)
            for reason in self._broken_rules(start, stop, quantity)
        ]
        if stop <= start or quantity < 1:
            return {"sentences": sentences, "nearest": [], "amount": "", "detail": ""}
        shortage = self._shortage(start, stop, quantity, without)
        if shortage:
            sentences.append(shortage)
        nearest = []
        if sentences:
            nearest = self._nearest_free(start, stop, quantity, without)
        quote = self._quote(self.env.user._ess_entity(), start, stop, quantity)
        return {
            "sentences": sentences,
            "nearest": nearest,
            "amount": self._amount_in_words(quote["amount"]),
            "detail": self._quote_in_words(quote),
        }

    def _shortage(self, start, stop, quantity=1, without=None):
        """Why this time cannot be taken, as a sentence; None when it is free."""
        self.ensure_one()
        occupancy = self.env["ess.occupancy"].sudo()
        claim = {
            "asset_id": self.id,
            "quantity": quantity,
            "start": start,
            "stop": stop,
            "kind": "booking",
        }
        return occupancy._shortages(occupancy._expand([claim]), without).get(0)

    def _quote_in_words(self, quote):
        """'3 days × 40.00 €', or '2 h × 5 × 0.50 €' for five chairs."""
        parts = [self._units_in_words(quote["units"])]
        if quote["quantity"] > 1:
            parts.append(str(quote["quantity"]))
        parts.append(format_amount(self.env, quote["unit_price"], quote["currency"]))
        return " × ".join(parts)

    def _units_in_words(self, units):
        point = get_lang(self.env).decimal_point
        number = f"{float(units):g}".replace(".", point)
        if self.price_unit == "hour":
            return self.env._("%s h", number)
        if units == 1:
            return {
                "half_day": self.env._("1 half-day"),
                "day": self.env._("1 day"),
                "use": self.env._("1 use"),
            }[self.price_unit]
        return {
            "half_day": self.env._("%s half-days", number),
            "day": self.env._("%s days", number),
            "use": self.env._("%s uses", number),
        }[self.price_unit]
