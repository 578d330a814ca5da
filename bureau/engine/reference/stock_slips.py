"""The stockroom as officers have it: its movements, the slips that ask for them, and what differs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from pydantic import TypeAdapter
from sqlalchemy import Row, select

from bureau.engine.reference.context import Context, Type
from bureau.engine.reference.handovers import Handovers
from bureau.engine.reference.stock import in_range
from bureau.engine.reference.stockroom import Stockroom
from bureau.ports.stock import Done, Hands, Held, Lots, Moved, OnTheWay, Slip, SlipState, Wanted
from bureau.store import tables
from kiosk.domain.invoices import InvoiceRange

HELD: Final = "stock-slips"
_WANTED: Final = TypeAdapter(Wanted)
_LOTS: Final = TypeAdapter(Lots)


class ReferenceStock(Stockroom):
    """Implements ``Stock``."""

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self._handovers = Handovers(context)

    def lock(self) -> None:
        """The slips have no row of their own to lock."""
        self._context.hold(HELD)

    # --- looking ---------------------------------------------------------------------------------------

    def codes(self) -> Mapping[str, str]:
        """Every code that is known here, with its kind."""
        t = tables.invoice_code
        return {row.code: row.kind for row in self._context.connection.execute(select(t.c.code, t.c.kind))}

    def lies(self, code: str, numbers: InvoiceRange) -> Sequence[Held]:
        """What of ``numbers`` the books have, and where, ascending."""
        return self._ledger.within(code, numbers)

    def movements(self, place: str, unit: str, limit: int) -> Sequence[Moved]:
        """The last movements of a slot, the latest first."""
        t = tables.stock_movement
        query = select(t).where(t.c.place == place, t.c.unit == unit)
        rows = self._context.connection.execute(
            query.order_by(t.c.at.desc(), t.c.movement.desc(), t.c.line.desc()).limit(limit)
        )
        return [
            Moved(
                row.movement, row.type, row.place, row.unit, row.code, in_range(row.first, row.last), row.at,
                row.operator or "", row.witness or "", row.cause or "",
            )
            for row in rows
        ]  # fmt: skip

    def on_the_way(self) -> Sequence[OnTheWay]:
        """Hand-overs between cabinets that are not finished, the newest first."""
        return [
            OnTheWay(
                view.note, view.terminal, view.to, view.fate, view.made_at, view.operator, view.witness,
                view.on_the_way, tuple((code, numbers) for _unit, code, numbers in view.waits),
            )
            for view in self._handovers.listed()
        ]  # fmt: skip

    # --- moving ----------------------------------------------------------------------------------------

    def receive(self, number: str, found: Lots, hands: Hands) -> tuple[str, str]:
        """Put what came with a hand-over on the shelf; movement, and case when some is missing."""
        return self._handovers.receive(number, found, hands)

    # --- slips -----------------------------------------------------------------------------------------

    def slips(self, states: Sequence[SlipState], limit: int) -> Sequence[Slip]:
        """Those in these states, the newest first."""
        t = tables.stock_slip
        query = select(t).where(t.c.state.in_(states)).order_by(t.c.slip.desc()).limit(limit)
        return [_slip(row) for row in self._context.connection.execute(query)]

    def slip(self, number: str) -> Slip | None:
        """One by its number."""
        t = tables.stock_slip
        row = self._context.connection.execute(select(t).where(t.c.slip == number)).one_or_none()
        return None if row is None else _slip(row)

    def write(self, wanted: Wanted, officer: str, book: Lots) -> Slip:
        """A new slip of this officer's; called with the slips locked."""
        number = self._context.next_number(Type.SLIP)
        made = Slip(number, wanted, "proposed", officer, self._context.now, book)
        self._context.connection.execute(
            tables.stock_slip.insert().values(
                slip=number,
                wanted=_WANTED.dump_python(wanted, mode="json"),
                book=_LOTS.dump_python(book, mode="json"),
                proposed_by=officer,
                proposed_at=made.proposed_at,
                **_kept(made),
            )
        )
        return made

    def decide(self, slip: Slip) -> None:
        """Keep its state, who decided it, when and why, and what came of it."""
        t = tables.stock_slip
        kept = _kept(replace(slip, decided_at=slip.decided_at or self._context.now))
        self._context.connection.execute(t.update().where(t.c.slip == slip.slip).values(**kept))


def _kept(slip: Slip) -> dict[str, Any]:
    return {
        "state": slip.state,
        "decided_by": slip.decided_by,
        "decided_at": slip.decided_at,
        "reason": slip.reason,
        "movement": slip.done.movement,
        "result": slip.done.result,
        "case_no": slip.done.case,
    }


def _slip(row: Row[Any]) -> Slip:
    return Slip(
        slip=row.slip,
        wanted=_WANTED.validate_python(row.wanted),
        state=row.state,
        proposed_by=row.proposed_by,
        proposed_at=row.proposed_at,
        book=_LOTS.validate_python(row.book),
        decided_by=row.decided_by,
        decided_at=row.decided_at,
        reason=row.reason,
        done=Done(row.movement, row.result, row.case_no),
    )
