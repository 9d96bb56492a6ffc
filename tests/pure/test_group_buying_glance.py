"""One look at an offer says what `solve`, `missing` and `outlook` say one by one."""

from collections import defaultdict
from dataclasses import replace

from group_buying_oracles import bumps, groups, offers, rules
from hypothesis import assume, given, settings

from odoo.addons.ess_mutualisation.tools.group_buying import (
    Commitment,
    Offer,
    depends_on_each,
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
    assert (found.quantity, found.price) == (12, 10)
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


def pooled(commitments):
    """One for all of one ceiling and minimum, as a page knows them."""
    sums, found = defaultdict(list), []
    for one in commitments:
        if one.want:
            sums[one.ceiling, one.minimum].append(one)
    for number, ((ceiling, minimum), same) in enumerate(sums.items(), 1):
        want = sum(one.want for one in same)
        tolerance = sum(one.tolerance for one in same)
        found.append(Commitment(-number, want, tolerance, minimum, ceiling))
    return found


@settings(max_examples=500)
@given(offers, groups(minima=True, most=8), bumps, rules)
def test_what_a_page_says_is_what_the_freeze_gives(offer, group, bump, rule):
    """Sums do unless `depends_on_each`; figures of a member, and of who has none."""
    assume(group)
    group = [replace(one, key=number) for number, one in enumerate(group, 1)]
    mine, others = group[0], group[1:]
    for key, whole, sums in (
        (mine.key, group, [mine, *pooled(others)]),
        (None, others, pooled(others)),
    ):
        if depends_on_each(offer, sums, key, bump):
            sums = whole
        found = glance(offer, sums, key, bump, rule)
        outcome = solve(offer, whole, bump, rule)
        assert (found.quantity, found.price) == (outcome.quantity, outcome.unit_price)
        assert found.gets == outcome.allotted[key]
        assert found == glance(offer, whole, key, bump, rule)


def test_sums_do_when_everybody_gets_what_it_wants():
    """Of 20 kilos two get 14 and 6: no third person has to be looked at."""
    offer, mine = Offer(((1, 10),), available=20), Commitment(1, 14)
    assert not depends_on_each(offer, [mine, Commitment(-1, 6)], 1)
    assert depends_on_each(offer, [mine, Commitment(-1, 7)], 1)
    assert not depends_on_each(offer, [mine, Commitment(-1, 7)])
    assert depends_on_each(offer, [mine, Commitment(-1, 7, minimum=7)])


def test_what_is_missing_can_be_left_out():
    offer, group = Offer(((1, 10), (24, 9)), carton=12), [Commitment(1, 14)]
    brief, found = (glance(offer, group, 1, with_missing=w) for w in (False, True))
    assert brief.missing is None
    assert replace(brief, missing=found.missing) == found
