"""A relief that was granted on application (核准减免), taken off the tax of a return by what the return is told.

税收征收管理法 art. 33. A relief is of one tax, of whole months, and an amount of money or a share of the tax. Of a
return whose period it covers in part it reaches the tax of those months alone, each month bearing the same.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Final

from kiosk.domain.ids import Fen
from kiosk.domain.money import round_fen, yuan
from kiosk.domain.tax.lines import Note, TaxLine
from kiosk.domain.tax.returns import facts
from kiosk.domain.tax.returns.facts import FactError, Reader, Told

CASE, TAX, FIRST, LAST = "relief", "relief_tax", "relief_first", "relief_last"
AMOUNT, PERCENT = "relief_fen", "relief_percent"
WHOLE = 100
TAXES: Final = ("iit-business", "property", "vehicle-vessel")
"""Lines of returns taken here of which a relief can be granted."""


def _or_none(reader: Reader) -> Reader:
    return lambda value: None if value is None else reader(value)


FACTS: Final[Mapping[str, Reader]] = {
    CASE: _or_none(facts.number),
    TAX: _or_none(facts.one_of(TAXES)),
    FIRST: _or_none(facts.month),
    LAST: _or_none(facts.month),
    AMOUNT: _or_none(facts.amount),
    PERCENT: _or_none(facts.count(1, WHOLE)),
}
"""What a return is told of the relief: the number of its case (减免核准编号) and what was granted."""


@dataclass(frozen=True, slots=True)
class Relief:
    """A relief as a return takes it: of which line, in which months, and either at most so many fen or a share."""

    case: str
    tax: str
    first: date
    last: date
    amount_fen: Fen | None
    percent: int | None

    def of(self, tax_fen: Fen, first: date, last: date) -> Fen:
        """How much of the tax of the months from ``first`` to ``last`` is forgiven, never more than there is."""
        months = _months(first, last)
        held = _months(max(first, self.first), min(last, self.last))
        if held <= 0:
            return Fen(0)
        reached = round_fen(yuan(tax_fen) * held / months)
        if self.percent is not None:
            return round_fen(yuan(reached) * self.percent / WHOLE)
        return Fen(min(reached, self.amount_fen or 0))


def told_of(told: Told) -> Relief | None:
    """The relief that the facts name; None: none. Raises ``FactError`` for one that is only half there."""
    if told.get(CASE) is None:
        return None
    for name in (TAX, FIRST, LAST):
        if told[name] is None:
            raise FactError(name)
    if (told[AMOUNT] is None) == (told[PERCENT] is None):
        raise FactError(AMOUNT)
    return Relief(told[CASE], told[TAX], told[FIRST], told[LAST], told[AMOUNT], told[PERCENT])


def relieve(
    lines: Sequence[TaxLine], relief: Relief, first: date, last: date
) -> tuple[tuple[TaxLine, ...], Fen]:
    """The lines with the relief taken off the one that it is of, and how much that is; it stays what is left, fen."""
    found, taken = [], Fen(0)
    for line in lines:
        off = relief.of(line.tax_fen, first, last) if line.code == relief.tax and not taken else Fen(0)
        taken = Fen(taken + off)
        found.append(replace(line, tax_fen=Fen(line.tax_fen - off), note=Note.RELIEF) if off else line)
    return tuple(found), taken


def _months(first: date, last: date) -> Decimal:
    """Months from that of ``first`` to that of ``last``, both counted; none or fewer where ``last`` is earlier."""
    return Decimal((last.year - first.year) * 12 + last.month - first.month + 1)
