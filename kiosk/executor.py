"""Carries out what the flow asks: readers and queries at once, effects by intent, act, outcome.

The same executor settles what a crash left open: it probes each effect that has an intent and no outcome, and
carries out what the outcomes owe. Nothing here decides; it journals, acts, and tells.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from typing import Any

from config.clock import CHINA
from kiosk.books import JournalBooks
from kiosk.domain.own_numbers import make_number
from kiosk.effects import REGISTRY
from kiosk.effects.base import Job, Means, Origin, StillInDoubt
from kiosk.flow.effects import (
    Ask,
    CallStaff,
    CheckStaff,
    ClosePayment,
    CompareFace,
    Dispense,
    Effect,
    Issued,
    Note,
    Pay,
    PrintDocument,
    PrintSlip,
    ReadDocument,
    StopWaiting,
    Submit,
    Wait,
    Wipe,
)
from kiosk.flow.events import Outcome
from kiosk.readers import Readers
from sync.errors import BureauBusy, BureauGarbled, BureauRejected, BureauUnreachable, StoreError
from sync.models import EffectKind

log = logging.getLogger("kiosk.executor")
RESOLVE_EVERY_S = 2.0
ACCEPTANCE_TYPE = "91"
"""The type of numbers that the terminal itself gives to what it accepts (受理); the centre's begin otherwise."""


class Executor:
    """Lives on the core's loop. ``tell`` gets every outcome; it must not block."""

    def __init__(
        self, means: Means, books: JournalBooks, readers: Readers, tell: Callable[[Outcome], None]
    ) -> None:
        self._means, self._books, self._readers, self._tell = means, books, readers, tell
        self._waiting: set[asyncio.Task[None]] = set()
        self._acting: set[asyncio.Task[None]] = set()
        self._in_hand: set[str] = set()
        self._give_up: dict[str, asyncio.Event] = {}
        self._staff_calls = 0

    def issue(self, issued: Issued) -> None:
        """Begin one effect; returns at once."""
        match issued.effect:
            case StopWaiting():
                for task in self._waiting:
                    task.cancel()
            case ClosePayment():
                self._giving_up(issued.transaction).set()
                self._tell(Outcome(issued.id, {}, partial=True))
            case CallStaff():
                self._staff_calls += 1
                log.warning("staff called", extra={"visit": issued.visit})
            case Ask() | ReadDocument() | CompareFace() | CheckStaff() | Wait():
                self._spawn(self._waiting, self._answer(issued))
            case _:
                self._spawn(self._acting, self._carry_out(issued))

    async def gave_up(self, transaction: str, seconds: float) -> bool:
        """Wait so long for the person to give up; True when they did."""
        try:
            await asyncio.wait_for(self._giving_up(transaction).wait(), seconds)
        except TimeoutError:
            return False
        return True

    async def close(self) -> None:
        """Stop waiting for people, let effects under way come to their outcome."""
        for task in self._waiting:
            task.cancel()
        if self._acting:
            await asyncio.wait(self._acting, timeout=10)

    # --- what leaves nothing behind -----------------------------------------------------------------

    async def _answer(self, issued: Issued) -> None:
        def progress(data: Mapping[str, object]) -> None:
            self._tell(Outcome(issued.id, data, partial=True))

        match issued.effect:
            case Ask(query, params):
                outcome = await self._ask(issued, query, params)
            case Wait(seconds):
                await self._means.sleep(seconds)
                outcome = Outcome(issued.id, {})
            case effect:
                fault, data = await self._readers.read(effect, progress)
                outcome = Outcome(issued.id, data, fault)
        self._tell(outcome)

    async def _ask(self, issued: Issued, query: str, params: Mapping[str, object]) -> Outcome:
        try:
            return Outcome(issued.id, await self._means.centre.query(query, params, _origin(issued)))
        except BureauUnreachable:
            return Outcome(issued.id, {}, "unreachable")
        except BureauBusy:
            return Outcome(issued.id, {}, "busy")
        except BureauGarbled:
            return Outcome(issued.id, {}, "garbled")
        except BureauRejected as error:
            log.warning("query %s rejected: %s", query, error)
            return Outcome(issued.id, {}, "rejected")

    # --- effects in the world ------------------------------------------------------------------------

    async def _carry_out(self, issued: Issued) -> None:
        origin = _origin(issued)
        match issued.effect:
            case Note(kind, data):
                await self._books.note(kind, data, origin)
            case Wipe(visit):
                await self._readers.forget()
                await self._books.shred(visit)
            case Submit(kind, data, queue=True):
                job = await self._books.begin(kind, data, origin, queue=True)
                self._tell(Outcome(issued.id, self._accepted(job)))
            case effect:
                kind, data = _intent(effect)
                await self._effect(issued.id, kind, data, origin)

    async def _effect(self, effect_id: str, kind: str, data: Mapping[str, object], origin: Origin) -> None:
        try:
            job = await self._books.begin(kind, data, origin)
        except StoreError:
            log.exception("%s was not begun: its intent could not be written", kind)
            self._tell(Outcome(effect_id, {}, "internal"))
            return
        self._in_hand.add(job.key)
        try:
            result = await self._act(job, lambda d: self._tell(Outcome(effect_id, d, partial=True)))
            fault = str(result.pop("fault", ""))
            self._tell(Outcome(effect_id, result, fault))
        except StillInDoubt as doubt:
            log.warning("%s is in doubt, to be settled by %s", kind, doubt.resolver)
            self._tell(Outcome(effect_id, {"key": job.key}, "in-doubt"))
        except Exception:
            log.exception("%s failed in a way nobody foresaw; its probe will tell", kind)
            self._tell(Outcome(effect_id, {"key": job.key}, "in-doubt"))
        finally:
            self._in_hand.discard(job.key)
            self._give_up.pop(origin.transaction, None)

    async def _act(self, job: Job, tell: Callable[[Mapping[str, object]], None]) -> dict[str, Any]:
        outcome, owed = await REGISTRY[job.kind].act(self._means, job, tell)
        if outcome.get("queued"):
            await self._books.hand_over(job)
            return {**outcome, **self._accepted(job)}
        further = await self._books.end(job, outcome, owed)
        return {**outcome, **await self._further(further)}

    async def _further(self, jobs: list[Job]) -> dict[str, Any]:
        """Carry out what an outcome owes; what the person may see of it (the ledger's movement)."""
        seen: dict[str, Any] = {}
        for job in jobs:
            self._in_hand.add(job.key)
            try:
                result = await self._act(job, lambda _: None)
            except StillInDoubt:
                continue
            finally:
                self._in_hand.discard(job.key)
            if job.kind == EffectKind.INVOICE_COMMIT:
                number = result.get("movement") or result.get("declaration") or ""
                seen = {"movement": number, "commit_key": job.key}
        return seen

    def _accepted(self, job: Job) -> dict[str, Any]:
        """What the person gets for something that waits to be delivered: our own number and the moment."""
        moment: datetime = self._means.clock.now()
        region = f"{self._books.terminal_tag:04}"
        number = make_number(ACCEPTANCE_TYPE, region, moment.astimezone(CHINA).date(), job.seq)
        return {
            "queued": True,
            "key": job.key,
            "declaration": number,
            "accepted_at": moment.isoformat(),
            "total_fen": job.data.get("total_fen"),
        }

    # --- what a crash left -----------------------------------------------------------------------------

    async def recover(self) -> None:
        """Probe every open effect once, then close what unfinished visits owe."""
        await self.resolve()
        for job in await self._books.orphans():
            await self._books.hand_over(job)
        await self._books.shred_finished()

    async def resolve(self) -> None:
        """Probe the effects with an intent and no outcome that nobody is acting on."""
        for job in await self._books.open_jobs():
            if job.key in self._in_hand:
                continue
            self._in_hand.add(job.key)
            try:
                outcome, owed = await REGISTRY[job.kind].probe(self._means, job)
                await self._further(await self._books.end(job, outcome, owed))
                log.info("%s settled after a probe", job.kind)
            except StillInDoubt as doubt:
                if job.kind in _DELIVERABLE:
                    await self._books.hand_over(job)
                log.info("%s still in doubt (%s)", job.kind, doubt.resolver)
            finally:
                self._in_hand.discard(job.key)

    async def keep_settling(self) -> None:
        """For ever: take the receipts of what sync delivered, probe what is in doubt, shred what is finished."""
        while True:
            await self._means.sleep(RESOLVE_EVERY_S)
            try:
                await self._books.settle_receipts()
                await self.resolve()
                await self._books.shred_finished()
            except Exception:
                log.exception("settling failed; it is tried again")

    # --- helpers ---------------------------------------------------------------------------------------

    def _giving_up(self, transaction: str) -> asyncio.Event:
        return self._give_up.setdefault(transaction, asyncio.Event())

    def _spawn(self, tasks: set[asyncio.Task[None]], work: Awaitable[None]) -> None:
        async def guarded() -> None:
            try:
                await work
            except asyncio.CancelledError:
                raise
            except Exception:
                log.exception("an effect failed in a way nobody foresaw")

        task = asyncio.get_running_loop().create_task(guarded())
        tasks.add(task)
        task.add_done_callback(tasks.discard)


_DELIVERABLE = frozenset(str(k) for k in EffectKind if k not in (EffectKind.PAYMENT_CREATE,))
"""Effects that sync may deliver; a payment order is followed by its own probe alone."""


def _origin(issued: Issued) -> Origin:
    return Origin(
        visit=issued.visit,
        transaction=issued.transaction,
        step=issued.step,
        service=issued.service,
        service_hash=issued.service_hash,
        lang=issued.lang,
        subject=issued.subject,
        offline=issued.offline,
    )


def _intent(effect: Effect) -> tuple[str, Mapping[str, object]]:
    """Kind and data of the record that an effect begins with."""
    match effect:
        case Submit(kind, data):
            return kind, data
        case Pay(dues, amount):
            return EffectKind.PAYMENT_CREATE, {
                "dues": list(dues),
                "amount_fen": amount,
                "channel": "qr-shown",
            }
        case PrintDocument(number, pages):
            return "print", {"number": number, "pages": pages}
        case PrintSlip(blocks, reprint):
            return "slip", {"blocks": list(blocks), "reprint": reprint}
        case Dispense(reservation, code, first, last, unit):
            fields = {"reservation": reservation, "code": code, "first": first, "last": last, "unit": unit}
            return "dispense", fields
    raise TypeError(f"{type(effect).__name__} changes nothing in the world")
