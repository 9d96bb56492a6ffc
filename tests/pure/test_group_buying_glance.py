"""One look at an offer says what `solve`, `missing` and `outlook` say one by one."""

from collections import defaultdict
from dataclasses import replace

from group_buying_oracles import bumps, groups, offers, rules
from hypothesis import assume, given, settings

from odoo.addons.ess_mutualisation.tools.group_buying import (
    Commitment,
    Offer,
    glance,
    missing,
    outlook,
    solve,
)

thorough = settings(max_examples=150)


def test_what_a_page_says():
    """24 make it 9 each; two ask for 14 and 6 and get a carton of 12 and no more."""
    offer = Offer(((1, 10), (24, 9)), carton=12)
    found = glance(offer, [Commitment(1, 14), Commitment(2, 6)], 2)
    assert (found.quantity, found.price, found.uneven) == (12, 10, True)
    assert found.gets == 4
    assert (found.missing.carton, found.missing.tier) == (4, 4)
    assert (found.outlook.worst, found.outlook.best) == (10, 9)


def test_who_has_not_committed_has_no_outlook():
    found = glance(Offer(((1, 10),)), [Commitment(1, 3)], 7)
    assert (found.outlook, found.gets) == (None, 0)
    assert glance(Offer(((1, 10),), minimum=9), [Commitment(1, 3)], 1).price is None


@thorough
@given(offers, groups(), bumps, rules)
def test_as_one_by_one(offer, group, bump, rule):
    assume(group)
    key = group[0].key
    found = glance(offer, group, key, bump, rule)
    outcome = solve(offer, group, bump, rule)
    assert (found.quantity, found.price) == (outcome.quantity, outcome.unit_price)
    assert found.gets == outcome.allotted.get(key, 0)
    assert found.missing == missing(offer, group, bump, rule)
    assert found.outlook == outlook(offer, group, key, bump, rule)


@thorough
@given(offers, groups(), bumps, rules)
def test_the_others_may_be_pooled(offer, group, bump, rule):
    """All but one, by ceiling: only who gets how much may be different."""
    assume(group)
    free = [replace(one, minimum=0) for one in group]
    mine, sums = replace(free[0], key=1, minimum=group[0].minimum), defaultdict(list)
    for one in free[1:]:
        if one.want:
            sums[one.ceiling].append(one)
    pooled = [
        Commitment(
            -number,
            sum(one.want for one in same),
            sum(one.tolerance for one in same),
            ceiling=ceiling,
        )
        for number, (ceiling, same) in enumerate(sums.items(), 1)
    ]
    others = [replace(one, key=n) for n, one in enumerate(free[1:], 2)]
    whole = glance(offer, [mine, *others], 1, bump, rule)
    assert glance(offer, pooled, None, bump, rule) == glance(
        offer, others, None, bump, rule
    )
    if not whole.uneven:
        assert glance(offer, [mine, *pooled], 1, bump, rule) == whole
