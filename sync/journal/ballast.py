"""A file that takes up room until the disk is full, then makes way so that what has begun can be finished."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

BALLAST_BYTES = 4 << 20
"""Room for about a thousand records and their WAL frames; a visit writes fewer than twenty."""


class Ballast:
    """The reserve beside a database file; ``hold`` takes the room, ``release`` gives it back."""

    def __init__(self, path: Path, size: int = BALLAST_BYTES) -> None:
        """``path`` is the database file; ``size`` in bytes, 0 for none."""
        self._path = path.with_name(path.name + ".ballast")
        self._size = size

    @property
    def held(self) -> bool:
        """True while the reserve is there."""
        return self._path.exists()

    def hold(self) -> bool:
        """Take the room with real blocks, not a hole; False when there is no room for it."""
        if not self._size or (self.held and self._path.stat().st_size >= self._size):
            return self.held
        try:
            descriptor = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC, 0o600)
            try:
                os.posix_fallocate(descriptor, 0, self._size)
            finally:
                os.close(descriptor)
        except OSError:
            self.release()
            return False
        return True

    def release(self) -> bool:
        """Give the room back; True when there was some."""
        held = self.held
        with contextlib.suppress(FileNotFoundError):
            self._path.unlink()
        return held
