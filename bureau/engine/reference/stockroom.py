"""What staff do with blank invoices: load, take out, release from quarantine, spoil, take back, count.

Every movement names who did it; whatever makes paper saleable or leaves the books needs a second person
(domain note, section 7.4).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence

from sqlalchemy import select

from bureau.engine.reference.care import ReferenceCases
from bureau.engine.reference.context import Context, Type
from bureau.engine.reference.stock import PARCEL, Ledger, Movement
from bureau.engine.stock_counts import compared, tidy, told
from bureau.errors import NumbersMoved, StockRefused
from bureau.ports.stock import DIFFERS, SHELF, Done, Hands, Held, Lots, SlotView, Where
from bureau.store import tables
from bureau.texts import ids, say
from kiosk.domain.errors import FieldError
from kiosk.domain.invoices import InvoiceCode, InvoiceRange, check_code

UNIT = re.compile(r"unit[1-9]")
"""How terminals name the units of their dispenser."""
UNIT_HOLDS = 5000
"""More sheets than any dispenser's unit takes: a count beyond it is a slip of the hand."""


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
        if known and here == shelf:
            lies = known[0].numbers
            said = f"{code} {lies.first}-{lies.last}"
            raise StockRefused("known", f"{said} is in the ledger ({known[0].where.state})", numbers=said)
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
                "place",
                f"no terminal {place!r} is enrolled: see `bureau terminal list`, or load `{' '.join(SHELF)}`",
                place=place,
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

    def fetch(self, place: str, unit: str, code: str, numbers: InvoiceRange, hands: Hands) -> str:
        """Bring what lies free in a terminal's unit back to the shelf. Raises ``StockRefused``."""
        self._ledger.lock_code(code)
        self.ensure_slot(*SHELF)
        if not UNIT.fullmatch(unit):  # neither the shelf, nor a parcel, nor what is on its way
            raise StockRefused(
                "unit", f"{unit!r} is no unit of a dispenser; see `bureau stock list`", place=place
            )
        self._move(code, numbers, {Where("onHand", place, unit)}, Where("onHand", *SHELF))
        return self._write(
            [
                self._line("TRANSFER_OUT", place, unit, code, numbers, hands),
                self._line("TRANSFER_IN", *SHELF, code, numbers, hands),
            ]
        )

    def lose(self, code: str, numbers: InvoiceRange, hands: Hands, cause: str) -> str:
        """Write off what lies nowhere (丢失). Raises ``StockRefused`` for what is not free in a slot."""
        return self._take_off("LOSE", "lost", code, numbers, hands, cause, states={"onHand"})

    def count(
        self,
        place: str,
        unit: str,
        found: Sequence[tuple[str, InvoiceRange]],
        hands: Hands,
        book: Lots | None = None,
    ) -> Done:
        """Compare a unit with what two people found in it: ``BALANCED``, ``TIMING`` or ``DIFFERENCE``.

        Balanced opens the slot again. A reservation still open explains a difference in time; any other
        locks the slot and opens a case. Raises ``StockRefused`` while a dispute says of what is missing where it may
        be: no count balances before that is settled; and where the slot no longer holds ``book``.
        """
        inside = self._held_still(place, unit)
        self._slot_row(place, unit)
        if book is not None and tidy(countable(inside)) != tidy(book):
            raise StockRefused("countedBefore", f"{place} {unit} has changed since it was counted")
        rows = compared(found, countable(inside))
        missing: Lots = tuple((row.code, n) for row in rows for n in row.missing)
        extra: Lots = tuple((row.code, n) for row in rows for n in row.extra)
        if not missing and not extra:
            self._ledger.lock_slot(place, unit, "")
            return Done(result="BALANCED")
        reserved: Lots = tuple(
            (code, held.numbers) for code, held in inside if held.where.state == "reserved"
        )
        if not extra and not any(row.missing for row in compared(reserved, missing)):
            self._none_disputed(
                held
                for code, held in inside
                if any(code == other and held.numbers.overlaps(n) for other, n in missing)
            )
            return Done(result="TIMING")
        details: dict[str, object] = {
            "place": place,
            "unit": unit,
            "missing": told(missing),
            "extra": told(extra),
            "counted_by": [hands.operator, hands.witness],
        }
        case = ReferenceCases(self._context).open(
            "count-differs", f"{place}/{unit}/{self._context.now}", details
        )
        self._ledger.lock_slot(place, unit, differs(case))
        return Done(result="DIFFERENCE", case=case)

    def _held_still(self, place: str, unit: str) -> list[tuple[str, Held]]:
        """What lies in a slot, which nobody moves until the transaction ends."""
        locked: set[str] = set()
        while new := {code for code, _ in self._ledger.in_slot(place, unit)} - locked:
            for code in sorted(new):
                self._ledger.lock_code(code)
            locked |= new
        return self._ledger.in_slot(place, unit)

    def _none_disputed(self, held: Iterable[Held]) -> None:
        t, numbers = tables.reservation, {one.where.reservation for one in held}
        query = select(t.c.reservation).where(t.c.reservation.in_(numbers), t.c.state == "disputed")
        if (found := self._context.connection.execute(query.limit(1)).scalar()) is not None:
            raise StockRefused(
                "disputed",
                f"reservation {found} is in dispute: say first what became of it, with `bureau stock settle {found}`",
                numbers=str(found),
            )

    def slots(self, place: str | None = None) -> Sequence[SlotView]:
        """Every slot with its contents, by place and unit."""
        t = tables.stock_slot
        query = select(t).order_by(t.c.place, t.c.unit)
        if place is not None:
            query = query.where(t.c.place == place)
        inside = self._ledger.in_slots(place)
        return [
            SlotView(r.place, r.unit, r.locked, r.reason, tuple(inside.get((r.place, r.unit), ())))
            for r in self._context.connection.execute(query).all()
        ]

    def slot(self, place: str, unit: str) -> SlotView | None:
        """One slot with its contents."""
        return next((one for one in self.slots(place) if one.unit == unit), None)

    def _take_off(
        self,
        type_: str,
        state: str,
        code: str,
        numbers: InvoiceRange,
        hands: Hands,
        cause: str,
        states: Collection[str] = frozenset({"onHand", "quarantined"}),
    ) -> str:
        self._ledger.lock_code(code)
        before = self._from_slots(code, numbers, states, Where(state))
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

        def allowed(where: Where) -> bool:
            return where.state in states and where.place != PARCEL

        try:
            return self._ledger.move(code, numbers, allowed, to)
        except NumbersMoved as error:
            raise StockRefused(
                "moved",
                f"{error}: these numbers are not all {' or '.join(sorted(states))}; see `bureau stock list`",
                numbers=error.numbers,
            ) from error

    def _move(self, code: str, numbers: InvoiceRange, allowed: Collection[Where], to: Where) -> None:
        try:
            self._ledger.move(code, numbers, lambda where: where in allowed, to)
        except NumbersMoved as error:
            raise StockRefused(
                "moved",
                f"{error}: they are not free to be moved there; see `bureau stock list`",
                numbers=error.numbers,
            ) from error

    def _learn_code(self, read: InvoiceCode, kind: str) -> None:
        t, code, says = tables.invoice_code, read.code, read.kind.value
        known = self._context.connection.execute(select(t.c.kind).where(t.c.code == code)).scalar()
        if known is not None:
            if kind and kind != known:
                raise StockRefused(
                    "kindOther", f"code {code} is of kind {known}, not {kind}: leave --kind out", kind=known
                )
            return
        if kind and says and kind != says:
            raise StockRefused(
                "kindOther",
                f"code {code} says kind {says}, not {kind}: read the pack again, or leave --kind out",
                kind=says,
            )
        kind = kind or says
        if kind not in ids("invoice-kind"):
            known_kinds = ", ".join(sorted(ids("invoice-kind")))
            raise StockRefused(
                "kind",
                f"kind {kind!r} is none that is kept here: give --kind, one of {known_kinds}"
                if kind
                else f"the kind of code {code} cannot be told from it: give --kind, one of {known_kinds}",
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
                raise StockRefused(
                    "unitCode", f"{place} {unit} holds code {other}: take it out first", numbers=other
                )
            if held.numbers.last >= numbers.first:
                raise StockRefused(
                    "unitOrder",
                    f"{place} {unit} holds {held.numbers.last}: only higher numbers go behind it",
                    numbers=held.numbers.last,
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
            raise StockRefused(
                "unit", f"there is no unit {unit} at {place}; see `bureau stock list`", place=place
            )

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


def countable(inside: Iterable[tuple[str, Held]]) -> Lots:
    """What of a slot is counted: all but what lies apart in quarantine."""
    return tuple((code, held.numbers) for code, held in inside if held.where.state != "quarantined")


def differs(case: str) -> str:
    """Why a slot gives nothing whose count differed."""
    return DIFFERS + case


def read_code(code: str) -> InvoiceCode:
    """What the code's digits say; raises ``StockRefused``."""
    try:
        return check_code(code)
    except FieldError as error:
        raise StockRefused(
            "code", f"{code!r} is no invoice code: give its 10 or 12 digits as printed"
        ) from error


def _plausible(place: str, unit: str, numbers: InvoiceRange) -> None:
    """What is written into the ledger stays there: a slip of the hand must not get in."""
    if place == SHELF[0]:
        if unit != SHELF[1]:
            raise StockRefused(
                "unit", f"the shelf has no unit {unit!r}: load `{' '.join(SHELF)}`", place=place
            )
    elif not UNIT.fullmatch(unit):
        raise StockRefused(
            "unit",
            f"{unit!r} is no unit of a dispenser: give unit1 to unit9, as `kiosk devices` names it",
            place=place,
        )
    elif numbers.count > UNIT_HOLDS:
        raise StockRefused(
            "many",
            f"no unit holds {numbers.count} sheets: count them again, at most {UNIT_HOLDS}",
            most=UNIT_HOLDS,
        )
    if int(numbers.first) == 0:
        raise StockRefused("zero", "no invoice has number 00000000: give the first number as printed")
