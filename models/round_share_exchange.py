from odoo import fields, models
from odoo.fields import Command

from ..tools.round_bill import changes
from .round_words import plain_name


class RoundShareExchange(models.Model):
    """Exchanges carry differences: what is due less what they say already."""

    _inherit = "ess.round.share"

    def _key(self):
        """:return: what the rule calls this share"""
        self.ensure_one()
        if self.offer_id:
            kind = "goods"
        elif self.cost_id:
            kind = "cost"
        else:
            kind = "neither" if self.kind == "residue" else self.kind
        return (kind, (self.offer_id or self.cost_id).id or 0, self.entity_id.id)

    def _exchange_changes(self):
        """Make an exchange of each difference; settling twice makes none.

        :return: the new exchanges
        """
        federation = self.company_id.partner_id
        due, done = {}, {}
        for share in self.filtered(lambda share: share.entity_id != federation):
            due[share.id, share._goods_now()] = share._due_figures()
            for product, figures in share._done_figures().items():
                done[share.id, product] = figures
        return self.env["ess.exchange"].create(
            [
                self.browse(key)._exchange_vals(product, *figures)
                for (key, product), figures in changes(due, done).items()
            ]
        )

    def _goods_now(self):
        return self.offer_id._invoiced_goods() if self.offer_id else 0

    def _due_figures(self):
        """:return: (steps, cents, cents of value)"""
        one = self.round_id
        owed = one._cents(self.amount) + one._cents(self.tax_amount)
        return self.quantity, owed, one._cents(self.value)

    def _done_figures(self):
        """:return: {id of the goods: (steps, cents, cents of value)}; something else
        that came instead has taxes of its own, so that the two never mix"""
        one, offer = self.round_id, self.offer_id
        goods = offer and one.legal_mode != "agent"
        found = {}
        for product, exchanges in self.exchange_ids.grouped("product_id").items():
            key = product.id if goods else 0
            steps = 0
            if offer:
                steps = round(offer._exact_steps(sum(exchanges.mapped("quantity"))))
            figures = (
                steps,
                sum(one._cents(exchange.amount) for exchange in exchanges),
                sum(one._cents(exchange.value) for exchange in exchanges),
            )
            before = found.get(key, (0, 0, 0))
            found[key] = tuple(map(sum, zip(before, figures, strict=True)))
        return found

    # === EXCHANGE === #

    def _exchange_vals(self, goods, steps, cents, value):
        """:param goods: id of what it is for, 0 where it is no goods"""
        self.ensure_one()
        lang = self.entity_id.lang or self.company_id.partner_id.lang
        share = self.with_context(lang=lang)
        one, offer = share.round_id, share.offer_id
        name = share._exchange_name()
        if goods == share._goods_now():
            product, taxes = share._product_and_taxes()
        else:
            # what came instead was not known yet: taken back as it was charged
            last = share.exchange_ids.filtered(lambda e: e.product_id.id == goods)[-1:]
            name, product, taxes = last.name, last.product_id, last.tax_ids
        quantity = offer._to_uom(steps) if offer else (-1.0 if cents < 0 else 1.0)
        return {
            "name": name,
            "date": fields.Date.context_today(self),
            "nature": {"goods": "goods", "cost": "round_cost"}.get(
                share.kind, share.kind
            ),
            "provider_id": share.company_id.partner_id.id,
            "receiver_id": share.entity_id.id,
            "product_id": product.id,
            "quantity": quantity,
            "uom_id": (offer.uom_id or product.uom_id).id,
            "currency_id": share.currency_id.id,
            "value": one._from_cents(value),
            "amount": one._from_cents(cents),
            "tax_ids": [Command.set(taxes.ids)],
            "company_id": share.company_id.id,
            "round_share_id": share.id,
            "analytic_distribution": one._analytic_distribution(),
        }

    def _exchange_name(self):
        one = self.round_id
        if self.kind == "commission":
            return self.env._("%(round)s: commission", round=one.name)
        what = self.cost_id.name
        if self.offer_id:
            substitute = self.offer_id.substitute_id
            what = plain_name(substitute) or self.offer_id.name
        if one.legal_mode == "agent":
            return self.env._(
                "%(round)s: %(what)s, paid in your name", round=one.name, what=what
            )
        return self.env._("%(round)s: %(what)s", round=one.name, what=what)

    def _product_and_taxes(self):
        """The taxes are decided by the offer; what has none follows its product."""
        one, none = self.round_id, self.env["account.tax"]
        if self.kind == "commission":
            return one._require_named("commission_product_id"), none
        if one.legal_mode == "agent":
            product = one._require_named("disbursement_product_id")
            one._check_no_tax(product)
            return product, none
        if self.kind == "cost":
            own = self.cost_id.product_id
            return own or one._require_named("cost_product_id"), none
        substitute = self.offer_id.substitute_id
        if substitute:
            taxes = substitute.taxes_id._filter_taxes_by_company(self.company_id)
            return substitute, taxes
        return self.offer_id.product_id, self.offer_id.tax_ids
