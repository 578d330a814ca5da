"""The book of settlements in ``devices.db``: entered before the terminal hears of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Row, select, update

from drivers import crashpoints
from drivers.books.jobs import ENTERED, JobBook, loaded_time, stored_time
from drivers.payment import BatchTotals, ClosingReason, Settlement, SettlementState
from drivers.store_tables import jobs

BEGIN: Final = crashpoints.register("settlement.begin", "the settlement is entered; nothing was sent")
FINISH: Final = crashpoints.register("settlement.finish", "how the settlement ended is entered")

KIND: Final = "settlement"


@dataclass(frozen=True, slots=True)
class SettlementJob:
    """One settlement as entered.

    ``book`` is what our book has counted of ``batch`` at the terminal ``serial``; ``before`` the last settlement
    that the terminal knew then, by which a new one is told from an old one. ``reason`` and ``by`` are staff's word,
    where no terminal could tell.
    """

    key: str
    batch: str
    serial: str
    book: BatchTotals
    before: Settlement | None
    state: SettlementState = SettlementState.OPEN
    result: Settlement | None = None
    error_code: str | None = None
    begun_at: datetime | None = None
    reason: ClosingReason | None = None
    by: str | None = None

    @property
    def open(self) -> bool:
        """Whether how it ended is not known."""
        return self.state is SettlementState.OPEN

    @property
    def agrees(self) -> bool:
        """Whether terminal and book have counted the same."""
        return self.result is not None and self.result.totals == self.book


class SettlementBook(JobBook[SettlementJob]):
    """The settlements of one terminal service."""

    kind = KIND
    open_state = SettlementState.OPEN

    async def begin(self, job: SettlementJob, client: str) -> None:
        """Enter a new key; nothing may be sent to the terminal before this returns."""
        await self._enter(BEGIN, job.key, client, f"{KIND}:{job.serial}:{job.batch}", _detail(job))

    async def finish(self, job: SettlementJob, result: Settlement | None, error_code: str | None) -> None:
        """Enter how it ended: ``result`` as the terminal tells it, None when the batch was not closed."""
        state = SettlementState.SETTLED if result is not None else SettlementState.NOT_SETTLED
        await self._end(job, state, _detail(job) | {"result": _stored(result)}, error_code)

    async def close(self, job: SettlementJob, reason: ClosingReason, by: str) -> None:
        """Enter that nobody will tell how it ended: why, and who says so."""
        told = {"reason": reason.value, "by": by}
        await self._end(job, SettlementState.CLOSED_BY_STAFF, _detail(job) | told, None)

    async def settled(self, batch: str, serial: str) -> int:
        """The place of the last settlement that is known to have closed a batch of that number; 0 without one."""
        closed = jobs.c.state == SettlementState.SETTLED
        query = select(ENTERED.label("place"), jobs.c.detail).where(
            jobs.c.service == self._service, jobs.c.kind == self.kind, closed
        )
        rows = await self._store.read(lambda connection: connection.execute(query).all())
        same = [row.place for row in rows if (row.detail["batch"], row.detail["serial"]) == (batch, serial)]
        return max(same, default=0)

    async def _end(
        self,
        job: SettlementJob,
        state: SettlementState,
        detail: Mapping[str, Any],
        code: str | None,
    ) -> None:
        values = {
            "state": state.value,
            "outcome": state.value,
            "error_code": code,
            "detail": detail,
            "updated_at": self._store.now(),
        }
        statement = update(jobs).where(jobs.c.key == job.key, jobs.c.state == SettlementState.OPEN)
        await self._store.write(
            FINISH, lambda connection: connection.execute(statement.values(values)) and None
        )

    def _job(self, row: Row[Any]) -> SettlementJob:
        return SettlementJob(
            row.key,
            row.detail["batch"],
            row.detail["serial"],
            BatchTotals(**row.detail["book"]),
            _loaded(row.detail["before"]),
            SettlementState(row.state),
            _loaded(row.detail["result"]),
            row.error_code,
            datetime.fromisoformat(row.created_at),
            ClosingReason(reason) if (reason := row.detail.get("reason")) is not None else None,
            row.detail.get("by"),
        )


def _detail(job: SettlementJob) -> dict[str, Any]:
    return {
        "batch": job.batch,
        "serial": job.serial,
        "book": asdict(job.book),
        "before": _stored(job.before),
        "result": None,
    }


def _stored(settlement: Settlement | None) -> dict[str, Any] | None:
    return None if settlement is None else asdict(settlement) | {"at": stored_time(settlement.at)}


def _loaded(kept: Mapping[str, Any] | None) -> Settlement | None:
    if kept is None:
        return None
    totals = BatchTotals(**kept["totals"])
    return Settlement(totals, kept["balanced"], kept["text"], loaded_time(kept["at"]))
