"""Who pays whom, so that all debts among members are settled in few payments."""

from collections.abc import Mapping
from heapq import heapify, heappop, heappush

from .exact import Key, require_int, require_key_order

FEWEST_UP_TO = 12
"""Up to how many balances the fewest payments are looked for, over all groupings."""


def settle_up(balances: Mapping[Key, int]) -> list[tuple[Key, Key, int]]:
    """Return the payments that bring every balance to 0.

    Who owes only pays, who is owed only gets. There are fewer payments than balances
    that are not 0; opposite balances are settled by one payment; for up to 12 balances
    (after that) there are as few payments as can be.

    :param balances: positive = is owed, negative = owes
    :return: (who pays, who gets, amount > 0), in the order of the keys
    :raise ValueError: balances that do not sum to 0, an amount that is not whole
    """
    keys = require_key_order(balances)
    amounts = [require_int(balances[key], f"The balance of {key!r}") for key in keys]
    if surplus := sum(amounts):
        raise ValueError(f"Balances must sum to 0, but sum to {surplus}.")
    payments, left = _opposites(amounts)
    payments += _largest_first(left, until=FEWEST_UP_TO)
    for group in _groups(left):
        payments += _largest_first(group)
    return [
        (keys[payer], keys[payee], amount) for payer, payee, amount in sorted(payments)
    ]


def _opposites(amounts: list[int]) -> tuple[list[tuple[int, int, int]], dict[int, int]]:
    """Return the payments between equal and opposite balances, and what is left.

    That never costs a payment: the groups that two opposites come from sum to 0 without
    them.
    """
    payments, open_ = [], {}
    for place, amount in enumerate(amounts):
        if not amount:
            continue
        partners = open_.get(-amount)
        if partners:
            other = partners.pop(0)
            payer, payee = (place, other) if amount < 0 else (other, place)
            payments.append((payer, payee, abs(amount)))
        else:
            open_.setdefault(amount, []).append(place)
    left = {place: amount for amount, places in open_.items() for place in places}
    return payments, dict(sorted(left.items()))


def _largest_first(left: dict[int, int], until: int = 0) -> list[tuple[int, int, int]]:
    """Pay from the largest debtor to the largest creditor, and update what is left.

    Each payment closes a balance, the last one two. Stop when `until` are left.
    """
    owing = [(amount, place) for place, amount in left.items() if amount < 0]
    owed = [(-amount, place) for place, amount in left.items() if amount > 0]
    heapify(owing)
    heapify(owed)
    payments = []
    while len(owing) + len(owed) > until:
        (debt, payer), (credit, payee) = heappop(owing), heappop(owed)
        amount = min(-debt, -credit)
        payments.append((payer, payee, amount))
        for heap, rest, place in ((owing, debt, payer), (owed, credit, payee)):
            if rest + amount:
                heappush(heap, (rest + amount, place))
    left.clear()
    left.update({place: debt for debt, place in owing})
    left.update({place: -credit for credit, place in owed})
    return payments


def _groups(left: dict[int, int]) -> list[dict[int, int]]:
    """Return the largest number of groups that each sum to 0.

    A group of k is settled by k - 1 payments, so more groups mean fewer payments. For
    each subset, `most` counts how often a running sum can come to 0 when its balances
    are added one by one: each time closes a group.
    """
    places = sorted(left)
    sums, most = [0], [0]
    for mask in range(1, 1 << len(places)):
        low = (mask & -mask).bit_length() - 1
        sums.append(sums[mask & (mask - 1)] + left[places[low]])
        best = max(most[mask ^ bit] for bit in _bits(mask))
        most.append(best + (not sums[mask]))
    groups, group, mask = [], {}, len(sums) - 1
    while mask:
        wanted = most[mask] - (not sums[mask])
        bit = next(bit for bit in _bits(mask) if most[mask ^ bit] == wanted)
        place = places[bit.bit_length() - 1]
        group[place] = left[place]
        mask ^= bit
        if not sums[mask]:
            groups.append(group)
            group = {}
    return groups


def _bits(mask: int) -> list[int]:
    bits = []
    while mask:
        bits.append(mask & -mask)
        mask &= mask - 1
    return bits
