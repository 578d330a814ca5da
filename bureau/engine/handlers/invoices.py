"""``invoice.reserve`` and ``invoice.commit``: numbers locked, then settled sheet by sheet."""

from __future__ import annotations

from datetime import timedelta
from typing import ClassVar

from bureau.engine.effects import Outcome, Request, Simple, accepted, refused
from bureau.engine.entitlement import check, usable, within
from bureau.engine.refusals import refusal, refuse
from bureau.engine.rules import Rules
from bureau.engine.subjects import Actor, authorise
from bureau.errors import NumbersMoved, SlotLocked, StockDiffers, StockRefused, StockShort
from bureau.ports.core import Core
from bureau.ports.invoices import Reservation, Settlement, WantedNumbers
from bureau.ports.orders import PickUp
from kiosk.domain.errors import RangeError
from kiosk.domain.invoices import InvoiceRange, normal
from sync.models import (
    EffectKind,
    InvoiceCommit,
    InvoiceCommitted,
    InvoiceReserve,
    InvoiceReserved,
    NumberRange,
)

RESERVED_FOR = timedelta(minutes=5)
"""Domain note, section 7.3."""
PICK_UP = "invoice.pick-up"
"""The service through which what was ordered is taken, and nothing else."""
COUNT_FIRST = frozenset({"numberMismatch", "doubleFeed", "countUncertain", "powerLoss", "uncertain"})
"""Causes after which nobody can be sure what lies in the unit: it gives nothing until it was counted."""


class ReserveInvoices(Simple[InvoiceReserve]):
    """Locks the numbers that lie in front of a unit, for one enterprise, for five minutes."""

    kind: ClassVar[EffectKind] = EffectKind.INVOICE_RESERVE
    model = InvoiceReserve

    def __init__(self, rules: Rules) -> None:
        self._rules = rules

    def apply(self, core: Core, request: Request, data: InvoiceReserve, prepared: None) -> Outcome:
        """All checks again, under the enterprise's lock; then the numbers."""
        actor = authorise(core, request.body.subject, request.service, lock=True)
        check(core, actor, self._rules)
        order = self._order(core, request, actor, data)
        slot = core.invoices.slot(core.terminal, data.unit)
        within(core, actor.enterprise, data.kind, data.count, slot.on_hand if slot is not None else 0)
        try:
            wanted = self._wanted(core, request, actor, data)
            reserved = core.invoices.reserve(wanted)
        except SlotLocked as error:
            raise refuse("unitLocked") from error
        except StockShort as error:
            raise refuse("stockShort") from error
        except (StockDiffers, StockRefused, RangeError) as error:
            return self._differs(core, request, data, str(error))
        if order is not None:
            core.orders.take(order, reserved.reservation)
        return accepted(
            InvoiceReserved(
                reservation=reserved.reservation,
                code=reserved.code,
                first=reserved.numbers.first,
                last=reserved.numbers.last,
                count=reserved.numbers.count,
                expires_at=reserved.expires_at,
            ),
            reserved.reservation,
        )

    def _order(self, core: Core, request: Request, actor: Actor, data: InvoiceReserve) -> PickUp | None:
        """The order that is picked up: whole, and by its own enterprise; None where nothing was ordered."""
        picks_up = request.service.id == PICK_UP
        if data.order is not None and not picks_up:
            raise refuse("notOfThisService")
        if data.order is None:
            if picks_up:
                raise refuse("pickUpUnknown")
            return None
        found = core.orders.order(data.order, lock=True)
        if found is not None and found.taxpayer != actor.enterprise.taxpayer:
            found = None
        order = usable(core, found)
        if (order.kind, order.left) != (data.kind, data.count):
            raise refuse("pickUpChanged")
        return order

    def _wanted(self, core: Core, request: Request, actor: Actor, data: InvoiceReserve) -> WantedNumbers:
        return WantedNumbers(
            key=request.body.key,
            terminal=core.terminal,
            unit=data.unit,
            taxpayer=actor.enterprise.taxpayer,
            kind=data.kind,
            code=data.code,
            numbers=InvoiceRange.starting(data.next_number, data.count),
            expires_at=core.now + RESERVED_FOR,
        )

    def _differs(self, core: Core, request: Request, data: InvoiceReserve, found: str) -> Outcome:
        """The machine and the ledger disagree on what lies in front: somebody has to count."""
        slot = f"{core.terminal}/{data.unit}"
        details: dict[str, object] = {"machine": f"{data.code} {data.next_number}", "ledger": found}
        core.cases.open("stock-differs", f"{slot}/{data.code}/{data.next_number}", details)
        return refused(refusal("stockDiffers"), slot)


class CommitInvoices(Simple[InvoiceCommit]):
    """Settles a reservation by what the exit sensor said. Told again, it answers the same."""

    kind: ClassVar[EffectKind] = EffectKind.INVOICE_COMMIT
    model = InvoiceCommit

    def apply(self, core: Core, request: Request, data: InvoiceCommit, prepared: None) -> Outcome:
        """Move each number to where it is; anything that does not add up is for a person."""
        reservation = core.invoices.reservation(data.reservation)
        if reservation is None or (reservation.terminal, reservation.code) != (core.terminal, data.code):
            raise refuse("reservationUnknown")
        settlement, beyond = _settlement(reservation, data), _beyond(reservation, data)
        if settlement is None or beyond is None:
            return self._dispute(core, reservation, data, "settlementDiffers")
        if reservation.state == "committed":
            return self._again(core, reservation, settlement, data)
        if reservation.state == "disputed":
            return self._dispute(core, reservation, data, "numbersMoved")
        try:
            movement = core.invoices.settle(reservation, settlement)
        except NumbersMoved:
            return self._dispute(core, reservation, data, "numbersMoved")
        core.invoices.came_along(reservation, beyond, settlement.cause)
        self._look_into(core, reservation, settlement, beyond)
        return accepted(_committed(movement, settlement), movement)

    def _again(
        self, core: Core, reservation: Reservation, settlement: Settlement, data: InvoiceCommit
    ) -> Outcome:
        """Already done: a success when it was the same (domain note, 7.3)."""
        before = core.invoices.settled(reservation)
        parts = (settlement.delivered, settlement.quarantined, settlement.released)
        if parts != (before.delivered, before.quarantined, before.released):
            return self._dispute(core, reservation, data, "settlementDiffers")
        movement = reservation.movement or ""
        return accepted(_committed(movement, settlement), movement)

    def _look_into(
        self, core: Core, reservation: Reservation, settlement: Settlement, beyond: tuple[InvoiceRange, ...]
    ) -> None:
        """Quarantined paper is released by two people; an unsure count closes the unit first."""
        if not settlement.quarantined and not beyond:
            return
        details: dict[str, object] = {
            "cause": settlement.cause,
            "code": reservation.code,
            "numbers": [f"{r.first}-{r.last}" for r in settlement.quarantined],
            **({"beyond": [f"{r.first}-{r.last}" for r in beyond]} if beyond else {}),
            "terminal": reservation.terminal,
            "unit": reservation.unit,
        }
        core.cases.open("quarantined", reservation.reservation, details)
        if settlement.cause in COUNT_FIRST:
            core.invoices.lock_slot(reservation.terminal, reservation.unit, settlement.cause or "")

    def _dispute(self, core: Core, reservation: Reservation, data: InvoiceCommit, code: str) -> Outcome:
        details: dict[str, object] = {"told": data.model_dump(mode="json"), "state": reservation.state}
        core.cases.open("disputed-commit", reservation.reservation, details)
        if reservation.state != "committed":
            core.invoices.dispute(reservation)
        return refused(refusal(code), reservation.reservation)


def _settlement(reservation: Reservation, data: InvoiceCommit) -> Settlement | None:
    """The three parts in normal form, or None when they are not exactly the reserved numbers, each once."""
    try:
        parts = [_ranges(part) for part in (data.delivered, data.quarantined, data.released)]
        together = normal((item for part in parts for item in part), disjoint=True)
    except RangeError:
        return None
    if together != (reservation.numbers,):
        return None
    return Settlement(parts[0], parts[1], parts[2], data.cause)


def _beyond(reservation: Reservation, data: InvoiceCommit) -> tuple[InvoiceRange, ...] | None:
    """What came along without being reserved, in normal form, or None when a reserved number is among it."""
    try:
        beyond = _ranges(data.beyond)
    except RangeError:
        return None
    return None if any(item.overlaps(reservation.numbers) for item in beyond) else beyond


def _ranges(wire: list[NumberRange]) -> tuple[InvoiceRange, ...]:
    return normal((InvoiceRange(item.first, item.last) for item in wire), disjoint=True)


def _committed(movement: str, settlement: Settlement) -> InvoiceCommitted:
    return InvoiceCommitted(
        movement=movement,
        delivered=sum(r.count for r in settlement.delivered),
        quarantined=sum(r.count for r in settlement.quarantined),
        released=sum(r.count for r in settlement.released),
    )
