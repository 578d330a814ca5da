"""People before a terminal's maintenance pages: real pages under a finger, over a stack's running programs.

Every touch goes to a visible, enabled item, and the next one waits for what the page then shows: nothing here waits for
a fixed time.
"""

from __future__ import annotations

import os

os.environ["QT_QPA_PLATFORM"] = "offscreen"
os.environ["QT_QUICK_BACKEND"] = "software"
os.environ["KIOSK_REDUCED_MOTION"] = "1"

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from config.texts import Texts
from kiosk.stack import Stack
from ui.bridge.start import Screen
from ui.walk.hands import Hands
from ui.walk.terminal import Terminal
from ui.walk.touch import Finger, NotThere, wait, wait_until

WITHIN_S = 90.0
HELD_MS = 500
"""Between two tries to hold a code before the reader's window."""
Page = Mapping[str, Any]


class Bench:
    """One terminal's screen with a finger, and the hands at its cabinet."""

    def __init__(self, screen: Screen, hands: Hands, words: Texts) -> None:
        self._screen, self._finger, self._words = screen, Finger(screen.window), words
        self.hands = hands

    # --- looking ---------------------------------------------------------------------------------------

    @property
    def page(self) -> Page:
        """What the maintenance pages were told to show."""
        return self._screen.session.staff.shown

    def see(self, kind: str, what: Callable[[Page], bool] = lambda _page: True) -> Page:
        """Wait for a page that nobody works behind; raises ``NotThere`` with the one that stands instead."""

        def seen() -> bool:
            page = self.page
            return page["kind"] == kind and not page["busy"] and what(page)

        try:
            wait_until(seen, WITHIN_S, f"the page {kind!r}")
        except NotThere as error:
            raise NotThere(f"{error}: {self.page}") from error
        return self.page

    def read(self, text_id: str, **values: object) -> Callable[[Page], bool]:
        """The page says this text, as its lead or its message."""
        text = self._words.get(text_id, **values)
        return lambda page: text in (page["lead"], page["message"])

    # --- touching --------------------------------------------------------------------------------------

    def tap(self, name: str) -> None:
        """Touch what is there and may be touched."""
        wait_until(lambda: self._touchable(name), WITHIN_S, f"{name!r} to touch")
        self._finger.tap(name)

    def _touchable(self, name: str) -> bool:
        item = self._finger.find(name)
        return item is not None and item.isEnabled()

    def sign_in(self, code: str) -> None:
        """Hold the bureau's mark until the keypad comes, and type the code."""
        flow = self._screen.session.flow
        wait_until(lambda: flow.property("kind") == "attract", WITHIN_S, "the start page")
        self._finger.hold("staffCorner", lambda: self.page["kind"] == "signIn", WITHIN_S)
        self.type_code(code)
        self.see("board")

    def type_code(self, code: str) -> None:
        """Digit by digit, as the dots fill; the last one begins what the code is for."""
        for typed, digit in enumerate(code):
            self.see("signIn", _typed(typed))
            self.tap(f"key:{digit}")

    def count(self, unit: str, first: str, count: str) -> None:
        """Into the rows of a unit, in place of what stands there."""
        self.tap(f"unit:tab:{unit}")
        self.see("load", lambda page: bool(page["unit"] == f"tab:{unit}"))
        for row, text in (("first", first), ("count", count)):
            self.tap(f"entry:{row}")
            self.see("load", _row(row, "focused", True))
            self.tap("key:clear")
            self.see("load", _row(row, "value", ""))
            for end, digit in enumerate(text, start=1):
                self.tap(f"key:{digit}")
                self.see("load", _row(row, "value", text[:end]))

    def leave(self) -> None:
        """Sign off; the public has the screen again."""
        self.tap("staff:leave")
        wait_until(lambda: not self._screen.session.staff.open, WITHIN_S, "the public screen")

    def hold_to_reader(self, text: str) -> None:
        """Hold a code to the reader, again and again, until the terminal has read it."""
        wait_until(lambda: self.read("bench.exchange.scan")(self.page), WITHIN_S, "the page that reads")
        while self.page["busy"]:
            self.hands.do("barcode", "scan", text=text)
            wait(HELD_MS)


def _typed(digits: int) -> Callable[[Page], bool]:
    return lambda page: bool(page["digits"] == digits)


def _row(row: str, what: str, value: object) -> Callable[[Page], bool]:
    return lambda page: any(entry["id"] == row and entry[what] == value for entry in page["entries"])


@contextmanager
def bench(stack: Stack) -> Iterator[Bench]:
    """The screen of ``kiosk run`` over the stack's programs, from its start page to its end."""
    terminal = Terminal(stack)
    try:
        terminal.open()
        yield Bench(terminal.screen, terminal.hands, Texts(stack.plan.lang))
    finally:
        terminal.close()
        wait(1)
