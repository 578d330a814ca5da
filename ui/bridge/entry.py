"""The text under the keypad between a key and the page that shows it, so that quick fingers lose nothing."""

from __future__ import annotations

import time
from collections.abc import Callable

from ui.bridge.keys import BACK, CLEAR, is_masked, plain, press

SETTLED_S = 1.0
"""After this long without a key the page's value is the truth again."""


class Entry:
    """One row at a time. The form itself is kept by the core; this forgets with every other row and page."""

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._monotonic = monotonic
        self._row = ""
        self._text = ""
        self._pressed_at = float("-inf")

    def press(self, row: str, shown: str, key: str, keypad: str, most: int = 0) -> str:
        """The row's text after ``key``. The first digit on a figure that stood there before replaces it."""
        fresh = row != self._row or self._settled()
        text = self._begin(shown, keypad, key, same=row == self._row) if fresh else self._text
        self._row, self._text = row, press(text, key, keypad, most)
        self._pressed_at = self._monotonic()
        return self._text

    def forget(self) -> None:
        """Drop what was typed."""
        self._row, self._text, self._pressed_at = "", "", float("-inf")

    def _settled(self) -> bool:
        return self._monotonic() - self._pressed_at > SETTLED_S

    def _begin(self, shown: str, keypad: str, key: str, *, same: bool) -> str:
        if is_masked(shown):
            return self._text if same and len(self._text) == len(shown) else ""
        begun = plain(shown, keypad)
        return "" if not same and self._replaces(begun, key, keypad) else begun

    def _replaces(self, begun: str, key: str, keypad: str) -> bool:
        """Whether a key begins anew: on a figure, and where what stood there leaves no room for one more."""
        if key in (BACK, CLEAR):
            return False
        return keypad in ("money", "count") or press(begun, key, keypad) == begun
