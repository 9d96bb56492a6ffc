from fractions import Fraction
from math import floor

from odoo import models
from odoo.tools import format_amount

from .round_facts import DECISION, as_fraction


class RoundPortalWords(models.Model):
    """The figures of a round as a volunteer reads them on a phone."""

    _inherit = "ess.round"

    def _portal_said(self, row):
        """The sentences of one offer.

        :param dict row: see `_portal_rows`
        :return: {'price', 'lacks': three sentences at most, 'mine', 'prices', 'others'}
        """
        self.ensure_one()
        offer = row["offer"].with_env(self.env).sudo()
        return {
            "price": self._portal_price_said(offer, row["glance"]),
            "lacks": self._portal_lacks(offer, row["glance"].missing),
            "mine": self._portal_mine_said(offer, row),
            "prices": self._portal_prices_said(offer, row["glance"].outlook),
            "others": self._portal_others_said(offer, row),
        }

    def _portal_price_said(self, offer, seen):
        if seen.price is None:
            first = min(tier._step_price() for tier in offer.tier_ids)
            highest = max(tier._step_price() for tier in offer.tier_ids)
            if first == highest:
                return offer._price_in_words(first)
            return self.env._(
                "%(lowest)s to %(highest)s, by what all of us order",
                lowest=offer._price_in_words(first),
                highest=offer._price_in_words(highest),
            )
        return self.env._(
            "%(price)s as it stands now", price=offer._price_in_words(seen.price)
        )

    def _portal_lacks(self, offer, missing):
        """Three numbers that are not to be added up: carton, minimum, next price."""
        said = []
        if missing.carton:
            said.append(
                self.env._(
                    "%s more fill the next carton.", offer._in_words(missing.carton)
                )
            )
        if missing.minimum:
            said.append(
                self.env._(
                    "%s more reach the supplier’s minimum.",
                    offer._in_words(missing.minimum),
                )
            )
        if missing.tier and missing.gain:
            said.append(
                self.env._(
                    "%(more)s more make it −%(percent)s %% for everybody: %(price)s.",
                    more=offer._in_words(missing.tier),
                    percent=offer._number(Fraction(floor(missing.gain * 10), 10)),
                    price=offer._price_in_words(missing.price),
                )
            )
        return said

    def _portal_mine_said(self, offer, row):
        mine, seen = row["mine"], row["glance"]
        if not mine or not mine.want:
            return ""
        if not seen.gets:
            return self.env._("As it stands now, you would get nothing of it.")
        if seen.gets == mine.want:
            return self.env._(
                "As it stands now, you would get all of it: %s.",
                self._portal_money(row["now"]),
            )
        return self.env._(
            "As it stands now, you would get %(got)s: %(amount)s.",
            got=offer._in_words(seen.gets),
            amount=self._portal_money(row["now"]),
        )

    def _portal_prices_said(self, offer, outlook):
        """The price of one unit for this member: at worst, at best."""
        if not outlook or outlook.worst is None or outlook.best is None:
            return ""
        if outlook.worst == outlook.best:
            return self.env._(
                "Your price is %s, whatever the others do.",
                offer._price_in_words(outlook.worst),
            )
        return self.env._(
            "Your price is at most %(worst)s, at best %(best)s.",
            worst=offer._price_in_words(outlook.worst),
            best=offer._price_in_words(outlook.best),
        )

    def _portal_others_said(self, offer, row):
        if not row["buyers"]:
            return self.env._("Nobody else has asked for it yet.")
        if row["buyers"] == 1:
            return self.env._(
                "One other member asks for %s.", offer._in_words(row["others"])
            )
        return self.env._(
            "%(members)s other members ask for %(quantity)s together.",
            members=row["buyers"],
            quantity=offer._in_words(row["others"]),
        )

    def _portal_totals(self, entity, rows):
        """What it comes to in words, untaxed; only `worst` is guaranteed.

        :return: {'goods', 'costs': of which shared, 'total', 'worst': of the goods, as
            nobody knows what part of the costs is left to those who stay}
        """
        self.ensure_one()
        goods = sum((Fraction(row["now"]) for row in rows), Fraction(0))
        costs = self._portal_costs(entity, rows)
        worst = sum((Fraction(row["worst"]) for row in rows), Fraction(0))
        return {
            "goods": self._portal_money(goods),
            "costs": self._portal_money(costs) if costs else "",
            "total": self._portal_money(goods + costs),
            "worst": self._portal_money(worst),
        }

    def _portal_short(self, rows):
        """What is missing to the minima of the suppliers, as it stands now.

        Until they are reached, what a member "would get" is not ordered.

        :param rows: of all the offers, see `_portal_rows`
        :return: {supplier id: sentences}
        """
        ordered = {}
        for row in rows:
            offer, seen = row["offer"].with_env(self.env).sudo(), row["glance"]
            if seen.quantity:
                sums = ordered.setdefault(offer.supplier_id, {"amount": 0, "weight": 0})
                weight = as_fraction(offer.weight) * offer._step()
                sums["amount"] += seen.quantity * seen.price
                sums["weight"] += seen.quantity * weight
        return {
            supplier.id: supplier._short_sentences(sums)
            for supplier, sums in ordered.items()
            if supplier.state not in DECISION
        }

    def _portal_money(self, amount):
        """An exact amount to the nearest cent."""
        currency = self.sudo().currency_id
        factor = 10**currency.decimal_places
        cents = floor(Fraction(amount) * factor + Fraction(1, 2))
        return format_amount(self.env, cents / factor, currency)
