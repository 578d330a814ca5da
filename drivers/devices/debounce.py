"""A contact that bounces: a change counts only when it has held."""

from __future__ import annotations


class Debounced:
    """One bit. ``hold_s`` is how long a new value must be seen before it is believed; the first one is at once."""

    def __init__(self, hold_s: float) -> None:
        self._hold_s = hold_s
        self._value: bool | None = None
        self._since: float | None = None

    def forget(self) -> None:
        """Nothing is known any more: the line was lost."""
        self._value = self._since = None

    def take(self, seen: bool, now: float) -> bool:
        """What to believe when ``seen`` is read at ``now`` (monotonic seconds)."""
        if self._value is None or not self._hold_s or seen == self._value:
            self._value, self._since = seen, None
        elif self._since is None:
            self._since = now
        elif now - self._since >= self._hold_s:
            self._value, self._since = seen, None
        return self._value
