"""Blank invoices that staff take out of one cabinet and put into another."""

from __future__ import annotations

from pydantic import Field

from sync.models.base import Wire


class StockOut(Wire):
    """``stock.out``: stock was handed out of the cabinet; ``note`` is the signed paper (``sync/stock_note.py``)."""

    note: str = Field(max_length=1000)


class TakenRange(Wire):
    """Numbers that were put into a unit."""

    unit: str = Field(pattern=r"^unit[1-9]$")
    code: str = Field(pattern=r"^[0-9]{10,12}$")
    first: str = Field(pattern=r"^[0-9]{8}$")
    last: str = Field(pattern=r"^[0-9]{8}$")


class StockIn(Wire):
    """``stock.in``: stock that came with ``note`` lies in this cabinet now, as two people saw it.

    ``short`` holds numbers that the paper names for these units and that were not there.
    """

    note: str = Field(max_length=1000)
    taken: list[TakenRange] = Field(max_length=9)
    short: list[TakenRange] = Field(default_factory=list, max_length=18)
    operator: str
    witness: str


class StockMoved(Wire):
    """Answer to both: the hand-over, the ledger's movement, and the case when something differs."""

    note: str
    movement: str = ""
    case: str = ""
