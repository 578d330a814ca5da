"""Carries out what the flow asks: readers and queries at once, effects by intent, act, outcome.

The same executor settles what a crash left open: it probes each effect that has an intent and no outcome, and
carries out what the outcomes owe. Nothing here decides; it journals, acts, and tells.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections import Counter
from collections.abc import Callable, Coroutine, Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from config.clock import CHINA
from kiosk.books import JournalBooks
from kiosk.domain.own_numbers import HIGHEST, make_number
from kiosk.effects import REGISTRY
from kiosk.effects.base import Job, Means, Origin, StillInDoubt
from kiosk.flow.effects import (
    Ask,
    AwaitUkeyGone,
    CallStaff,
    CheckStaff,
    ClosePayment,
    CompareFace,
    Converse,
    Issued,
    LookUp,
    Note,
    PressPad,
    ReadCode,
    ReadCodesOfPage,
    ReadDocument,
    ReadInvoice,
    ReadPage,
    ReadPassport,
    ReadUkey,
    StopWaiting,
    Submit,
    TakeSignature,
    Wait,
    Wipe,
    WriteUkey,
)
from kiosk.flow.events import Outcome
from kiosk.intents import intent_of, origin_of, seen_of, unkept_of
from kiosk.kept import Keeps
from kiosk.library_desk import LibraryDesk
from kiosk.readers import Readers
from kiosk.waiting import set_within
from sync.errors import BureauBusy, BureauGarbled, BureauRejected, BureauUnreachable
from sync.models import EffectKind

log = logging.getLogger("kiosk.executor")
RESOLVE_EVERY_S = 2.0
UNFORESEEN_S = 60.0
"""How long an effect rests whose probe failed in a way nobody foresaw."""
ACCEPTANCE_TYPE = "91"
"""The type of numbers that the terminal itself gives to what it accepts (受理); the centre's begin otherwise."""


class Executor:
    """Lives on the core's loop. ``tell`` gets every outcome; it must not block."""

    def __init__(
        self,
        means: Means,
        books: JournalBooks,
        readers: Readers,
        tell: Callable[[Outcome], None],
        kept: Keeps | None = None,
        library: LibraryDesk | None = None,
    ) -> None:
        """``kept``: what answers a service of offline class ``cached`` while the centre is away.

        ``library``: who is asked what the law says; without it nobody here knows.
        """
        self._means, self._books, self._readers, self._tell = means, books, readers, tell
        self._kept, self._library = kept, library
        self._waiting: set[asyncio.Task[None]] = set()
        self._acting: set[asyncio.Task[None]] = set()
        self._conversing: set[asyncio.Task[None]] = set()
        self._in_hand: Counter[str] = Counter()
        self._not_before: dict[str, float] = {}
        self._overdue: set[str] = set()
        self._give_up: dict[str, asyncio.Event] = {}
        self._under_way: dict[str, str] = {}  # the visit by transaction
        self._staff_calls = 0
        self._staff_acts = 0

    def issue(self, issued: Issued) -> None:
        """Begin one effect; returns at once."""
        match issued.effect:
            case StopWaiting():
                for task in self._waiting:
                    task.cancel()
            case ClosePayment():
                if issued.transaction in self._under_way:  # else the next order would be given up at once
                    self._giving_up(issued.transaction).set()
                self._tell(Outcome(issued.id, {}, partial=True))
            case Converse():
                self._spawn(self._conversing, self._answer(issued))
            case CallStaff():
                self._staff_calls += 1
                log.warning("staff called", extra={"visit": issued.visit})
            case (
                Ask()
                | LookUp()
                | ReadDocument()
                | ReadPassport()
                | ReadCode()
                | ReadCodesOfPage()
                | ReadInvoice()
                | ReadPage()
                | TakeSignature()
                | PressPad()
                | ReadUkey()
                | WriteUkey()
                | AwaitUkeyGone()
                | CompareFace()
                | CheckStaff()
                | Wait()
            ):
                self._spawn(self._waiting, self._answer(issued))
            case _:
                self._spawn(self._acting, self._carry_out(issued))

    async def by_staff(self, kind: str, data: Mapping[str, object], origin: Origin) -> Mapping[str, Any]:
        """One effect of a member of staff, to its outcome.

        Raises what its act raised: then nobody knows yet, and its probe goes on with it.
        """
        self._staff_acts += 1
        try:
            with self._held(origin.transaction):
                job = await self._books.begin(kind, data, origin)
                return await self._act(job, lambda _: None)
        finally:
            self._staff_acts -= 1

    @property
    def busy(self) -> bool:
        """Whether somebody's effect is under way: paper or money may be moving."""
        return bool(self._acting) or self._staff_acts > 0

    async def gave_up(self, transaction: str, seconds: float) -> bool:
        """Wait so long for the person to give up; True when they did."""
        return await set_within(self._giving_up(transaction), seconds)

    async def close(self) -> None:
        """Stop waiting for people, let effects under way come to their outcome."""
        for task in (*self._waiting, *self._conversing):
            task.cancel()
        if self._acting:
            await asyncio.wait(self._acting, timeout=10)

    # --- what leaves nothing behind -----------------------------------------------------------------

    async def _answer(self, issued: Issued) -> None:
        try:
            outcome = await self._found_out(issued)
        except Exception:
            # Whoever waits is told all the same: a page without an answer holds a person for ever.
            log.exception("%s failed in a way nobody foresaw", type(issued.effect).__name__)
            outcome = Outcome(issued.id, {}, "internal")
        self._tell(outcome)

    async def _found_out(self, issued: Issued) -> Outcome:
        match issued.effect:
            case Ask(query, params):
                return await self._ask(issued, query, params)
            case Converse(params, seconds):
                if params is None:
                    await self._means.sleep(seconds)
                    return Outcome(issued.id, {})
                return await self._ask(issued, "consult.talk", params)
            case LookUp() as wanted:
                if self._library is None:
                    return Outcome(issued.id, {}, "internal")
                fault, told = await self._library.look_up(wanted)
                return Outcome(issued.id, told, fault)
            case Wait(seconds):
                await self._means.sleep(seconds)
                return Outcome(issued.id, {})
            case effect:
                fault, data = await self._readers.read(
                    effect, lambda data: self._tell(Outcome(issued.id, data, partial=True))
                )
                return Outcome(issued.id, data, fault)

    async def _ask(self, issued: Issued, query: str, params: Mapping[str, object]) -> Outcome:
        try:
            return Outcome(issued.id, await self._means.centre.query(query, params, origin_of(issued)))
        except BureauUnreachable:
            return self._without_centre(issued, query, params)
        except BureauBusy:
            return Outcome(issued.id, {}, "busy")
        except BureauGarbled:
            return Outcome(issued.id, {}, "garbled")
        except BureauRejected as error:
            log.warning("query %s rejected: %s", query, error)
            return Outcome(issued.id, {}, "rejected")

    def _without_centre(self, issued: Issued, query: str, params: Mapping[str, object]) -> Outcome:
        """What is kept of it, where the service goes on with that."""
        if not issued.cached or self._kept is None:
            return Outcome(issued.id, {}, "unreachable")
        found = self._kept.find(query, dict(params), origin_of(issued))
        if found is None:
            return Outcome(issued.id, {}, "notKept")
        return Outcome(issued.id, found.data, kept_at=found.as_of.isoformat())

    # --- effects in the world ------------------------------------------------------------------------

    async def _carry_out(self, issued: Issued) -> None:
        origin = origin_of(issued)
        match issued.effect:
            case Note(kind, data):
                await self._books.note(kind, data, origin)
            case Wipe(visit):
                self._left(visit)
                await self._readers.forget()
                await self._books.shred(visit)
            case Submit(kind, data, queue=True):
                job = await self._begin(issued.id, kind, data, origin, queue=True)
                if job is not None:
                    self._tell(Outcome(issued.id, self._accepted(job)))
            case effect:
                kind, data = intent_of(effect)
                with self._held(origin.transaction):
                    await self._effect(issued.id, kind, data, origin, unkept_of(effect))

    async def _begin(
        self, effect_id: str, kind: str, data: Mapping[str, object], origin: Origin, *, queue: bool = False
    ) -> Job | None:
        """Journal the intent; None (and told so) when that fails: then nothing has begun."""
        try:
            return await self._books.begin(kind, data, origin, queue=queue)
        except Exception:
            log.exception("%s was not begun: its intent could not be written", kind)
            self._tell(Outcome(effect_id, {}, "internal"))
            return None

    async def _effect(
        self,
        effect_id: str,
        kind: str,
        data: Mapping[str, object],
        origin: Origin,
        unkept: Mapping[str, object],
    ) -> None:
        self._under_way[origin.transaction] = origin.visit
        try:
            job = await self._begin(effect_id, kind, data, origin)
            if job is not None:
                await self._to_its_end(effect_id, replace(job, data={**job.data, **unkept}))
        finally:
            self._give_up.pop(origin.transaction, None)
            self._under_way.pop(origin.transaction, None)

    async def _to_its_end(self, effect_id: str, job: Job) -> None:
        """Act, and tell the outcome, or that nobody knows it yet."""
        try:
            result = await self._act(job, lambda d: self._tell(Outcome(effect_id, d, partial=True)))
            fault = str(result.pop("fault", ""))
            self._tell(Outcome(effect_id, result, fault))
        except StillInDoubt as doubt:
            log.warning("%s is in doubt, to be settled by %s", job.kind, doubt.resolver)
            self._tell(Outcome(effect_id, {"key": job.key}, "in-doubt"))
        except Exception:
            log.exception("%s failed in a way nobody foresaw; its probe will tell", job.kind)
            self._tell(Outcome(effect_id, {"key": job.key}, "in-doubt"))

    async def _act(self, job: Job, tell: Callable[[Mapping[str, object]], None]) -> dict[str, Any]:
        outcome, owed = await REGISTRY[job.kind].act(self._means, job, tell)
        if outcome.get("queued"):
            await self._books.hand_over(job)
            return {**outcome, **self._accepted(job)}
        further = await self._books.end(job, outcome, owed)
        return {**outcome, **await self._further(further, tell)}

    async def _further(
        self, jobs: list[Job], tell: Callable[[Mapping[str, object]], None] = lambda _: None
    ) -> dict[str, Any]:
        """Carry out what an outcome owes; what the person may see of it (``intents.seen_of``)."""
        seen: dict[str, Any] = {}
        for job in jobs:
            result: Mapping[str, Any] | None = None
            try:
                result = await self._act(job, tell)
            except StillInDoubt as doubt:
                log.warning("%s is in doubt, to be settled by %s", job.kind, doubt.resolver)
            except Exception:
                log.exception("%s failed in a way nobody foresaw; its probe will tell", job.kind)
            seen |= seen_of(job, result)
        return seen

    def _accepted(self, job: Job) -> dict[str, Any]:
        """What the person gets for something that waits to be delivered: our own number and the moment."""
        moment = datetime.fromisoformat(job.accepted_at)  # as journalled: the time of filing
        region = f"{self._books.terminal_tag:04}"
        day, sequence = moment.astimezone(CHINA).date(), job.seq % (HIGHEST + 1)
        number = make_number(ACCEPTANCE_TYPE, region, day, sequence)
        return {
            "queued": True,
            "key": job.key,
            "declaration": number,
            "case": number,
            "application": number,
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
        jobs = await self._books.open_jobs()
        for job in [job for job in jobs if not self._in_hand[job.origin.transaction]]:
            # Looked at when the list was made and again now: whatever was acted on since tells its own end.
            busy = self._in_hand[job.origin.transaction]
            if busy or self._means.clock.monotonic() < self._not_before.get(job.key, float("-inf")):
                continue
            with self._held(job.origin.transaction):
                await self._resolve(job)

    async def _resolve(self, job: Job) -> None:
        """Probe one effect; one that cannot be probed now must not keep the others from being settled."""
        again_s = UNFORESEEN_S
        try:
            outcome, owed = await REGISTRY[job.kind].probe(self._means, job)
            further = await self._books.end(job, outcome, owed)
        except StillInDoubt as doubt:
            self._doubted(job, doubt)
            if job.kind in _DELIVERABLE:
                await self._books.hand_over(job)
            again_s = doubt.after_s
        except Exception:
            log.exception("%s cannot be probed; it is tried again", job.kind)
        else:
            log.info("%s settled after a probe", job.kind)
            self._not_before.pop(job.key, None)
            self._overdue.discard(job.key)
            await self._further(further)
            return
        self._not_before[job.key] = self._means.clock.monotonic() + again_s

    def _doubted(self, job: Job, doubt: StillInDoubt) -> None:
        """A doubt that lasts longer than its kind may is an error that names who settles it, once."""
        now = self._means.clock.now()
        began = datetime.fromisoformat(job.accepted_at) if job.accepted_at else now
        lasted_s = (now - began).total_seconds()
        if lasted_s <= REGISTRY[job.kind].max_doubt_s:
            log.info("%s still in doubt (%s)", job.kind, doubt.resolver)
        elif job.key not in self._overdue:
            self._overdue.add(job.key)
            hours = lasted_s / 3600
            log.error("%s %s is in doubt for %.1f h; ask %s", job.kind, job.key, hours, doubt.resolver)

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

    def _left(self, visit: str) -> None:
        """Whoever leaves pays no more: a card terminal must not wait for the next person's card."""
        for transaction in [t for t, whose in self._under_way.items() if whose == visit]:
            self._giving_up(transaction).set()

    def _giving_up(self, transaction: str) -> asyncio.Event:
        return self._give_up.setdefault(transaction, asyncio.Event())

    @contextlib.contextmanager
    def _held(self, transaction: str) -> Iterator[None]:
        """While somebody acts in a transaction nobody else probes what belongs to it."""
        self._in_hand[transaction] += 1
        try:
            yield
        finally:
            self._in_hand[transaction] -= 1
            self._in_hand += Counter()  # drops what is at zero

    def _spawn(self, tasks: set[asyncio.Task[None]], work: Coroutine[Any, Any, None]) -> None:
        def ended(task: asyncio.Task[None]) -> None:
            tasks.discard(task)
            if not task.cancelled() and (error := task.exception()) is not None:
                log.error("an effect failed in a way nobody foresaw", exc_info=error)

        task = asyncio.get_running_loop().create_task(work)
        tasks.add(task)
        task.add_done_callback(ended)


_DELIVERABLE = frozenset(str(k) for k in EffectKind if k not in (EffectKind.PAYMENT_CREATE,))
"""Effects that sync may deliver; a payment order is followed by its own probe alone."""
