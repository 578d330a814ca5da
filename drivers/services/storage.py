"""Storage, and our interface for what it holds by number: only the staff change it, only in an exchange."""

from __future__ import annotations

import logging
from typing import Final

from drivers.books.stock import UnitStock
from drivers.errors import DeviceError, SequenceError
from drivers.services import bins
from drivers.services.bench import Bench
from drivers.services.bins import BINS
from drivers.xfs.failure import CommandFailed
from drivers.xfs.messages import dispenser, storage
from drivers.xfs.messages.dispenser import ExchangeBy
from drivers.xfs.payload import Nothing
from drivers.xfs.request import Peer, Request

log = logging.getLogger("kiosk.devices.dispenser")

TRAY_OPEN: Final = "sheets of a job lie in the tray; empty the retract bin and reset the dispenser first"


class StorageCommands:
    """GetStorage, SetStorage, the exchange, GetRanges, SetRange and Unlock of one dispenser."""

    def __init__(self, bench: Bench) -> None:
        self._bench = bench
        self._holder: Peer | None = None
        service = bench.service
        service.offer(storage.GET_STORAGE, self._get_storage)
        service.offer(storage.SET_STORAGE, self._set_storage)
        service.offer(storage.START_EXCHANGE, self._start_exchange)
        service.offer(storage.END_EXCHANGE, self._end_exchange)
        service.offer(dispenser.GET_RANGES, self._get_ranges)
        service.offer(dispenser.SET_RANGE, self._set_range)
        service.offer(dispenser.UNLOCK, self._unlock)

    async def _get_storage(self, request: Request, payload: Nothing) -> storage.Units:
        units = {name: self._unit(name, unit) for name, unit in self._bench.units().items()}
        units |= {key: bins.unit(key, self._bench.stock.bins) for key in BINS}
        return storage.Units(storage=units)

    def _unit(self, name: str, unit: UnitStock) -> storage.Unit:
        return storage.Unit(
            id=name.removeprefix("unit")[:5],
            position_name=name,
            capacity=0,
            status=self._bench.unit_state(unit),
            card=storage.CardUnit(
                capabilities=storage.CardCapabilities(type="dispense", hardware_sensors=True),
                configuration=storage.CardConfiguration(card_id=unit.kind, threshold=unit.threshold),
                status=storage.CardCounts(
                    initial_count=unit.loaded,
                    count=unit.count,
                    retain_count=0,
                    replenishment_status=storage.Level(unit.level),
                ),
            ),
        )

    async def _start_exchange(self, request: Request, payload: Nothing) -> Nothing:
        """Only with every job settled: other paper in front would falsify the proof.

        Sheets that wait in the tray for room in the retract bin let it be emptied; the units stay as they are.
        The machine itself may be broken: its stock can be taken out all the same. SetRange looks at it again.
        """
        bench = self._bench
        if bench.stock.exchange:
            raise CommandFailed("an exchange is under way; end it first", "exchangeActive")
        if bench.open is not None and not bench.open.waits_for_staff:
            raise CommandFailed("sheets of a job lie in the tray; finish it first", "transactionActive")
        try:
            with bench.supervisor.using() as device:
                await bench.sense(device)
        except DeviceError as error:
            log.warning("an exchange begins without the machine: %s", error)
        if not all(job.waits_for_staff for job in await bench.jobs.open_jobs()):
            raise CommandFailed("a job is still in doubt; look after it first", "transactionActive")
        await bench.book.exchange(True, request.client.name)
        self._holder = request.peer
        await bench.refresh()
        return Nothing()

    async def _end_exchange(self, request: Request, payload: Nothing) -> Nothing:
        self._need_exchange(request)
        await self._bench.book.exchange(False, request.client.name)
        self._holder = None
        await self._bench.refresh()
        return Nothing()

    async def _set_storage(self, request: Request, payload: storage.SetStorageIn) -> Nothing:
        """Thresholds, units taken out (initialCount 0), bins emptied; numbers are set by SetRange alone."""
        self._need_exchange(request)
        units = self._bench.units()
        thresholds, counts, emptied = {}, {}, []
        for key, change in payload.storage.items():
            if key in BINS:
                if change.printer and change.printer.status and change.printer.status.initial is not None:
                    counts[BINS[key][2]] = change.printer.status.initial
                continue
            if key not in units:
                raise CommandFailed(f"there is no {key}", "invalidUnit")
            card = change.card or storage.SetCard()
            if card.configuration and card.configuration.threshold is not None:
                thresholds[key] = card.configuration.threshold
            if card.configuration and card.configuration.card_id not in (None, units[key].kind):
                raise CommandFailed("set the kind with InvoiceDispenser.SetRange", "storageUnitError")
            initial = card.status.initial_count if card.status else None
            if initial == 0:
                emptied.append(key)
            elif initial is not None and initial != units[key].count:
                raise CommandFailed("set the numbers with InvoiceDispenser.SetRange", "storageUnitError")
        if emptied and self._bench.open is not None:
            raise SequenceError(TRAY_OPEN)
        await self._bench.book.settings(thresholds, counts)
        for key in emptied:
            await self._bench.book.empty(key, request.client.name)
        await self._bench.refresh()
        return Nothing()

    async def _get_ranges(self, request: Request, payload: Nothing) -> dispenser.Ranges:
        units = {
            name: dispenser.UnitRange(
                code=unit.code,
                kind=unit.kind,
                next=unit.next,
                last=unit.last if unit.next is not None else None,
                count=unit.count,
                loaded=unit.loaded or None,
                status=self._range_status(unit),
                reason=unit.reason,
            )
            for name, unit in self._bench.units().items()
        }
        return dispenser.Ranges(units=units, exchange=self._exchange_by(request.peer))

    def _range_status(self, unit: UnitStock) -> dispenser.RangeStatus:
        """What the book says of it, which stands when the unit comes back; else whether it is there."""
        status = dispenser.RangeStatus(unit.status)
        if status is dispenser.RangeStatus.QUARANTINED and unit.reason == self._bench.stock.changed:
            return dispenser.RangeStatus.OTHER_MACHINE
        if status is dispenser.RangeStatus.OK and self._bench.missing(unit.unit):
            return dispenser.RangeStatus.MISSING
        return status

    async def _set_range(self, request: Request, payload: dispenser.SetRangeIn) -> Nothing:
        """Enter what was loaded; refuse numbers that moved or were printed on, lie elsewhere, or are not in front."""
        self._need_exchange(request)
        self._need_empty_tray()
        bench = self._bench
        with bench.supervisor.using() as device:
            await bench.sense(device)
        front = bench.fronts.get(payload.unit)
        if front is None:
            raise CommandFailed(f"the dispenser has no {payload.unit}", "invalidUnit")
        if front.state in ("empty", "missing"):
            raise CommandFailed(f"nothing lies in {payload.unit}; put the sheets in first", "empty")
        if front.number not in (None, payload.first):
            raise CommandFailed(f"another sheet lies in front of {payload.unit}", "numberMismatch")
        if front.code not in (None, payload.code):
            raise CommandFailed(f"invoices of another code lie in {payload.unit}", "numberMismatch")
        threshold = self._bench.units().get(payload.unit, UnitStock(payload.unit)).threshold
        unit = UnitStock(
            payload.unit, payload.code, payload.kind, payload.first, payload.first, payload.last,
            threshold=threshold,
        )  # fmt: skip
        if taken := await bench.book.load(unit, request.client.name):
            raise CommandFailed(f"these numbers cannot be loaded: {taken}", "rangeOverlaps")
        await bench.refresh()
        return Nothing()

    async def _unlock(self, request: Request, payload: dispenser.UnitIn) -> Nothing:
        """Somebody has looked at the unit and found its next number in front; the reader must not say otherwise."""
        bench = self._bench
        unit = bench.stock.units.get(payload.unit)
        if unit is None:
            raise CommandFailed(f"there is no {payload.unit}", "invalidUnit")
        with bench.supervisor.using() as device:
            now = await bench.sense(device)
        if now.tray and bench.open is None:
            raise CommandFailed("paper lies in the tray; take it out", "mediaRetained")
        if unit.next is not None and bench.another_in_front(unit.unit, unit.code, unit.next):
            why = f"{unit.next} of {unit.code} does not lie in front of {unit.unit}; put it there, or load the unit"
            raise CommandFailed(why, "numberMismatch")
        await bench.book.unlock(payload.unit, request.client.name)
        await bench.refresh()
        return Nothing()

    def _need_exchange(self, request: Request) -> None:
        """Refuse without an exchange; one that was left is from now on that of whoever goes on with it."""
        by = self._exchange_by(request.peer)
        if by is ExchangeBy.NOBODY:
            raise CommandFailed("start an exchange first", "noExchangeActive")
        if by is ExchangeBy.LEFT:
            self._holder = request.peer

    def _need_empty_tray(self) -> None:
        """Refuse to change what lies in the units while sheets of a job wait to be drawn back."""
        if self._bench.open is not None:
            raise CommandFailed(TRAY_OPEN, "transactionActive")

    def _exchange_by(self, peer: Peer) -> ExchangeBy:
        if not self._bench.stock.exchange:
            return ExchangeBy.NOBODY
        if self._holder is peer:
            return ExchangeBy.OWN
        return ExchangeBy.OTHER if self._holder in self._bench.service.lines else ExchangeBy.LEFT
