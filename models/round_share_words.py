from fractions import Fraction

from odoo import api, fields, models
from odoo.tools import format_amount

from .round_words import in_words


class RoundShareWords(models.Model):
    """Why a member owes what it owes, in one sentence."""

    _inherit = "ess.round.share"

    explanation = fields.Char(
        compute="_compute_explanation", help="In the language of the reader."
    )

    @api.depends("amount", "quantity", "exact", "kind")
    @api.depends_context("lang")
    def _compute_explanation(self):
        for share in self:
            # a member reads its share, but not the offers and costs behind it
            share.explanation = share.sudo()._explain()

    def _explain(self):
        exact = Fraction(self.exact or 0)
        if self.kind == "residue":
            return self._explain_residue(exact)
        if self.kind == "commission":
            return self.env._(
                "%(percent)s %% of its goods",
                percent=in_words(
                    self.env, Fraction(repr(self.round_id.commission_percent))
                ),
            )
        if self.kind == "cost":
            return self._explain_cost(exact)
        if not self.quantity:
            return self.env._("Nothing was received.")
        offer = self.offer_id
        cents = 10**self.currency_id.decimal_places
        return self.env._(
            "%(quantity)s at %(price)s",
            quantity=offer._in_words(self.quantity),
            price=offer._price_in_words(exact / self.quantity / cents),
        )

    def _explain_cost(self, exact):
        cost = self.cost_id
        if cost.kind == "container" and cost.unit_amount:
            return self.env._(
                "%(count)s at %(price)s",
                count=in_words(
                    self.env, exact / (self.round_id._cents(cost.unit_amount))
                ),
                price=format_amount(self.env, cost.unit_amount, self.currency_id),
            )
        total = self.round_id._cents(cost.real_amount)
        if not total:
            return ""
        labels = dict(cost._fields["basis"]._description_selection(self.env))
        return self.env._(
            "%(percent)s %% of %(amount)s (%(basis)s)",
            percent=in_words(self.env, Fraction(round(exact * 10000 / total), 100)),
            amount=format_amount(self.env, cost.real_amount, self.currency_id),
            basis=labels[cost.basis].lower(),
        )

    def _explain_residue(self, exact):
        if self.cost_id:
            return self.env._("Billed, but held by no member.")
        if not self.offer_id:
            return self.env._("Lines of bills that are no goods and no shared cost.")
        if exact:
            return self.env._("Billed, but received by no member.")
        return self.env._("Cents that one price for all cannot hand out.")
