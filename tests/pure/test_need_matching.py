"""Combinations for a need: known ones, and all that any answer must obey."""

from itertools import combinations as subsets
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from odoo.addons.ess_mutualisation.tools.need_matching import Offer, combinations

KM = 1000


def parts(found):
    return [dict(one.parts) for one in found]


def test_one_lender_comes_before_two_nearer_ones():
    """200 chairs: 250 at 40 km from one, or 150 + 80 next door from two."""
    offers = [
        Offer("far", "Fabrique", 250, 40 * KM),
        Offer("near", "Phare", 150, 1 * KM),
        Offer("next", "Semeurs", 80, 2 * KM),
    ]
    found = combinations(200, offers)
    assert parts(found)[:2] == [{"far": 200}, {"near": 150, "next": 50}]
    assert [(one.lenders, one.metres) for one in found[:2]] == [(1, 40000), (2, 3000)]


def test_the_nearest_gives_all_and_the_last_the_rest():
    offers = [Offer("b", "B", 30, 5 * KM), Offer("a", "A", 30, 9 * KM)]
    assert combinations(40, offers)[0].parts == (("b", 30), ("a", 10))


def test_one_place_is_visited_once():
    """Two stacks in one hall at 8 km are nearer than two halls at 3 and 6 km."""
    offers = [
        Offer(1, "Hall", 20, 8 * KM, place="hall"),
        Offer(2, "Hall", 20, 8 * KM, place="hall"),
        Offer(3, "Twin", 20, 3 * KM),
        Offer(4, "Twin", 20, 6 * KM),
    ]
    found = combinations(40, offers)
    assert parts(found)[0] == {1: 20, 2: 20}
    assert [one.metres for one in found[:2]] == [8 * KM, 9 * KM]


def test_an_unknown_distance_comes_last():
    offers = [Offer("known", "A", 9, 300 * KM), Offer("unknown", "B", 9)]
    assert parts(combinations(5, offers)) == [{"known": 5}, {"unknown": 5}]


def test_not_enough_is_nothing():
    assert combinations(10, [Offer("a", "A", 9, 1)]) == []
    assert combinations(1, []) == []
    assert combinations(1, [Offer("a", "A", 0, 1)]) == []


@pytest.mark.parametrize(
    ("quantity", "offers", "sentence"),
    [
        (0, [], "at least 1, not 0"),
        (1, [Offer("a", "A", -1)], "-1 units"),
        (1, [Offer("a", "A", 1, -5)], "at -5 m"),
        (1, [Offer("a", "A", 1), Offer("a", "B", 1)], "'a' is there twice"),
        (
            1,
            [Offer("a", "A", 1, 5, "hall"), Offer("b", "A", 1, 6, "hall")],
            "'hall' is at 5 m and at 6 m",
        ),
    ],
)
def test_bad_input_is_refused(quantity, offers, sentence):
    with pytest.raises(ValueError, match=sentence):
        combinations(quantity, offers)


# === PROPERTIES === #


@st.composite
def markets(draw, most=7):
    """A few assets of a few lenders; some share a place."""
    distance = st.one_of(st.none(), st.integers(0, 9))
    halls = {name: draw(distance) for name in "xy"}
    offers = []
    for key in range(draw(st.integers(0, most))):
        place = draw(st.sampled_from([None, None, "x", "y"]))
        metres = draw(distance) if place is None else halls[place]
        lender, units = draw(st.integers(0, 3)), draw(st.integers(0, 6))
        offers.append(Offer(key, lender, units, metres, place))
    return offers


quantities = st.integers(1, 14)


def oracle(quantity, offers):
    """Every set of which nothing can stay at home, in the order that is promised."""
    ranked = []
    for size in range(1, len(offers) + 1):
        for chosen in subsets(offers, size):
            units = sum(o.units for o in chosen)
            if units < quantity or any(units - o.units >= quantity for o in chosen):
                continue
            spots = {o.spot: o.metres for o in chosen}
            known = [metres for metres in spots.values() if metres is not None]
            ranked.append(
                (
                    len({o.lender for o in chosen}),
                    len(spots) - len(known),
                    sum(known),
                    size,
                    sorted(o.key for o in chosen),
                )
            )
    return sorted(ranked)


def rank(one):
    keys = sorted(key for key, _units in one.parts)
    return (one.lenders, one.unknown, one.metres, len(keys), keys)


@given(quantities, markets(), st.integers(1, 4))
def test_exactly_the_best_ones(quantity, offers, limit):
    found = combinations(quantity, offers, limit)
    assert [rank(one) for one in found] == oracle(quantity, offers)[:limit]


@given(quantities, markets())
def test_the_parts_are_what_was_asked_for(quantity, offers):
    free = {offer.key: offer.units for offer in offers}
    for one in combinations(quantity, offers):
        assert sum(units for _key, units in one.parts) == quantity
        assert all(0 < units <= free[key] for key, units in one.parts)
        assert all(units == free[key] for key, units in one.parts[:-1])


@given(quantities, markets(), st.randoms(use_true_random=False))
def test_the_order_of_the_offers_is_nothing(quantity, offers, chance):
    mixed = list(offers)
    chance.shuffle(mixed)
    assert combinations(quantity, mixed) == combinations(quantity, offers)


@given(quantities, markets(), st.integers(1, 6))
def test_little_effort_still_answers_truly(quantity, offers, effort):
    """Cut short, it gives real combinations, one of them with the fewest lenders."""
    everything = oracle(quantity, offers)
    found = combinations(quantity, offers, effort=effort)
    assert bool(found) == bool(everything)
    assert all(rank(one) in everything for one in found)
    if found:
        assert found[0].lenders == everything[0][0]


def test_a_large_federation_is_answered_soon():
    """400 assets of 100 lenders that have 1 to 9 chairs each, for 300 chairs."""
    offers = [
        Offer(key, key % 100, 1 + key * 7 % 9, key * 37 % 5000) for key in range(400)
    ]
    begin = process_time()
    found = combinations(300, offers)
    assert process_time() - begin < 10
    assert found
    assert sum(units for _key, units in found[0].parts) == 300
