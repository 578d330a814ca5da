"""What lies in the dispenser's units and bins, number by number, and who put it there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Connection, func, insert, select, update
from sqlalchemy.dialects.sqlite import insert as upsert

from drivers import crashpoints
from drivers.books import counting
from drivers.books.numbers import count, overlap
from drivers.store import Store
from drivers.store_tables import machines, moves, services, sheets, struck, units

LOAD: Final = crashpoints.register("stock.load", "a unit has got other numbers")
UNLOCK: Final = crashpoints.register("stock.unlock", "a unit may dispense again")
LOCK: Final = crashpoints.register("stock.lock", "a unit may no longer dispense")
SETTINGS: Final = crashpoints.register("stock.settings", "thresholds and bins as the staff set them")
EXCHANGE: Final = crashpoints.register("stock.exchange", "the staff begin or end an exchange")
MET: Final = crashpoints.register("stock.met", "which machine stands there is entered")

LOW: Final = 20
"""Sheets at which a unit counts as low until the staff set another threshold."""


@dataclass(frozen=True, slots=True)
class UnitStock:
    """One unit: ``next`` to ``last`` are left in it; ``next`` is None when nothing is."""

    unit: str
    code: str | None = None
    kind: str | None = None
    first: str | None = None
    next: str | None = None
    last: str | None = None
    status: str = "ok"
    reason: str | None = None
    threshold: int = LOW

    @property
    def count(self) -> int:
        """Sheets left, by their numbers."""
        return count(self.next, self.last)

    @property
    def loaded(self) -> int:
        """Sheets there were when it was filled."""
        return count(self.first, self.last)

    @property
    def level(self) -> str:
        """The XFS4IoT replenishment status."""
        if not self.count:
            return "empty"
        return "low" if self.count <= self.threshold else "ok"


@dataclass(frozen=True, slots=True)
class Stock:
    """Everything the service knows of its storage."""

    units: dict[str, UnitStock]
    bins: dict[str, int]
    exchange: bool = False
    changed: str | None = None
    """The reason of a unit that is quarantined because another machine stands there now; None when none ever did."""


def another_machine(before: str | None, now: str | None) -> str:
    """Why what the book says of a unit may not be so: the machine it was written about is another."""
    return f"dispenser {now} stands where {before} was: compare what lies in its units with the book"


class StockBook:
    """The units of one dispenser."""

    def __init__(self, store: Store, service: str) -> None:
        self._store = store
        self._service = service

    async def stock(self) -> Stock:
        """All of it as last committed."""
        return await self._store.read(self._stock)

    async def load(self, unit: UnitStock, client: str) -> str | None:
        """Enter new numbers in place of what was left; returns what they collide with, None when all is well.

        A number that has ever moved, was ever printed on, or lies in another unit, is not taken.
        """

        def work(connection: Connection) -> str | None:
            if taken := self._collision(connection, unit):
                return taken
            before = self._one(connection, unit.unit)
            if before is not None and before.count:
                self._note(connection, before, "unloaded", client, "replaced by other numbers")
            self._put(connection, unit)
            self._note(connection, unit, "loaded", client, unit.kind)
            return None

        return await self._store.write(LOAD, work)

    async def empty(self, unit: str, client: str) -> None:
        """The staff took out what was left."""

        def work(connection: Connection) -> None:
            before = self._one(connection, unit)
            if before is not None:
                self._note(connection, before, "unloaded", client, "taken out")
                self._set(connection, unit, next=None, status="ok", reason=None)

        await self._store.write(LOAD, work)

    async def unlock(self, unit: str, client: str) -> None:
        """Somebody has looked: the unit may dispense again from the number that is next."""

        def work(connection: Connection) -> None:
            before = self._one(connection, unit)
            if before is not None and before.status != "ok":
                self._set(connection, unit, status="ok", reason=None)
                self._note(connection, before, "unlocked", client, f"was {before.status}: {before.reason}")

        await self._store.write(UNLOCK, work)

    async def lock(self, unit: str, reason: str, client: str) -> None:
        """The unit does not hold what the book says: it may not dispense."""

        def work(connection: Connection) -> None:
            before = self._one(connection, unit)
            if before is not None and before.status != "locked":
                self._set(connection, unit, status="locked", reason=reason)
                self._note(connection, before, "locked", client, reason)

        await self._store.write(LOCK, work)

    async def met(self, serial: str) -> str | None:
        """The machine of this serial number stands there now; returns that of another one that was there before.

        What the book says lies in the other one's units is then in quarantine, until somebody has looked.
        """

        def work(connection: Connection) -> str | None:
            mine = machines.c.service == self._service
            before = connection.execute(select(machines.c.serial).where(mine)).scalar_one_or_none()
            if before == serial:
                return None
            values = {"serial": serial, "before": before, "met_at": self._store.now()}
            row = upsert(machines).values(service=self._service, **values)
            connection.execute(row.on_conflict_do_update(index_elements=["service"], set_=values))
            if before is not None:
                self._doubt_all(connection, another_machine(before, serial))
            return before

        return await self._store.write(MET, work)

    async def bin_full(self, name: str) -> None:
        """A bin had no room for a sheet."""
        await self._store.write(SETTINGS, lambda connection: counting.full(connection, self._service, name))

    async def bins_tried_anew(self) -> None:
        """The machine was looked after and cleared its way: no bin is known to be full until it says so again."""

        def work(connection: Connection) -> None:
            for name in counting.FULL:
                counting.room(connection, self._service, name)

        await self._store.write(SETTINGS, work)

    async def settings(self, thresholds: dict[str, int], bins: dict[str, int]) -> None:
        """Enter what the staff set."""

        def work(connection: Connection) -> None:
            for unit, threshold in thresholds.items():
                if self._one(connection, unit) is None:  # nothing was ever loaded there
                    self._put(connection, UnitStock(unit))
                self._set(connection, unit, threshold=threshold)
            for name, value in bins.items():
                counting.put(connection, self._service, name, value)
                counting.room(connection, self._service, name)

        await self._store.write(SETTINGS, work)

    async def exchange(self, active: bool, client: str) -> None:
        """Begin or end an exchange; it outlives a restart."""

        def work(connection: Connection) -> None:
            mine = services.c.service == self._service
            values = {"exchange": active, "exchange_by": client if active else None}
            if connection.execute(update(services).where(mine).values(values)).rowcount == 0:
                connection.execute(insert(services), [{"service": self._service, **values}])

        await self._store.write(EXCHANGE, work)

    # -- inside one transaction ---------------------------------------------------------------------

    def _stock(self, connection: Connection) -> Stock:
        rows = connection.execute(
            select(units).where(units.c.service == self._service).order_by(units.c.unit)
        )
        exchange = select(services.c.exchange).where(services.c.service == self._service)
        machine = connection.execute(
            select(machines).where(machines.c.service == self._service)
        ).one_or_none()
        return Stock(
            {row.unit: _unit(row) for row in rows},
            counting.values(connection, self._service),
            bool(connection.execute(exchange).scalar()),
            another_machine(machine.before, machine.serial) if machine and machine.before else None,
        )

    def _doubt_all(self, connection: Connection, why: str) -> None:
        """Quarantine every unit that holds sheets by the book; one that is locked stays so."""
        for unit in self._stock(connection).units.values():
            if unit.status == "quarantined" or (unit.status == "ok" and unit.count):
                self._set(connection, unit.unit, status="quarantined", reason=why)
                self._note(connection, unit, "quarantined", "service", why)

    def _collision(self, connection: Connection, unit: UnitStock) -> str | None:
        first, last = str(unit.first), str(unit.last)
        for table, what in ((sheets, "has already been dispensed"), (struck, "has already been printed on")):
            among = table.c.number.between(first, last) & (func.length(table.c.number) == len(first))
            used = select(table.c.number).where(table.c.code == unit.code, among).limit(1)
            if (number := connection.execute(used).scalar()) is not None:
                return f"{number} {what}"
        others = select(units).where(units.c.code == unit.code, units.c.next.is_not(None))
        for row in connection.execute(others):
            mine = row.service == self._service and row.unit == unit.unit
            if not mine and overlap(first, last, row.next, row.last):
                return f"{row.unit} holds some of them"
        return None

    def _one(self, connection: Connection, unit: str) -> UnitStock | None:
        row = connection.execute(select(units).where(self._mine(unit))).one_or_none()
        return _unit(row) if row is not None else None

    def _mine(self, unit: str) -> Any:
        return (units.c.service == self._service) & (units.c.unit == unit)

    def _set(self, connection: Connection, unit: str, **values: Any) -> None:
        values["updated_at"] = self._store.now()
        connection.execute(update(units).where(self._mine(unit)).values(values))

    def _put(self, connection: Connection, unit: UnitStock) -> None:
        values: dict[str, Any] = {
            "code": unit.code,
            "kind": unit.kind,
            "first": unit.first,
            "next": unit.next,
            "last": unit.last,
            "status": unit.status,
            "reason": unit.reason,
            "updated_at": self._store.now(),
        }
        if connection.execute(update(units).where(self._mine(unit.unit)).values(values)).rowcount == 0:
            row = {"service": self._service, "unit": unit.unit, "threshold": unit.threshold, **values}
            connection.execute(insert(units), [row])

    def _note(
        self, connection: Connection, unit: UnitStock, what: str, client: str, detail: str | None
    ) -> None:
        row = {
            "at": self._store.now(),
            "service": self._service,
            "unit": unit.unit,
            "what": what,
            "code": unit.code,
            "first": unit.next,
            "last": unit.last if unit.next is not None else None,
            "client": client,
            "detail": detail,
        }
        connection.execute(insert(moves), [row])


def _unit(row: Any) -> UnitStock:
    return UnitStock(
        row.unit, row.code, row.kind, row.first, row.next, row.last, row.status, row.reason, row.threshold
    )
