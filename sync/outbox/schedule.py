"""Whose turn it is: in order for each taxpayer, in parallel across, urgent first, nobody starves.

Pure: no threads, no clock, no network; every method takes the monotonic time. A *chain* is what waits for one
taxpayer, in journal order. Only a chain's first effect may be sent, and only one at a time. A chain is as
urgent as its most urgent effect, so that a payment is not stuck behind the return it follows.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable
from dataclasses import dataclass, field

from sync.backoff import Backoff
from sync.outbox.lanes import Lane
from sync.outbox.verdicts import Ruling, Verdict

AGE_S = 600.0
"""A chain gains one lane for each ten minutes it waits (transactions note, 3.4)."""


@dataclass(frozen=True, slots=True)
class Item:
    """One effect that waits."""

    key: str
    kind: str
    order_tag: str
    position: int
    lane: Lane


@dataclass(slots=True)
class _Chain:
    items: list[Item] = field(default_factory=list)
    since: dict[str, float] = field(default_factory=dict)  # key -> when it began to wait
    tries: int = 0
    next_at: float = 0.0
    in_flight: str | None = None
    version: int = 0

    def rank(self) -> float:
        """Lower goes first: the best of lane and age over all effects of the chain."""
        return min(item.lane * AGE_S + self.since[item.key] for item in self.items)


class Schedule:
    """Effects that wait, by chain. Parked ones are known but never taken."""

    def __init__(self, backoff: Callable[[Lane], Backoff]) -> None:
        """``backoff`` gives the waiting times of a lane."""
        self._backoff = backoff
        self._chains: dict[str, _Chain] = {}
        self._items: dict[str, Item] = {}
        self._parked: dict[str, Item] = {}
        self._ready: list[tuple[float, int, str, int]] = []  # rank, position, tag, version
        self._waiting: list[tuple[float, str, int]] = []  # next_at, tag, version
        self._paused_until = 0.0

    def __len__(self) -> int:
        """How many effects wait to be delivered, parked ones not counted."""
        return len(self._items)

    @property
    def parked(self) -> tuple[Item, ...]:
        """Effects set aside."""
        return tuple(self._parked.values())

    def items(self) -> tuple[Item, ...]:
        """Effects that wait, parked ones not among them."""
        return tuple(self._items.values())

    def oldest(self, now: float) -> float | None:
        """How long the longest-waiting effect has waited, in seconds."""
        since = [min(chain.since.values()) for chain in self._chains.values()]
        return now - min(since) if since else None

    def knows(self, key: str) -> bool:
        """True when the effect waits or is parked."""
        return key in self._items or key in self._parked

    def add(self, item: Item, now: float, *, parked: bool = False) -> None:
        """Let an effect wait (or remember it as parked); adding it again changes nothing."""
        if self.knows(item.key):
            return
        if parked:
            self._parked[item.key] = item
            return
        self._items[item.key] = item
        chain = self._chains.setdefault(item.order_tag, _Chain())
        chain.items.append(item)
        chain.items.sort(key=lambda i: i.position)
        chain.since[item.key] = now
        self._queue(item.order_tag, now)

    def remove(self, key: str, now: float) -> None:
        """The effect needs no delivery any more: answered, or settled without us."""
        self._parked.pop(key, None)
        item = self._items.pop(key, None)
        if item is None:
            return
        chain = self._chains[item.order_tag]
        if chain.items[0].key == key:
            chain.tries, chain.next_at = 0, now
        chain.items.remove(item)
        del chain.since[key]
        if chain.in_flight == key:
            chain.in_flight = None
        if chain.items:
            self._queue(item.order_tag, now)
        else:
            del self._chains[item.order_tag]

    def take(self, now: float) -> Item | None:
        """The effect to send now, or None; it is in flight until ``remove``, ``failed`` or ``park``."""
        if now < self._paused_until:
            return None
        while self._waiting and self._waiting[0][0] <= now:
            _, tag, version = heapq.heappop(self._waiting)
            if self._current(tag, version):
                self._queue(tag, now)
        while self._ready:
            _, _, tag, version = heapq.heappop(self._ready)
            if self._current(tag, version):
                chain = self._chains[tag]
                chain.in_flight = chain.items[0].key
                chain.version += 1
                return chain.items[0]
        return None

    def failed(self, key: str, ruling: Ruling, now: float) -> None:
        """No answer came: when it is tried again depends on the ruling."""
        item = self._items.get(key)
        if item is None:
            return
        chain = self._chains[item.order_tag]
        chain.in_flight = None
        backoff = self._backoff(item.lane)
        if ruling.verdict is Verdict.LINK:
            chain.next_at = now  # the link decides when anybody sends again
        elif ruling.verdict is Verdict.PAUSE:
            chain.next_at = now
            wait = ruling.retry_after
            self.pause(now + (backoff.delay(chain.tries) if wait is None else wait))
            chain.tries += 1
        elif ruling.verdict is Verdict.SHORT:
            chain.next_at = now + (ruling.retry_after or 0.0)
        else:
            wait = backoff.delay(chain.tries)
            chain.next_at = now + (wait if ruling.retry_after is None else ruling.retry_after)
            chain.tries += 1
        self._queue(item.order_tag, now)

    def park(self, key: str, now: float) -> None:
        """Set an effect aside so that what comes behind it can pass."""
        item = self._items.get(key)
        if item is not None:
            self.remove(key, now)
            self._parked[key] = item

    def release(self, key: str, now: float) -> bool:
        """Let a parked effect wait again, in its place; False when it is not parked."""
        item = self._parked.pop(key, None)
        if item is None:
            return False
        self.add(item, now)
        return True

    def pause(self, until: float) -> None:
        """Send nothing at all before ``until``."""
        self._paused_until = max(self._paused_until, until)

    def wake_at(self, now: float) -> float | None:
        """When ``take`` may give something again; None when nothing waits that is not in flight."""
        while self._ready and not self._current(self._ready[0][2], self._ready[0][3]):
            heapq.heappop(self._ready)
        while self._waiting and not self._current(self._waiting[0][1], self._waiting[0][2]):
            heapq.heappop(self._waiting)
        times = ([now] if self._ready else []) + ([self._waiting[0][0]] if self._waiting else [])
        return max(min(times), self._paused_until) if times else None

    def _current(self, tag: str, version: int) -> bool:
        chain = self._chains.get(tag)
        return chain is not None and chain.version == version and chain.in_flight is None

    def _queue(self, tag: str, now: float) -> None:
        """Put the chain where it belongs; entries made before this are void."""
        chain = self._chains[tag]
        chain.version += 1
        if chain.in_flight is not None:
            return
        if chain.next_at > now:
            heapq.heappush(self._waiting, (chain.next_at, tag, chain.version))
        else:
            heapq.heappush(self._ready, (chain.rank(), chain.items[0].position, tag, chain.version))
