"""Availability: stories, and the sweep against a minute-by-minute brute force."""

from datetime import datetime, timedelta
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from odoo.addons.ess_mutualisation.tools.occupancy import (
    Ledger,
    combine,
    fits,
    free_steps,
    nearest,
    peak,
)

END = 24  # the brute force looks at each minute of [0, END)


def spans(low=-4, high=END + 4):
    """Strategy: (start, stop), never empty, also reaching beyond the window."""
    ends = st.tuples(st.integers(low, high), st.integers(low, high))
    return ends.filter(lambda span: span[0] != span[1]).map(sorted).map(tuple)


claims = st.lists(
    st.tuples(spans(), st.integers(0, 5)).map(lambda claim: (*claim[0], claim[1])),
    max_size=12,
)
windows = spans(0, END)


def taken_at(intervals, minute):
    return sum(taken for start, stop, taken in intervals if start <= minute < stop)


def free_at(steps, minute):
    return next(free for start, stop, free in steps if start <= minute < stop)


def assert_tiles(steps, start, stop):
    """The steps are sorted, without gaps, and as long as they can be."""
    assert (steps[0][0], steps[-1][1]) == (start, stop)
    assert all(first < last for first, last, _free in steps)
    for before, after in zip(steps, steps[1:], strict=False):
        assert before[1] == after[0]
        assert before[2] != after[2]


@given(claims, windows)
def test_peak_is_the_brute_force(intervals, window):
    brute = max(taken_at(intervals, minute) for minute in range(*window))
    assert peak(intervals, *window) == brute


@given(claims, windows, st.integers(0, 12))
def test_free_steps_are_the_brute_force(intervals, window, capacity):
    steps = free_steps(intervals, capacity, *window)
    assert_tiles(steps, *window)
    for minute in range(*window):
        assert free_at(steps, minute) == capacity - taken_at(intervals, minute)
    assert min(free for *_span, free in steps) == capacity - peak(intervals, *window)


@given(claims, windows)
def test_order_of_intervals_does_not_matter(intervals, window):
    assert free_steps(intervals, 5, *window) == free_steps(intervals[::-1], 5, *window)


@given(claims, spans(), st.integers(1, 8))
def test_fits_is_the_brute_force(intervals, asked, quantity):
    steps = free_steps(intervals, 8, 0, END)
    covered = 0 <= asked[0] and asked[1] <= END
    brute = covered and all(
        8 - taken_at(intervals, minute) >= quantity for minute in range(*asked)
    )
    assert fits(steps, quantity, *asked) == brute


@given(st.lists(st.tuples(claims, st.integers(0, 9), st.integers(1, 3)), min_size=1))
def test_combine_is_the_brute_force(components):
    components = components[:4]
    parts = [
        (free_steps(intervals, capacity, 0, END), divisor)
        for intervals, capacity, divisor in components
    ]
    combined = combine(parts)
    assert_tiles(combined, 0, END)
    for minute in range(END):
        assert free_at(combined, minute) == min(
            free_at(steps, minute) // divisor for steps, divisor in parts
        )


@given(claims, claims, spans(), st.integers(0, 12))
def test_ledger_is_the_brute_force(first, later, asked, capacity):
    ledger = Ledger(capacity, first)
    for claim in later:
        ledger.add(*claim)
    assert ledger.free(*asked) == capacity - peak([*first, *later], *asked)


@given(claims, st.integers(0, END), st.lists(windows, max_size=12), st.integers(0, 4))
def test_nearest_are_the_nearest_that_fit(intervals, start, candidates, limit):
    steps = free_steps(intervals, 4, 0, END)
    found = nearest(steps, 2, start, candidates, limit)
    fitting = {one for one in candidates if fits(steps, 2, *one)}
    assert len(found) == min(limit, len(fitting))
    assert fitting.issuperset(found)
    distances = [(abs(one[0] - start), one[0]) for one in found]
    assert distances == sorted(distances)
    for left_out in fitting.difference(found):
        assert all(abs(left_out[0] - start) >= distance for distance, _ in distances)


def test_return_at_noon_and_next_pick_up_at_noon():
    noon = datetime(2026, 6, 12, 12)
    hour = timedelta(hours=1)
    van = [(noon - 4 * hour, noon, 1), (noon, noon + 4 * hour, 1)]
    assert peak(van, noon - 4 * hour, noon + 4 * hour) == 1
    assert free_steps(van, 1, noon - 4 * hour, noon + 5 * hour) == [
        (noon - 4 * hour, noon + 4 * hour, 0),
        (noon + 4 * hour, noon + 5 * hour, 1),
    ]


def test_thirty_chairs_over_a_day():
    chairs = [(9, 12, 6), (10, 14, 10), (13, 18, 20)]
    assert free_steps(chairs, 30, 8, 20) == [
        (8, 9, 30),
        (9, 10, 24),
        (10, 12, 14),
        (12, 13, 20),
        (13, 14, 0),
        (14, 18, 10),
        (18, 20, 30),
    ]
    assert peak(chairs, 8, 20) == 30
    assert peak(chairs, 18, 20) == 0


def test_over_capacity_is_not_hidden():
    assert free_steps([(0, 10, 1), (5, 10, 1)], 1, 0, 10) == [(0, 5, 0), (5, 10, -1)]


def test_hall_is_free_when_both_rooms_are():
    blue = free_steps([(9, 12, 1)], 1, 8, 20)
    red = free_steps([(11, 14, 1)], 1, 8, 20)
    assert combine([(blue, 1), (red, 1)]) == [(8, 9, 1), (9, 14, 0), (14, 20, 1)]


def test_kit_of_one_tent_and_six_chairs():
    tents = [(0, 10, 4)]
    chairs = free_steps([(5, 10, 7)], 20, 0, 10)
    assert combine([(tents, 1), (chairs, 6)]) == [(0, 5, 3), (5, 10, 2)]
    overbooked = free_steps([(0, 10, 21)], 20, 0, 10)
    assert combine([(tents, 1), (overbooked, 6)]) == [(0, 10, -1)]


def test_of_two_equally_near_times_the_earlier_is_first():
    steps = [(0, 100, 1)]
    candidates = [(60, 70), (40, 50), (50, 60), (90, 95), (40, 50)]
    assert nearest(steps, 1, 50, candidates) == [(50, 60), (40, 50), (60, 70)]


@pytest.mark.parametrize(
    ("call", "figure"),
    [
        (lambda: peak([], 5, 5), "5"),
        (lambda: peak([(9, 8, 1)], 0, 5), "from 9 to 8"),
        (lambda: peak([(1, 2, -3)], 0, 5), "-3"),
        (lambda: free_steps([], -1, 0, 5), "-1"),
        (lambda: free_steps([], 1, 7, 5), "from 7 to 5"),
        (lambda: combine([]), "0 were given"),
        (lambda: combine([([], 1)]), "0 steps"),
        (lambda: combine([([(0, 5, 1)], 0)]), "not 0"),
        (lambda: combine([([(0, 5, 1), (6, 7, 1)], 1)]), "ends at 5"),
        (lambda: combine([([(0, 5, 1)], 1), ([(0, 6, 1)], 1)]), "from 0 to 6"),
        (lambda: fits([(0, 5, 1)], 0, 1, 2), "not 0"),
        (lambda: fits([(0, 5, 1)], 1, 2, 2), "from 2 to 2"),
        (lambda: Ledger(-2), "-2"),
        (lambda: Ledger(2).add(3, 1, 1), "from 3 to 1"),
        (lambda: Ledger(2).free(3, 3), "from 3 to 3"),
    ],
)
def test_bad_input_is_refused_with_the_figure(call, figure):
    with pytest.raises(ValueError, match=figure):
        call()


def test_thousands_of_claims_stay_fast():
    """5,000 claims asked and added, and one sweep over them: far below a second."""
    began = process_time()
    ledger = Ledger(30)
    intervals = [(n * 7919 % 500_000, n * 7919 % 500_000 + 600, 1) for n in range(5000)]
    for interval in intervals:
        ledger.free(*interval[:2])
        ledger.add(*interval)
    assert 30 - ledger.free(0, 600_000) == peak(intervals, 0, 600_000)
    assert process_time() - began < 1
