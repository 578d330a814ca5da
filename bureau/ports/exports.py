"""Goods that enterprises exported (出口货物), as customs declared them to the bureau, and how they were bought."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal, Protocol

LineState = Literal["free", "asked", "back"]
"""``free``: no refund was asked for; ``asked``: an officer decides; ``back``: its refund was allowed."""


@dataclass(frozen=True, slots=True)
class Purchase:
    """So many of the goods on one special invoice (增值税专用发票).

    ``confirmed_on``: when the enterprise said that the invoice is for an export refund (用途确认); None: not yet.
    """

    invoice: str
    seller: str
    issued_on: date
    quantity: int
    net_fen: int
    tax_fen: int
    confirmed_on: date | None


@dataclass(frozen=True, slots=True)
class ExportLine:
    """One item of a customs declaration (报关单). ``fob_fen``: its price on board (离岸价) in yuan, in fen.

    ``exchange_on``: when it was paid from abroad (收汇); ``case``: by which its refund was asked for.
    """

    customs_no: str
    item: int
    taxpayer: str
    exported_on: date
    hs: str
    goods: str
    quantity: int
    unit: str
    fob_fen: int
    exchange_on: date | None
    state: LineState
    case: str | None
    refund_fen: int | None
    purchases: tuple[Purchase, ...]

    @property
    def id(self) -> str:
        """Declaration and item."""
        return f"{self.customs_no}-{self.item}"


class Exports(Protocol):
    """What customs declared, line by line."""

    def lines(self, taxpayer: str, since: date) -> Sequence[ExportLine]:
        """Those exported on ``since`` or later, the latest first."""
        ...

    def of_case(self, case: str) -> Sequence[ExportLine]:
        """Those whose refund that case asks for."""
        ...

    def ask(self, case: str, refunds: Mapping[str, int]) -> None:
        """These lines are asked for by the case, each with its refund in fen."""
        ...

    def give_back(self, case: str) -> None:
        """The refund of the case's lines is allowed."""
        ...

    def free(self, case: str) -> None:
        """The case was refused: its lines may be asked for again."""
        ...
