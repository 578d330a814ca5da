"""Where the staff's touches and pages cross between the Qt thread and the core's loop."""

from __future__ import annotations

import asyncio
import enum
from collections.abc import Callable
from dataclasses import dataclass

from kiosk.staff.views import StaffView


class StaffAction(enum.StrEnum):
    """What a member of staff may do."""

    ENTER = "enter"
    LEAVE = "leave"
    DIGIT = "digit"
    LANGUAGE = "language"
    BOARD = "board"
    WHY = "why"
    GUIDE = "guide"
    TURN = "turn"
    RESET = "reset"
    TRIALS = "trials"
    TRIAL = "trial"
    CARE = "care"
    CARED = "cared"
    LOAD = "load"
    FOCUS = "focus"
    TYPE = "type"
    STORE = "store"
    UNLOCK = "unlock"
    EMPTIED = "emptied"
    PAUSE = "pause"
    RESUME = "resume"
    HANDOVER = "handover"
    PRINT = "print"
    EXCHANGE = "exchange"
    SETTLEMENT = "settlement"
    SETTLE = "settle"


@dataclass(frozen=True, slots=True)
class StaffIntent:
    """One touch. ``value`` is a role, a unit, a guide or a key, as the action needs."""

    action: StaffAction
    value: str = ""


OnView = Callable[[StaffView | None], None]


class Desk:
    """``send`` may be called from any thread and never blocks; views are told on the core's loop."""

    def __init__(self) -> None:
        self._views: list[OnView] = []
        self._loop: asyncio.AbstractEventLoop | None = None
        self._take: Callable[[StaffIntent], None] | None = None

    def begin(self, take: Callable[[StaffIntent], None]) -> None:
        """From now on intents come to ``take``, on the running loop."""
        self._loop, self._take = asyncio.get_running_loop(), take

    def send(self, intent: StaffIntent) -> None:
        """Hand a touch over; before the core has begun, and after it ended, nobody listens."""
        if self._take is not None and self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._take, intent)

    def on_view(self, callback: OnView) -> None:
        """Call back with every page; None when the public screen is back."""
        self._views.append(callback)

    def show(self, view: StaffView | None) -> None:
        """Tell everybody what is to be drawn."""
        for callback in self._views:
            callback(view)
