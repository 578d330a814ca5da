"""The core of ``kiosk run``: one asyncio thread that feeds the engine and tells the screen what to draw."""

from __future__ import annotations

import asyncio
import logging
import threading
import time
from collections.abc import Callable
from dataclasses import replace

from kiosk.executor import Executor
from kiosk.flow.engine import Engine
from kiosk.flow.events import Action, Event, Intent, Outcome
from kiosk.flow.pages import Screen
from kiosk.flow.state import FlowState, Phase, World, WorldChanged
from kiosk.staff.desk import Desk

log = logging.getLogger("kiosk.session")

Saw = Callable[[FlowState, Event | WorldChanged, FlowState, str, bool], None]
"""State, event, state, the kind of page that stands then, whether the flow failed on it."""


class Session:
    """Owns the flow's state. ``send`` may be called from any thread; screens are told on the core's thread."""

    def __init__(self, lang: str) -> None:
        self._state = FlowState(lang=lang)
        self._home_lang = lang
        self._screens: list[Callable[[Screen], None]] = []
        self._previews: list[Callable[[bytes], None]] = []
        self._saw: Saw | None = None
        self._engine: Engine | None = None
        self._executor: Executor | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._last: Screen | None = None
        self._beat_at = float("-inf")
        self._seen_at = time.monotonic()
        self.ready = threading.Event()
        self.desk = Desk()

    def beat(self) -> None:
        """The core's loop lives."""
        self._beat_at = time.monotonic()

    def seen(self) -> None:
        """The screen's loop lives (called in its thread)."""
        self._seen_at = time.monotonic()

    @property
    def unseen_s(self) -> float:
        """Seconds since the screen's loop last said that it lives."""
        return time.monotonic() - self._seen_at

    @property
    def silent_s(self) -> float:
        """Seconds since the core's loop last said that it lives."""
        return time.monotonic() - self._beat_at

    @property
    def visiting(self) -> bool:
        """Whether somebody is being served; on the core's loop."""
        return self._state.phase not in (Phase.ATTRACT, Phase.OUT_OF_SERVICE)

    def end_visit(self) -> None:
        """End it as if nobody had touched the screen; on the core's loop.

        Nothing while its page cannot be left, and the farewell stands: it reminds of what lies in the machine.
        """
        if self._state.phase in (Phase.HOME, Phase.SERVICE):
            self._step(Intent(Action.EXPIRE))

    def on_screen(self, callback: Callable[[Screen], None]) -> None:
        """Call back with every screen (from the core's thread), beginning with the present one."""
        self._screens.append(callback)
        if self._last is not None:
            callback(self._last)

    def on_preview(self, callback: Callable[[bytes], None]) -> None:
        """Call back with every camera preview (JPEG; empty: no more)."""
        self._previews.append(callback)

    def on_move(self, saw: Saw) -> None:
        """Tell that one of each move of the flow, on the core's loop; what it fails on is logged and harms no visit."""
        self._saw = saw

    def send(self, event: Event) -> None:
        """Take what a person did; from any thread."""
        loop = self._loop
        if loop is not None and not loop.is_closed():
            loop.call_soon_threadsafe(self._step, event)

    # --- on the core's loop ----------------------------------------------------------------------------

    def begin(self, engine: Engine, executor: Executor, closed: str = "") -> None:
        """The composition root has put everything together; draw the first screen.

        ``closed`` says why nobody is served yet (``outOfService.*``), until the first ``world`` comes.
        """
        self._loop = asyncio.get_running_loop()
        self._engine, self._executor = engine, executor
        if closed:
            self._step(WorldChanged(World(out_of_service=closed)))
        self._draw()
        self.ready.set()

    def preview(self, jpeg: bytes) -> None:
        """A frame for the screen."""
        for callback in self._previews:
            callback(jpeg)

    def told(self, outcome: Outcome) -> None:
        """An effect came to something."""
        self._step(outcome)

    def world(self, world: World) -> None:
        """The surroundings changed."""
        self._step(WorldChanged(world))

    def _step(self, event: Event | WorldChanged) -> None:
        assert self._engine is not None and self._executor is not None, "stepped before it began"
        before, failed = self._state, False
        try:
            self._state, issued = self._engine.step(before, event)
            page = self._engine.screen(
                self._state
            )  # one that cannot be drawn is a failure of the flow as well
        except Exception:
            log.exception("the flow failed on %s; the visit is ended and wiped", type(event).__name__)
            failed = True
            self._state, issued = self._engine.abandon(before)
            page = self._engine.screen(self._state)
        self._tell(before, event, page, failed)
        wiped = not self._state.visit and self._state.serial != before.serial
        if wiped:  # the next visitor speaks for themselves
            self._state = replace(self._state, lang=self._home_lang)
        for one in issued:
            self._executor.issue(one)
        self._draw()

    def _tell(self, before: FlowState, event: Event | WorldChanged, screen: Screen, failed: bool) -> None:
        if self._saw is None:
            return
        try:
            self._saw(before, event, self._state, screen.page.kind, failed)
        except Exception:
            log.exception("a move of the flow could not be watched; no more is watched")
            self._saw = None

    def _draw(self) -> None:
        assert self._engine is not None, "drawn before it began"
        screen = self._engine.screen(self._state)
        if screen != self._last:
            self._last = screen
            for callback in self._screens:
                callback(screen)
