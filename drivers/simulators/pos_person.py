"""The person at the simulated POS: what its screen asks for, the card that is held out, the PIN, the card taken."""

from __future__ import annotations

import asyncio
import contextlib
from pathlib import Path

from drivers.simulators.base import Pace
from drivers.simulators.pos_bank import NO_PIN_FEN
from drivers.simulators.pos_frames import Question
from drivers.simulators.pos_line import ACK_S, PosLine
from drivers.simulators.pos_parameters import Present

CARD_S, SIGN_OF_LIFE_S, PIN_S, HAND_S = 60.0, 5.0, 4.0, 1.0
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
        self._hand: asyncio.Queue[Present | None] = asyncio.Queue()
        self._cancelled = asyncio.Event()
        self._over = asyncio.Event()
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
                    shown = await self._next_hand()
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
            await self._pause(HAND_S)
            return auto
        shown = None if self._cancelled.is_set() else await self._hand.get()
        if shown is None:
            raise Ended("C1")
        return shown

    async def _pin(self, question: Question, shown: Present, amount: int) -> bool | None:
        """Whether the PIN is right; None where none is asked for."""
        if shown.entry == "qr" or (shown.entry == "contactless" and amount <= NO_PIN_FEN):
            return None
        self._show(question, PIN)
        await self._pause(PIN_S)
        if shown.pin == "cancel":
            raise Ended("C4")
        return shown.pin == "right"

    def give_up(self) -> None:
        """Nothing more is wanted, at the red key or by the host."""
        if self.busy:
            self._cancelled.set()
            self._hand.put_nowait(None)

    async def _pause(self, real: float) -> None:
        """A person takes that long, unless it is given up meanwhile."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(self.pace.seconds(real)):
                await self._cancelled.wait()
        if self._cancelled.is_set():
            raise Ended("C1")

    async def _until_taken(self, question: Question, seconds: float) -> None:
        """The card stays in until the person takes it, some time after the reply."""
        over = self._over
        try:
            await over.wait()
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
