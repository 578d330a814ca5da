"""The book of print jobs in ``devices.db``: a key is entered before the first dot, and prints once for ever."""

from __future__ import annotations

import enum
from dataclasses import asdict, dataclass
from typing import Any, Final

from sqlalchemy import Connection, Row, func, insert, select, update

from drivers import crashpoints
from drivers.books.jobs import opening
from drivers.ports import PrintOutcome, PrintResult
from drivers.store import Store
from drivers.store_tables import jobs

BEGIN: Final = crashpoints.register("print.begin", "the key is entered; nothing has been sent to the printer")
FINISH: Final = crashpoints.register("print.finish", "the paper is out; its outcome is entered")
SETTLE: Final = crashpoints.register("print.settle", "a job that a power cut left open gets its outcome")

KIND: Final = "print"


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
    """One job as entered. ``printer_name`` is what the device knows it by; ``before`` the impressions till then."""

    key: str
    service: str
    fingerprint: str
    printer_name: str
    stage: JobStage = JobStage.BEGUN
    result: PrintResult | None = None
    numbered: Numbered | None = None
    before: int | None = None


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
            lambda connection: [
                _job(row, self._kind) for row in connection.execute(query.order_by(jobs.c.created_at))
            ]
        )

    async def begin(self, job: PaperJob, client: str) -> None:
        """Enter a new key; nothing may be sent to the printer before this returns."""
        detail = {"printerName": job.printer_name, **_numbers(job), **_before(job)}
        now = self._store.now()
        row = opening(
            job.key, self._service, self._kind, client, job.fingerprint, JobStage.BEGUN, detail, now
        )

        def work(connection: Connection) -> None:
            connection.execute(insert(jobs), [row])
            self.entered(connection, job)

        await self._store.write(BEGIN, work)

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
    )
