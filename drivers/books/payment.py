"""The book of payments in ``devices.db``: a key is entered before the terminal hears of it, and pays once for ever."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Row, func, select, update

from drivers import crashpoints
from drivers.books.jobs import ENTERED, JobBook, key_used, loaded_time, stored_time
from drivers.payment import BatchTotals, Channel, Operation, Order, Outcome, Payment
from drivers.store_tables import jobs

BEGIN: Final = crashpoints.register("payment.begin", "the key is entered; nothing was sent to the terminal")
FINISH: Final = crashpoints.register("payment.finish", "the terminal has answered; its outcome is entered")
RESOLVED: Final = crashpoints.register("payment.resolved", "a payment left open gets its outcome")

KIND: Final = "payment"


class PaymentStage(enum.StrEnum):
    """``begun``: the terminal may have charged; ``done``: the outcome is known for ever."""

    BEGUN = "begun"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class PaymentJob:
    """One payment as entered.

    ``serial`` is the terminal it was given to, ``counted`` what that had counted of its batch just before (None where
    it did not tell), ``by`` who found out its outcome where the terminal could not tell it.
    """

    key: str
    order: Order
    serial: str
    original_key: str | None = None
    begun_at: datetime | None = None
    stage: PaymentStage = PaymentStage.BEGUN
    result: Payment | None = None
    by: str | None = None
    counted: BatchTotals | None = None

    @property
    def open(self) -> bool:
        """Whether it may have charged without our knowing."""
        return self.stage is PaymentStage.BEGUN

    @property
    def charged(self) -> bool:
        """Whether it is known to have moved money."""
        return self.result is not None and self.result.outcome is Outcome.APPROVE

    @property
    def fingerprint(self) -> str:
        """What the key stands for."""
        return fingerprint_of(self.order)


class PaymentBook(JobBook[PaymentJob]):
    """The payments of one terminal service."""

    kind = KIND
    open_state = PaymentStage.BEGUN

    async def key_used(self, key: str) -> bool:
        """Whether any service has had this key."""
        return await key_used(self._store, key)

    async def begin(self, job: PaymentJob, client: str) -> None:
        """Enter a new key; nothing may be sent to the terminal before this returns."""
        detail = {
            "order": asdict(job.order),
            "serial": job.serial,
            "counted": asdict(job.counted) if job.counted is not None else None,
            "originalKey": job.original_key,
            "result": None,
            "by": None,
        }
        await self._enter(BEGIN, job.key, client, job.fingerprint, detail)

    async def finish(self, key: str, result: Payment, commit: str = FINISH, by: str | None = None) -> bool:
        """Enter the outcome; False when one was entered before, which stands for ever.

        ``by`` names the person who found it out. A void that was approved marks its sale.
        """
        if not result.known:
            raise ValueError("an outcome that is not known does not finish a payment")

        def work(connection: Connection) -> bool:
            row = connection.execute(select(jobs).where(jobs.c.key == key)).one()
            if row.state == PaymentStage.DONE:
                return False
            values = {
                "state": PaymentStage.DONE.value,
                "outcome": result.outcome.value,
                "error_code": result.error_code,
                "detail": {**row.detail, "result": _stored(result), "by": by},
                "updated_at": self._store.now(),
            }
            connection.execute(update(jobs).where(jobs.c.key == key).values(values))
            if result.outcome is Outcome.APPROVE and row.detail["order"]["operation"] == Operation.VOID:
                self._void(connection, row.detail["originalKey"])
            return True

        return await self._store.write(commit, work)

    def _void(self, connection: Connection, key: str) -> None:
        """The sale of that key has been taken back."""
        row = connection.execute(select(jobs).where(jobs.c.key == key)).one()
        result = {**row.detail["result"], "voided": True}
        values = {"detail": {**row.detail, "result": result}, "updated_at": self._store.now()}
        connection.execute(update(jobs).where(jobs.c.key == key).values(values))

    async def witness(self, job: PaymentJob, since: datetime) -> PaymentJob | None:
        """The payment entered last, not before ``since``, that the terminal of ``job`` had in its memory."""
        told = (_inside("$.serial") == job.serial) & _inside("$.result.trace").is_not(None)
        query = (
            self._all.where(told & (jobs.c.state == PaymentStage.DONE) & (jobs.c.key != job.key))
            .order_by(ENTERED.desc())
            .limit(1)
        )
        row = await self._store.read(lambda connection: connection.execute(query).first())
        found = self._job(row) if row is not None else None
        known = found is not None and found.begun_at is not None and found.begun_at >= since
        return found if known else None

    async def totals(self, batch: str, serial: str, since: int = 0) -> BatchTotals:
        """Count and sum of what this book knows to be charged in a batch of one terminal: a spare begins at 1 again.

        So does one whose memory was wiped: only what was entered behind ``since`` (``SettlementBook.settled``) counts.
        """
        mine = (_inside("$.result.batch") == batch) & (_inside("$.serial") == serial)
        found = await self._select((jobs.c.outcome == Outcome.APPROVE) & (ENTERED > since) & mine)

        def of(operation: Operation) -> tuple[int, int]:
            amounts = [job.order.amount_fen for job in found if job.order.operation is operation]
            return len(amounts), sum(amounts)

        return BatchTotals(batch, *of(Operation.SALE), *of(Operation.VOID), *of(Operation.REFUND))

    def _job(self, row: Row[Any]) -> PaymentJob:
        order = row.detail["order"]
        return PaymentJob(
            row.key,
            Order(
                Operation(order["operation"]),
                order["reference"],
                order["amount_fen"],
                Channel(order["channel"]),
                order["original"],
            ),
            row.detail["serial"],
            row.detail["originalKey"],
            datetime.fromisoformat(row.created_at),
            PaymentStage(row.state),
            _loaded(row.detail["result"]),
            row.detail["by"],
            _counted(row.detail.get("counted")),  # a book of an earlier version has none
        )


def fingerprint_of(order: Order) -> str:
    """What a key stands for: it cannot be used for anything else."""
    return f"{order.operation}:{order.amount_fen}:{order.channel}:{order.original or '-'}"


def _inside(path: str) -> ColumnElement[Any]:
    """A part of ``detail``, looked at by SQLite: the book keeps all payments for ever, and few are asked for."""
    return func.json_extract(jobs.c.detail, path)


def _counted(kept: Mapping[str, Any] | None) -> BatchTotals | None:
    return BatchTotals(**kept) if kept is not None else None


def _stored(result: Payment) -> dict[str, Any]:
    return asdict(result) | {"at": stored_time(result.at)}


def _loaded(kept: Mapping[str, Any] | None) -> Payment | None:
    if kept is None:
        return None
    operation = kept["operation"]
    typed = {
        "outcome": Outcome(kept["outcome"]),
        "operation": Operation(operation) if operation is not None else None,
        "at": loaded_time(kept["at"]),
    }
    return Payment(**{**kept, **typed})
