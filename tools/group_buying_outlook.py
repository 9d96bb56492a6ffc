"""What a member sees before the deadline: how much is missing, which price to expect.

"Missing" always counts on somebody who asks for that much more at any price, so that
what is shown comes true when somebody does. Nobody has to guess: both are computed by
the very rule that decides at the deadline.
"""

from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from fractions import Fraction

from .apportionment import RationRule
from .exact import Exact
from .group_buying_book import Book, Deal
from .group_buying_minima import fit_minima
from .group_buying_order import Terms
from .group_buying_types import Bump, Commitment, Offer


@dataclass(frozen=True)
class Missing:
    """How much more has to be asked for; three numbers that are not to be added up.

    :param carton: until the last carton is full (or the first one, when nothing is
        asked for); 0: it is full. None: single granules are sold, or the supplier does
        not have another carton
    :param minimum: until the supplier takes the order; 0: it does. None: there is no
        minimum beyond a carton, or the supplier does not have as much
    :param tier: until the price falls. None: it is the lowest price, or the supplier
        does not have as much
    :param price: the price that is reached then
    :param gain: by how many percent it is lower, exactly; None when `tier` is None
    """

    carton: int | None
    minimum: int | None
    tier: int | None
    price: Exact | None
    gain: Fraction | None


@dataclass(frozen=True)
class Outlook:
    """The unit price for one member; None where it would get nothing at all.

    :param worst: the highest price that can come out below its own ceiling, whatever
        the others do; this much is guaranteed
    :param best: the lowest price that the supplier can be brought to
    :param expected: the price if the round closed now; None: it would get nothing now
    """

    worst: Exact | None
    best: Exact | None
    expected: Exact | None


@dataclass(frozen=True)
class Glance:
    """All that one page says of an offer, computed at once.

    :param quantity: what would be ordered if the round closed now
    :param price: of one granule then; None without an order
    :param outlook: for the member asked about; None when it has no commitment
    :param gets: what that member would get now
    :param missing: None when it was not asked for
    """

    quantity: int
    price: Exact | None
    missing: Missing | None
    outlook: Outlook | None
    gets: int


def glance(
    offer: Offer,
    commitments: Iterable[Commitment],
    key: Hashable = None,
    bump: Bump = "cheaper_total",
    rule: RationRule = "proportional",
    *,
    with_missing: bool = True,
) -> Glance:
    """Return what happens now, what is missing, and what one member has to expect.

    Members other than the one asked about may be pooled unless it `depends_on_each`:
    one commitment for all of one ceiling and one minimum, with what they want and
    tolerate together. Then all of this is the same.

    :param key: of the member; somebody without a commitment has no outlook
    :param with_missing: what is missing takes most of the time
    :raise ValueError: what `solve` refuses
    """
    book = Book(offer, commitments, bump, rule)
    deal, shares, _dropped = fit_minima(book)
    position = _position(book, key)
    gets = shares.get(position, 0) if deal.quantity else 0
    return Glance(
        quantity=deal.quantity,
        price=book.terms.prices[deal.level] if deal.quantity else None,
        missing=_missing(book, deal) if with_missing else None,
        outlook=None if position is None else _outlook(book, position, deal, gets),
        gets=gets,
    )


def depends_on_each(
    offer: Offer,
    commitments: Iterable[Commitment],
    key: Hashable = None,
    bump: Bump = "cheaper_total",
) -> bool:
    """Say whether a glance has to know every commitment, not only sums of them.

    It does when goods or tolerance are shared out unevenly: for what one member gets,
    and for all when a minimum may not be met.

    :param commitments: of all; the others may be pooled as for `glance`
    :param key: of the member who is asked about, not pooled; None: of nobody
    :raise ValueError: what `solve` refuses
    """
    book = Book(offer, commitments, bump)
    deal = book.agree()
    if deal.quantity in (0, deal.want, deal.most):
        return False
    position = _position(book, key)
    if position is not None and book.takes_part(position, deal):
        return True
    return deal.quantity < deal.want and any(
        one.minimum and book.takes_part(position, deal)
        for position, one in enumerate(book.members)
    )


def _position(book: Book, key: Hashable) -> int | None:
    """Return the place of a member in the order of service."""
    return next((p for p, one in enumerate(book.members) if one.key == key), None)


def missing(
    offer: Offer,
    commitments: Iterable[Commitment],
    bump: Bump = "cheaper_total",
    rule: RationRule = "proportional",
) -> Missing:
    """Return what is missing to the carton, to the minimum and to the next tier.

    Those whom a lower price brings back count; those who are left out for their
    all-or-nothing minimum do not.

    :raise ValueError: what `solve` refuses
    """
    book = Book(offer, commitments, bump, rule)
    deal, _shares, _dropped = fit_minima(book)
    return _missing(book, deal)


def _missing(book: Book, deal: Deal) -> Missing:
    terms = book.terms
    if not terms.within(terms.first):
        return Missing(None, None, None, None, None)
    to_order = 0 if deal.quantity else _least_more(book, terms.first, _orders)
    level = deal.level if deal.quantity else terms.level(terms.first)
    tier = _to_tier(book, level)
    price = gain = None
    if tier is not None:
        now, price = terms.prices[level], terms.prices[book.agree(tier).level]
        gain = Fraction(100 * (now - price)) / now
    return Missing(
        carton=_to_carton(book, deal, level, to_order),
        minimum=to_order if terms.first > terms.offer.carton else None,
        tier=tier,
        price=price,
        gain=gain,
    )


def outlook(
    offer: Offer,
    commitments: Iterable[Commitment],
    key: Hashable,
    bump: Bump = "cheaper_total",
    rule: RationRule = "proportional",
) -> Outlook:
    """Return the worst, the best and the expected unit price for one member.

    :raise ValueError: somebody without a commitment, and what `solve` refuses
    """
    book = Book(offer, commitments, bump, rule)
    position = _position(book, key)
    if position is None:
        raise ValueError(f"{key!r} has no commitment to this offer.")
    deal, shares, _dropped = fit_minima(book)
    gets = shares.get(position, 0) if deal.quantity else 0
    return _outlook(book, position, deal, gets)


def _outlook(book: Book, position: int, deal: Deal, gets: int) -> Outlook:
    member, reachable = book.members[position], _reachable_prices(book.terms)
    accepted = [
        price
        for price in reachable
        if member.want and (member.ceiling is None or price <= member.ceiling)
    ]
    return Outlook(
        worst=accepted[0] if accepted else None,
        best=accepted[-1] if accepted else None,
        expected=book.terms.prices[deal.level] if gets else None,
    )


def _orders(deal: Deal) -> bool:
    return deal.quantity > 0


def _to_tier(book: Book, level: int) -> int | None:
    """Return what has to be added until the price falls below that of a level."""
    terms = book.terms
    if level + 1 == len(terms.starts):
        return None
    enough = terms.up(terms.starts[level + 1])
    if not terms.within(enough):
        return None
    return _least_more(book, enough, lambda deal: _orders(deal) and deal.level > level)


def _to_carton(book: Book, deal: Deal, level: int, to_order: int) -> int | None:
    """Return what has to be added until the last carton is full."""
    terms = book.terms
    if terms.offer.carton == 1:
        return None
    want, most = book.sums(level)
    full = max(terms.up(want), terms.offer.carton)
    if full <= deal.quantity:
        return 0
    if not terms.within(full):
        return None
    lacking = max(0, full - most)
    # A lower price may bring back enough members to need less than that.
    return lacking if deal.quantity else min(lacking, to_order)


def _least_more(book: Book, enough: int, reached: Callable[[Deal], bool]) -> int:
    """Return the smallest addition with which a deal is reached.

    More asked for never orders less and never costs more each, so that halving finds
    it.

    :param enough: an addition with which it is reached for sure
    """
    low, high = 0, enough
    while low < high:
        middle = (low + high) // 2
        if reached(book.agree(middle)):
            high = middle
        else:
            low = middle + 1
    return low


def _reachable_prices(terms: Terms) -> list[Exact]:
    """Return the prices of all possible orders, the highest first."""
    prices = []
    for level, price in enumerate(terms.prices):
        smallest = max(terms.up(terms.starts[level]), terms.first)
        if terms.within(smallest) and terms.level(smallest) == level:
            prices.append(price)
    return prices
