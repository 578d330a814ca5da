"""Puts the core of ``kiosk run`` together and keeps it running until told to stop."""

from __future__ import annotations

import asyncio
import json
import logging
import os
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import time, timedelta

from config import navigator
from config.catalogue import shipped
from config.clock import Clock, SystemClock
from config.role_tokens import read_tokens
from config.settings import TerminalSettings
from config.texts import Texts, all_texts
from drivers.client import DeviceHub, WatchdogClient
from kiosk.ahead import AskedAhead
from kiosk.alarms import AlarmWatch
from kiosk.alive import Alive
from kiosk.books import JournalBooks
from kiosk.centre import CentreClient
from kiosk.day_end import DayEnd
from kiosk.domain.ids import uuid7
from kiosk.effects.base import Means
from kiosk.executor import Executor
from kiosk.flow.engine import Engine
from kiosk.guards import Tries
from kiosk.kept import KeptAnswers
from kiosk.library_desk import LibraryDesk
from kiosk.library_fetched import Edited
from kiosk.machines import Machines
from kiosk.paper_check import PaperCheck
from kiosk.power import PowerGuard
from kiosk.poweroff import power_off
from kiosk.readers import Readers
from kiosk.session import Session
from kiosk.staff.exchanging import Exchanging, Maker
from kiosk.staff.front import Place
from kiosk.staff.mode import StaffMode
from kiosk.steps.base import IdleTimes, Surroundings
from kiosk.use import UseKeeper, VisitWatch
from kiosk.waiting import set_within
from kiosk.watch import Watch
from sync.client import BureauClient
from sync.crypto import open_keystore
from sync.identity import TerminalIdentity
from sync.journal import Journal
from sync.receipts import Receipts
from sync.software import software_version
from sync.use import UseSpool

log = logging.getLogger("kiosk.core")
CLIENT_NAME = "kiosk-run"
BEAT_EVERY_S = 1.0


@dataclass(frozen=True, slots=True)
class Core:
    """The terminal without its screen, put together and connected."""

    engine: Engine
    executor: Executor
    books: JournalBooks
    watch: Watch
    hub: DeviceHub
    centre: CentreClient
    staff: StaffMode
    library: LibraryDesk
    ahead: AskedAhead

    async def close(self) -> None:
        """Let what is under way come to its outcome, then let go of everything."""
        await self.staff.close()
        await self.executor.close()
        await self.hub.close()
        self.centre.close()
        self.library.close()
        self.books.close()


async def run_core(settings: TerminalSettings, session: Session, stop: asyncio.Event) -> None:
    """Recover, then serve until told to stop. Raises ``SyncError`` when it is not enrolled or cannot write."""
    core = await put_together(settings, session)
    session.begin(core.engine, core.executor, closed="starting")
    await core.executor.recover()
    alive = Alive(session, WatchdogClient(core.hub), settings.devices.watchdog_s)
    power = PowerGuard(
        core.hub, session, core.executor, core.watch, core.books, SystemClock(), _off(settings.profile)
    )
    clock = SystemClock(timedelta(seconds=settings.clock.offset_s))
    day_end = _day_end(settings, core, session, clock)
    alarms = AlarmWatch(
        core.hub,
        settings.state_dir,
        clock,
        core.staff.presence.at,
        core.staff.note,
        day_end.word if day_end is not None else None,
    )
    use = UseKeeper(UseSpool(settings.state_dir))
    session.on_move(VisitWatch(clock, use.keep).saw)
    tasks = [
        asyncio.create_task(power.run()),
        asyncio.create_task(alarms.run()),
        asyncio.create_task(core.watch.run()),
        asyncio.create_task(core.executor.keep_settling()),
        asyncio.create_task(core.staff.run()),
        asyncio.create_task(alive.run()),
        asyncio.create_task(core.ahead.run()),
    ]
    if day_end is not None:
        tasks.append(asyncio.create_task(day_end.run()))
    try:
        await _until(stop, tasks, session)
    finally:
        for task in tasks:
            task.cancel()
        await alive.end()
        await core.close()
        await use.close()


def _day_end(settings: TerminalSettings, core: Core, session: Session, clock: Clock) -> DayEnd | None:
    """What settles the batch; None where the settings leave that to people."""
    if not settings.payment.settle_at:
        return None

    def quiet() -> bool:
        staff = core.staff.presence.at(clock.now())
        return not (session.visiting or core.executor.busy or staff)

    at = time.fromisoformat(settings.payment.settle_at)
    return DayEnd(core.hub, core.books, clock, settings.state_dir, at, quiet)


async def settle(settings: TerminalSettings, seconds: float) -> int:
    """Recover and take the centre's receipts without a screen; how many effects are still open at the end."""
    core = await put_together(settings, Session(settings.display.lang))
    try:
        await core.executor.recover()
        deadline = asyncio.get_running_loop().time() + seconds
        while True:
            await core.books.settle_receipts()
            await core.executor.resolve()
            await core.books.shred_finished()
            left = await core.books.unsettled()
            if not left or asyncio.get_running_loop().time() > deadline:
                return left
            await asyncio.sleep(0.2)
    finally:
        await core.close()


async def put_together(settings: TerminalSettings, session: Session) -> Core:
    """Every concrete part of the core; the device program's client is started."""
    clock = SystemClock(timedelta(seconds=settings.clock.offset_s))
    keystore = open_keystore(settings.state_dir, os.environ, settings.profile)
    identity = TerminalIdentity.load(settings.state_dir, keystore)
    receipts = Receipts(settings.state_dir / "sync.db", keystore)
    journal = Journal.open(
        settings.state_dir / "journal.db", identity, keystore, clock, clock_error_ms=receipts.clock_error_ms
    )
    books = JournalBooks(journal, receipts, clock, identity.terminal)
    hub = DeviceHub(
        settings.devices.publisher,
        _token(settings),
        {str(role): uri for role, uri in settings.devices.roles.items()},
        role_tokens=read_tokens(settings.devices.role_token_files),
    )
    machines = Machines(hub, settings.printing.pages_per_minute)
    watch: Watch | None = None

    def reached(yes: bool) -> None:
        if watch is not None:
            watch.reached(yes)

    kept = KeptAnswers(settings.state_dir, identity, keystore, clock.now)
    centre = CentreClient(BureauClient(settings.bureau, identity), reached, kept)
    staff_tries = Tries(settings.staff.tries, settings.staff.lock_min * 60, clock.monotonic)
    readers = Readers(
        hub,
        settings.face.threshold,
        Tries(settings.face.tries, settings.face.lock_min * 60, clock.monotonic),
        staff_tries,
        settings.staff.pins,
        session.preview,
    )
    executor: Executor
    means = Means(centre, books, machines, clock, asyncio.sleep, lambda t, s: executor.gave_up(t, s))
    catalogue = shipped()
    navigator.check(navigator.shipped(), catalogue)
    texts = all_texts(strict=settings.profile == "development")
    library = LibraryDesk(settings.state_dir, Edited(kept, catalogue, settings.display.lang))
    executor = Executor(means, books, readers, session.told, PaperCheck(kept, texts), library)
    surroundings = _surroundings(settings, identity, clock, texts)
    engine = Engine(catalogue, surroundings)
    max_age_s = settings.offline.max_age_h * 3600
    watch = Watch(catalogue, hub, machines, centre, books, settings.state_dir, max_age_s, session.world)
    lang = settings.display.lang
    staff = StaffMode(
        session.desk,
        hub,
        machines,
        watch,
        books,
        catalogue,
        texts,
        lang,
        clock,
        settings.state_dir,
        Place(
            surroundings.terminal, surroundings.hall.get("zh-CN", ""), software_version().rpartition("/")[2]
        ),
        settings.staff.pins,
        staff_tries,
        Exchanging(
            hub, machines.ranges, executor.by_staff, Maker.of(identity), clock, settings.state_dir, books
        ),
    )
    await hub.start()
    ahead = AskedAhead(catalogue, centre, lang)
    return Core(engine, executor, books, watch, hub, centre, staff, library, ahead)


async def _until(stop: asyncio.Event, tasks: list[asyncio.Task[None]], session: Session) -> None:
    """Say that the core lives while everything does; a task that died is an error of ours."""
    while not stop.is_set():
        session.beat()
        await set_within(stop, BEAT_EVERY_S)
        for task in tasks:
            if task.done():
                task.result()


def _off(profile: str) -> Callable[[], Awaitable[None]]:
    """How the machine is ordered off; a developer's own machine stays on."""

    async def stay_on() -> None:
        log.critical("in production the machine would be powered off now")

    return power_off if profile == "production" else stay_on


def _surroundings(
    settings: TerminalSettings, identity: TerminalIdentity, clock: Clock, texts: Mapping[str, Texts]
) -> Surroundings:
    enrolled = identity.enrolled
    idle = settings.idle
    return Surroundings(
        words=dict(texts),
        now=clock.now,
        mint=uuid7,
        public_url=enrolled.public_url.rstrip("/"),
        terminal=settings.terminal.asset,
        hall={"zh-CN": settings.terminal.hall} if settings.terminal.hall else enrolled.hall_name,
        bureau=enrolled.bureau_name,
        city_rate=settings.terminal.city_rate,
        idle=IdleTimes(
            round(idle.public_s),
            round(idle.form_s),
            round(idle.payment_s),
            round(idle.elder_s),
            round(idle.warning_s),
            round(idle.elder_warning_s),
        ),
        offline_max_fen=settings.offline.max_amount_fen,
    )


def _token(settings: TerminalSettings) -> str:
    """This program's token for the device program (``tokens.json``: token -> client and roles)."""
    tokens: Mapping[str, Mapping[str, object]] = json.loads(settings.devices.token_file.read_text())
    for token, client in tokens.items():
        if client.get("client") == CLIENT_NAME:
            return token
    raise LookupError(
        f"{settings.devices.token_file} has no token for {CLIENT_NAME}: start kiosk devices once"
    )


__all__ = ["run_core"]
