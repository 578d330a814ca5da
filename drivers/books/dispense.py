"""The book of dispensed sheets in ``devices.db``: each number is entered before its sheet moves, and after.

A number stands in exactly one place at any moment: left in its unit, or in ``sheets``. The table's own
constraint lets no number move twice.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

from sqlalchemy import Connection, delete, insert, select, update

from drivers import crashpoints
from drivers.books import counting
from drivers.books.dispense_job import (
    DOUBLE,
    FEEDING,
    KIND,
    REJECT_FULL,
    DispenseJob,
    JobStage,
    Sheet,
    detail_of,
    job_of,
    sheet_of,
)
from drivers.books.jobs import ENTERED, key_used, opening
from drivers.books.numbers import step
from drivers.books.totals import Totals
from drivers.ports import DispensedItem
from drivers.store import Store
from drivers.store_tables import jobs, moves, sheets, units

BEGIN: Final = crashpoints.register("dispense.begin", "the key is entered; no sheet has moved")
FEED: Final = crashpoints.register("dispense.feed", "the next number is entered; its sheet is about to move")
HELD: Final = crashpoints.register("dispense.held", "the sheet is at the gate and its number was read")
REST: Final = crashpoints.register("dispense.rest", "the sheet came to rest; its place is entered")
FED: Final = crashpoints.register("dispense.fed", "feeding has ended; its outcome is entered")
PRESENTING: Final = crashpoints.register("dispense.presenting", "the tray is about to open")
PRESENTED: Final = crashpoints.register("dispense.presented", "the tray is open")
TAKEN: Final = crashpoints.register("dispense.taken", "the sheets were taken")
RETRACTING: Final = crashpoints.register(
    "dispense.retracting", "the tray is about to be emptied into the bin"
)
RETRACTED: Final = crashpoints.register("dispense.retracted", "the tray was emptied into the bin")
INTERRUPTED: Final = crashpoints.register("dispense.interrupted", "a job found open at the start is in doubt")
RECONCILED: Final = crashpoints.register("dispense.reconciled", "the counters have told what became of a job")


class DispenseBook:
    """The jobs of one dispenser."""

    def __init__(self, store: Store, service: str) -> None:
        self._store = store
        self._service = service

    async def find(self, key: str) -> DispenseJob | None:
        """The dispense job of that key, None when there is none; another service's key counts as none."""
        return await self._store.read(lambda connection: self._load(connection, key))

    async def key_used(self, key: str) -> bool:
        """Whether any service has had this key."""
        return await key_used(self._store, key)

    async def open_jobs(self) -> list[DispenseJob]:
        """Jobs whose sheets lie, or may lie, in the tray, and jobs in doubt that might yet be cleared up."""
        closed = (JobStage.TAKEN.value, JobStage.RETRACTED.value)
        query = select(jobs.c.key).where(
            jobs.c.service == self._service, jobs.c.kind == KIND, jobs.c.state.not_in(closed)
        )

        def work(connection: Connection) -> list[DispenseJob]:
            keys = connection.execute(query.order_by(ENTERED)).scalars().all()
            found = [self._load(connection, key) for key in keys]
            return [job for job in found if job and (job.open or job.doubt is not None)]

        return await self._store.read(work)

    async def begin(self, job: DispenseJob) -> None:
        """Enter a new key; no sheet may move before this returns."""
        detail, now = detail_of(job), self._store.now()
        row = opening(
            job.key, self._service, KIND, job.client, job.fingerprint, JobStage.FEEDING, detail, now
        )
        await self._store.write(BEGIN, lambda connection: connection.execute(insert(jobs), [row]) and None)

    async def feed(self, job: DispenseJob, index: int, number: str, before: Totals) -> None:
        """Enter the next number as moving; it is no longer in its unit."""
        row = self._row(job, index, number, before)

        def work(connection: Connection) -> None:
            connection.execute(insert(sheets), [row])
            self._advance(connection, job.unit, number)

        await self._store.write(FEED, work)

    async def held(self, job: DispenseJob, index: int, read: str | None) -> None:
        """Enter the number read while the sheet is held at the gate."""
        statement = update(sheets).where(_place(job.key, index)).values(read=read)
        await self._store.write(HELD, lambda connection: connection.execute(statement) and None)

    async def rest(
        self,
        job: DispenseJob,
        index: int,
        item: DispensedItem,
        quarantine: tuple[str, str] | None,
        second: DispensedItem | None = None,
    ) -> None:
        """Enter where the sheet came to rest; ``quarantine`` is the unit's new status and its reason.

        ``second`` is the next number, when its sheet certainly came along with this one. ``job`` is the job after it.
        Its totals go into the same commit: whoever finds it open between two sheets can tell by them that nothing has
        moved since.
        """
        values = {"read": item.read, "position": item.position, "fault": item.fault}

        def work(connection: Connection) -> None:
            connection.execute(update(sheets).where(_place(job.key, index)).values(values))
            if second is not None:
                self._came_along(connection, job, index + 1, second)
            self._write(connection, job, None)
            if item.position == "reject":
                several = 2 if item.fault == DOUBLE else 1
                counting.into_bin(connection, self._service, counting.REJECT, several)
            if item.held_by == REJECT_FULL:
                counting.full(connection, self._service, counting.REJECT)
            if quarantine is not None:
                self._close_unit(connection, job, *quarantine)

        await self._store.write(REST, work)

    async def unfed(self, job: DispenseJob, index: int, number: str, lock: tuple[str, str] | None) -> None:
        """The sheet never left its unit: its number is there again."""

        def work(connection: Connection) -> None:
            self._put_back(connection, job, index, number)
            if lock is not None:
                self._close_unit(connection, job, *lock)

        await self._store.write(REST, work)

    async def write(self, job: DispenseJob, commit: str, tray_position: str | None = None) -> None:
        """Enter the job's stage, outcome and totals; ``tray_position`` is where the tray's sheets went."""
        await self._store.write(commit, lambda connection: self._write(connection, job, tray_position))

    async def doubt(self, job: DispenseJob, why: str, commit: str = INTERRUPTED) -> DispenseJob:
        """Put a job in doubt and its unit in quarantine, until the counters or a person have told."""
        doubtful = replace(job, stage=JobStage.RECONCILE, doubt=job.doubt or job.stage)

        def work(connection: Connection) -> None:
            self._write(connection, doubtful, None)
            self._close_unit(connection, job, "quarantined", why)

        await self._store.write(commit, work)
        return doubtful

    async def resolve(
        self,
        job: DispenseJob,
        sheet: tuple[Sheet, str] | None,
        tray_position: str | None,
        quarantine: str | None,
        rejected: int = 0,
    ) -> None:
        """Enter a verdict: the sheet that was moving, the tray's sheets, the stage, the unit.

        The machine has rejected ``rejected`` times meanwhile.
        """

        def work(connection: Connection) -> None:
            if sheet is not None and sheet[1] == "unit":
                self._put_back(connection, job, sheet[0].index, sheet[0].number)
            elif sheet is not None:
                place = _place(job.key, sheet[0].index)
                connection.execute(update(sheets).where(place).values(position=sheet[1]))
            if rejected:
                self._cleared(connection, rejected)
            self._write(connection, job, tray_position)
            if quarantine is not None:
                self._close_unit(connection, job, "quarantined", quarantine)
            elif job.stage is not JobStage.RECONCILE:
                self._reopen_unit(connection, job)

        await self._store.write(RECONCILED, work)

    async def rejected(self, times: int) -> None:
        """The machine has rejected so many times, and not for a job that is open: its way is clear."""
        await self._store.write(RECONCILED, lambda connection: self._cleared(connection, times))

    # -- inside one transaction ---------------------------------------------------------------------

    def _load(self, connection: Connection, key: str) -> DispenseJob | None:
        query = select(jobs).where(jobs.c.key == key, jobs.c.service == self._service, jobs.c.kind == KIND)
        row = connection.execute(query).one_or_none()
        if row is None:
            return None
        places = select(sheets).where(sheets.c.job_key == key).order_by(sheets.c.position_in_job)
        return job_of(row, tuple(sheet_of(place) for place in connection.execute(places)))

    def _write(self, connection: Connection, job: DispenseJob, tray_position: str | None) -> None:
        values: dict[str, Any] = {
            "state": job.stage.value,
            "outcome": job.outcome,
            "error_code": job.error_code,
            "sheets": len(job.in_tray),
            "detail": detail_of(job),
            "updated_at": self._store.now(),
        }
        connection.execute(update(jobs).where(jobs.c.key == job.key).values(values))
        if tray_position is not None:
            mine = (sheets.c.job_key == job.key) & (sheets.c.position == "tray")
            moved = connection.execute(update(sheets).where(mine).values(position=tray_position)).rowcount
            if tray_position == "retract":
                counting.into_bin(connection, self._service, counting.RETRACT, moved)

    def _cleared(self, connection: Connection, times: int) -> None:
        """What waited in the way is in the reject bin: a double feed is two sheets, and one time to the machine.

        Nothing is fed behind it, so it belongs to the job whose sheet moved last.
        """
        mine = sheets.c.service == self._service
        last = select(sheets.c.job_key).where(mine).order_by(sheets.c.id.desc()).limit(1).scalar_subquery()
        waiting = (sheets.c.job_key == last) & (sheets.c.position == "transport")
        faults = connection.execute(select(sheets.c.fault).where(waiting)).scalars().all()
        connection.execute(update(sheets).where(waiting).values(position="reject"))
        counting.into_bin(connection, self._service, counting.REJECT, times + (DOUBLE in faults))

    def _unit(self, job: DispenseJob) -> Any:
        return (units.c.service == self._service) & (units.c.unit == job.unit)

    def _advance(self, connection: Connection, unit: str, number: str) -> None:
        mine = (units.c.service == self._service) & (units.c.unit == unit)
        row = connection.execute(select(units).where(mine)).one()
        after = None if row.last == number else step(number)
        connection.execute(update(units).where(mine).values(next=after, updated_at=self._store.now()))

    def _came_along(self, connection: Connection, job: DispenseJob, index: int, item: DispensedItem) -> None:
        row = self._row(job, index, item.expected, job.totals)
        connection.execute(insert(sheets), [{**row, "position": item.position, "fault": item.fault}])
        self._advance(connection, job.unit, item.expected)

    def _row(self, job: DispenseJob, index: int, number: str, before: Totals | None) -> dict[str, Any]:
        return {
            "job_key": job.key,
            "position_in_job": index,
            "service": self._service,
            "unit": job.unit,
            "code": job.code,
            "number": number,
            "position": FEEDING,
            "before": before.store() if before is not None else {},
            "moved_at": self._store.now(),
        }

    def _put_back(self, connection: Connection, job: DispenseJob, index: int, number: str) -> None:
        connection.execute(delete(sheets).where(_place(job.key, index)))
        values = {"next": number, "updated_at": self._store.now()}
        connection.execute(update(units).where(self._unit(job)).values(values))

    def _close_unit(self, connection: Connection, job: DispenseJob, status: str, why: str) -> None:
        row = connection.execute(select(units).where(self._unit(job))).one_or_none()
        if row is None or row.status == "locked":
            return
        values = {"status": status, "reason": why, "updated_at": self._store.now()}
        connection.execute(update(units).where(self._unit(job)).values(values))
        self._note(connection, job, status, row.next, row.last, why)

    def _reopen_unit(self, connection: Connection, job: DispenseJob) -> None:
        """Lift a quarantine that was laid because of this job, and only that."""
        row = connection.execute(select(units).where(self._unit(job))).one_or_none()
        if row is None or row.status != "quarantined" or job.key not in (row.reason or ""):
            return
        values = {"status": "ok", "reason": None, "updated_at": self._store.now()}
        connection.execute(update(units).where(self._unit(job)).values(values))
        self._note(connection, job, "released", row.next, row.last, f"cleared up by the counters: {job.key}")

    def _note(
        self,
        connection: Connection,
        job: DispenseJob,
        what: str,
        first: str | None,
        last: str | None,
        why: str,
    ) -> None:
        row = {
            "at": self._store.now(),
            "service": self._service,
            "unit": job.unit,
            "what": what,
            "code": job.code,
            "first": first,
            "last": last if first is not None else None,
            "client": job.client,
            "detail": why,
        }
        connection.execute(insert(moves), [row])


def _place(key: str, index: int) -> Any:
    return (sheets.c.job_key == key) & (sheets.c.position_in_job == index)
