"""The journal as the core uses it: intents, outcomes and what they owe, each transition one commit.

SQLAlchemy and fsync block, so every call runs on the one journal thread; the core's loop only awaits it.
"""

from __future__ import annotations

import asyncio
import hashlib
import logging
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Protocol, TypeVar

from config.clock import Clock
from kiosk.domain.ids import uuid7
from kiosk.effects.base import Job, Origin, Owed
from sync.errors import VisitStillOpen
from sync.journal import Journal, OpenedRecord
from sync.models import STAFF_SERVICE, EffectAnswer, EffectBody, EffectKind
from sync.records import Entry, Phase

log = logging.getLogger("kiosk.books")
T = TypeVar("T")
CENTRE_KINDS = frozenset(str(kind) for kind in EffectKind)
"""Effects that the centre carries out; all others happen at this machine and are settled by their outcome."""
ENDED = "visit.ended"
STAFF_ORDER = "staff"
"""What staff did with this terminal's stock reaches the centre in the order in which it was done: stock that is taken
up and handed out again must have come before it can leave. Journals tell terminals apart already."""


class ReceiptBook(Protocol):
    """The centre's answers to what sync delivered (``sync.db``, read only)."""

    def for_key(self, key: str) -> EffectAnswer | None:
        """The answer, or None while there is none."""
        ...


class JournalBooks:
    """The one user of ``Journal`` in ``kiosk run``."""

    def __init__(self, journal: Journal, receipts: ReceiptBook, clock: Clock, terminal: str) -> None:
        """``terminal`` is the enrolled id; its tag goes into the numbers this terminal gives."""
        self._journal, self._receipts, self._clock = journal, receipts, clock
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="journal")
        self._ended: set[str] | None = None
        self.terminal_tag = int.from_bytes(hashlib.sha256(terminal.encode()).digest()[:4]) % 10_000

    async def begin(self, kind: str, data: Mapping[str, Any], origin: Origin, *, queue: bool = False) -> Job:
        """Write the intent of an effect; with ``queue`` sync owns it from this commit on."""
        return (await self._append(self._intents([Owed(kind, data, queue)], origin)))[0]

    async def hand_over(self, job: Job) -> None:
        """Sync delivers it from here on."""
        await self._append([_entry(job.kind, Phase.HANDOVER, job.key, {}, job.origin)])

    async def end(self, job: Job, outcome: Mapping[str, Any], owed: Sequence[Owed] = ()) -> list[Job]:
        """Write the outcome, settle it, and begin what it owes: one commit. Returns what is still to be sent."""
        closing = [
            _entry(job.kind, Phase.OUTCOME, job.key, outcome, job.origin),
            _entry(job.kind, Phase.SETTLED, job.key, {}, job.origin),
        ]
        begun = await self._append(closing + self._intents(owed, job.origin))
        queued = {o.kind for o in owed if o.queue}
        return [j for j in begun if j.kind not in queued]

    async def note(self, kind: str, data: Mapping[str, Any], origin: Origin) -> None:
        """A line that changes nothing."""
        await self._append([_entry(kind, Phase.NOTE, None, data, origin)])
        if kind == ENDED:
            await self._run(lambda: self._ended_visits().add(origin.visit))

    async def open_jobs(self) -> list[Job]:
        """Effects of which nobody knows yet what came of them."""
        histories = await self._run(self._journal.open_effects)
        return [_job(h.intent) for h in histories if h.undecided and h.intent.body is not None]

    async def is_open(self, *kinds: str) -> bool:
        """Whether nobody knows yet what came of an effect of these kinds."""
        return any(job.kind in kinds for job in await self.open_jobs())

    async def began(self, kind: str, transaction: str) -> bool:
        """Whether an effect was begun in a transaction; it can be told after the visit's key is gone too."""

        def look() -> bool:
            records = (r.record for r in self._journal.read(transaction))
            return any(r.kind == kind and r.phase is Phase.INTENT for r in records)

        return await self._run(look)

    async def unsettled_collection(self) -> bool:
        """Whether a collection of invoices still waits to be settled with the centre."""
        histories = await self._run(self._journal.open_effects)
        return any(h.kind in (EffectKind.INVOICE_COMMIT, "dispense") for h in histories)

    async def unsettled(self) -> int:
        """How many effects are not settled."""
        return len(await self._run(self._journal.open_effects))

    async def settle_receipts(self) -> None:
        """Append the settlement of everything sync has delivered."""
        for history in await self._run(self._journal.open_effects):
            if not history.handed_over:
                continue
            answer = await self._run(lambda key=history.key: self._receipts.for_key(key))  # type: ignore[misc]
            if answer is not None:
                origin = _origin(history.intent)
                body = {"state": str(answer.state), "result": answer.result}
                await self._append([_entry(history.kind, Phase.SETTLED, history.key, body, origin)])

    async def orphans(self) -> list[Job]:
        """Begin what unfinished visits owe: accepted by the centre, but never carried on after a crash.

        A reservation that nothing was dispensed from is released; a certificate that was never sent to the
        printer is reported as not printed. The jobs returned are to be handed over.
        """
        begun: list[Job] = []
        for transaction, records in (await self._run(self._unfinished)).items():
            try:
                for owed, origin in _owed_by(records):
                    begun.append(await self.begin(owed.kind, owed.data, origin))
            except (KeyError, TypeError, ValueError):
                log.exception(
                    "what transaction %s owes cannot be told; it is left to the centre", transaction
                )
        for visit in await self._run(self._never_ended):
            cut_short = Origin(visit, "", "", "", "", "zh-CN", {})
            await self.note(ENDED, {"cause": "restart"}, cut_short)
        return begun

    async def shred(self, visit: str) -> None:
        """Drop the visit's key, at once or (an effect is undecided) when ``shred_finished`` finds it settled."""
        try:
            await self._run(lambda: self._journal.shred(visit))
        except VisitStillOpen:
            return

    async def shred_finished(self) -> None:
        """Drop the keys of visits that are over and have nothing undecided left."""
        for visit in await self._run(self._over):
            await self.shred(visit)

    def close(self) -> None:
        """Finish what is queued and release the file."""
        self._thread.shutdown(wait=True)
        self._journal.close()

    # --- helpers ---------------------------------------------------------------------------------------

    def _intents(self, owed: Sequence[Owed], origin: Origin) -> list[Entry]:
        entries: list[Entry] = []
        for one in owed:
            key = uuid7()
            body = self._body(one.kind, key, one.data, origin)
            entries.append(_entry(one.kind, Phase.INTENT, key, body, origin))
            if one.queue:
                entries.append(_entry(one.kind, Phase.HANDOVER, key, {}, origin))
        return entries

    def _body(self, kind: str, key: str, data: Mapping[str, Any], origin: Origin) -> Mapping[str, Any]:
        body = {
            "kind": kind,
            "key": key,
            "service": origin.service,
            "service_hash": origin.service_hash,
            "subject": origin.subject,
            "accepted_at": self._clock.now().isoformat(),
            "offline": origin.offline,
            "lang": origin.lang,
            "data": data,
        }
        return EffectBody.model_validate(body).model_dump(mode="json") if kind in CENTRE_KINDS else body

    async def _append(self, entries: Sequence[Entry]) -> list[Job]:
        records = await self._run(lambda: self._journal.append_all(entries))
        return [_job(r) for r in records if r.record.phase is Phase.INTENT]

    async def _run(self, work: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._thread, work)

    def _unfinished(self) -> dict[str, list[OpenedRecord]]:
        """Records by transaction of the visits whose key is still there."""
        found: dict[str, list[OpenedRecord]] = {}
        for record in self._journal.read():
            if record.body is not None and record.record.transaction:
                found.setdefault(record.record.transaction, []).append(record)
        return found

    def _over(self) -> list[str]:
        """Visits whose key is still there although they ended."""
        return sorted(self._journal.visits_with_key() & self._ended_visits())

    def _never_ended(self) -> list[str]:
        """Visits whose key is still there because nobody ended them."""
        return sorted(self._journal.visits_with_key() - self._ended_visits())

    def _ended_visits(self) -> set[str]:
        """Visits that ended; the journal grows for years, so it is read for this once a start."""
        if self._ended is None:
            self._ended = {r.record.visit for r in self._journal.read() if r.record.kind == ENDED}
        return self._ended


def _owed_by(records: Sequence[OpenedRecord]) -> list[tuple[Owed, Origin]]:
    outcomes = {r.record.kind: r for r in records if r.record.phase is Phase.OUTCOME}
    intents = {r.record.kind for r in records if r.record.phase is Phase.INTENT}
    owed: list[tuple[Owed, Origin]] = []
    reserved = outcomes.get(EffectKind.INVOICE_RESERVE)
    if reserved and _accepted(reserved) and not intents & {"dispense", str(EffectKind.INVOICE_COMMIT)}:
        body: Mapping[str, Any] = reserved.body or {}
        data = {
            "reservation": body["reservation"],
            "code": body["code"],
            "delivered": [],
            "released": [{"first": body["first"], "last": body["last"]}],
            "cause": "powerLoss",
        }
        owed.append((Owed(EffectKind.INVOICE_COMMIT, data), _origin_of(records, EffectKind.INVOICE_RESERVE)))
    issued = outcomes.get(EffectKind.CERTIFICATE_ISSUE)
    if issued and _accepted(issued) and not intents & {"print", str(EffectKind.CERTIFICATE_PRINTED)}:
        number = (issued.body or {})["number"]
        data = {"number": number, "outcome": "notPrinted"}
        origin = _origin_of(records, EffectKind.CERTIFICATE_ISSUE)
        owed.append((Owed(EffectKind.CERTIFICATE_PRINTED, data), origin))
    return owed


def _accepted(record: OpenedRecord) -> bool:
    return record.body is not None and record.body.get("state") == "accepted"


def _origin_of(records: Sequence[OpenedRecord], kind: str) -> Origin:
    intent = next(r for r in records if r.record.kind == kind and r.record.phase is Phase.INTENT)
    return _origin(intent)


def _origin(record: OpenedRecord) -> Origin:
    fields, body = record.record, record.body or {}
    return Origin(
        visit=fields.visit,
        transaction=fields.transaction,
        step=fields.step,
        service=str(body.get("service", "")),
        service_hash=fields.service_hash,
        lang=str(body.get("lang", "zh-CN")),
        subject=body.get("subject") or {},
        offline=bool(body.get("offline", False)),
    )


def _job(record: OpenedRecord) -> Job:
    fields = record.record
    return Job(
        key=str(fields.key),
        kind=fields.kind,
        data=(record.body or {}).get("data", {}),
        accepted_at=str((record.body or {}).get("accepted_at", "")),
        origin=_origin(record),
        seq=fields.seq,
        record=record.signed,
    )


def _entry(kind: str, phase: Phase, key: str | None, body: Mapping[str, Any], origin: Origin) -> Entry:
    return Entry(
        transaction=origin.transaction,
        visit=origin.visit,
        step=origin.step,
        kind=kind,
        phase=phase,
        key=key,
        service_hash=origin.service_hash,
        body=body,
        order=STAFF_ORDER if origin.service == STAFF_SERVICE else None,
    )
