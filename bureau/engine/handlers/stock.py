"""``stock.out`` and ``stock.in``: what staff did with stock at a terminal, by its signed paper."""

from __future__ import annotations

from abc import ABC
from collections.abc import Callable
from typing import ClassVar, TypeVar

from bureau.engine.effects import Handler, Outcome, Request, accepted, refused
from bureau.engine.refusals import refusal, refuse
from bureau.errors import StockRefused
from bureau.ports.core import Core
from bureau.ports.stock import Hands
from bureau.ports.system import System
from sync.errors import NoteError
from sync.models import EffectKind, StockIn, StockOut
from sync.stock_note import StockNote

Read = Callable[[str], StockNote]
"""Reads a paper's text; raises ``NoteError``."""
D = TypeVar("D", StockOut, StockIn)


class _ByNote(Handler[D, StockNote], ABC):
    """A handler that begins by reading the paper."""

    def __init__(self, read: Read) -> None:
        self._read = read

    def prepare(self, system: System, request: Request, data: D) -> StockNote:
        """The paper; a forged or damaged one is refused."""
        try:
            return self._read(data.note)
        except NoteError as error:
            raise refuse("stockNote") from error

    def _two_people(self, operator: str, witness: str) -> None:
        """Refuses what one person did alone."""
        try:
            Hands(operator, witness)
        except StockRefused as error:
            raise refuse("stockTwoPeople") from error


class HandOutStock(_ByNote[StockOut]):
    """The old terminal tells what left it. Had the new one told it before, nothing is done twice."""

    kind: ClassVar[EffectKind] = EffectKind.STOCK_OUT
    model = StockOut

    def apply(self, core: Core, request: Request, data: StockOut, prepared: StockNote) -> Outcome:
        """Only a terminal's own paper: another's is believed with the stock alone."""
        if prepared.terminal != core.terminal:
            raise refuse("stockNote")
        self._two_people(prepared.operator, prepared.witness)
        moved = core.handovers.out(prepared, data.note)
        return accepted(moved, moved.movement)


class TakeUpStock(_ByNote[StockIn]):
    """The new terminal tells what was put into it."""

    kind: ClassVar[EffectKind] = EffectKind.STOCK_IN
    model = StockIn

    def apply(self, core: Core, request: Request, data: StockIn, prepared: StockNote) -> Outcome:
        """Where the paper really lies is known either way: a refusal leaves a case and a closed unit."""
        self._two_people(prepared.operator, prepared.witness)
        self._two_people(data.operator, data.witness)
        moved, why = core.handovers.take_up(prepared, data, core.terminal)
        if why == "stockNotForHere":
            return refused(refusal("stockNotForHere"), moved.case)
        if why:
            return refused(refusal("stockNotThere"), moved.case)
        return accepted(moved, moved.movement)
