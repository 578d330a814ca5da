"""How the scripted visitor fills in a form: row by row, on the screen's own keys."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from kiosk.stack import STAFF_CODE
from ui.walk import filling
from ui.walk.album import Album
from ui.walk.spelling import touches
from ui.walk.touch import GUARD_MS, Finger, towards
from ui.walk.wish import Seen, Wish

MOST_WORD_PAGES = 30
"""How often the strip of words is turned before a visitor gives up."""


class Writer:
    """Gives what only the visitor knows. ``picking``: what is wanted of the page that a row opened.

    ``pause`` is the person's moment between two touches, ``messages`` what came to their phone, the latest last.
    """

    def __init__(
        self,
        wish: Wish,
        finger: Finger,
        album: Album,
        pause: Callable[[int], None],
        messages: Callable[[], Sequence[str]],
    ) -> None:
        self._wish, self._finger, self._album = wish, finger, album
        self._pause, self._messages = pause, messages
        self._filled: set[str] = set()
        self.picking = ""

    def act(self, seen: Seen) -> bool | None:
        """The next row, or the way on when none is left; False asks to be called again."""
        row = filling.next_row(seen.page["rows"], self._given(), self._filled)
        if row is not None:
            return self._give(seen, row)
        if self._finger.find("key:done") is not None:
            self._finger.tap("key:done")
            self._pause(GUARD_MS)
        self._album.take("form")
        self._finger.tap("main")
        return None

    def _give(self, seen: Seen, row: Mapping[str, Any]) -> bool | None:
        """One row: Yes or No beside it, a page of its own that it opens, or its keys."""
        text = filling.text_for(row, self._given())
        if row.get("choices"):
            way = towards(self._finger, f"row:{row['id']}:{text}")
        elif seen.page["focused"] != row["id"]:
            way = towards(self._finger, f"row:{row['id']}")
        else:
            return self._type(row, text)
        self._finger.tap(way)
        self._pause(GUARD_MS)
        if not row["keypad"] and way.startswith("row:"):
            self._filled.add(row["id"])
            self.picking = text
            return None if not row.get("choices") else False
        return False

    def _type(self, row: Mapping[str, Any], text: str) -> bool:
        self._album.take(f"form-{row['id']}")
        if row["value"] and row["keypad"] not in ("money", "count"):
            self._erase(row["value"])
        for name in _keys(row, text):
            self._tap_key(name)
        self._filled.add(row["id"])
        self._pause(GUARD_MS)
        return False

    def _tap_key(self, name: str) -> None:
        """A key; a word may be on a further page of the strip."""
        for _ in range(MOST_WORD_PAGES if name.startswith("word:") else 0):
            if self._finger.find(name) is not None or self._finger.find("key:more") is None:
                break
            self._finger.tap("key:more")
        self._finger.tap(name)

    def _erase(self, shown: str) -> None:
        """What stands there already, with the keys there are for it; figures are replaced by the first key."""
        whole = self._finger.find("key:clear") is not None
        for name in ["key:clear"] if whole else ["key:back"] * len(shown):
            self._finger.tap(name)

    def _given(self) -> Mapping[str, str]:
        """What this visitor came with for rows that every walk knows, and for those of the wish."""
        wish = self._wish
        code = re.search(r"[0-9]{6}", self._messages()[-1]) if self._messages() else None
        known = {
            "sms": code[0] if code else "",
            "pin": STAFF_CODE,
            "ordinary": wish.invoiced,
            "uninvoiced": wish.sales,
        }
        asks = wish.asks.get(wish.lang, {})
        return {**known, **({"uscc": wish.taxpayer} if wish.taxpayer else {}), **wish.answers, **asks}


def _keys(row: Mapping[str, Any], text: str) -> Iterator[str]:
    """The keys that write the text; an address is ended with one touch where there is a key for it."""
    if row["keypad"] == "text":
        yield from touches(text)
        return
    ending = next((one for one in row.get("endings", ()) if text.endswith(one)), "")
    yield from (f"key:{character}" for character in text.removesuffix(ending))
    if ending:
        yield f"key:{ending}"
