"""Takes effects as their turn comes, sends them as they are in the journal, keeps the answers."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from config import crashpoints
from sync.backoff import Backoff
from sync.errors import BureauError
from sync.journal.reader import JournalReader
from sync.link import Link
from sync.models import EffectAnswer
from sync.outbox.outbox import Outbox
from sync.outbox.schedule import Item
from sync.outbox.verdicts import Ruling, Verdict, verdict_of

if TYPE_CHECKING:
    from sync.client import BureauClient  # not for `kiosk sync status`, which only counts what waits

log = logging.getLogger("kiosk.sync")

SLEEP_S = 1.0
"""The liveness timer: a sender looks again at least this often, whether or not somebody woke it."""

crashpoints.register("sync", "send", "an effect is posted")
crashpoints.register("sync", "receipt", "the centre's answer is kept")


class Sender:
    """What the sending threads run; all of them share one."""

    def __init__(
        self,
        outbox: Outbox,
        reader: JournalReader,
        client: BureauClient,
        link: Link,
        *,
        held: Backoff,
        allowed: Callable[[], bool] = lambda: True,
        on_answer: Callable[[EffectAnswer], None] = lambda answer: None,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        """``allowed`` can stop all sending; ``on_answer`` hears every answer after it was kept.

        ``held`` says how long nothing is sent while the centre does not accept this terminal.
        """
        self._outbox, self._reader, self._client, self._link = outbox, reader, client, link
        self._allowed, self._on_answer, self._monotonic = allowed, on_answer, monotonic
        self._held = held
        self._held_in_a_row = 0
        self.delivered = 0
        self.held_reason = ""
        self.last_error = ""

    def run(self, stop: threading.Event, alive: Callable[[], None] = lambda: None) -> None:
        """Send until told to stop; ``alive`` is called at least once in ``SLEEP_S`` while nothing hangs."""
        while not stop.is_set():
            alive()
            item = self._outbox.take(self._wait_s(), lambda now: self._allowed() and self._link.may_send(now))
            if item is not None:
                self.deliver(item)

    def _wait_s(self) -> float:
        """How long to wait for an effect: not past the moment when this terminal's turn comes."""
        now = self._monotonic()
        if not self._link.up or self._link.may_send(now):
            return SLEEP_S
        return min(SLEEP_S, max(self._link.wake_at(now) - now, 0.005))

    def deliver(self, item: Item) -> bool:
        """Send one effect; True when the centre answered it. Raises ``StoreError`` when a file fails."""
        try:
            signed = self._reader.intent(item.key)
            if signed is None:
                raise LookupError(f"the journal has no intent under {item.key}")
            crashpoints.hit("sync", "before", "send")
            answer = self._client.submit(signed, queued=True)
            crashpoints.hit("sync", "after", "send")
            crashpoints.hit("sync", "before", "receipt")
            self._outbox.answered(item, answer)
            crashpoints.hit("sync", "after", "receipt")
        except BureauError as error:
            self._failed(item, verdict_of(error))
            return False
        except BaseException:
            # ours to mend, not the effect's fault: it waits its turn again
            self._outbox.failed(item, Ruling(Verdict.AGAIN, None, "sending failed here"))
            raise
        self.delivered += 1
        self._held_in_a_row, self.held_reason, self.last_error = 0, "", ""
        self._link.reached(self._monotonic())
        self._on_answer(answer)
        return True

    def _failed(self, item: Item, ruling: Ruling) -> None:
        now = self._monotonic()
        self.last_error = ruling.reason
        if ruling.verdict is Verdict.LINK:
            self._link.lost(ruling.reason, now, ruling.retry_after)
        else:
            self._link.reached(now)
        if ruling.verdict is Verdict.REFUSED:
            log.warning("%s %s: %s", item.kind, item.key, ruling.reason)
        elif ruling.verdict is Verdict.HELD:
            if not self.held_reason:
                log.error("the centre does not accept this terminal: %s", ruling.reason)
            self.held_reason = ruling.reason
            # who asks is in question, so the others wait too; but not for long if it was about this one
            self._outbox.pause(self._held.delay(self._held_in_a_row))
            self._held_in_a_row += 1
        self._outbox.failed(item, ruling)
