"""Who is left out for its minimum: the same as one by one, and fast."""

from fractions import Fraction
from random import Random
from time import process_time

import pytest
from group_buying_oracles import bumps, fit_minima, rules
from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.addons.ess_mutualisation.tools.apportionment import ration
from odoo.addons.ess_mutualisation.tools.group_buying import Commitment, Offer, solve
from odoo.addons.ess_mutualisation.tools.group_buying_book import Book
from odoo.addons.ess_mutualisation.tools.group_buying_minima import (
    fit_minima as fast_minima,
)
from odoo.addons.ess_mutualisation.tools.group_buying_turns import Turns

RULES = ("proportional", "equal", "priority")


@st.composite
def scarce(draw):
    """Too little of something, and many who take all or nothing; sizes of all kinds."""
    random = Random(draw(st.integers(0, 10**6)))
    largest = draw(st.sampled_from([3, 6, 12, 40, 1000]))
    group = []
    for key in range(draw(st.sampled_from([2, 3, 4, 4, 6, 12, 24]))):
        want = random.randint(0, largest)
        minimum = random.choice([0, want, want, want // 2, random.randint(0, want)])
        ceiling = random.choice([None, None, None, random.randint(4, 12)])
        tolerance, priority = random.choice([0, 0, 1, 5]), random.randint(0, 2)
        group.append(Commitment(key, want, tolerance, minimum, ceiling, priority))
    asked = sum(one.want for one in group)
    tiers = [(random.randint(0, asked), random.randint(1, 12)) for _tier in range(3)]
    offer = Offer(
        ((1, 10), *tiers) if random.random() < 0.7 else tiers,
        carton=random.choice([1, 1, 2, 3, 6, 12]),
        minimum=random.choice([0, 0, random.randint(0, asked)]),
        available=random.choice([None, *(random.randint(0, asked + 3) for _ in "ab")]),
    )
    return offer, group


@settings(max_examples=1000)
@given(scarce(), bumps, rules)
def test_the_same_as_one_by_one(drawn, bump, rule):
    offer, group = drawn
    deal, shares, dropped = fast_minima(Book(offer, group, bump, rule))
    expected = fit_minima(Book(offer, group, bump, rule))
    assert (deal, shares, dropped) == expected
    assert list(dropped) == list(expected[2])


def test_who_did_not_fit_may_fit_when_the_order_has_grown():
    """3 do not fit into one carton of 6 beside others, but into the second one."""
    offer = Offer(((1, 5),), carton=6, available=12)
    group = [
        Commitment("a", 8, minimum=8),
        Commitment("b", 4, 2, minimum=4),
        Commitment("c", 6, minimum=5),
        Commitment("d", 3, 1, minimum=3),
    ]
    assert solve(offer, group).allotted == {"b": 4, "c": 5, "d": 3}


def test_a_first_order_may_bring_in_more_than_who_came_back():
    """A lower price brings in "b", who takes at least 2: 12 are not enough for all."""
    offer = Offer(((5, 12), (7, 4)), carton=6)
    group = [
        Commitment("a", 3, minimum=3),
        Commitment("b", 5, minimum=2, ceiling=6),
        Commitment("c", 11, minimum=11),
    ]
    assert not solve(offer, group).quantity


@given(st.lists(st.integers(1, 40), min_size=1, max_size=12), rules, st.data())
def test_shares_follow_whoever_comes_and_goes(claims, rule, data):
    """As if all were counted anew, with the worst served of those who are there."""
    minima = [data.draw(st.integers(0, claim)) for claim in claims]
    turns, inside = Turns(rule, claims, minima), set()
    for position in data.draw(
        st.lists(st.integers(0, len(claims) - 1), min_size=1, max_size=20)
    ):
        before = turns.total
        if position in inside:
            inside.remove(position)
            turns.leave(position)
        else:
            inside.add(position)
        available = data.draw(st.integers(0, sum(claims[p] for p in inside)))
        if position in inside:
            turns.join(position, available)
            if data.draw(st.booleans()):
                turns.undo_join(position, before)
                inside.remove(position)
                available = before
        else:
            turns.settle(available)
        asked = {p: claims[p] for p in inside}
        order = sorted(inside) if rule == "priority" else None
        assert turns.got == ration(available, asked, rule, order)
        short = [p for p in inside if turns.got[p] < minima[p]]
        parts = ((Fraction(turns.got[p], minima[p]), -p) for p in short)
        worst = min(parts, default=(None, None))[1]
        assert turns.worst() == (None if worst is None else -worst)


def many(whole=False, minima=1.0, ceilings=False):
    """2,000 members who ask for 1 to 60 each."""
    random = Random(7)
    group = []
    for key in range(2000):
        want, minimum = random.randint(1, 60), 0
        if random.random() < minima:
            minimum = want if whole else random.randint(1, want)
        ceiling = Fraction(random.choice([850, 900, 950]), 100)
        limit = ceiling if ceilings and random.random() < 0.5 else None
        tolerance, moment = random.randint(0, 9), random.randint(0, 10**9)
        group.append(Commitment(key, want, tolerance, minimum, limit, moment))
    return group


def offer_of(part, group):
    tiers = (1, 10), (1000, Fraction(19, 2)), (20000, 9), (50000, Fraction(17, 2))
    asked = sum(one.want for one in group)
    return Offer(tiers, carton=12, available=int(part * asked))


def fastest(offer, group, rule):
    times = []
    for _turn in range(4):
        began = process_time()
        solve(offer, group, "cheaper_total", rule)
        times.append(process_time() - began)
    return min(times)


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("part", [1.1, 0.5])
def test_two_thousand_commitments_take_no_20_ms(rule, part):
    group = many(minima=0, ceilings=True)
    assert fastest(offer_of(part, group), group, rule) < 0.02


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize(
    ("part", "figures", "seconds"),
    [
        (0.5, {"minima": 0.5}, 0.06),
        (0.1, {"minima": 0.5, "ceilings": True}, 0.06),
        (0.9, {"whole": True}, 0.15),
        (0.1, {"whole": True, "ceilings": True}, 0.3),
    ],
)
def test_two_thousand_who_exclude_each_other(rule, part, figures, seconds):
    """One at a time and counted anew, this took from 0.3 to 9 seconds."""
    group = many(**figures)
    assert fastest(offer_of(part, group), group, rule) < seconds


def test_two_thousand_in_whole_cartons_and_one_who_is_not():
    """All go, because one asks for a loose bag, and all but that one come back."""
    random = Random(7)
    sizes = [6 * random.randint(1, 10) for _member in range(2000)]
    group = [Commitment(key, size, 0, size) for key, size in enumerate(sizes)]
    group.append(Commitment(2000, 1))
    offer = Offer(((1, 10),), carton=6)
    outcome = solve(offer, group)
    assert list(outcome.left_out) == [2000]
    assert outcome.quantity == sum(sizes)
    assert fastest(offer, group, "proportional") < 0.5
