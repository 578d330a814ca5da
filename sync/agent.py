"""The sync program at work: a few supervised loops that deliver, upload, report, and never give up."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path

from config.clock import Clock
from sync.backoff import Backoff
from sync.chains import Chains
from sync.client import BureauClient
from sync.crypto import KeyStore
from sync.errors import BureauError, BureauRejected, ChainBroken, ChainForked, StoreError, StoreMissing
from sync.heart import Heart
from sync.identity import TerminalIdentity
from sync.journal.reader import JournalReader
from sync.link import Link
from sync.models import UseReport
from sync.outbox import Outbox, Sender, Verdict, verdict_of
from sync.pace import Pace
from sync.releases import Releases
from sync.restoration import Restoration
from sync.status import Queue, Status
from sync.store import SyncStore
from sync.use import UseSpool

log = logging.getLogger("kiosk.sync")

STUCK_S = 90.0
"""A loop that has not been heard of for so long is stuck; the watchdog then restarts the program."""
PUBLISH_S = 15.0
"""The status in ``sync.db`` is written when it changed, and at least so often."""


class SyncAgent:
    """Everything ``kiosk sync`` does. Use it once: ``run`` until ``stop``, or ``drain``; then ``close``."""

    def __init__(
        self,
        state_dir: Path,
        identity: TerminalIdentity,
        keystore: KeyStore,
        client: BureauClient,
        clock: Clock,
        pace: Pace | None = None,
    ) -> None:
        """Open ``sync.db``; raises ``StoreError``."""
        self._pace = pace = pace or Pace()
        self.client = client
        self._epoch = identity.epoch
        self.store = SyncStore(state_dir / "sync.db", keystore)
        self._reader = JournalReader(state_dir / "journal.db")
        self._releases = Releases(state_dir)
        self._use = UseSpool(state_dir)
        self.link = Link(probe_cap_s=pace.probe_cap_s, spread_s=pace.spread_s)
        self.outbox = Outbox(self._reader, self.store, pace.backoff)
        self._chains = Chains(identity, self._reader, self.store, client)
        self._uploader = self._chains.current
        self._restoration = Restoration(self._reader, self.store, self.outbox, self._uploader)
        self.sender = Sender(
            self.outbox,
            self._reader,
            client,
            self.link,
            held=Backoff(pace.retry_first_s, pace.retry_last_s),
            allowed=lambda: self._compared and not self.fork,
            on_answer=lambda answer: self._restoration.hint(answer.incarnation),
        )
        self._heart = Heart(identity.terminal, state_dir, client, clock, self.store)
        self._stop = threading.Event()
        self._beats: dict[str, float] = {}
        self._published: tuple[Status | None, float] = (None, 0.0)
        found = self.store.get("fork")
        self.fork = str(found["reason"]) if found and found["epoch"] == self._epoch else ""
        self.audit_trouble = ""
        self._compared = False  # an old or cloned disk must be found out before it sends anything

    def close(self) -> None:
        """Release the files; after ``run`` or ``drain`` has ended."""
        self._stop.set()
        self._reader.close()
        self.store.close()

    def stop(self) -> None:
        """Let ``run`` end; may be called from anywhere."""
        self._stop.set()

    def run(self, on_round: Callable[[Status], None] = lambda status: None) -> None:
        """Work until ``stop``; ``on_round`` is called each round while no loop is stuck."""
        threads = self._start(heart=True)
        while not self._stop.is_set():
            self._guarded(lambda: self._round(on_round))
            self._stop.wait(self._pace.poll_s)
        self._join(threads)
        self._guarded(lambda: self._publish(force=True))

    def drain(self, timeout_s: float = 60.0) -> Status:
        """Deliver what waits and upload the chain, then end: when done, when nothing moves, or in time."""
        deadline = time.monotonic() + timeout_s
        self._guarded(self.watch)
        threads = self._start(heart=False)
        while time.monotonic() < deadline and not self._finished():
            self._stop.wait(0.05)
            self._guarded(self.watch)
        self._stop.set()
        self._join(threads)
        self._guarded(lambda: self._publish(force=True))
        return self.status()

    def _round(self, on_round: Callable[[Status], None]) -> None:
        self.watch()
        stuck = self.stuck()
        if stuck:
            log.error("stuck: %s", ", ".join(stuck))
        else:
            on_round(self.status())

    def stuck(self) -> list[str]:
        """Loops that were not heard of for ``STUCK_S``."""
        now = time.monotonic()
        return [name for name, beat in self._beats.items() if now - beat > STUCK_S]

    def status(self) -> Status:
        """How things stand."""
        queue = self.outbox.look(Queue.of)
        return Status(
            online=self.link.up,
            down_s=self.link.down_for(time.monotonic()),
            reason=self.link.reason,
            queue=queue.waiting,
            lanes=queue.lanes,
            oldest_s=queue.oldest_s,
            parked=queue.parked,
            held=self.sender.held_reason,
            fork=self.fork,
            audit_waiting=self._audit_waiting(),
            audit_trouble=self.audit_trouble,
            delivered=self.sender.delivered,
            last_error=self.sender.last_error,
        )

    # --- one round of each loop ----------------------------------------------------------------------------

    def watch(self) -> None:
        """Take wishes, read what is new in the journal, publish the status."""
        for key in self._releases.take():
            self.outbox.release(key)
        self.outbox.refresh()
        if not self.outbox.look(lambda schedule, now: len(schedule)):
            self._restoration.settle()
        self._publish()

    def upload(self) -> bool:
        """One step of the audit chain; True when there is more to do at once. Raises ``BureauError``."""
        if self.fork or not self.link.may_send(time.monotonic()):
            return False
        try:
            self._restoration.work()
            more = self._chains.step()
        except (ChainForked, ChainBroken) as error:
            self._quarantine(error)
            return False
        except StoreMissing:
            self._may_send()  # there is no journal yet, so there is nothing to compare
            return False
        except BureauError as error:
            if verdict_of(error).verdict is not Verdict.LINK:
                self._may_send()  # trouble of the audit alone must not hold up what people wait for
            raise
        if self._uploader.word is not None:
            self._restoration.saw(self._uploader.word.incarnation)
        self._may_send()
        self.audit_trouble = ""
        self._back()
        return more

    def beat(self) -> None:
        """Report while up; look for the centre while down."""
        queue = self.outbox.look(Queue.of)
        try:
            if self.link.up:
                answer = self._heart.beat(queue.waiting, queue.oldest_s)
            else:
                answer = self._heart.probe()
        except BureauError as error:
            self._unheard(error)
            return
        self._back()
        self._restoration.saw(answer.incarnation)
        if self._heart.estimate is not None:
            self.store.put({"clock": asdict(self._heart.estimate)})

    def tell_use(self) -> bool:
        """Report some of how visits went, when nothing else waits; True when there is more. Raises ``BureauError``."""
        if self.fork or not self.link.may_send(time.monotonic()) or self.outbox.look(Queue.of).waiting:
            return False
        waiting = self._use.oldest()
        if not waiting:
            return False
        names = [name for name, _ in waiting]
        try:
            self.client.use(UseReport(visits=[visit for _, visit in waiting]))
        except BureauRejected as error:
            if error.status != 422:  # a centre that does not know the call yet, or us not any more
                raise
            log.warning("the centre does not read the use of %d visits; thrown away: %s", len(names), error)
        self._use.remove(names)
        return True

    # --- inside --------------------------------------------------------------------------------------------

    def _upload_loop(self) -> None:
        backoff, tries, wait = Backoff(self._pace.retry_first_s, self._pace.retry_last_s), 0, 0.0
        while not self._stop.wait(wait):
            self._beats["upload"] = time.monotonic()
            try:
                more, tries = self.upload(), 0
                wait = 0.0 if more else self._pace.poll_s
            except BureauError as error:
                self._unheard(error)
                self.audit_trouble = str(error)
                if verdict_of(error).verdict is Verdict.LINK:
                    wait = self._pace.poll_s
                else:
                    asked = verdict_of(error).retry_after
                    wait = min(backoff.delay(tries) if asked is None else asked, STUCK_S / 2)
                    tries += 1

    def _use_loop(self) -> None:
        backoff, tries, wait = Backoff(self._pace.retry_first_s, self._pace.use_every_s), 0, 0.0
        while not self._waited(wait, "use"):
            try:
                wait, tries = (0.0 if self.tell_use() else self._pace.use_every_s), 0
            except (BureauError, OSError) as error:
                log.debug("use is told later: %s", error)
                wait, tries = backoff.delay(tries), tries + 1

    def _waited(self, seconds: float, loop: str) -> bool:
        """Let time pass, heard of meanwhile; True when it is time to end."""
        until = time.monotonic() + seconds
        while True:
            self._beats[loop] = time.monotonic()
            if self._stop.wait(min(max(until - time.monotonic(), 0.0), STUCK_S / 3)):
                return True
            if time.monotonic() >= until:
                return False

    def _heart_loop(self) -> None:
        last = float("-inf")
        while not self._stop.wait(min(0.25, self._pace.poll_s)):
            now = self._beats["heart"] = time.monotonic()
            if self.link.probe_due(now) or (self.link.up and now - last >= self._pace.heartbeat_s):
                self.beat()
                last = now

    def _send_loop(self, name: str) -> None:
        self.sender.run(self._stop, lambda: self._beats.__setitem__(name, time.monotonic()))

    def _start(self, *, heart: bool) -> list[threading.Thread]:
        loops: dict[str, Callable[[], None]] = {"upload": self._upload_loop}
        if heart:
            loops |= {"heart": self._heart_loop, "use": self._use_loop}
        for number in range(self._pace.senders):
            loops[f"send-{number}"] = lambda name=f"send-{number}": self._send_loop(name)  # type: ignore[misc]
        threads = []
        for name, loop in loops.items():
            self._beats[name] = time.monotonic()
            thread = threading.Thread(
                target=self._kept_running, args=(loop,), name=f"sync-{name}", daemon=True
            )
            thread.start()
            threads.append(thread)
        return threads

    def _kept_running(self, loop: Callable[[], None]) -> None:
        """A loop that dies is an error of ours: said, and begun again."""
        while not self._stop.is_set():
            self._guarded(loop)
            self._stop.wait(0.0 if self._stop.is_set() else 1.0)

    def _guarded(self, work: Callable[[], object]) -> None:
        try:
            work()
        except Exception:
            log.exception("a loop of the sync program failed; it goes on")

    def _join(self, threads: list[threading.Thread]) -> None:
        self.outbox.wake()
        for thread in threads:
            thread.join(timeout=30.0)

    def _finished(self) -> bool:
        """Nothing is left, or nothing can be done about it now."""
        status = self.status()
        if status.fork or status.held or not status.online:
            return True
        return self._compared and status.idle and not self._restoration.due

    def _audit_waiting(self) -> int:
        with suppress(StoreError):  # the journal is not there yet, or its trouble is told elsewhere
            return self._chains.waiting()
        return 0

    def _may_send(self) -> None:
        if not self._compared:
            self._compared = True
            self.outbox.wake()

    def _unheard(self, error: BureauError) -> None:
        ruling = verdict_of(error)
        if ruling.verdict is Verdict.LINK:
            self.link.lost(ruling.reason, time.monotonic(), ruling.retry_after)
        else:
            self._back()

    def _back(self) -> None:
        was_down = not self.link.up
        self.link.reached(time.monotonic())
        if was_down:
            self.outbox.wake()

    def _quarantine(self, error: ChainForked | ChainBroken) -> None:
        """Send nothing any more under this epoch: a person must look at the disk."""
        log.critical("this disk and the centre disagree: %s", error)
        self.fork = str(error)
        fact = {"epoch": self._epoch, "seq": error.seq, "reason": str(error)}
        self.store.put({"fork": fact})

    def _publish(self, *, force: bool = False) -> None:
        status, (last, when) = self.status(), self._published
        now = time.monotonic()
        if force or status.differs(last) or now - when >= PUBLISH_S:
            self.store.put({"status": status.to_dict()})
            self._published = (status, now)
