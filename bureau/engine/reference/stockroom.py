"""What staff do with blank invoices: load, take out, release from quarantine, spoil, take back, count.

Every movement names who did it; whatever makes paper saleable or leaves the books needs a second person
(domain note, section 7.4).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import select

from bureau.engine.reference.care import ReferenceCases
from bureau.engine.reference.context import Context, Type
from bureau.engine.reference.stock import PARCEL, Held, Ledger, Movement, Where
from bureau.errors import NumbersMoved, StockRefused
from bureau.store import tables
from bureau.texts import ids, say
from kiosk.domain.errors import FieldError
from kiosk.domain.invoices import InvoiceCode, InvoiceRange, check_code

SHELF = ("shelf", "1")
"""Where paper lies that is in no terminal."""
UNIT = re.compile(r"unit[1-9]")
"""How terminals name the units of their dispenser."""
UNIT_HOLDS = 5000
"""More sheets than any dispenser's unit takes: a count beyond it is a slip of the hand."""


@dataclass(frozen=True, slots=True)
class Hands:
    """Who does it, and who watches."""

    operator: str
    witness: str

    def __post_init__(self) -> None:
        if not self.operator.strip() or not self.witness.strip():
            raise StockRefused("name two people: who does it and who watches")
        if self.operator.strip().casefold() == self.witness.strip().casefold():
            raise StockRefused("the second person must be somebody else")


@dataclass(frozen=True, slots=True)
class SlotView:
    """A slot with everything in it."""

    place: str
    unit: str
    locked: bool
    reason: str
    contents: tuple[tuple[str, Held], ...]


class Stockroom:
    """Staff's movements inside one transaction; each method gives the movement's number."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._ledger = Ledger(context)

    def load(
        self, place: str, unit: str, code: str, numbers: InvoiceRange, hands: Hands, kind: str = ""
    ) -> str:
        """Put paper into a slot: new to the books, or from the shelf. Raises ``StockRefused``."""
        read = read_code(code)
        code = read.code
        _plausible(place, unit, numbers)
        self._learn_code(read, kind)
        self._ledger.lock_code(code)
        self.ensure_slot(place, unit)
        self.check_stackable(place, unit, code, numbers)
        here, shelf = Where("onHand", place, unit), Where("onHand", *SHELF)
        known = self._ledger.overlapping(code, numbers)
        if not known:
            self._ledger.add(code, numbers, here)
            return self._write([self._line("LOAD", place, unit, code, numbers, hands)])
        self._move(code, numbers, {shelf} - {here}, here)
        return self._write(
            [
                self._line("TRANSFER_OUT", *SHELF, code, numbers, hands),
                self._line("TRANSFER_IN", place, unit, code, numbers, hands),
            ]
        )

    def check_place(self, place: str) -> None:
        """Raises ``StockRefused`` for a place that is neither the shelf nor an enrolled terminal."""
        t = tables.terminal
        known = self._context.connection.execute(select(t.c.terminal).where(t.c.terminal == place)).scalar()
        if known is None and place != SHELF[0]:
            raise StockRefused(
                f"no terminal {place!r} is enrolled: see `bureau terminal list`, or load `{' '.join(SHELF)}`"
            )

    def release(self, code: str, numbers: InvoiceRange, hands: Hands) -> str:
        """Make quarantined paper saleable again; it goes to the shelf. Raises ``StockRefused``."""
        self._ledger.lock_code(code)
        self.ensure_slot(*SHELF)
        before = self._from_slots(code, numbers, {"quarantined"}, Where("onHand", *SHELF))
        lines: list[Movement] = []
        for held in before:
            place, unit = held.where.place or "", held.where.unit or ""
            lines.append(self._line("RELEASE", place, unit, code, held.numbers, hands))
            if (place, unit) != SHELF:
                lines.append(self._line("TRANSFER_OUT", place, unit, code, held.numbers, hands))
                lines.append(self._line("TRANSFER_IN", *SHELF, code, held.numbers, hands))
        return self._write(lines)

    def spoil(self, code: str, numbers: InvoiceRange, hands: Hands, cause: str) -> str:
        """Write off blanks (作废); the paper is kept. Raises ``StockRefused``."""
        return self._take_off("SPOIL", "spoiled", code, numbers, hands, cause)

    def unload(self, code: str, numbers: InvoiceRange, hands: Hands, cause: str = "") -> str:
        """Hand paper back to the warehouse: it leaves these books. Raises ``StockRefused``."""
        return self._take_off("UNLOAD", "unloaded", code, numbers, hands, cause)

    def take_back(self, taxpayer: str, code: str, numbers: InvoiceRange, hands: Hands) -> str:
        """Unused sheets an enterprise hands in: to the shelf, in quarantine. Raises ``StockRefused``."""
        kind = self._ledger.lock_code(code)
        self.ensure_slot(*SHELF)
        self._move(code, numbers, {Where("issued", holder=taxpayer)}, Where("quarantined", *SHELF))
        line = Movement("RETURN", *SHELF, code, numbers, taxpayer, kind, None, hands.operator, hands.witness)
        return self._write([line])

    def count(self, place: str, unit: str, found: Sequence[tuple[str, InvoiceRange]], hands: Hands) -> str:
        """Compare a unit with what two people found in it: ``BALANCED``, ``TIMING`` or ``DIFFERENCE``.

        Balanced opens the slot again. A reservation still open explains a difference in time; any other
        locks the slot and opens a case. Raises ``StockRefused`` while a dispute says of what is missing where it may
        be: no count balances before that is settled.
        """
        self._slot_row(place, unit)
        inside = self._ledger.in_slot(place, unit)
        ours = {(code, n) for code, held in inside if held.where.state != "quarantined" for n in held.numbers}
        theirs = {(code, n) for code, numbers in found for n in numbers}
        if ours == theirs:
            self._ledger.lock_slot(place, unit, "")
            return "BALANCED"
        reserved = {(c, n) for c, held in inside if held.where.state == "reserved" for n in held.numbers}
        if theirs <= ours and ours - theirs <= reserved:
            self._none_disputed(h for c, h in inside if any((c, n) in ours - theirs for n in h.numbers))
            return "TIMING"
        details: dict[str, object] = {
            "missing": sorted(f"{c} {n}" for c, n in ours - theirs),
            "extra": sorted(f"{c} {n}" for c, n in theirs - ours),
            "counted_by": [hands.operator, hands.witness],
        }
        case = ReferenceCases(self._context).open(
            "count-differs", f"{place}/{unit}/{self._context.now}", details
        )
        self._ledger.lock_slot(place, unit, f"count differs, case {case}")
        return "DIFFERENCE"

    def _none_disputed(self, held: Iterable[Held]) -> None:
        t, numbers = tables.reservation, {one.where.reservation for one in held}
        query = select(t.c.reservation).where(t.c.reservation.in_(numbers), t.c.state == "disputed")
        if (found := self._context.connection.execute(query.limit(1)).scalar()) is not None:
            raise StockRefused(
                f"reservation {found} is in dispute: say first what became of it, with `bureau stock settle {found}`"
            )

    def slots(self, place: str | None = None) -> Sequence[SlotView]:
        """Every slot with its contents, by place and unit."""
        t = tables.stock_slot
        query = select(t).order_by(t.c.place, t.c.unit)
        if place is not None:
            query = query.where(t.c.place == place)
        return [
            SlotView(r.place, r.unit, r.locked, r.reason, tuple(self._ledger.in_slot(r.place, r.unit)))
            for r in self._context.connection.execute(query).all()
        ]

    def _take_off(
        self, type_: str, state: str, code: str, numbers: InvoiceRange, hands: Hands, cause: str
    ) -> str:
        self._ledger.lock_code(code)
        before = self._from_slots(code, numbers, {"onHand", "quarantined"}, Where(state))
        return self._write(
            [
                self._line(
                    type_, held.where.place or "", held.where.unit or "", code, held.numbers, hands, cause
                )
                for held in before
            ]
        )

    def _from_slots(self, code: str, numbers: InvoiceRange, states: Collection[str], to: Where) -> list[Held]:
        """From any slot but a parcel, of which an order is kept (``bureau deliver``)."""
        try:
            return self._ledger.move(
                code, numbers, lambda where: where.state in states and where.place != PARCEL, to
            )
        except NumbersMoved as error:
            raise StockRefused(
                f"{error}: these numbers are not all {' or '.join(sorted(states))}; see `bureau stock list`"
            ) from error

    def _move(self, code: str, numbers: InvoiceRange, allowed: Collection[Where], to: Where) -> None:
        try:
            self._ledger.move(code, numbers, lambda where: where in allowed, to)
        except NumbersMoved as error:
            raise StockRefused(
                f"{error}: they are not free to be moved there; see `bureau stock list`"
            ) from error

    def _learn_code(self, read: InvoiceCode, kind: str) -> None:
        t, code, says = tables.invoice_code, read.code, read.kind.value
        known = self._context.connection.execute(select(t.c.kind).where(t.c.code == code)).scalar()
        if known is not None:
            if kind and kind != known:
                raise StockRefused(f"code {code} is of kind {known}, not {kind}: leave --kind out")
            return
        if kind and says and kind != says:
            raise StockRefused(
                f"code {code} says kind {says}, not {kind}: read the pack again, or leave --kind out"
            )
        kind = kind or says
        if kind not in ids("invoice-kind"):
            known_kinds = ", ".join(sorted(ids("invoice-kind")))
            raise StockRefused(
                f"kind {kind!r} is none that is kept here: give --kind, one of {known_kinds}"
                if kind
                else f"the kind of code {code} cannot be told from it: give --kind, one of {known_kinds}"
            )
        self._context.connection.execute(
            t.insert().values(code=code, kind=kind, kind_name=say(f"invoice-kind.{kind}"))
        )

    def check_stackable(self, place: str, unit: str, code: str, numbers: InvoiceRange) -> None:
        """A unit holds one code in ascending order, the shelf anything; raises ``StockRefused``."""
        if (place, unit) == SHELF:
            return
        for other, held in self._ledger.in_slot(place, unit):
            if held.where.state == "quarantined":
                continue
            if other != code:
                raise StockRefused(f"{place} {unit} holds code {other}: take it out first")
            if held.numbers.last >= numbers.first:
                raise StockRefused(
                    f"{place} {unit} holds {held.numbers.last}: only higher numbers go behind it"
                )

    def ensure_slot(self, place: str, unit: str) -> None:
        """Make the slot known."""
        t = tables.stock_slot
        known = select(t.c.place).where(t.c.place == place, t.c.unit == unit)
        if self._context.connection.execute(known).one_or_none() is None:
            self._context.connection.execute(
                t.insert().values(place=place, unit=unit, locked=False, reason="")
            )

    def _slot_row(self, place: str, unit: str) -> None:
        t = tables.stock_slot
        query = select(t.c.place).where(t.c.place == place, t.c.unit == unit).with_for_update()
        if self._context.connection.execute(query).one_or_none() is None:
            raise StockRefused(f"there is no unit {unit} at {place}; see `bureau stock list`")

    def _line(
        self,
        type_: str,
        place: str,
        unit: str,
        code: str,
        numbers: InvoiceRange,
        hands: Hands,
        cause: str = "",
    ) -> Movement:
        return Movement(
            type_,
            place,
            unit,
            code,
            numbers,
            operator=hands.operator,
            witness=hands.witness,
            cause=cause or None,
        )

    def _write(self, lines: Sequence[Movement]) -> str:
        movement = self._context.next_number(Type.MOVEMENT)
        self._ledger.write(movement, lines)
        return movement


def read_code(code: str) -> InvoiceCode:
    """What the code's digits say; raises ``StockRefused``."""
    try:
        return check_code(code)
    except FieldError as error:
        raise StockRefused(f"{code!r} is no invoice code: give its 10 or 12 digits as printed") from error


def _plausible(place: str, unit: str, numbers: InvoiceRange) -> None:
    """What is written into the ledger stays there: a slip of the hand must not get in."""
    if place == SHELF[0]:
        if unit != SHELF[1]:
            raise StockRefused(f"the shelf has no unit {unit!r}: load `{' '.join(SHELF)}`")
    elif not UNIT.fullmatch(unit):
        raise StockRefused(
            f"{unit!r} is no unit of a dispenser: give unit1 to unit9, as `kiosk devices` names it"
        )
    elif numbers.count > UNIT_HOLDS:
        raise StockRefused(f"no unit holds {numbers.count} sheets: count them again, at most {UNIT_HOLDS}")
    if int(numbers.first) == 0:
        raise StockRefused("no invoice has number 00000000: give the first number as printed")
