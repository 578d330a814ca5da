"""The simulated signature pad, and the hand that signs on it. Frames: docs/signature-pad.md."""

from __future__ import annotations

import asyncio
import hashlib
import struct
from collections.abc import Sequence
from pathlib import Path
from typing import Literal

from pydantic import Field

from drivers.simulators import handwriting
from drivers.simulators.base import NoParameters, Outcome, Pace, Parameters, action
from drivers.simulators.dispenser_frames import Frame
from drivers.simulators.errors import ActionRefusedError
from drivers.simulators.framed_device import FramedSimulator
from drivers.simulators.handwriting import Moment

BAUD = 115200
WIDTH, HEIGHT, PRESSURE, RATE = 9600, 4000, 1023, 200
"""96 by 40 mm, as pads of some five inches have."""
_IDENTITY = "YC-SP5|SP5-0004217|1.10"
_IN_BLOCK = 12


class SignHow(Parameters):
    """``seed`` chooses the hand; ``how`` a proper signature, a mere dot, or one that leaves the frame.

    ``then`` is the key pressed afterwards.
    """

    seed: int = 1
    how: Literal["signature", "dot", "beyond"] = "signature"
    then: Literal["ok", "clear", "cancel", "nothing"] = "ok"


class Key(Parameters):
    """A key of the pad."""

    key: Literal["ok", "clear", "cancel"]


class LoseBlocks(Parameters):
    """So many of the next blocks get lost on the line."""

    count: int = Field(1, ge=1, le=100)


class Power(Parameters):
    """Cut or give back the pad's power."""

    state: Literal["on", "off"]


class SignaturePadSimulator(FramedSimulator):
    """Keeps the ink of one signature until it is wiped, and counts nothing else."""

    def __init__(self, link: Path, pace: Pace, name: str = "signaturePad") -> None:
        super().__init__(name, link, pace)
        self._powered = True
        self._broken = False
        self._lost = 0
        self._signed = 0
        self._wipe()

    def _wipe(self) -> None:
        self._condition = "idle"
        self._document = b""
        self._ink: list[bytes] = []
        self._blocks: list[list[bytes]] = []
        self._presses, self._key = 0, "none"

    @property
    def listening(self) -> bool:
        """Without power nothing is heard."""
        return self._powered

    def state(self) -> dict[str, object]:
        """What the pad shows, and how much ink is in it."""
        return {
            **self.line_state(),
            "power": "on" if self._powered else "off",
            "state": "error" if self._broken else self._condition,
            "document": self._document.hex()[:16],
            "samples": len(self._ink),
            "counts": {"signed": self._signed},
        }

    # -- line ---------------------------------------------------------------------------------------

    def obey(self, frame: Frame) -> None:
        """Every command is done at once."""
        letter, _, rest = frame.body.partition("|")
        if letter == "I":
            body = f"I|{_IDENTITY}|{WIDTH}|{HEIGHT}|{PRESSURE}|{RATE}"
        elif letter == "S":
            condition = "error" if self._broken else self._condition
            body = f"S|{condition}|{self._presses}|{self._key}"
        elif letter == "B":
            self._wipe()
            self._document, self._condition = bytes.fromhex(rest), "signing"
            body = "B|ok"
        elif letter == "X":
            body = "X|ok" if self._document else "X|none"
            self._ink, self._blocks = [], []
            self._condition = "signing" if self._document else "idle"
        elif letter == "E":
            body = self._end()
        elif letter == "R":
            number = int(rest)
            body = f"R|{number}|{b''.join(self._blocks[number]).hex().upper()}"
        elif letter == "Q":
            self._wipe()
            body = "Q|ok"
        else:
            return
        self.answer(frame, body)

    def _end(self) -> str:
        if not self._document:
            return "E|none"
        self._flush()
        self._condition = "ended"
        digest = hashlib.sha256(self._document + b"".join(self._ink)).hexdigest().upper()
        return f"E|ok|{len(self._blocks)}|{len(self._ink)}|{digest}"

    def _flush(self) -> None:
        """Send what no full block has taken yet."""
        sent = sum(map(len, self._blocks))
        if sent < len(self._ink):
            self._send_block(self._ink[sent:])

    def _send_block(self, samples: list[bytes]) -> None:
        number = len(self._blocks)
        self._blocks.append(samples)
        if self._lost:
            self._lost -= 1
            return
        self.event(f"P|{number}|{b''.join(samples).hex().upper()}")

    # -- hand ---------------------------------------------------------------------------------------

    @action("sign", SignHow)
    async def sign(self, how: SignHow) -> Outcome:
        """Sign as a person does, then press a key."""
        if not self._powered or not self.port.plugged or self._condition != "signing":
            raise ActionRefusedError("the pad shows no frame to sign in; the terminal has not asked for it")
        ink = {
            "signature": lambda: handwriting.sign(how.seed, WIDTH, HEIGHT),
            "dot": lambda: handwriting.dot(WIDTH, HEIGHT),
            "beyond": lambda: handwriting.beyond(how.seed, WIDTH, HEIGHT),
        }[how.how]()
        await self._write(ink)
        if how.then != "nothing":
            await self.press(Key(key=how.then))
        return {"samples": len(ink)}

    async def _write(self, ink: Sequence[Moment]) -> None:
        waiting = 0
        for moment in ink:
            waiting += moment.after_ms
            pressure = max(1, round(moment.pressure * PRESSURE)) if moment.pressure else 0
            self._ink.append(struct.pack(">Hhhh", moment.after_ms, moment.x, moment.y, pressure))
            if len(self._ink) - sum(map(len, self._blocks)) == _IN_BLOCK:
                self._send_block(self._ink[-_IN_BLOCK:])
                await self.pace.sleep(waiting / 1000)
                waiting = 0
            if self._condition != "signing":
                raise ActionRefusedError("the terminal has ended the signature meanwhile")
        await asyncio.sleep(0)

    @action("key", Key)
    async def press(self, which: Key) -> Outcome:
        """Press a key of the pad."""
        self._flush()
        self._signed += which.key == "ok"
        self._presses, self._key = self._presses + 1, which.key
        self.event(f"K|{self._presses}|{which.key}")
        return {}

    @action("loseBlocks", LoseBlocks)
    async def lose_blocks(self, what: LoseBlocks) -> Outcome:
        """Let blocks of ink get lost; the terminal has to ask for them."""
        self._lost = what.count
        return {}

    @action("broken", NoParameters)
    async def break_sensor(self, _: NoParameters) -> Outcome:
        """The sensor says that it is broken."""
        self._broken = True
        return {}

    @action("power", Power)
    async def power(self, what: Power) -> Outcome:
        """Cut the power: the ink is gone."""
        self._powered = what.state == "on"
        self._wipe()
        self.forget()
        return {}

    def clear_faults(self) -> None:
        """Power on, sensor whole, nothing lost any more."""
        super().clear_faults()
        self._powered, self._broken, self._lost = True, False, 0
