"""A fuzzer's bytes read as small numbers and pieces, so that inputs reach behind check sums and state machines."""

from __future__ import annotations


class Script:
    """Reads from the front; past the end come zeros and empty pieces."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0

    @property
    def more(self) -> bool:
        """Whether bytes are left."""
        return self._at < len(self._data)

    def byte(self) -> int:
        """The next byte, 0 at the end."""
        if not self.more:
            return 0
        self._at += 1
        return self._data[self._at - 1]

    def piece(self) -> bytes:
        """A piece with its length (one byte) in front."""
        return self.take(self.byte())

    def stretched(self) -> bytes:
        """A piece one to four times, as the byte in front of it says: long messages out of short inputs."""
        times = 1 + self.byte() // 64
        return self.piece() * times

    def take(self, size: int) -> bytes:
        """At most ``size`` bytes."""
        taken = self._data[self._at : self._at + size]
        self._at += len(taken)
        return taken

    def rest(self) -> bytes:
        """All that is left."""
        return self.take(len(self._data))
