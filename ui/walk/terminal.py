"""A terminal for whoever plays people before it: its screen in this process, over a stack's running programs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from config.clock import SystemClock
from config.settings import load_terminal
from kiosk.session import Session
from kiosk.stack import Stack
from ui.bridge.start import Screen, start
from ui.core_thread import CoreThread
from ui.walk.hands import Hands
from ui.walk.touch import NotThere, wait_until
from ui.walk.wish import Seen

START_WITHIN_S = 90.0
TOLD = ("lang", "mode", "online")
"""What the frame around a page says that a visitor goes by."""


class Terminal:
    """What ``kiosk run`` is, with a finger's reach: ``open`` it once, and let one visitor after the other come."""

    screen: Screen
    core: CoreThread

    def __init__(self, stack: Stack, hands: Callable[[str, str], Hands] = Hands) -> None:
        """The stack's programs run already; ``hands`` makes those at its cabinet of address and token."""
        self.stack = stack
        cabinet = stack.cabinet()
        self.hands = hands(cabinet["control"], cabinet["token"])

    def open(self) -> None:
        """Returns when the first page stands and the devices were looked at once; raises ``NotThere`` if never."""
        settings = load_terminal(self.stack.terminal_file, self.stack.env())
        session = Session(settings.display.lang)
        self.core = CoreThread(settings, session)
        self.core.start()
        if not self.core.wait_ready(START_WITHIN_S):
            raise NotThere("the core did not come up")
        clock = SystemClock(timedelta(seconds=self.stack.offset_s))
        self.screen = start(session, orientation=settings.display.orientation, clock=clock)
        wait_until(lambda: self.seen().kind == "attract", START_WITHIN_S, "the attract page")
        wait_until(lambda: bool(self.frame["ready"]), START_WITHIN_S, "the first look around")

    def shut(self) -> None:
        """End core and screen, in the order of ``kiosk run``; also what stands half open. The hands stay."""
        if hasattr(self, "core"):
            self.core.stop()
        if hasattr(self, "screen"):
            self.screen.close()

    def close(self) -> None:
        """End everything that ``open`` began, and let go of the cabinet."""
        self.shut()
        self.hands.close()

    @property
    def frame(self) -> Mapping[str, Any]:
        """What is told around every page."""
        return self.screen.session.flow.around

    def seen(self) -> Seen:
        """The page as the screen was told to show it; read only."""
        flow = self.screen.session.flow
        page = {**flow.shown, **{name: self.frame[name] for name in TOLD}}
        return Seen(str(page["kind"]), int(flow.property("serial")), str(page.get("state", "")), page)

    def moment(self) -> tuple[str, int]:
        """Which page it is; a picture is taken only while it stands."""
        seen = self.seen()
        return seen.kind, seen.serial
