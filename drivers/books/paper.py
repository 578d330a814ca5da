"""The book of print jobs in ``devices.db``: a key is entered before the first dot, and prints once for ever."""

from __future__ import annotations

import enum
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    String,
    func,
    insert,
    literal_column,
    or_,
    select,
    update,
)

from drivers import crashpoints
from drivers.books.jobs import ENTERED, opening
from drivers.ports import PrintOutcome, PrintResult
from drivers.store import Store
from drivers.store_tables import jobs

BEGIN: Final = crashpoints.register("print.begin", "the key is entered; nothing has been sent to the printer")
FINISH: Final = crashpoints.register("print.finish", "the paper is out; its outcome is entered")
SETTLE: Final = crashpoints.register("print.settle", "a job that a power cut left open gets its outcome")

KIND: Final = "print"

_SERVICE_OF_EACH: Final[ColumnElement[str]] = literal_column("+jobs.service", String)
"""The service of a row, where rows are looked at from the newest backwards until one fits: the plus keeps SQLite from
its index, by which it would collect and sort every job since the terminal was put up."""


class JobStage(enum.StrEnum):
    """``begun`` may have moved paper; ``done`` has its outcome."""

    BEGUN = "begun"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class Numbered:
    """A sheet of numbered stock: which stock, and the invoice code and number printed on it."""

    form: str
    code: str
    number: str


@dataclass(frozen=True, slots=True)
class PaperJob:
    """One job as entered, at ``entered_at``.

    ``printer_name`` is what the device knows it by; ``before`` the impressions till then.
    """

    key: str
    service: str
    fingerprint: str
    printer_name: str
    stage: JobStage = JobStage.BEGUN
    result: PrintResult | None = None
    numbered: Numbered | None = None
    before: int | None = None
    entered_at: datetime | None = None


class PaperBook:
    """The print jobs of one service; or the stamp jobs, by their ``kind``."""

    def __init__(self, store: Store, service: str, kind: str = KIND) -> None:
        self._store = store
        self._service = service
        self._kind = kind

    async def find(self, key: str) -> PaperJob | None:
        """The job of that key, whichever service had it."""

        def work(connection: Connection) -> PaperJob | None:
            row = connection.execute(select(jobs).where(jobs.c.key == key)).one_or_none()
            return _job(row, self._kind) if row is not None else None

        return await self._store.read(work)

    async def unfinished(self) -> list[PaperJob]:
        """Jobs begun and never ended, oldest first: left by a power cut or a fault of the program."""
        query = select(jobs).where(
            jobs.c.service == self._service, jobs.c.kind == self._kind, jobs.c.state == JobStage.BEGUN
        )
        return await self._store.read(
            lambda connection: [_job(row, self._kind) for row in connection.execute(query.order_by(ENTERED))]
        )

    async def left_hanging(self, but: str) -> bool:
        """Whether paper of a job before ``but`` may hang out: the last that moved any did not end whole."""
        moved = or_(
            jobs.c.state == JobStage.BEGUN,
            jobs.c.outcome != PrintOutcome.NOT_PRINTED,
            func.json_extract(jobs.c.detail, "$.partly") == 1,
        )
        mine = (_SERVICE_OF_EACH == self._service) & (jobs.c.kind == self._kind) & (jobs.c.key != but)
        query = select(jobs.c.outcome).where(mine, moved).order_by(ENTERED.desc()).limit(1)
        last = await self._store.read(lambda connection: connection.execute(query).first())
        return last is not None and last.outcome != PrintOutcome.PRINTED

    def age_s(self, job: PaperJob) -> float:
        """Seconds since the job was entered; below 0 when the time of day was set back in between."""
        if job.entered_at is None:
            return 0.0
        return (datetime.fromisoformat(self._store.now()) - job.entered_at).total_seconds()

    async def begin(self, job: PaperJob, client: str) -> PaperJob:
        """Enter a new key, and give the job as entered; nothing may be sent to the printer before this returns."""
        detail = {"printerName": job.printer_name, **_numbers(job), **_before(job)}
        now = self._store.now()
        row = opening(
            job.key, self._service, self._kind, client, job.fingerprint, JobStage.BEGUN, detail, now
        )

        def work(connection: Connection) -> None:
            connection.execute(insert(jobs), [row])
            self.entered(connection, job)

        await self._store.write(BEGIN, work)
        return replace(job, entered_at=datetime.fromisoformat(now))

    def entered(self, connection: Connection, job: PaperJob) -> None:
        """What else belongs into the commit of a new key."""

    async def finish(self, key: str, result: PrintResult, commit: str = FINISH) -> None:
        """Enter the outcome."""
        values: dict[str, Any] = {
            "state": JobStage.DONE.value,
            "outcome": result.outcome.value,
            "error_code": result.error_code,
            "sheets": result.sheets,
            "updated_at": self._store.now(),
        }
        if result.partly:
            values["detail"] = func.json_set(jobs.c.detail, "$.partly", func.json("true"))
        statement = update(jobs).where(jobs.c.key == key).values(values)

        def work(connection: Connection) -> None:
            connection.execute(statement)
            self.ended(connection, key, result)

        await self._store.write(commit, work)

    def ended(self, connection: Connection, key: str, result: PrintResult) -> None:
        """What else belongs into the commit of an outcome."""


def _numbers(job: PaperJob) -> dict[str, str]:
    return {} if job.numbered is None else asdict(job.numbered)


def _before(job: PaperJob) -> dict[str, int]:
    return {} if job.before is None else {"before": job.before}


def _numbered(detail: dict[str, str]) -> Numbered | None:
    return Numbered(detail["form"], detail["code"], detail["number"]) if "form" in detail else None


def _job(row: Row[Any], kind: str) -> PaperJob:
    result = None
    if row.state == JobStage.DONE and row.outcome is not None:
        partly = bool(row.detail.get("partly"))
        result = PrintResult(PrintOutcome(row.outcome), row.error_code, row.sheets, partly=partly)
    return PaperJob(
        row.key,
        row.service,
        row.fingerprint,
        str(row.detail.get("printerName", row.key)),
        JobStage(row.state) if row.kind == kind else JobStage.DONE,
        result,
        _numbered(row.detail) if row.kind == KIND else None,
        row.detail.get("before"),
        datetime.fromisoformat(row.created_at),
    )
