"""Lets another program ask the running sync program to try a parked effect again: one small file a wish.

``sync.db`` has one writer, so the command line does not touch it while the sync program runs.
"""

from __future__ import annotations

import re
from pathlib import Path

from sync.errors import SyncError

FOLDER = "sync-requests"
_KEY = re.compile(r"[0-9A-Za-z][0-9A-Za-z-]{0,63}")


class Releases:
    """The folder of wishes under the state directory."""

    def __init__(self, state_dir: Path) -> None:
        self._folder = state_dir / FOLDER

    def ask(self, key: str) -> None:
        """Leave a wish; raises ``SyncError`` for something that is no key."""
        if not _KEY.fullmatch(key):
            raise SyncError(f"{key!r} is not the key of an effect: see `kiosk sync parked list`")
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        (self._folder / f"release-{key}").touch(mode=0o600)

    def take(self) -> list[str]:
        """The keys asked for since the last time; their wishes are gone then."""
        keys = []
        for wish in sorted(self._folder.glob("release-*")) if self._folder.is_dir() else []:
            wish.unlink(missing_ok=True)
            keys.append(wish.name.removeprefix("release-"))
        return keys
