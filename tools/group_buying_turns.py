"""Goods in short supply while members come and go, without counting all anew."""

from collections.abc import Sequence
from heapq import heapify, heappop, heappush, heapreplace

from .apportionment import RationRule, rationed


class Turns:
    """Who gets how much of too little, by a rule of `ration`.

    A rule puts the units of every claim into one order (their turns) that does not
    depend on who else is there; a group gets the first units of its own. So what
    somebody leaves behind goes to those whose turn is next, and who comes in takes the
    place of the last units that come after its own.

    Turns are whole numbers, the smaller one first; their last bits tell whose it is.
    """

    def __init__(
        self, rule: RationRule, claims: Sequence[int], minima: Sequence[int]
    ) -> None:
        """Begin with nobody.

        :param claims: by position in the order of service, of all who may take part
        :param minima: what each takes at least, no more than its claim
        """
        self._rule, self._claims, self._minima = rule, claims, minima
        self._whole = rule == "priority"
        count = len(claims)
        self._whose = list(range(count))
        if not self._whole:
            self._whose.sort(key=lambda p: (-claims[p], p))
        self._rank = [0] * count
        for rank, position in enumerate(self._whose):
            self._rank[position] = rank
        self._shift = count.bit_length()
        self._mask = (1 << self._shift) - 1
        # As many bits as keep two different fractions of claims apart.
        largest = max(claims, default=0)
        self._bits = 2 * (2 * largest + 1).bit_length()
        self._start = largest << self._bits
        self.restart({})

    def restart(self, got: dict[int, int]) -> None:
        """Go on from what the rule gives to a group."""
        self.got, self.total = dict(got), sum(got.values())
        self._forget()

    def _forget(self) -> None:
        self._next_turn: dict[int, int] = {}
        self._last_turn: dict[int, int] = {}
        self._next: list[int] | None = None
        self._last: list[int] | None = None
        self._worst: list[int] | None = None

    # Coming and going

    def leave(self, position: int) -> None:
        """Let somebody go; what it had is nobody's until `settle`."""
        self.total -= self.got.pop(position)
        self._next_turn.pop(position, None)
        self._last_turn.pop(position, None)

    def join(self, position: int, available: int) -> None:
        """Let somebody in, and hand out what there is then."""
        self._before = None
        if not self._whole and 2 * self._claims[position] > len(self.got):
            turns = self._next_turn, self._last_turn
            heaps = self._next, self._last, self._worst
            self._before = self.got, self.total, turns, heaps
            self.got = {**self.got, position: 0}
            self._count(available)
        else:
            self._enter(position)
            if available > self.total:
                self.settle(available)
            self._displace(position)
            self.settle(available)

    def undo_join(self, position: int, available: int) -> None:
        """Let somebody go who has just come, when that much was available without."""
        if self._before is None:
            self.leave(position)
            self.settle(available)
        else:
            self.got, self.total, turns, heaps = self._before
            self._next_turn, self._last_turn = turns
            self._next, self._last, self._worst = heaps

    def _enter(self, position: int) -> None:
        heap, turn = self._following(), self._turn(position, 1)
        self.got[position], self._next_turn[position] = 0, turn
        heappush(heap, turn)
        if self._worst is not None and self._minima[position]:
            heappush(self._worst, self._part(position))

    def _displace(self, position: int) -> None:
        """Let who has come in take units from those whose turn is later."""
        following, last = self._following(), self._handed_out()
        claim, whole = self._claims[position], self._whole
        while self.got[position] < claim and self.total:
            loser = self._owner(last, self._last_turn, -1)
            turn = self._next_turn[position]
            if turn >= self._last_turn[loser]:
                return
            most = claim - self.got[position]
            units = min(most, self.got[loser]) if whole else 1
            self._take(units)
            self._hand(position, units, turn)
            heappush(following, self._next_turn.get(position, turn))

    def settle(self, available: int) -> None:
        """Hand out what there is now, no more than the sum of the claims."""
        missing = available - self.total
        if not self._whole and 2 * abs(missing) > len(self.got):
            self._count(available)
        elif missing > 0:
            self._give(missing)
        elif missing < 0:
            self._take(-missing)

    def _count(self, available: int) -> None:
        """Hand out all anew, because too many units would change hands."""
        group = sorted(self.got)
        claims = [self._claims[position] for position in group]
        shares = rationed(available, claims, self._rule)
        self.got, self.total = dict(zip(group, shares, strict=True)), available
        self._forget()

    def hopeless(self, position: int) -> bool:
        """Say that somebody who joins cannot get its minimum if no more is there."""
        if not self.total:
            return True
        last = self._handed_out()
        latest = self._last_turn[self._owner(last, self._last_turn, -1)]
        return self._turn(position, self._minima[position]) > latest

    def worst(self) -> int | None:
        """Return who gets the smallest part of its minimum; of equals the last one.

        None when nobody gets less than its minimum.
        """
        if self._worst is None:
            # Whoever falls below its minimum later is noted then.
            minima = self._minima
            self._worst = [self._part(p) for p, n in self.got.items() if n < minima[p]]
            heapify(self._worst)
        heap = self._worst
        while heap:
            part = heap[0]
            position = self._mask - (part & self._mask)
            if position not in self.got:
                heappop(heap)
                continue
            # A part that has grown since it was noted is noted anew when it matters.
            now = self._part(position)
            if now == part:
                short = self.got[position] < self._minima[position]
                return position if short else None
            heapreplace(heap, now)
        return None

    # Turns

    def _turn(self, position: int, unit: int) -> int:
        """Return when the n-th unit of a claim is handed out."""
        if self._rule == "proportional":
            score = (self._claims[position] << self._bits) // (2 * unit - 1)
            turn = self._start - score
        else:
            turn = unit if self._rule == "equal" else 0
        return turn << self._shift | self._rank[position]

    def _part(self, position: int) -> int:
        part = (self.got[position] << self._bits) // self._minima[position]
        return part << self._shift | self._mask - position

    def _following(self) -> list[int]:
        """Return the heap of the turns that come next."""
        if self._next is None:
            self._next_turn = {
                position: self._turn(position, got + 1)
                for position, got in self.got.items()
                if got < self._claims[position]
            }
            self._next = list(self._next_turn.values())
            heapify(self._next)
        return self._next

    def _handed_out(self) -> list[int]:
        """Return the heap of the last turns of all, negative: the latest first."""
        if self._last is None:
            self._last_turn = {
                position: self._turn(position, got)
                for position, got in self.got.items()
                if got
            }
            self._last = [-turn for turn in self._last_turn.values()]
            heapify(self._last)
        return self._last

    def _owner(self, heap: list[int], turns: dict[int, int], sign: int) -> int:
        """Return whose turn is at the top, after those that are no longer true."""
        while True:
            turn = sign * heap[0]
            position = self._whose[turn & self._mask]
            if turns.get(position) == turn:
                return position
            heappop(heap)

    def _give(self, units: int) -> None:
        heap, turns, whole = self._following(), self._next_turn, self._whole
        while units:
            turn = heap[0]
            position = self._whose[turn & self._mask]
            if turns.get(position) != turn:
                heappop(heap)
                continue
            more = 1
            if whole:
                more = min(units, self._claims[position] - self.got[position])
            units -= more
            self._hand(position, more, turn)
            if position in turns:
                heapreplace(heap, turns[position])
            else:
                heappop(heap)

    def _hand(self, position: int, units: int, turn: int) -> None:
        """Hand units to somebody, the last of them at this turn."""
        got = self.got[position] = self.got[position] + units
        self.total += units
        if got < self._claims[position]:
            self._next_turn[position] = self._turn(position, got + 1)
        else:
            del self._next_turn[position]
        if self._last is not None:
            self._last_turn[position] = turn
            heappush(self._last, -turn)

    def _take(self, units: int) -> None:
        heap, whole = self._handed_out(), self._whole
        while units:
            position = self._owner(heap, self._last_turn, -1)
            turn = self._last_turn[position]
            less = min(units, self.got[position]) if whole else 1
            got = self.got[position] = self.got[position] - less
            self.total -= less
            units -= less
            if got:
                self._last_turn[position] = self._turn(position, got)
                heapreplace(heap, -self._last_turn[position])
            else:
                del self._last_turn[position]
                heappop(heap)
            if self._next is not None:
                self._next_turn[position] = turn
                heappush(self._next, turn)
            if self._worst is not None and self._minima[position]:
                heappush(self._worst, self._part(position))
