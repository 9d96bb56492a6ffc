"""Buying together: what is ordered, at which price, who gets how much, and why.

One product, one price for all, tiers, cartons and minima: then there is one largest
group in which everybody accepts the price that the group itself reaches. It is found
exactly, without trying groups. Nobody pays more than its ceiling, nobody takes more
than it tolerates, and each outcome carries the reasons for what everybody gets.
"""

from collections import Counter
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass

from .apportionment import RationRule, ration
from .exact import Exact, require_int
from .group_buying_book import Book, Shares
from .group_buying_minima import fit_minima
from .group_buying_order import Terms
from .group_buying_outlook import (
    Glance,
    Missing,
    Outlook,
    depends_on_each,
    glance,
    missing,
    outlook,
)
from .group_buying_types import (
    Bump,
    Commitment,
    Offer,
    Outcome,
    Reason,
    in_order,
    require_choices,
)
from .group_buying_why import reasons_of
from .group_buying_words import explain

__all__ = [
    "Bump",
    "Commitment",
    "Delivery",
    "Glance",
    "Missing",
    "Offer",
    "Outcome",
    "Outlook",
    "Reason",
    "deliver",
    "depends_on_each",
    "explain",
    "glance",
    "missing",
    "outlook",
    "price_at",
    "solve",
]


@dataclass(frozen=True)
class Delivery:
    """Who gets how much of what was delivered.

    :param got: sums to what was delivered without the surplus
    :param surplus: beyond what was asked for and tolerated: nobody's yet
    :param below_minimum: who gets less than its all-or-nothing minimum, in the order
        of service, also those who get nothing; somebody has to ask them
    """

    got: Counter
    surplus: int
    below_minimum: tuple[Hashable, ...]


def solve(
    offer: Offer,
    commitments: Iterable[Commitment],
    bump: Bump = "cheaper_total",
    rule: RationRule = "proportional",
) -> Outcome:
    """Return what is ordered of an offer, at which price, and who gets how much.

    - The price is that of the cheapest tier reached.
    - The last carton is filled if the tolerance allows, else left out; a minimum is
      rounded up to a carton.
    - Those whose ceiling lies below the price are peeled off until all who are left
      accept it. Without all-or-nothing minima, everybody who could be served at all
      in any group that accepts its price is in.
    - Who would get less than its all-or-nothing minimum is left out, the worst served
      first; whoever then fits without taking from others comes back.

    The order of the commitments decides nothing.

    :param bump: when tolerance is used to reach a tier
    :param rule: how too little, and what tolerance adds, is shared out: `proportional`
        to what is asked for (or tolerated), as `equal` as that allows, or whole in the
        order of `priority`
    :raise ValueError: an unknown policy, two commitments of one member
    """
    book = Book(offer, commitments, bump, rule)
    deal, shares, dropped = fit_minima(book)
    reasons = reasons_of(book, deal, shares, dropped)
    members = book.members
    served = {members[p].key: share for p, share in sorted(shares.items()) if share}
    return Outcome(
        quantity=deal.quantity,
        unit_price=book.terms.prices[deal.level] if deal.quantity else None,
        allotted=Counter(served),
        left_out={key: why for key, why in reasons.items() if key not in served},
        reasons=reasons,
    )


def price_at(offer: Offer, quantity: int) -> Exact | None:
    """Return the price of one granule when that many are ordered; None below all tiers.

    :raise ValueError: a quantity that is no whole number
    """
    terms = Terms(offer)
    require_int(quantity, "The quantity")
    return terms.price(quantity) if quantity >= terms.starts[0] else None


def deliver(
    received: int,
    commitments: Iterable[Commitment],
    allotted: Mapping[Hashable, int],
    rule: RationRule = "proportional",
) -> Delivery:
    """Share out what the supplier really delivered.

    Too little is rationed by what was allotted. Too much goes to those who got less
    than they asked for, then to those who tolerate more; the rest is surplus. One more
    granule delivered never takes one from anybody. Who was allotted nothing gets
    nothing. Cartons play no part: what is there is there.

    :raise ValueError: a negative amount, an unknown rule, an allotment without a
        commitment or above its tolerance
    """
    require_choices("never", rule)
    members = in_order(commitments)
    stages = _stages(members, allotted)
    left = require_int(received, "What was delivered")
    if left < 0:
        raise ValueError(f"What was delivered is {left}; it must not be negative.")
    got = [0] * len(members)
    for claims in stages:
        order = sorted(claims) if rule == "priority" else None
        for position, share in ration(left, claims, rule, order).items():
            got[position] += share
        left = received - sum(got)
    below = (
        one.key
        for one, share in zip(members, got, strict=True)
        if one.key in allotted and share < one.minimum
    )
    served = {one.key: share for one, share in zip(members, got, strict=True) if share}
    return Delivery(Counter(served), left, tuple(below))


def _stages(
    members: list[Commitment], allotted: Mapping[Hashable, int]
) -> list[Shares]:
    """Return the claims on a delivery: what is allotted, asked for, tolerated."""
    for key in allotted.keys() - {one.key for one in members}:
        raise ValueError(f"{key!r} was allotted something without a commitment.")
    first: Shares = {}
    second: Shares = {}
    third: Shares = {}
    for position, one in enumerate(members):
        share = require_int(allotted.get(one.key, 0), f"What {one.key!r} was allotted")
        if not 0 <= share <= one.most:
            raise ValueError(
                f"{one.key!r} was allotted {share}, but takes from 0 to {one.most}."
            )
        if share:
            first[position] = share
            second[position] = max(0, one.want - share)
            third[position] = one.most - max(one.want, share)
    return [first, second, third]
