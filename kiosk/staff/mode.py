"""The session of one member of staff at the terminal: signed in by code, nobody is served meanwhile.

Runs on the core's loop. Everything that was done is in the journal, under a visit of its own.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

from config.catalogue import Catalogue
from config.clock import Clock
from config.texts import Texts
from drivers.client import DeviceHub
from kiosk.books import JournalBooks
from kiosk.guards import Tries
from kiosk.machines import Machines
from kiosk.staff.caring import Caring
from kiosk.staff.desk import Desk, StaffAction, StaffIntent
from kiosk.staff.exchange import Count
from kiosk.staff.exchange_steps import ExchangeSteps
from kiosk.staff.exchanging import Exchanging
from kiosk.staff.front import Front, Place
from kiosk.staff.guides import GUIDES
from kiosk.staff.loading import Loading
from kiosk.staff.lookout import Lookout
from kiosk.staff.pages import Guiding
from kiosk.staff.presence import Presence
from kiosk.staff.settling import Settling
from kiosk.staff.signing import CodeRefused, Signing
from kiosk.staff.tasks import Tasks
from kiosk.staff.views import StaffView
from kiosk.waiting import set_within
from kiosk.watch import Watch

log = logging.getLogger("kiosk.staff")

LOOK_EVERY_S: Final = 2.0
LEFT_ALONE_S: Final = 300.0
"""A page nobody touches for so long goes back to the public screen: the person has walked away."""
MAINTENANCE: Final = "maintenance"
PAUSED: Final = "paused"
PUBLIC: Final = frozenset({StaffAction.ENTER, StaffAction.DIGIT, StaffAction.LEAVE, StaffAction.LANGUAGE})
"""What is listened to while nobody is signed in."""


class StaffMode:
    """Takes the desk's intents and tells it pages. One at a time; a touch during work is ignored."""

    def __init__(
        self,
        desk: Desk,
        hub: DeviceHub,
        machines: Machines,
        watch: Watch,
        books: JournalBooks,
        catalogue: Catalogue,
        words: Mapping[str, Texts],
        lang: str,
        clock: Clock,
        state_dir: Path,
        place: Place,
        pins: Mapping[str, str],
        tries: Tries,
        exchanging: Exchanging,
    ) -> None:
        self._desk, self._hub, self._watch = desk, hub, watch
        self._signing = Signing(books, pins, tries)
        self.presence = Presence(clock)
        self._lookout = Lookout(hub, watch, clock, state_dir)
        self._front = Front(desk, catalogue, words, lang, place, lambda: self._signing.name, self._busy)
        self._tasks = Tasks(
            self._front, self._signing, self._lookout, hub, machines, state_dir, place.terminal
        )
        self._exchange = ExchangeSteps(self._front, self._signing, self._lookout, self._tasks, exchanging)
        self._caring = Caring(self._front, self._signing, self._tasks, hub, watch)
        self._settling = Settling(self._front, self._signing, self._tasks, hub)
        self._guiding = Guiding()
        self._work: asyncio.Task[None] | None = None
        self._poke = asyncio.Event()
        self._touched_at = 0.0
        hub.on_change(lambda _role, _status: self._poke.set())

    # --- running ---------------------------------------------------------------------------------------

    async def run(self) -> None:
        """For ever: take touches, and draw again whenever something has changed."""
        self._desk.begin(self._take)
        if self._tasks.paused:
            self._watch.close_for(PAUSED)
        while True:
            self._poke.clear()  # what changes during the look is looked at again
            await self._lookout.look(faults_only=self._signing.signed is None)
            self._front.draw()
            if self._front.page is not None and _loop_time() - self._touched_at > LEFT_ALONE_S:
                await self._leave()
            await set_within(self._poke, LOOK_EVERY_S)

    async def close(self) -> None:
        """Sign off whoever is signed in."""
        if self._work is not None:
            self._work.cancel()
            await asyncio.gather(self._work, return_exceptions=True)
        self.presence.left()
        await self._signing.sign_off("restart")
        self._lookout.close()

    async def note(self, kind: str, data: Mapping[str, Any]) -> None:
        """Journal what happened under whoever is signed in; nothing while nobody is."""
        await self._signing.note(kind, data)

    def _busy(self) -> bool:
        return self._work is not None and not self._work.done()

    # --- touches ---------------------------------------------------------------------------------------

    def _take(self, intent: StaffIntent) -> None:
        """On the loop. Without a signed-in person only signing in and leaving is listened to."""
        self._touched_at = _loop_time()
        if self._busy() or (self._signing.signed is None and intent.action not in PUBLIC):
            return
        self._front.hush()
        self._work = asyncio.create_task(self._act(intent))
        self._work.add_done_callback(self._acted)

    def _acted(self, task: asyncio.Task[None]) -> None:
        if not task.cancelled() and task.exception() is not None:
            log.error("the staff's page failed", exc_info=task.exception())
            self._front.say("bench.failed", "bad")
        self._front.draw()
        self._poke.set()

    async def _act(self, intent: StaffIntent) -> None:
        front, tasks, value = self._front, self._tasks, intent.value
        match intent.action:
            case StaffAction.ENTER:
                if front.page is None:
                    self._signing.forget()
                    front.page = self._sign_in_page
            case StaffAction.DIGIT:
                await self._digit(value)
            case StaffAction.LEAVE:
                await self._leave()
            case StaffAction.LANGUAGE:
                front.turn_language()
            case StaffAction.BOARD:
                front.page = self._board_page
            case StaffAction.WHY:
                front.page = self._why_page
            case StaffAction.GUIDE:
                name, _, role = value.partition(":")
                if name in GUIDES:
                    self._guiding, front.page = Guiding(name, role or GUIDES[name].role), self._guide_page
            case StaffAction.TURN:
                self._guiding = self._guiding.turn(1 if value == "next" else -1)
            case StaffAction.RESET:
                await tasks.reset(value)
            case StaffAction.TRIALS:
                front.page = self._trials_page
            case StaffAction.TRIAL:
                front.page = self._trials_page
                await tasks.try_out(value)
            case StaffAction.CARE:
                front.page = self._caring.page
                await self._caring.look()
            case StaffAction.CARED:
                await self._caring.done(value)
            case StaffAction.SETTLEMENT:
                front.page = self._settling.page
                await self._settling.look()
            case StaffAction.SETTLE:
                await self._settling.step(value)
            case StaffAction.LOAD:
                tasks.begin_loading(value)
                front.page = self._load_page
            case StaffAction.FOCUS:
                self._type(lambda form: form.focus(value), lambda form: form.focus(value))
            case StaffAction.TYPE:
                self._type(lambda form: form.press(value), lambda form: form.press(value))
            case StaffAction.EXCHANGE:
                front.page = self._exchange_page
                await self._exchange.step(value)
            case StaffAction.STORE:
                await tasks.store()
            case StaffAction.UNLOCK:
                await tasks.unlock(value)
            case StaffAction.EMPTIED:
                await tasks.emptied()
            case StaffAction.PAUSE | StaffAction.RESUME:
                await tasks.pause(intent.action is StaffAction.PAUSE)
            case StaffAction.HANDOVER:
                front.page = self._handover_page
            case StaffAction.PRINT:
                await tasks.print_handover()

    def _type(self, load: Callable[[Loading], Loading], count: Callable[[Count], Count]) -> None:
        """Into the form that is open."""
        if self._front.page == self._exchange_page:
            self._exchange.type(count)
        else:
            self._tasks.loading = load(self._tasks.loading)

    # --- in and out ------------------------------------------------------------------------------------

    async def _digit(self, key: str) -> None:
        """Of the code of whoever signs in, or of the second person at an exchange."""
        page = self._front.page
        witness = page == self._exchange_page and self._exchange.awaits_witness
        if page is None or (self._signing.signed is not None and not witness):
            return
        code = self._signing.press(key)
        if code is not None:
            await (self._exchange.witness(code) if witness else self._sign_in(code))

    async def _sign_in(self, code: str) -> None:
        try:
            name = await self._signing.whose(code)
        except CodeRefused as error:
            return self._front.say(error.text_id, "bad")
        self._front.page = self._board_page
        self._watch.close_for(MAINTENANCE)
        self.presence.came(name)
        await self._signing.sign_in(name, self._front.lang)
        await self._lookout.look()

    async def _leave(self) -> None:
        self.presence.left()
        await self._signing.sign_off("left")
        self._signing.forget()
        self._tasks.trials = {}
        self._watch.close_for(PAUSED if self._tasks.paused else "")
        self._front.leave()
        self._front.draw()

    # --- pages -----------------------------------------------------------------------------------------

    def _sign_in_page(self) -> StaffView:
        signing = self._signing
        return self._front.pages.sign_in(signing.digits, locked=signing.locked, nobody=signing.nobody)

    def _board_page(self) -> StaffView:
        return self._front.pages.overview(self._lookout.known, self._tasks.paused)

    def _why_page(self) -> StaffView:
        return self._front.pages.why(self._lookout.known)

    def _guide_page(self) -> StaffView:
        return self._front.pages.guide(self._guiding, self._hub.status(self._guiding.role))

    def _trials_page(self) -> StaffView:
        return self._front.pages.trials(self._lookout.known.statuses, self._tasks.trials)

    def _load_page(self) -> StaffView:
        return self._front.pages.load(self._tasks.loading, sorted(self._lookout.known.units))

    def _handover_page(self) -> StaffView:
        return self._front.pages.handover(self._lookout.known, self._signing.name, self._tasks.paused)

    def _exchange_page(self) -> StaffView:
        return self._exchange.page()


def _loop_time() -> float:
    return asyncio.get_running_loop().time()
