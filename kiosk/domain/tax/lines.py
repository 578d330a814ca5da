"""How a tax came about, line by line, as codes: a screen or a slip has the words for them."""

from __future__ import annotations

import enum
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from kiosk.domain.ids import Fen
from kiosk.domain.money import round_fen, yuan

ONE = Decimal(1)


class Note(enum.StrEnum):
    """Why a line is not simply base × rate."""

    NONE = ""
    HALF = "half-six-taxes"
    """六税两费减半."""
    THRESHOLD = "below-threshold"
    """Sales do not exceed the threshold: nothing is due on this line."""
    SPECIAL_TAXABLE = "special-invoices-taxable"
    """Sales with special invoices stay taxable below the threshold."""
    REDUCED = "reduced-rate"
    """The reduced levy rate was used."""
    RELIEF = "relief"
    """Part or all of the tax is forgiven."""
    PREFERENCE = "preference"
    """Sales of a project that is exempt, and filed as such (免税项目)."""
    CARRIED = "carried"
    """Overpaid before, because more was taken back than sold (以前多缴税款抵减)."""


@dataclass(frozen=True, slots=True)
class TaxLine:
    """``base × rate × factor`` rounded to ``tax_fen``; ``code`` names the tax."""

    code: str
    base_fen: Fen
    rate: Decimal
    factor: Decimal
    tax_fen: Fen
    note: Note = Note.NONE


def line(code: str, base: Fen, rate: Decimal, factor: Decimal = ONE, note: Note = Note.NONE) -> TaxLine:
    """Compute a line, half a fen up."""
    return TaxLine(code, base, rate, factor, round_fen(yuan(base) * rate * factor), note)


def total(lines: Iterable[TaxLine]) -> Fen:
    """The sum of the rounded taxes."""
    return Fen(sum(item.tax_fen for item in lines))


def net_of_gross(gross: Fen, rate: Decimal) -> Fen:
    """Sales without tax from sales with tax (价税合计 ÷ (1 + 征收率)), half a fen up."""
    return round_fen(yuan(gross) / (ONE + rate))
