"""How often one address may ask, and how often a code may be guessed for one number."""

from __future__ import annotations

import ipaddress
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Rate:
    """A bucket of ``burst`` that fills again in ``period_s`` seconds."""

    burst: int
    period_s: float


class Limiter:
    """Token buckets by name, the longest unused forgotten first beyond ``capacity``."""

    def __init__(
        self, rate: Rate, capacity: int = 20_000, monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        self.rate, self._capacity, self._monotonic = rate, capacity, monotonic
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()
        self._lock = threading.Lock()

    def wait_s(self, name: str) -> float:
        """Seconds until ``name`` may ask again; 0 when now. Takes nothing."""
        with self._lock:
            missing = 1 - self._level(name)
        return max(0.0, missing * self.rate.period_s / self.rate.burst)

    def take(self, name: str) -> float:
        """Take one token: 0.0 when there was one, else the seconds until there will be."""
        with self._lock:
            level = self._level(name)
            if level < 1:
                return (1 - level) * self.rate.period_s / self.rate.burst
            self._buckets[name] = (level - 1, self._monotonic())
            self._buckets.move_to_end(name)
            while len(self._buckets) > self._capacity:
                self._buckets.popitem(last=False)
            return 0.0

    def _level(self, name: str) -> float:
        level, at = self._buckets.get(name, (float(self.rate.burst), self._monotonic()))
        grown = (self._monotonic() - at) * self.rate.burst / self.rate.period_s
        return min(float(self.rate.burst), level + grown)


def network_of(address: str) -> str:
    """The part of an address that stands for one asker: an IPv6 network of 64 bits, or the address itself."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address[:64]
    if isinstance(parsed, ipaddress.IPv6Address):
        if parsed.ipv4_mapped:
            return str(parsed.ipv4_mapped)
        return str(ipaddress.IPv6Network((parsed, 64), strict=False))
    return str(parsed)
