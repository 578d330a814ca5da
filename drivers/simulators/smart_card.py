"""The simulated smart card: a chip that goes into the virtual reader of a real ``pcscd``, over vpcd's TCP protocol."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from typing import Annotated, Final, Literal

from pydantic import Field

from drivers.simulators.base import NoParameters, Outcome, Pace, Parameters, action, written
from drivers.simulators.chip import TRIES, Chip, Protocol
from drivers.simulators.chip_tax import TaxApplication, TaxDevice
from drivers.simulators.errors import ActionRefusedError
from drivers.simulators.line_device import LineSimulator
from drivers.simulators.pcscd import PrivatePcscd

_OFF, _ON, _RESET, _ATR = 0, 1, 2, 4
"""Control bytes of vpcd; ``_ATR`` alone is answered."""
_LENGTH: Final = 2
_AGAIN_S: Final = 0.02
_APDU_S: Final = 0.004
_MUTE_ATR: Final = bytes(40)
"""Longer than an answer to reset can be: the reader sees a card and gets nothing it can use from it."""


class Insert(Parameters):
    """Which card: ``seed`` gives its keys, ``seconds`` takes it out again by itself; ``tax`` makes it a tax UKey."""

    seed: int = Field(1, ge=1, lt=2**31)
    protocol: Protocol = "T=1"
    pin: Annotated[str, written(r"[0-9]{6,8}", "6 to 8 digits")] = Field("123456", repr=False)
    holder: str = Field("云川样张", min_length=1, max_length=60)
    tax: TaxDevice | None = None
    seconds: float | None = Field(None, gt=0, le=3600)


class Times(Parameters):
    """How often."""

    times: int = Field(1, ge=1, le=TRIES)


class Switch(Parameters):
    """On, or off again."""

    on: bool = True


class Spoil(Parameters):
    """What is wrong with the UKey: it obeys its maker alone, its reports are forged, or its oldest month is missing."""

    how: Literal["locked", "forged", "monthMissing"]


class SmartCardSimulator(LineSimulator):
    """One card in one slot. The reader itself is real software; ``daemon`` is it, and ``unplug`` pulls that out.

    Args:
        pace: how fast the chip works.
        daemon: the private pcscd; it is started and stopped with the card.
        slot: which of its slots.
        port: where the slot listens, when it is not the daemon's own port (a tap in between).
    """

    def __init__(
        self,
        pace: Pace,
        daemon: PrivatePcscd,
        slot: int = 0,
        port: int | None = None,
        name: str = "smartCard",
    ) -> None:
        super().__init__(name, pace)
        self.daemon = daemon
        self._slot = slot
        self._port = port
        self._chip: Chip | None = None
        self._known: dict[tuple[int, Protocol, str, str, str], Chip] = {}
        self._line: asyncio.Task[None] | None = None
        self._writer: asyncio.StreamWriter | None = None
        self._leaves: asyncio.TimerHandle | None = None
        self._mute = self._bad_atr = self._torn = False
        self._counts = {"inserted": 0, "powered": 0, "commands": 0}

    async def start(self) -> None:
        """Bring the reader up, with no card in it; raise ``BackendUnavailableError``."""
        await asyncio.to_thread(self.daemon.start)

    async def stop(self) -> None:
        """Take the card out and end the reader."""
        await self._take_out()
        await super().stop()
        await asyncio.to_thread(self.daemon.stop)

    def state(self) -> dict[str, object]:
        """The card, its PIN's tries, the faults in force. Never the PIN."""
        chip = self._chip
        card: dict[str, object] | None = None
        if chip is not None:
            card = {"seed": chip.seed, "protocol": chip.protocol, "tries": chip.tries, "pinShown": chip.shown}
            card |= {} if chip.tax is None else {"tax": chip.tax.facts()}
        return {
            "plugged": self.daemon.running,
            **self.line_state(),
            "card": card,
            "connected": self._writer is not None,
            "mute": self._mute,
            "badAtr": self._bad_atr,
            "counts": dict(self._counts),
        }

    def put(self, data: bytes) -> None:
        """Put bytes on the line as they are."""
        if self._writer is not None and not self._writer.is_closing():
            self._writer.write(data)

    async def _lie_in_reader(self, chip: Chip) -> None:
        """Be in the slot until taken out: contact is made again when the reader breaks it."""
        while True:
            port = self.daemon.ports[self._slot] if self._port is None else self._port
            with contextlib.suppress(OSError):
                reader, self._writer = await asyncio.open_connection("127.0.0.1", port)
                try:
                    await self._serve(chip, reader, self._writer.get_extra_info("socket"))
                finally:
                    self._writer.transport.abort()
                    self._writer = None
            await asyncio.sleep(_AGAIN_S)

    async def _serve(self, chip: Chip, reader: asyncio.StreamReader, line: socket.socket) -> None:
        line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        chip.reset()
        with contextlib.suppress(asyncio.IncompleteReadError):
            while True:
                # vpcd sends length and body in two pieces: a delayed acknowledgement costs 40 ms.
                line.setsockopt(socket.IPPROTO_TCP, socket.TCP_QUICKACK, 1)
                size = int.from_bytes(await reader.readexactly(_LENGTH), "big")
                message = await reader.readexactly(size)
                if self.silent:
                    continue
                if size == 1:
                    self._control(chip, message[0])
                elif not await self._command(chip, message):
                    return

    def _control(self, chip: Chip, what: int) -> None:
        if what == _ATR:
            self.send(_framed(self._atr(chip)))
        elif what in (_OFF, _ON, _RESET):
            self._counts["powered"] += what != _OFF
            chip.reset()

    def _atr(self, chip: Chip) -> bytes:
        if self._mute:
            return _MUTE_ATR
        return chip.atr[:-1] + bytes((chip.atr[-1] ^ 0x01,)) if self._bad_atr else chip.atr

    async def _command(self, chip: Chip, message: bytes) -> bool:
        """Answer; False when the card is torn out in the middle of it."""
        await self.pace.sleep(_APDU_S)
        self._counts["commands"] += 1
        # On a thread: an RSA key that is made now takes seconds, and the other devices live on this loop.
        answer = _framed(await asyncio.to_thread(chip.answer, message))
        if not self._torn:
            self.send(answer)
            return True
        self._torn = False
        self.put(answer[: len(answer) // 2])
        self._chip = None
        asyncio.get_running_loop().call_soon(self._contact_lost)
        return False

    def _contact_lost(self) -> None:
        if self._line is not None:
            self._line.cancel()
            self._line = None

    async def _take_out(self) -> None:
        if self._leaves is not None:
            self._leaves.cancel()
            self._leaves = None
        self._chip = None
        line, self._line = self._line, None
        if line is not None:
            line.cancel()
            await asyncio.gather(line, return_exceptions=True)

    def clear_faults(self) -> None:
        """Take back every fault; a locked PIN stays locked."""
        super().clear_faults()
        self._mute = self._bad_atr = self._torn = False

    # -- hands --------------------------------------------------------------------------------------

    @action("insert", Insert)
    async def insert(self, what: Insert) -> Outcome:
        """Put a card in; one that is in already is taken out first. A card seen before has the tries it had."""
        await self._take_out()
        tax = "" if what.tax is None else what.tax.model_dump_json()
        facts = (what.seed, what.protocol, what.pin, what.holder)
        chip = self._chip = self._known.setdefault((*facts, tax), Chip(*facts, what.tax))
        self._line = self.spawn(self._lie_in_reader(chip))
        self._counts["inserted"] += 1
        if what.seconds is not None:
            loop = asyncio.get_running_loop()
            self._leaves = loop.call_later(what.seconds, lambda: self.spawn(self._take_out()))
        return {"atr": chip.atr.hex()}

    @action("remove", NoParameters)
    async def remove(self, _: NoParameters) -> Outcome:
        """Take the card out."""
        if self._chip is None:
            raise ActionRefusedError("no card is in the reader; insert one first")
        await self._take_out()
        return {}

    @action("tear", NoParameters)
    async def tear(self, _: NoParameters) -> Outcome:
        """Tear the card out in the middle of its next answer."""
        if self._chip is None:
            raise ActionRefusedError("no card is in the reader; insert one first")
        self._torn = True
        return {}

    @action("mute", Switch)
    async def mute(self, switch: Switch) -> Outcome:
        """Cards inserted from now on do not answer to their reset, as one put in upside down."""
        self._mute = switch.on
        return {}

    @action("corruptAtr", Switch)
    async def corrupt_atr(self, switch: Switch) -> Outcome:
        """One bit of the answer to reset is wrong."""
        self._bad_atr = switch.on
        return {}

    @action("wrongPin", Times)
    async def wrong_pin(self, how: Times) -> Outcome:
        """Somebody has shown the card wrong PINs elsewhere: so many tries fewer."""
        if self._chip is None:
            raise ActionRefusedError("no card is in the reader; insert one first")
        self._chip.tries = max(0, self._chip.tries - how.times)
        return {"tries": self._chip.tries}

    @action("spoil", Spoil)
    async def spoil(self, what: Spoil) -> Outcome:
        """Let the UKey that is in be one that cannot be helped here."""
        tax = self._tax_in()
        match what.how:
            case "locked":
                tax.locked = True
            case "forged":
                tax.forged = True
            case "monthMissing":
                tax.months.pop(min(tax.months, default=""), None)
        return dict(tax.facts())

    def _tax_in(self) -> TaxApplication:
        if self._chip is None or self._chip.tax is None:
            raise ActionRefusedError("no tax UKey is in the reader; insert one first")
        return self._chip.tax

    @action("unplug", NoParameters)
    async def unplug(self, _: NoParameters) -> Outcome:
        """Pull the reader out, with its service: the virtual one cannot go alone."""
        await asyncio.to_thread(self.daemon.kill)
        return {}

    @action("replug", NoParameters)
    async def replug(self, _: NoParameters) -> Outcome:
        """Plug the reader in again."""
        await asyncio.to_thread(self.daemon.start)
        return {}


def _framed(body: bytes) -> bytes:
    return len(body).to_bytes(_LENGTH, "big") + body
