"""The session of one member of staff at the terminal: signed in by code, nobody is served meanwhile.

Runs on the core's loop. Everything that was done is in the journal, under a visit of its own.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from config.catalogue import Catalogue
from config.clock import CHINA, Clock
from config.texts import Texts
from drivers import bench
from drivers.client import DeviceHub, DispenserClient
from drivers.client.errors import DeviceClientError
from drivers.ports import PrintOutcome
from kiosk.books import ENDED, JournalBooks
from kiosk.domain.ids import uuid7
from kiosk.effects.base import Origin
from kiosk.flow.state import World
from kiosk.guards import Tries, staff_of
from kiosk.machines import Machines
from kiosk.staff import handover
from kiosk.staff.board import Known
from kiosk.staff.desk import Desk, StaffAction, StaffIntent
from kiosk.staff.exchange import Count
from kiosk.staff.exchanging import Exchanging, Refused
from kiosk.staff.faults import FaultLog, fault
from kiosk.staff.guides import GUIDES
from kiosk.staff.loading import Loading, NotLoadable
from kiosk.staff.pages import Guiding, StaffPages
from kiosk.staff.today import Today
from kiosk.staff.views import StaffView, Trial
from kiosk.watch import ROLES, Watch
from sync.errors import SyncError
from sync.status import told
from sync.stock_note import Fate

log = logging.getLogger("kiosk.staff")

PIN_DIGITS: Final = 6
LOOK_EVERY_S: Final = 2.0
LEFT_ALONE_S: Final = 300.0
"""A page nobody touches for so long goes back to the public screen: the person has walked away."""
MAINTENANCE: Final = "maintenance"
PAUSED: Final = "paused"
PAUSED_FILE: Final = "paused"
"""Lies in the state directory while staff have paused the terminal, so that a restart does not open it."""
SUBJECT: Final = "staff"


@dataclass(frozen=True, slots=True)
class Place:
    """What names this terminal to its staff."""

    terminal: str
    hall: str
    version: str


@dataclass(frozen=True, slots=True)
class Signed:
    """Who is signed in, since when, under which visit of the journal."""

    name: str
    origin: Origin


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
        self._desk, self._hub, self._machines, self._watch, self._books = desk, hub, machines, watch, books
        self._written = {tag: StaffPages(texts, catalogue) for tag, texts in words.items()}
        self._words, self._home_lang, self._lang = words, lang, lang
        self._clock, self._state_dir, self._place = clock, state_dir, place
        self._pins, self._tries = pins, tries
        self._dispenser = DispenserClient(hub)
        self._exchanging, self._paper = exchanging, False
        self._log, self._today = FaultLog(), Today(state_dir / "journal.db")
        self._page: Callable[[], StaffView] | None = None
        self._signed: Signed | None = None
        self._pin = ""
        self._said: tuple[str, str] = ("", "ok")
        self._work: asyncio.Task[None] | None = None
        self._known = Known({}, {}, World(), {}, {}, clock.now())
        self._shown: StaffView | None = None
        self._trials: dict[str, Trial] = {}
        self._loading = Loading("")
        self._guiding = Guiding()
        self._poke = asyncio.Event()
        self._touched_at = 0.0
        hub.on_change(lambda _role, _status: self._poke.set())

    # --- running ---------------------------------------------------------------------------------------

    async def run(self) -> None:
        """For ever: take touches, and draw again whenever something has changed."""
        self._desk.begin(self._take)
        if self._paused:
            self._watch.close_for(PAUSED)
        while True:
            await self._look()
            self._draw()
            if self._page is not None and self._loop_time() - self._touched_at > LEFT_ALONE_S:
                await self._leave()
            self._poke.clear()
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._poke.wait(), LOOK_EVERY_S)

    async def close(self) -> None:
        """Sign off whoever is signed in."""
        if self._work is not None:
            self._work.cancel()
            await asyncio.gather(self._work, return_exceptions=True)
        await self._sign_off("restart")
        self._today.close()

    async def _look(self) -> None:
        """Learn how everything stands; the faults' beginnings are noted even while nobody is signed in."""
        now = self._clock.now()
        roles = [*ROLES, *(role for role in self._hub.roles() if role not in ROLES)]
        statuses = {role: self._hub.status(role) for role in roles}
        since = {}
        for role, status in statuses.items():
            began = self._log.see(role, fault(role, status.device, status.details), now)
            if began is not None:
                since[role] = began
        if self._signed is None:
            return
        units: Mapping[str, Mapping[str, Any]] = {}
        with contextlib.suppress(DeviceClientError):
            units = await self._dispenser.ranges()
        queue = await asyncio.to_thread(told, self._state_dir)
        today = await asyncio.to_thread(self._today.counts, now.astimezone(CHINA).date())
        self._known = Known(statuses, units, self._watch.world, queue, today, now, since)

    # --- touches ---------------------------------------------------------------------------------------

    def _take(self, intent: StaffIntent) -> None:
        """On the loop. Without a signed-in person only signing in and leaving is listened to."""
        self._touched_at = self._loop_time()
        if self._work is not None and not self._work.done():
            return
        public = (StaffAction.ENTER, StaffAction.DIGIT, StaffAction.LEAVE, StaffAction.LANGUAGE)
        if self._signed is None and intent.action not in public:
            return
        self._said = ("", "ok")
        self._work = asyncio.create_task(self._act(intent))
        self._work.add_done_callback(self._acted)

    def _acted(self, task: asyncio.Task[None]) -> None:
        if not task.cancelled() and task.exception() is not None:
            log.error("the staff's page failed", exc_info=task.exception())
            self._say("bench.failed", "bad")
        self._draw()
        self._poke.set()

    async def _act(self, intent: StaffIntent) -> None:
        value = intent.value
        match intent.action:
            case StaffAction.ENTER:
                if self._page is None:
                    self._pin, self._page = "", self._sign_in_page
            case StaffAction.DIGIT:
                await self._digit(value)
            case StaffAction.LEAVE:
                await self._leave()
            case StaffAction.LANGUAGE:
                tags = list(self._words)
                self._lang = tags[(tags.index(self._lang) + 1) % len(tags)]
            case StaffAction.BOARD:
                self._page = self._board_page
            case StaffAction.WHY:
                self._page = self._why_page
            case StaffAction.GUIDE:
                name, _, role = value.partition(":")
                if name in GUIDES:
                    self._guiding, self._page = Guiding(name, role or GUIDES[name].role), self._guide_page
            case StaffAction.TURN:
                self._guiding = self._guiding.turn(1 if value == "next" else -1)
            case StaffAction.RESET:
                await self._reset(value)
            case StaffAction.TRIALS:
                self._page = self._trials_page
            case StaffAction.TRIAL:
                self._page = self._trials_page
                await self._try(value)
            case StaffAction.LOAD:
                unit = value or next(iter(sorted(self._known.units)), "")
                self._loading, self._page = Loading(unit), self._load_page
            case StaffAction.FOCUS:
                self._type(lambda form: form.focus(value), lambda form: form.focus(value))
            case StaffAction.TYPE:
                self._type(lambda form: form.press(value), lambda form: form.press(value))
            case StaffAction.EXCHANGE:
                await self._exchange(value)
            case StaffAction.STORE:
                await self._store()
            case StaffAction.UNLOCK:
                await self._unlock(value)
            case StaffAction.PAUSE | StaffAction.RESUME:
                await self._pause(intent.action is StaffAction.PAUSE)
            case StaffAction.HANDOVER:
                self._page = self._handover_page
            case StaffAction.PRINT:
                await self._print_handover()

    # --- signing in and out ----------------------------------------------------------------------------

    async def _digit(self, key: str) -> None:
        witness = self._page == self._exchange_page and self._exchanging.state.step == "witness"
        if (self._signed is not None and not witness) or self._page is None:
            return
        if key in ("back", "clear"):
            self._pin = self._pin[:-1] if key == "back" else ""
        elif key.isdigit() and len(key) == 1:
            self._pin = (self._pin + key)[:PIN_DIGITS]
        if len(self._pin) == PIN_DIGITS:
            pin, self._pin = self._pin, ""
            await (self._witness(pin) if witness else self._sign_in(pin))

    async def _who(self, pin: str, other_than: str = "") -> str | None:
        """Whose code it is; None, and told so, for nobody's and for that of ``other_than``.

        Both count as failed: else somebody could guess the second person's code, and clear the tries with their own.
        """
        if self._tries.locked(SUBJECT):
            self._say("staff.locked", "bad")
            return None
        name = await asyncio.to_thread(staff_of, pin, self._pins)
        if name is None or name == other_than:
            locked = self._tries.failed(SUBJECT)
            log.warning("a wrong staff code was typed at the maintenance page")
            wrong = "staff.wrong" if name is None else "bench.exchange.samePerson"
            self._say("staff.locked" if locked else wrong, "bad")
            return None
        self._tries.succeeded(SUBJECT)
        return name

    async def _sign_in(self, pin: str) -> None:
        name = await self._who(pin)
        if name is None:
            return
        origin = Origin(uuid7(), "", "", "", "", self._lang, {})
        self._signed = Signed(name, origin)
        self._page = self._board_page
        self._watch.close_for(MAINTENANCE)
        await self._note("staff.signedIn", {})
        await self._look()

    async def _leave(self) -> None:
        await self._sign_off("left")
        self._page, self._pin, self._trials, self._lang = None, "", {}, self._home_lang
        self._watch.close_for(PAUSED if self._paused else "")
        self._draw()

    async def _sign_off(self, cause: str) -> None:
        if self._signed is not None:
            await self._note(ENDED, {"cause": cause})
            await self._books.shred(self._signed.origin.visit)
            self._signed = None

    async def _note(self, kind: str, data: Mapping[str, Any]) -> None:
        if self._signed is not None:
            await self._books.note(kind, {"staff": self._signed.name, **data}, self._signed.origin)

    # --- what staff do ---------------------------------------------------------------------------------

    async def _reset(self, role: str) -> None:
        await self._ask(lambda: bench.reset(self._hub, role), "bench.reset.done")
        await self._note("staff.reset", {"role": role})

    async def _try(self, role: str) -> None:
        """One device, or with no name all that need no hand."""
        for one in [role] if role else list(self._known.statuses):
            self._trials[one] = self._pages.trial(one, "running")
            self._draw()
            checks = await bench.try_out(self._hub, one, paper=True, hand=bool(role))
            stands = self._pages.board.tile(one, self._hub.status(one)).text
            state = "ok" if all(check.ok for check in checks) else "failed"
            self._trials[one] = self._pages.trial(one, state, checks, stands)
            results = {check.name: check.ok for check in checks}
            await self._note("staff.tested", {"role": one, "checks": results})

    async def _store(self) -> None:
        loading = self._loading
        try:
            code, kind, first, last = loading.ask()
        except NotLoadable as error:
            self._loading = loading.refused(error)
            return
        done = await self._ask(
            lambda: self._dispenser.load(loading.unit, code, str(kind), first, last), "bench.load.done"
        )
        if done:
            self._loading = Loading(loading.unit)
            facts = {"unit": loading.unit, "code": code, "first": first, "last": last}
            await self._note("staff.loaded", facts)

    async def _unlock(self, unit: str) -> None:
        if await self._ask(lambda: self._dispenser.unlock(unit), "bench.unlock.done"):
            await self._note("staff.unlocked", {"unit": unit})

    async def _pause(self, pause: bool) -> None:
        path = self._state_dir / PAUSED_FILE
        if pause:
            await asyncio.to_thread(path.touch)
        else:
            await asyncio.to_thread(path.unlink, missing_ok=True)
        await self._note("staff.paused" if pause else "staff.resumed", {})
        self._say("bench.paused" if pause else "bench.resumed")

    async def _print_handover(self) -> None:
        if self._signed is None:
            return
        pages, name = self._pages, self._signed.name
        lines = handover.lines(self._t, pages.board, self._known, name, self._paused)
        blocks = handover.slip(self._t, lines, self._place.terminal)
        if await self._print(f"handover-{uuid7()}", blocks, "bench.handover.printed"):
            await self._note("staff.handedOver", {})

    async def _print(self, key: str, blocks: Sequence[Mapping[str, Any]], done: str) -> bool:
        async def print_it() -> None:
            result = await self._machines.print_slip(key, blocks)
            if result.outcome is not PrintOutcome.PRINTED:
                raise bench.TrialError(str(result.outcome), result.error_code or "hardwareError")

        return await self._ask(print_it, done)

    def _type(self, load: Callable[[Loading], Loading], count: Callable[[Count], Count]) -> None:
        """Into the form that is open."""
        if self._page == self._exchange_page:
            state = self._exchanging.state
            self._exchanging.state = replace(state, count=count(state.count))
        else:
            self._loading = load(self._loading)

    async def _exchange(self, value: str) -> None:
        """One step of a cabinet's exchange."""
        work, self._page, self._pin = self._exchanging, self._exchange_page, ""
        try:
            match value.partition(":"):
                case ("out", _, _):
                    await work.go_out()
                case ("in", _, _):
                    self._draw()
                    await work.go_in()
                case ("tab", _, tab):
                    work.state = replace(work.state, count=work.state.count.turn(tab))
                case ("recount", _, _):
                    work.state = replace(work.state, step="count")
                case ("check", _, _):
                    await work.check()
                case (("hall" | "move") as fate, _, _):
                    work.choose(Fate(fate))
                case ("print", _, _):
                    await self._print_paper()
                case _:
                    work.begin()
        except (Refused, DeviceClientError) as error:
            self._refused(error)
        if work.state.step == "scan":
            work.begin()
        self._paper = await work.paper() is not None

    async def _witness(self, pin: str) -> None:
        """The second person's code: both stand before the stock."""
        if self._signed is None:
            return
        name = await self._who(pin, other_than=self._signed.name)
        if name is None or self._signed is None:
            return
        work, origin = self._exchanging, self._signed.origin
        try:
            await work.confirm(self._signed.name, name, origin)
        except (DeviceClientError, SyncError) as error:
            log.warning("an exchange came to no end: %s", error)
            work.begin()  # where its intent is written, the probe goes on with it
            return self._say("bench.exchange.open" if await work.under_way() else "bench.failed", "bad")
        except Refused as error:
            work.state = replace(work.state, step="check")
            return self._refused(error)
        note = work.state.note
        facts = {"witness": name, "way": work.state.way, "note": note.id if note else ""}
        await self._note("staff.exchanged", facts)
        await self._look()
        if work.state.way == "out":
            await self._print_paper()

    async def _print_paper(self) -> None:
        found = await self._exchanging.paper()
        if found is None:
            return self._say("bench.exchange.noPaperHere", "bad")
        blocks = self._pages.exchange.slip(*found)
        if await self._print(f"stock-{uuid7()}", blocks, "bench.exchange.printed"):
            await self._exchanging.printed(found[0])

    def _refused(self, error: Refused | DeviceClientError) -> None:
        if isinstance(error, DeviceClientError):
            return self._say_trouble(bench.code_of(error))
        if error.text_id == "bench.refused":
            return self._say_trouble(error.values["why"])
        self._said = (self._t(error.text_id, **error.values), "bad")

    def _say_trouble(self, code: str) -> None:
        self._said = (self._t("bench.refused", why=self._pages.trouble(code)), "bad")

    async def _ask(self, act: Callable[[], Awaitable[object]], done: str) -> bool:
        """Ask a device for something; its refusal is told on the page."""
        self._draw()
        try:
            await act()
        except (DeviceClientError, bench.TrialError) as error:
            log.warning("staff asked in vain: %s", error)
            self._say_trouble(bench.code_of(error))
            return False
        self._say(done)
        await self._look()
        return True

    # --- pages -----------------------------------------------------------------------------------------

    def _draw(self) -> None:
        """Tell the desk when the page differs from the one that is drawn."""
        view = self._page() if self._page is not None else None
        if view is not None:
            busy = self._work is not None and not self._work.done()
            message, tone = self._said
            name = self._signed.name if self._signed else ""
            view = replace(
                view,
                staff=name,
                where=self._where(),
                lang=self._lang,
                message=message,
                message_tone=tone,
                busy=busy,
            )
        if view != self._shown:
            self._shown = view
            self._desk.show(view)

    def _sign_in_page(self) -> StaffView:
        locked = self._tries.locked(SUBJECT)
        return self._pages.sign_in(len(self._pin), locked=locked, nobody=not self._pins)

    def _board_page(self) -> StaffView:
        return self._pages.overview(self._known, self._paused)

    def _why_page(self) -> StaffView:
        return self._pages.why(self._known)

    def _guide_page(self) -> StaffView:
        return self._pages.guide(self._guiding, self._hub.status(self._guiding.role))

    def _trials_page(self) -> StaffView:
        return self._pages.trials(self._known.statuses, self._trials)

    def _load_page(self) -> StaffView:
        return self._pages.load(self._loading, sorted(self._known.units))

    def _handover_page(self) -> StaffView:
        return self._pages.handover(self._known, self._signed.name if self._signed else "", self._paused)

    def _exchange_page(self) -> StaffView:
        work = self._exchanging
        return self._pages.exchange.page(work.state, self._known, len(self._pin), paper=self._paper)

    # --- helpers ---------------------------------------------------------------------------------------

    @property
    def _pages(self) -> StaffPages:
        return self._written[self._lang]

    @property
    def _paused(self) -> bool:
        return (self._state_dir / PAUSED_FILE).exists()

    def _t(self, text_id: str, **values: object) -> str:
        return self._words[self._lang].get(text_id, **values)

    def _say(self, text_id: str, tone: str = "ok") -> None:
        self._said = (self._t(text_id), tone)

    def _where(self) -> str:
        place = self._place
        return self._t("bench.where", hall=place.hall, terminal=place.terminal, version=place.version)

    @staticmethod
    def _loop_time() -> float:
        return asyncio.get_running_loop().time()
