"""One state machine for every device: connect, watch, lose, wait, connect again, and never believe an old status.

``starting`` until the first attempt has ended, then ``online`` or ``offline``. A device that reports itself gone gets
``settle_s`` to come back before anybody is told (a shaken cable must not make a printer vanish); it is then closed
and opened again with growing, jittered pauses. One that its driver let go of for a fault is closed at once: no cable
was shaken; nor was it when the device is gone for a moment ``trip_drops`` times in a row. A failed open is closed as
well: only this watch opens a port, so that each try is counted and a broken device is truly left alone. One that
falls, or cannot be opened for a fault, ``trip_drops`` times without ever staying for ``stable_s`` is broken: it is
left alone for ``tripped_s``, then tried once (a driver that crashes at every command must not be started for ever),
or when somebody asks for it, or takes it out and puts another in. A status that nobody has confirmed for
``max_age_s`` is stale: not known, and after twice that time the device is connected anew, since then it is the
watching itself that has stopped (``freshness``). A driver whose process dies while it connects counts as a fault.
"""

from __future__ import annotations

import asyncio
import contextlib
import enum
import logging
import random
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Final, Generic, TypeVar

from drivers.errors import DeviceError, DeviceNotReady, DriverConfigError, DriverDied
from drivers.freshness import Freshness
from drivers.ports import GONE, Device, DeviceState, Snapshot
from drivers.ports_supervision import Acquaintance, Replugged, Resting

log = logging.getLogger("kiosk.devices.supervision")

WELL: Final = frozenset({DeviceState.ONLINE, DeviceState.DEVICE_BUSY})
"""What it reports when there is somebody, and nothing is the matter."""

ASKED_EVERY: Final = 5
"""Failed attempts between two looks at who is there instead."""

D = TypeVar("D", bound=Device)


class Stage(enum.StrEnum):
    """Where the watching stands."""

    STARTING = "starting"
    ONLINE = "online"
    WAITING = "waiting"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Policy:
    """Seconds. The pause before the n-th attempt is ``first_s`` doubled n times, at most ``last_s``."""

    first_s: float = 0.5
    last_s: float = 6.0
    jitter: float = 0.5
    stable_s: float = 10.0
    settle_s: float = 1.0
    max_age_s: float = 15.0
    open_s: float = 15.0
    trip_drops: int = 6
    tripped_s: float = 300.0
    look_s: float = 1.0

    def pause(self, attempt: int, chance: float) -> float:
        """The pause before ``attempt`` (from 1), shortened by up to ``jitter`` of itself."""
        longest = min(self.last_s, self.first_s * 2.0 ** min(attempt - 1, 30))
        return longest * (1.0 - self.jitter * chance)


@dataclass(frozen=True, slots=True)
class Observed:
    """What is known of a device now. ``believed`` is False when ``details`` are too old to be used."""

    device: DeviceState
    details: Mapping[str, object] = field(default_factory=lambda: MappingProxyType({}))
    source: str = "inferred"
    believed: bool = False


@dataclass(frozen=True, slots=True)
class Watch:
    """How the watching goes, for the bench."""

    stage: Stage = Stage.STARTING
    attempts: int = 0
    drops: int = 0
    stale: bool = False
    tripped: bool = False
    cause: str | None = None


class Supervisor(Generic[D]):
    """Owns one device's life. ``start`` and ``close`` on the loop; never raises for what hardware does."""

    def __init__(
        self,
        name: str,
        device: D,
        policy: Policy | None = None,
        monotonic: Callable[[], float] = time.monotonic,
        chance: Callable[[], float] = random.random,
    ) -> None:
        self._name = name
        self._device = device
        self._policy = policy or Policy()
        self._monotonic = monotonic
        self._chance = chance
        self._watch = Watch()
        self._known = Observed(DeviceState.STARTING)
        self._listeners: list[Callable[[], None]] = []
        self.observe: Callable[[D], D] | None = None
        """Puts something in front of the device that writes down what its users ask of it."""
        self.acquaintance: Acquaintance | None = None
        """Tells a device that is plugged in elsewhere from one that is silent."""
        self._silent_for = ""
        self._instead: str | None = None
        self._news = asyncio.Event()
        self._again = False
        self._revived = False
        self._falls = 0
        self._tries = 0
        self._word = Freshness(monotonic)
        self._gone_at: float | None = None
        self._shakes = 0
        self._shaken_at = monotonic()
        self._fault: str | None = None
        """Why the device has to be closed, whatever it says by now."""
        self._task: asyncio.Task[None] | None = None
        device.on_status(self._pushed)

    @property
    def device(self) -> D:
        """The device, whether connected or not: to see what it offers, not to use it."""
        return self._device

    @property
    def known(self) -> Observed:
        """The published status."""
        return self._known

    @property
    def watch(self) -> Watch:
        """How the watching goes."""
        return self._watch

    @property
    def tries(self) -> int:
        """How often the device was connected, or was tried to be."""
        return self._tries

    @property
    def age_s(self) -> float:
        """Seconds since the device last confirmed its status."""
        return self._word.age_s

    @property
    def used(self) -> bool:
        """Whether somebody is asking something of the device now."""
        return self._word.used

    def on_change(self, listener: Callable[[], None]) -> None:
        """Call ``listener`` whenever ``known`` or ``watch`` has changed."""
        self._listeners.append(listener)

    @contextmanager
    def using(self) -> Iterator[D]:
        """The connected device; raise ``DeviceNotReady`` when it is not. An answer is a sign of life."""
        if self._watch.stage is not Stage.ONLINE:
            why = f" ({self._watch.cause})" if self._watch.cause else ""
            raise DeviceNotReady(f"{self._name} is {self._known.device}{why}; check its power and its cable")
        with self._word.in_use():
            yield self._device if self.observe is None else self.observe(self._device)

    def reconnect(self) -> None:
        """Close and open again, now; what was left alone as broken is tried as if it had never fallen."""
        self._again = True
        self._falls = 0
        self._watch = replace(self._watch, tripped=False)
        self._news.set()

    async def reconnected(self, within_s: float) -> None:
        """The same, and wait until it has been tried, but no longer."""
        before, end = self._tries, self._monotonic() + within_s
        self.reconnect()
        while self._tries == before and self._monotonic() < end:
            await asyncio.sleep(0.01)

    def start(self) -> None:
        """Begin to connect and to watch."""
        if self._task is None:
            self._task = asyncio.create_task(self._run(), name=f"supervisor of {self._name}")

    async def close(self) -> None:
        """Stop watching and close the device."""
        task, self._task = self._task, None
        if task is not None:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
        await self._shut()
        self._tell(Observed(DeviceState.OFFLINE), replace(self._watch, stage=Stage.CLOSED))

    def _pushed(self, snapshot: Snapshot) -> None:
        self._word.confirm()
        self._revived = self._revived or snapshot.device in WELL
        self._fault = self._fault or _fault_of(snapshot)
        self._news.set()
        if self._watch.stage is Stage.ONLINE:
            self._judge()

    async def _run(self) -> None:
        while True:
            try:
                await self._round()
            except Exception:  # a device that nobody watches any more would stay away for ever
                log.exception("%s: its watching failed; it begins anew", self._name)
                await asyncio.sleep(self._policy.last_s)

    async def _round(self) -> None:
        """From one attempt to connect to the next."""
        connected = await self._connect()
        self._tries += 1
        if connected:
            await self._stay()
        await self._shut(for_good=connected)
        if not connected:
            await self._explain()
        await self._pause()

    async def _connect(self) -> bool:
        """One attempt; on failure its cause is told once."""
        self._again = False
        self._fault = None
        try:
            async with asyncio.timeout(self._policy.open_s):
                if self.acquaintance is not None:
                    await asyncio.to_thread(self.acquaintance.vet)
                await self._device.open()
        except TimeoutError:
            held_up = self._device.held_up if isinstance(self._device, Resting) else ""
            late = f"it did not get ready within {self._policy.open_s:.0f} s; check its power and cable"
            self._failed(held_up or late)
            return False
        except DriverDied as error:
            self._fault = str(error)
            self._failed(self._fault)
            return False
        except (DeviceError, DriverConfigError, OSError) as error:
            self._failed(str(error) or type(error).__name__)
            return False
        except Exception as error:
            log.exception("%s: its driver failed by a fault of its own", self._name)
            self._failed(f"fault of the driver: {type(error).__name__}")
            return False
        self._word.begin()
        self._gone_at = None
        self._shakes = 0
        if self.acquaintance is not None:
            self.acquaintance.arrived()
        log.info("%s is connected", self._name)
        self._tell(self._known, replace(self._watch, stage=Stage.ONLINE, stale=False, cause=None))
        self._judge()
        return True

    def _failed(self, cause: str) -> None:
        watch = self._watch
        if cause != self._silent_for:  # what was found out about another failure explains this one no more
            self._silent_for, self._instead = cause, None
        cause = self._instead or cause
        if watch.cause != cause:
            log.warning("%s cannot be connected: %s", self._name, cause)
        tripped = watch.tripped if self._fault is None else self._fell()
        waiting = replace(
            watch, stage=Stage.WAITING, attempts=watch.attempts + 1, tripped=tripped, cause=cause
        )
        self._tell(Observed(self._state()), waiting)

    async def _explain(self) -> None:
        """Say whose device it is that does not answer as this one: asked now and then, since asking takes seconds."""
        watch = self._watch
        if self.acquaintance is None or self._again or watch.attempts % ASKED_EVERY != 1:
            return
        self._instead = await asyncio.to_thread(self.acquaintance.instead)
        cause = self._instead or self._silent_for
        if cause != watch.cause:
            log.warning("%s cannot be connected: %s", self._name, cause)
            self._tell(self._known, replace(self._watch, cause=cause))

    def _state(self) -> DeviceState:
        """What to call a device that is not connected: its own word, unless it claims to be well."""
        state = self._device.snapshot.device
        return DeviceState.OFFLINE if state in WELL or state is DeviceState.STARTING else state

    async def _stay(self) -> None:
        """Until the device is lost, or its watching has stopped, or somebody wants it connected anew."""
        since = self._monotonic()
        tick = min(1.0, self._policy.max_age_s / 4, max(self._policy.settle_s / 4, 0.01))
        while not self._again:
            self._news.clear()
            await self._news_or(tick)
            if self._watch.attempts and self._monotonic() - since >= self._policy.stable_s:
                self._falls = 0
                self._tell(self._known, replace(self._watch, attempts=0, tripped=False))
            if cause := self._judge():
                self._lost(cause)
                return
        # Who uses it must learn that it is away meanwhile, and that it has come back, however soon.
        self._tell(
            Observed(self._state()), replace(self._watch, stage=Stage.WAITING, cause="it is connected anew")
        )

    def _lost(self, cause: str) -> None:
        watch = self._watch
        log.warning("%s is lost: %s", self._name, cause)
        tripped = self._fell()
        waiting = replace(
            watch,
            stage=Stage.WAITING,
            attempts=watch.attempts + 1,
            drops=watch.drops + 1,
            tripped=tripped,
            cause=cause,
        )
        self._tell(Observed(DeviceState.HARDWARE_ERROR if tripped else self._state()), waiting)

    def _fell(self) -> bool:
        """Count a fall; whether it was one too many in a row."""
        self._falls += 1
        if self._falls < self._policy.trip_drops:
            return False
        away = f"{self._policy.tripped_s:.0f} s"
        log.error("%s fell %d times in a row and is left alone for %s", self._name, self._falls, away)
        return True

    def _judge(self) -> str | None:
        """Publish what the device says, if it may be believed; the reason why it is lost, if it is."""
        now = self._monotonic()
        snapshot = self._device.snapshot
        self._word.look(snapshot.observed_at)
        if self._fault is not None:
            return self._fault
        if snapshot.device in GONE:
            self._gone_at = now if self._gone_at is None else self._gone_at
            if now - self._gone_at >= self._policy.settle_s:
                return f"the device is {snapshot.device}"
            return None
        if self._gone_at is not None:
            self._came_back(now)
        silent = self._word.silent_s
        stale = snapshot.observed_at is not None and silent > self._policy.max_age_s
        if stale and silent > 2 * self._policy.max_age_s:
            return f"no sign of life for {silent:.0f} s"
        state = DeviceState.OFFLINE if stale else snapshot.device
        known = Observed(state, snapshot.details, snapshot.source, not stale)
        self._tell(known, replace(self._watch, stale=stale))
        return None

    def _came_back(self, now: float) -> None:
        """It was gone for a moment. Once is a shaken cable; again and again is a fault that must be counted."""
        self._gone_at = None
        self._shakes = self._shakes + 1 if now - self._shaken_at < self._policy.stable_s else 1
        self._shaken_at = now
        if self._shakes >= self._policy.trip_drops:
            self._fault = f"the device was gone for a moment {self._shakes} times in a row"

    async def _pause(self) -> None:
        """Wait for the next attempt, or until the driver says by itself that the device is back."""
        self._revived = False
        tripped = self._watch.tripped
        pause = self._policy.pause(max(1, self._watch.attempts), self._chance())
        end = self._monotonic() + (self._policy.tripped_s if tripped else pause)
        seat = Replugged(self.acquaintance) if tripped and self.acquaintance is not None else None
        while not (self._again or (self._revived and not tripped)) and (left := end - self._monotonic()) > 0:
            self._news.clear()
            if seat is None:
                await self._news_or(left)
            elif await self._put_in(seat, min(left, self._policy.look_s)):
                log.info("%s was taken out and something put in, which is tried", self._name)
                self.reconnect()

    async def _put_in(self, seat: Replugged, seconds: float) -> bool:
        """Whether a person has put something in, looked at after ``seconds``; news alone are no reason to look."""
        await self._news_or(seconds)
        return not self._news.is_set() and await asyncio.to_thread(seat.look)

    async def _news_or(self, seconds: float) -> None:
        """Wait for news, but no longer. Not by ``wait_for``: before Python 3.12 it can swallow a cancellation."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._news.wait()

    async def _shut(self, for_good: bool = True) -> None:
        device = self._device
        try:
            async with asyncio.timeout(self._policy.open_s):
                await (device.close() if for_good or not isinstance(device, Resting) else device.rest())
        except Exception:
            log.exception("%s: its driver did not close cleanly", self._name)

    def _tell(self, known: Observed, watch: Watch) -> None:
        """Publish, if it is news. A listener that fails hinders neither the watching nor the others."""
        news = known != self._known or watch != self._watch
        self._known, self._watch = known, watch
        for listener in self._listeners if news else ():
            try:
                listener()
            except Exception:
                log.exception("%s: who listens to its status failed", self._name)


def _fault_of(snapshot: Snapshot) -> str | None:
    """Why the driver let go of hardware that is there: the device says so itself, and no cable is to blame."""
    return None if snapshot.device in GONE else snapshot.lost
