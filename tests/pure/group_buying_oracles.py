"""Slow ways to the same results, from the definitions, and examples to try them on."""

from fractions import Fraction
from itertools import combinations

from hypothesis import strategies as st

from odoo.addons.ess_mutualisation.tools.apportionment import ration
from odoo.addons.ess_mutualisation.tools.group_buying import Commitment, Offer

bumps = st.sampled_from(["never", "cheaper_total", "cheaper_unit"])
rules = st.sampled_from(["proportional", "equal", "priority"])
prices = st.integers(0, 12) | st.builds(Fraction, st.integers(2, 24), st.just(2))
tiers = st.lists(
    st.tuples(st.integers(0, 30), prices), min_size=1, max_size=4, unique=True
)
offers = st.builds(
    Offer,
    tiers=tiers,
    carton=st.integers(1, 7),
    minimum=st.sampled_from([0, 0, 3, 8, 15]),
    available=st.none() | st.integers(0, 45),
)


@st.composite
def groups(draw, minima=False, ceilings=True, most=6):
    """Commitments of members a, b, c…, drawn so that every quantity is small."""
    limit = st.none() | prices if ceilings else st.none()
    drawn = []
    for key in "abcdefgh"[: draw(st.integers(0, most))]:
        want = draw(st.integers(0, 12))
        minimum = draw(st.sampled_from([0, want, want // 2])) if minima else 0
        tolerance, priority = draw(st.integers(0, 6)), draw(st.integers(0, 2))
        ceiling = draw(limit)
        drawn.append(Commitment(key, want, tolerance, minimum, ceiling, priority))
    return drawn


def price_of(offer, quantity):
    return min(price for start, price in offer.tiers if start <= quantity)


def possible_orders(offer, most):
    """All quantities that the supplier takes and the members, too."""
    reach = most if offer.available is None else min(most, offer.available)
    lowest = max(offer.minimum, min(start for start, _price in offer.tiers), 1)
    return [q for q in range(offer.carton, reach + 1, offer.carton) if q >= lowest]


def order_of(offer, group, bump):
    """What a group orders, by trying all quantities."""
    want = sum(one.want for one in group)
    possible = possible_orders(offer, sum(one.most for one in group))
    if not want or not possible:
        return 0
    base = min((q for q in possible if q >= want), default=possible[-1])
    # Tolerance buys a lower price: free goods are no reason to take more of them.
    cheaper = [
        q
        for q in possible
        if q > base and price_of(offer, q) < price_of(offer, q - offer.carton)
    ]
    larger = [base, *cheaper]
    if bump == "cheaper_total":
        return min(larger, key=lambda q: (q * price_of(offer, q), -q))
    if bump == "cheaper_unit":
        return min(larger, key=lambda q: (price_of(offer, q), q))
    return base


def agrees(offer, group, bump):
    """Say whether a group orders something at a price that all of it accept."""
    quantity = order_of(offer, group, bump)
    if not quantity:
        return False
    price = price_of(offer, quantity)
    return all(one.ceiling is None or one.ceiling >= price for one in group)


def agreeing_groups(offer, commitments, bump):
    asking = [one for one in commitments if one.want]
    for size in range(1, len(asking) + 1):
        for group in combinations(asking, size):
            if agrees(offer, group, bump):
                yield group


def largest_group(offer, commitments, bump):
    return list(max(agreeing_groups(offer, commitments, bump), key=len, default=()))


def shares_of(offer, group, bump, rule):
    """What each of a group gets, without a look at minima."""
    quantity = order_of(offer, group, bump)
    order = [one.key for one in sorted(group, key=lambda one: (one.priority, one.key))]
    # Ranks in place of keys: a tie goes to the priority, then to the key.
    rank = {key: number for number, key in enumerate(order)}
    want = {rank[one.key]: one.want for one in group}
    extra = {rank[one.key]: one.tolerance for one in group}
    in_turn = list(range(len(order))) if rule == "priority" else None
    short = ration(quantity, want, rule, in_turn)
    more = ration(max(0, quantity - sum(want.values())), extra, rule, in_turn)
    return {key: short[rank[key]] + more[rank[key]] for key in order}


def drop_one_by_one(offer, commitments, bump, rule):
    """Leave out the worst served, one by one: (group that is left, dropped keys)."""
    left, dropped = list(commitments), []
    while True:
        group = largest_group(offer, left, bump)
        got = shares_of(offer, group, bump, rule)
        unhappy = [one for one in group if got[one.key] < one.minimum]
        if not unhappy:
            return group, dropped
        parts = {one.key: Fraction(got[one.key], one.minimum) for one in unhappy}
        worst = min(parts.values())
        last = max(
            (one for one in unhappy if parts[one.key] == worst),
            key=lambda one: (one.priority, one.key),
        )
        dropped.append(last.key)
        left.remove(last)


# All-or-nothing minima, one at a time, everything counted anew


def fit_minima(book):
    """The definition: what `group_buying_minima.fit_minima` must give, but slow."""
    dropped = {}
    while True:
        deal = book.agree()
        shares = book.shares(deal)
        too_little = book.too_little(deal, shares)
        if not too_little:
            break
        worst = min(
            too_little,
            key=lambda p: (Fraction(shares[p], book.members[p].minimum), -p),
        )
        dropped[worst] = shares[worst]
        book.drop(worst)
    if dropped:
        deal, shares = take_back(book, deal, shares, dropped)
    return deal, shares, dropped


def take_back(book, deal, shares, dropped):
    """The last one dropped first; without an order the others stand aside."""
    aside = {}
    if not deal.quantity:
        aside = {p: 0 for p in sorted(shares) if book.members[p].minimum}
        for position in aside:
            book.drop(position)
    waiting = [*reversed(dropped), *aside]
    none = deal
    deal, shares = book.agree(), {p: shares[p] for p in shares if p not in aside}
    while (back := first_that_fits(book, waiting, shares)) is not None:
        position, deal, shares = back
        waiting.remove(position)
        dropped.pop(position, None)
        aside.pop(position, None)
    if deal.quantity:
        dropped.update(aside)
        return deal, shares
    for position in aside:
        book.add(position)
        shares[position] = 0
    return none, shares


def first_that_fits(book, waiting, shares):
    """Of equal commitments only the first is tried."""
    tried = set()
    for position in waiting:
        member = book.members[position]
        kind = (member.want, member.tolerance, member.minimum, book.levels[position])
        if kind in tried:
            continue
        tried.add(kind)
        book.add(position)
        deal = book.agree()
        if deal.quantity and book.takes_part(position, deal):
            found = all_minima_met(book, deal, shares)
            if found is not None:
                return position, deal, found
        book.drop(position)
    return None


def all_minima_met(book, deal, before):
    """By the rule, or else without taking anything from anybody."""
    shares = book.shares(deal)
    if not book.too_little(deal, shares):
        return shares
    least = {}
    for position in shares:
        member = book.members[position]
        least[position] = min(before.get(position) or member.minimum, member.want)
    if sum(least.values()) > deal.quantity:
        return None
    return book.shares(deal, least)
