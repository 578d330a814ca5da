"""The person at the simulated POS: what its screen asks for, the card that is held out, the PIN, the card taken."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from pathlib import Path
from typing import TypeVar

from drivers.simulators.base import Pace
from drivers.simulators.pos_bank import NO_PIN_FEN
from drivers.simulators.pos_frames import Question
from drivers.simulators.pos_line import ACK_S, PosLine
from drivers.simulators.pos_parameters import Present

_T = TypeVar("_T")

CARD_S, SIGN_OF_LIFE_S, PIN_S = 60.0, 5.0, 4.0
INSERT, INSERTED, AGAIN, OTHER, SEVERAL, PIN, PROCESSING, REMOVE, IDLE = (
    "01", "02", "03", "04", "05", "07", "08", "09", "00",
)  # fmt: skip


class Ended(Exception):
    """The order ends here with this response code."""


class PosPerson(PosLine):
    """The side of the terminal that faces a person."""

    def __init__(self, name: str, link: Path, pace: Pace, ack_s: float = ACK_S) -> None:
        super().__init__(name, link, pace, ack_s)
        self.auto: Present | None = None
        self.stage = IDLE
        self.amount: int | None = None
        self._hand: asyncio.Queue[Present] = asyncio.Queue()
        self._cancelled = asyncio.Event()
        self._work: asyncio.Task[None] | None = None
        self._card_in: asyncio.Task[None] | None = None

    @property
    def busy(self) -> bool:
        """Whether an order is under way."""
        return self._work is not None and not self._work.done()

    async def _card(self, question: Question, channel: str) -> Present:
        """The card or code that is held before the terminal, as soon as it can be used."""
        self._hand = asyncio.Queue()
        self._show(question, INSERT)
        try:
            async with asyncio.timeout(self.pace.seconds(CARD_S)):
                while True:
                    shown = await self._or_cancelled(self._next_hand())
                    wrong = _wrong(shown, channel)
                    if wrong is None:
                        self._show(question, INSERTED)
                        return shown
                    self._show(question, wrong)
        except TimeoutError:
            raise Ended("C2") from None

    async def _next_hand(self) -> Present:
        if self.auto is not None:
            auto = self.auto
            if auto.fault in ("unreadable", "multiple"):
                self.auto = auto.model_copy(update={"fault": "none"})
            await self.pace.sleep(1.0)
            return auto
        return await self._hand.get()

    async def _pin(self, question: Question, shown: Present, amount: int) -> bool | None:
        """Whether the PIN is right; None where none is asked for."""
        if shown.entry == "qr" or (shown.entry == "contactless" and amount <= NO_PIN_FEN):
            return None
        self._show(question, PIN)
        await self._or_cancelled(self.pace.sleep(PIN_S))
        if shown.pin == "cancel":
            raise Ended("C4")
        return shown.pin == "right"

    async def _or_cancelled(self, work: Awaitable[_T]) -> _T:
        doing = asyncio.ensure_future(work)
        stopped = asyncio.ensure_future(self._cancelled.wait())
        try:
            await asyncio.wait({doing, stopped}, return_when=asyncio.FIRST_COMPLETED)
            if self._cancelled.is_set():
                raise Ended("C1")
            return doing.result()
        finally:
            doing.cancel()
            stopped.cancel()

    async def _until_taken(self, question: Question, seconds: float) -> None:
        """The card stays in until the person takes it, some time after the reply."""
        try:
            while self.busy and self.amount is not None:
                await asyncio.sleep(0.005)
            await self.pace.sleep(seconds)
        finally:
            self._card_in = None
        if not self.busy:
            self._show(question, IDLE)

    async def _signs_of_life(self, question: Question) -> None:
        while True:
            await self.pace.sleep(SIGN_OF_LIFE_S)
            self.notice(question, self.stage)

    def _show(self, question: Question, stage: str) -> None:
        self.stage = stage
        self.notice(question, stage)


def _wrong(shown: Present, channel: str) -> str | None:
    """What the terminal says of a card it cannot use, None for one it can."""
    if shown.fault == "unreadable":
        return AGAIN if shown.entry != "chip" else OTHER
    if shown.fault == "multiple":
        return SEVERAL
    if (channel == "1" and shown.entry == "qr") or (channel == "2" and shown.entry != "qr"):
        return OTHER
    return None
