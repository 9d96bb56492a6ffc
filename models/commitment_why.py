from odoo import models

from ..tools.round_decision import exact

QUANTITIES = {
    "asked",
    "available",
    "carton",
    "extra",
    "got",
    "minimum",
    "missing",
    "most",
    "quantity",
    "quantity_without",
    "share",
    "tolerance",
    "want",
}
PRICES = {"ceiling", "price", "price_without"}


class CommitmentWhy(models.Model):
    """One sentence for each member: why it gets 7 and not 9, or nothing."""

    _inherit = "ess.commitment"

    def _why(self):
        """The reason of the freeze, with its figures, in the language of the reader."""
        self.ensure_one()
        own = self.sudo()
        if not own.reason_code:
            return ""
        return own._sentence(own.reason_code, own.reason_figures or {})

    def _sentence(self, code, figures):
        if code == "ceiling" and not figures["quantity"]:
            code = "ceiling_no_order"
        if code == "supplier_minimum":
            return self._sentence_of_supplier(figures)
        offer = self.offer_id
        words = {}
        figures = {**figures, "extra": figures["got"] - figures["want"]}
        for name, value in figures.items():
            if name in PRICES:
                words[name] = offer._price_in_words(value)
            elif name in QUANTITIES:
                words[name] = offer._in_words(exact(str(value)))
        say = self._sentences_more() | self._sentences_less() | self._sentences_none()
        return say[code] % words if code in say else ""

    def _sentences_more(self):
        return {
            "as_asked": self.env._("%(got)s: what was asked for, at %(price)s each."),
            "carton_more": self.env._(
                "%(got)s, %(extra)s more than the %(want)s asked for and within the "
                "tolerance of %(tolerance)s: this fills the last carton of %(carton)s."
            ),
            "minimum_more": self.env._(
                "%(got)s, %(extra)s more than the %(want)s asked for and within the "
                "tolerance of %(tolerance)s: this brings the order to the smallest "
                "that the supplier takes, %(minimum)s."
            ),
            "tier_more": self.env._(
                "%(got)s, %(extra)s more than the %(want)s asked for and within the "
                "tolerance of %(tolerance)s: with %(quantity)s ordered in place of "
                "%(quantity_without)s, the price falls from %(price_without)s to "
                "%(price)s."
            ),
        }

    def _sentences_less(self):
        return {
            "carton_less": self.env._(
                "%(got)s of the %(want)s asked for: %(asked)s are asked for together, "
                "and %(quantity)s come in whole cartons of %(carton)s; %(missing)s "
                "more would have filled another."
            ),
            "available_less": self.env._(
                "%(got)s of the %(want)s asked for: %(asked)s are asked for together, "
                "but the supplier has only %(available)s, of which %(quantity)s can be "
                "ordered."
            ),
        }

    def _sentences_none(self):
        return {
            "nothing_asked": self.env._("Nothing: nothing was asked for."),
            "ceiling": self.env._(
                "Nothing: the price is %(price)s, which is above the ceiling of "
                "%(ceiling)s given."
            ),
            "ceiling_no_order": self.env._(
                "Nothing: the lowest price in reach was %(price)s, which is above the "
                "ceiling of %(ceiling)s given."
            ),
            "own_minimum": self.env._(
                "Nothing: at least %(minimum)s or none were wanted, but the share "
                "would have been %(share)s."
            ),
            "no_carton": self.env._(
                "Nothing: %(asked)s are asked for together, %(most)s with all "
                "tolerance, but a carton holds %(carton)s; %(missing)s more are needed."
            ),
            "no_minimum": self.env._(
                "Nothing: %(asked)s are asked for together, %(most)s with all "
                "tolerance, but the supplier takes no order below %(minimum)s; "
                "%(missing)s more are needed."
            ),
            "no_supply": self.env._(
                "Nothing: the supplier has only %(available)s and takes no order below "
                "%(minimum)s."
            ),
        }

    def _sentence_of_supplier(self, figures):
        """The minimum of a supplier is about all its offers together."""
        offer = self.offer_id
        supplier = offer.supplier_id
        share = offer._in_words(figures["share"])
        amount, least = exact(figures["amount"]), exact(figures["minimum_amount"])
        if amount < least:
            return self.env._(
                "Nothing: it would have been %(share)s, but all orders to %(supplier)s "
                "together came to %(amount)s, and its minimum is %(minimum)s.",
                share=share,
                supplier=supplier.partner_id.name,
                amount=supplier._money(amount),
                minimum=supplier._money(least),
            )
        weight, heavy = exact(figures["weight"]), exact(figures["minimum_weight"])
        if weight < heavy:
            return self.env._(
                "Nothing: it would have been %(share)s, but all orders to %(supplier)s "
                "together weighed %(weight)s kg, and its minimum is %(minimum)s kg.",
                share=share,
                supplier=supplier.partner_id.name,
                weight=offer._number(weight),
                minimum=offer._number(heavy),
            )
        return self.env._(
            "Nothing: it would have been %(share)s, but %(supplier)s was left out of "
            "this round.",
            share=share,
            supplier=supplier.partner_id.name,
        )
