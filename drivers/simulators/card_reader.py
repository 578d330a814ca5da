"""The simulated resident ID card reader: a SAM_V module on a serial line and a plate to put a card on."""

from __future__ import annotations

import asyncio
import random
import struct
from collections.abc import Callable
from pathlib import Path
from typing import Literal

from pydantic import Field

from drivers.simulators.base import NoParameters, Outcome, Pace, Parameters, action
from drivers.simulators.card_frames import Request, RequestReader, reply
from drivers.simulators.card_text import encode_address, encode_text
from drivers.simulators.cards import Card
from drivers.simulators.errors import ActionRefusedError
from drivers.simulators.face_traits import UNKNOWN, Looks
from drivers.simulators.faces import chip_photo
from drivers.simulators.serial_device import SerialSimulator

BAUD = 115200
_FIND_S, _SELECT_S, _READ_S, _FINGER_S = 0.03, 0.06, 0.45, 0.35
_BYTE_GAP_S = 0.3
"""A frame that pauses longer than this was torn; the module forgets it."""

Corruption = Literal["torn", "flip", "unknownLayout", "badCheck", "readFail", "authFail", "samFail"]


class Present(Parameters):
    """The card laid on the plate; ``seconds`` takes it away again by itself.

    ``chip`` is the number that its chip says when it is selected; most modules keep it to themselves and say 0.
    """

    card: Card
    chip: int = Field(0, ge=0, lt=2**64)
    seconds: float | None = Field(None, gt=0, le=3600)


class Corrupt(Parameters):
    """A bad chip or line: for the next ``count`` reads, or until ``clear`` when null.

    ``torn`` stops in the middle of the reply, ``flip`` turns one bit, ``unknownLayout`` writes a type mark
    nobody knows, ``badCheck`` a number whose check digit is wrong, ``readFail`` and ``authFail`` answer
    with status 41 and 31, ``samFail`` lets the security module fail its self-test (60).
    """

    mode: Corruption
    count: int | None = Field(None, ge=1)
    seed: int = 0


class CardReaderSimulator(SerialSimulator):
    """SAM_V reader.

    A card that was read must leave the field before ``find`` sees it again (status 80 until then);
    ``select`` still answers 90 while it lies there and 81 once it has gone, and opens it for the latest
    address. A second read of text and photo without presenting the card again fails (41). A cold reset
    of the module drops the field and thereby forgets all that.
    """

    def __init__(
        self,
        link: Path,
        pace: Pace,
        name: str = "idReader",
        looks_of: Callable[[int], Looks] = lambda seed: UNKNOWN,
    ) -> None:
        super().__init__(name, link, pace)
        self._looks_of = looks_of
        self._reader = RequestReader()
        self._torn: asyncio.TimerHandle | None = None
        self._requests: asyncio.Queue[Request] = asyncio.Queue()
        self._card: Card | None = None
        self._chip = 0
        self._found = self._selected = self._read = False
        self._corrupt: Corrupt | None = None
        self._leaves: asyncio.TimerHandle | None = None
        self._counts = {"presented": 0, "found": 0, "read": 0, "refused": 0}
        self._worker: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Plug in and begin to answer."""
        await super().start()
        if self._worker is None or self._worker.done():
            self._worker = self.spawn(self._serve())

    def state(self) -> dict[str, object]:
        """Card on the plate, what the module did with it, the fault in force."""
        card = None
        if self._card is not None:
            card = {"layout": self._card.layout.value, "name": self._card.name, "number": self._card.number}
        return {
            **self.line_state(),
            "card": card,
            "found": self._found,
            "read": self._read,
            "corrupt": self._corrupt.mode if self._corrupt else None,
            "counts": dict(self._counts),
        }

    def received(self, data: bytes) -> None:
        """Collect frames; each is answered in turn, as the module works on one at a time."""
        if self._torn is not None:
            self._torn.cancel()
        for request in self._reader.feed(data):
            self._requests.put_nowait(request)
        if self._reader.waiting:
            self._torn = asyncio.get_running_loop().call_later(_BYTE_GAP_S, self._reader.reset)

    async def _serve(self) -> None:
        while True:
            request = await self._requests.get()
            if request.fault is not None:
                self._counts["refused"] += 1
                self.send(reply(request.fault))
                continue
            answer = await self._answer(request.command)
            self.send(answer)

    async def _answer(self, command: tuple[int, int]) -> bytes:
        if command == (0x11, 0xFF):
            return reply(0x60 if self._failing("samFail") else 0x90)
        if command == (0x10, 0xFF):
            self._found = self._selected = self._read = False
            return reply(0x90)
        if command == (0x12, 0xFF):
            return reply(0x90, _SAM_ID)
        if self._failing("samFail"):
            return reply(0x66)
        if command == (0x20, 0x01):
            return await self._find()
        if command == (0x20, 0x02):
            return await self._select()
        if command in ((0x30, 0x01), (0x30, 0x10)):
            return await self._read_base(fingers=command[1] == 0x10)
        if command == (0x30, 0x03):
            return await self._read_address()
        self._counts["refused"] += 1
        return reply(0x21)

    async def _find(self) -> bytes:
        await self.pace.sleep(_FIND_S)
        if self._card is None or self._read:
            return reply(0x80)
        self._found = True
        self._counts["found"] += 1
        return reply(0x9F, bytes(4))

    async def _select(self) -> bytes:
        await self.pace.sleep(_SELECT_S)
        if self._card is None or not self._found:
            return reply(0x81)
        self._selected = True
        return reply(0x90, self._chip.to_bytes(8, "big"))

    async def _read_base(self, fingers: bool) -> bytes:
        await self.pace.sleep(_READ_S + (_FINGER_S if fingers else 0.0))
        card = self._card
        if card is None or not self._selected or self._read:
            return reply(0x41)
        # Read or failed: either way the card must be taken off and placed again.
        self._selected, self._read = False, True
        if self._failing("readFail") or self._failing("authFail"):
            mode = self._use_corruption()
            return reply(0x41 if mode == "readFail" else 0x31)
        text = self._text(card)
        photo = chip_photo(card.seed, self._looks_of(card.seed))
        blocks = [text, photo]
        if fingers:
            blocks.append(_finger_block(card) if card.fingerprint else b"")
        lengths = b"".join(len(block).to_bytes(2, "big") for block in blocks)
        frame = self._spoil(reply(0x90, lengths + b"".join(blocks)))
        self._counts["read"] += 1
        return frame

    async def _read_address(self) -> bytes:
        await self.pace.sleep(_SELECT_S)
        if self._card is None or not self._selected:
            return reply(0x41)
        self._selected = False
        if self._card.new_address is None:
            return reply(0x91)
        return reply(0x90, encode_address(self._card.new_address))

    def _text(self, card: Card) -> bytes:
        if self._failing("unknownLayout"):
            self._use_corruption()
            return encode_text(card, mark="Q")
        if self._failing("badCheck"):
            self._use_corruption()
            last = "0" if card.number[-1] != "0" else "1"
            return encode_text(card.model_copy(update={"number": card.number[:-1] + last}))
        return encode_text(card)

    def _spoil(self, frame: bytes) -> bytes:
        seed = self._corrupt.seed if self._corrupt else 0
        if self._failing("torn"):
            self._use_corruption()
            return frame[: random.Random(seed).randrange(8, len(frame))]
        if self._failing("flip"):
            self._use_corruption()
            place = random.Random(seed).randrange(10, len(frame))
            return frame[:place] + bytes([frame[place] ^ 0x10]) + frame[place + 1 :]
        return frame

    def _failing(self, mode: Corruption) -> bool:
        return self._corrupt is not None and self._corrupt.mode == mode

    def _use_corruption(self) -> str | None:
        """Count one read off the fault in force and name it."""
        current = self._corrupt
        if current is None:
            return None
        if current.count is not None:
            left = current.count - 1
            changed = {"count": left, "seed": current.seed + 1}
            self._corrupt = current.model_copy(update=changed) if left else None
        return current.mode

    def clear_faults(self) -> None:
        """Take back line faults and the corruption; the card stays where it is."""
        super().clear_faults()
        self._corrupt = None

    @action("present", Present)
    async def present(self, what: Present) -> Outcome:
        """Lay a card on the plate; one that lies there already is taken off first."""
        self._take_off()
        self._card, self._chip = what.card, what.chip
        self._counts["presented"] += 1
        if what.seconds is not None:
            self._leaves = asyncio.get_running_loop().call_later(what.seconds, self._take_off)
        return {"number": what.card.number}

    @action("remove", NoParameters)
    async def remove(self, _: NoParameters) -> Outcome:
        """Take the card off the plate."""
        if self._card is None:
            raise ActionRefusedError("no card lies on the reader; present one first")
        self._take_off()
        return {}

    @action("corrupt", Corrupt)
    async def corrupt(self, how: Corrupt) -> Outcome:
        """Make the next reads go wrong."""
        self._corrupt = how
        return {}

    def _take_off(self) -> None:
        if self._leaves is not None:
            self._leaves.cancel()
            self._leaves = None
        self._card = None
        self._found = self._selected = self._read = False


_SAM_ID = bytes([5, 0, 1, 0]) + struct.pack("<III", 20261012, 42, 7031)
"""Printed as 05.01-20261012-0000000042-0000007031."""


def _finger_block(card: Card) -> bytes:
    """1024 bytes shaped like a finger template: two fingers of 512 bytes, invented ridges."""
    rng = random.Random(card.seed)
    fingers = [bytes([0x43, 0x01, position, 0x01]) + rng.randbytes(508) for position in (11, 16)]
    return b"".join(fingers)
