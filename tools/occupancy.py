"""How much of an asset is taken, and how much is left, as step functions of time.

An *instant* is an `int` or a `datetime`; one call uses one kind only. Datetimes are
compared as Python compares them, so give naive UTC (what Odoo stores) or aware UTC:
aware local times of one zone are compared by wall clock and misbehave when clocks
change. Intervals and steps are half-open: [start, stop).
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from functools import reduce
from itertools import islice, pairwise
from operator import itemgetter
from typing import Generic, TypeVar

T = TypeVar("T", int, datetime)

Interval = tuple[T, T, int]
"""(start, stop, quantity taken), half-open, `start < stop`, `quantity >= 0`."""

Step = tuple[T, T, int]
"""(start, stop, free quantity), half-open; free is negative when over capacity."""


def peak(intervals: Iterable[Interval[T]], start: T, stop: T) -> int:
    """Return the highest quantity taken at one time within [start, stop).

    0 when nothing is taken. Intervals may come in any order and reach beyond the
    window. O(k log k).

    :raise ValueError: an empty or inverted window or interval, a negative quantity
    """
    return max(load for _start, _stop, load in _loads(intervals, start, stop))


def free_steps(
    intervals: Iterable[Interval[T]], capacity: int, start: T, stop: T
) -> list[Step[T]]:
    """Return what is free over [start, stop), as the longest steps that are constant.

    The steps are sorted, tile the window exactly and differ from their neighbours.
    Free is `capacity - taken` and is never clamped: it is negative where more is
    taken than there is, and the caller decides what that means. O(k log k).

    :raise ValueError: an empty or inverted window or interval, a negative quantity
        or capacity
    """
    _require_capacity(capacity)
    return [(a, b, capacity - load) for a, b, load in _loads(intervals, start, stop)]


def combine(parts: Sequence[tuple[Sequence[Step[T]], int]]) -> list[Step[T]]:
    """Return how many composites are free, from the free steps of the components.

    :param parts: one `(steps, divisor)` for each component: its free steps, and how
        many units of it one composite needs
    :return: the smallest `free // divisor` at each instant, as maximal steps
    :raise ValueError: no part, a divisor below 1, steps with a gap, or parts that
        tile different windows
    """
    if not parts:
        raise ValueError("A composite needs at least one component, 0 were given.")
    scaled = [_divided(steps, divisor) for steps, divisor in parts]
    window = _window(scaled[0])
    for steps in scaled[1:]:
        if _window(steps) != window:
            raise ValueError(
                f"The components cover different windows: {_span(*window)}"
                f" and {_span(*_window(steps))}."
            )
    return reduce(_pointwise_min, scaled)


def fits(steps: Sequence[Step[T]], quantity: int, start: T, stop: T) -> bool:
    """Say whether `quantity` is free during all of [start, stop).

    False where the steps do not cover the time asked. O(log n + k) for k steps
    within the time asked.

    :raise ValueError: a quantity below 1, an empty or inverted time
    """
    if quantity < 1:
        raise ValueError(f"The quantity asked must be at least 1, not {quantity}.")
    _require_order(start, stop, "The time asked")
    reached = start
    first = max(0, bisect_right(steps, start, key=itemgetter(0)) - 1)
    for step_start, step_stop, free in islice(steps, first, None):
        if step_start > reached or free < quantity:
            return False
        reached = step_stop
        if reached >= stop:
            return True
    return False


def nearest(
    steps: Sequence[Step[T]],
    quantity: int,
    start: T,
    candidates: Iterable[tuple[T, T]],
    limit: int = 3,
) -> list[tuple[T, T]]:
    """Return the candidates that fit, the nearest to `start` first.

    Nearness is the distance of the candidate's start; of two equally near the earlier
    comes first, and of two with the same start the shorter.

    :param candidates: (start, stop) of the times that could be offered
    :param limit: how many at most
    :raise ValueError: a quantity below 1, an empty or inverted candidate
    """

    def distance(candidate: tuple[T, T]) -> tuple:
        return (abs(candidate[0] - start), *candidate)

    ordered = sorted(set(candidates), key=distance)
    fitting = (one for one in ordered if fits(steps, quantity, *one))
    return list(islice(fitting, max(0, limit)))


class Ledger(Generic[T]):
    """What is taken of one asset, for admitting many claims one after the other.

    Asking and adding cost O(log n + k), k being the change points within the time
    asked, plus the shift of a list: some thousands of claims take milliseconds.

    :raise ValueError: a negative capacity; an empty or inverted interval, or a
        negative quantity
    """

    def __init__(self, capacity: int, intervals: Iterable[Interval[T]] = ()) -> None:
        _require_capacity(capacity)
        self.capacity = capacity
        # The load from `_points[i]` up to the next point is `_taken[i]`; before the
        # first point and from the last one on it is 0.
        self._points: list[T] = []
        self._taken: list[int] = []
        for interval in intervals:
            self.add(*interval)

    def free(self, start: T, stop: T) -> int:
        """Return what is free during all of [start, stop); negative if over capacity.

        :raise ValueError: an empty or inverted time
        """
        _require_order(start, stop, "The time asked")
        first = max(0, bisect_right(self._points, start) - 1)
        last = bisect_left(self._points, stop)
        return self.capacity - max(self._taken[first:last], default=0)

    def add(self, start: T, stop: T, quantity: int) -> None:
        """Take `quantity` during [start, stop), whether or not it is free.

        :raise ValueError: an empty or inverted interval, a negative quantity
        """
        _require_interval(start, stop, quantity)
        first, last = self._cut(start), self._cut(stop)
        for index in range(first, last):
            self._taken[index] += quantity

    def _cut(self, point: T) -> int:
        """Make `point` a change point if it is none yet, and return its index."""
        index = bisect_left(self._points, point)
        if index == len(self._points) or self._points[index] != point:
            self._points.insert(index, point)
            self._taken.insert(index, self._taken[index - 1] if index else 0)
        return index


def _loads(intervals: Iterable[Interval[T]], start: T, stop: T) -> Iterator[Step[T]]:
    """Yield the maximal steps of constant load that tile [start, stop)."""
    load, since = 0, start
    for point, change in _changes(intervals, start, stop):
        if change and point > since:
            yield since, point, load
            since = point
        load += change
    yield since, stop, load


def _changes(
    intervals: Iterable[Interval[T]], start: T, stop: T
) -> list[tuple[T, int]]:
    """Return the net change of load at each instant of [start, stop), sorted."""
    _require_order(start, stop, "The window")
    changes: dict[T, int] = {}
    for taken_from, taken_to, quantity in intervals:
        _require_interval(taken_from, taken_to, quantity)
        if taken_to <= start or taken_from >= stop:
            continue
        begin = max(taken_from, start)
        changes[begin] = changes.get(begin, 0) + quantity
        if taken_to < stop:
            changes[taken_to] = changes.get(taken_to, 0) - quantity
    return sorted(changes.items())


def _divided(steps: Sequence[Step[T]], divisor: int) -> list[Step[T]]:
    """Return the steps in composites instead of units, after checking them."""
    if divisor < 1:
        raise ValueError(f"A composite needs at least 1 of a component, not {divisor}.")
    if not steps:
        raise ValueError("A component has 0 steps, so its window is unknown.")
    for start, stop, _free in steps:
        _require_order(start, stop, "A step")
    for before, after in pairwise(steps):
        if before[1] != after[0]:
            raise ValueError(
                f"The steps of a component do not tile: one ends at {before[1]},"
                f" the next starts at {after[0]}."
            )
    return _merged((start, stop, free // divisor) for start, stop, free in steps)


def _pointwise_min(left: list[Step[T]], right: list[Step[T]]) -> list[Step[T]]:
    """Return the smaller of two step functions that tile the same window."""
    smaller: list[Step[T]] = []
    i = j = 0
    since = left[0][0]
    while i < len(left):
        until = min(left[i][1], right[j][1])
        smaller.append((since, until, min(left[i][2], right[j][2])))
        i += left[i][1] == until
        j += right[j][1] == until
        since = until
    return _merged(smaller)


def _merged(steps: Iterable[Step[T]]) -> list[Step[T]]:
    """Join neighbouring steps with the same value."""
    merged: list[Step[T]] = []
    for start, stop, free in steps:
        if merged and merged[-1][2] == free:
            start = merged.pop()[0]
        merged.append((start, stop, free))
    return merged


def _window(steps: Sequence[Step[T]]) -> tuple[T, T]:
    return steps[0][0], steps[-1][1]


def _span(start: T, stop: T) -> str:
    return f"from {start} to {stop}"


def _require_capacity(capacity: int) -> None:
    if capacity < 0:
        raise ValueError(f"A capacity cannot be negative: {capacity}.")


def _require_order(start: T, stop: T, what: str) -> None:
    if not start < stop:
        raise ValueError(f"{what} must end after it starts: {_span(start, stop)}.")


def _require_interval(start: T, stop: T, quantity: int) -> None:
    _require_order(start, stop, "An interval")
    if quantity < 0:
        raise ValueError(f"A quantity taken cannot be negative: {quantity}.")
