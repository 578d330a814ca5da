"""The signature pad on its serial line: ink of one document, complete or none."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from config.clock import Clock, Deadline
from drivers.devices.frame_exchange import FrameExchange, FrameTimings
from drivers.devices.framed_device import FramedDevice
from drivers.devices.options import Options
from drivers.devices.registry import driver
from drivers.devices.traits import Probe, Traits
from drivers.errors import (
    DeviceError,
    InvalidData,
    MediaMissing,
    ProtocolError,
    ReadFailed,
    SequenceError,
)
from drivers.ports import DeviceState
from drivers.ports_input import PadEnd
from drivers.protocols import signature_pad as pad
from drivers.protocols.dispenser import ACK, FIRST_SEQ, encode, first_body
from drivers.protocols.signature_pad import Block, Button, Notice, PadIdentity, Sample
from drivers.protocols.signature_wire import SignatureWire
from drivers.signature import Point, Signature, SignatureRules, Stroke
from drivers.transports.channel import Channel
from drivers.transports.serial import SerialLink
from drivers.transports.waiting import Mailbox

_ENDS: Final = {"ok": PadEnd.CONFIRM, "clear": PadEnd.CLEAR, "cancel": PadEnd.CANCEL}


@dataclass(frozen=True, slots=True)
class Timings(FrameTimings):
    """All that takes time, in seconds."""

    poll: float = 2.0
    signing_poll: float = 0.5  # a key whose notice was lost is found so


class SignaturePadUnit(FramedDevice):
    """Implements ``SignaturePad``.

    Samples are kept from ``begin`` until ``confirm``, ``cancel``, ``reset`` or the loss of the line, whichever
    comes first, here and in the pad; nothing is written anywhere.
    """

    def __init__(
        self,
        channel: Channel,
        clock: Clock,
        rules: SignatureRules | None = None,
        timings: Timings | None = None,
    ) -> None:
        self._rules = rules or SignatureRules()
        self._timings = timings or Timings()
        exchange = FrameExchange("signaturePad", channel, self._timings, self._noticed)
        super().__init__("signaturePad", "the signature pad", clock, channel, exchange)
        self._identity: PadIdentity | None = None
        self._state = "unknown"
        self._document: bytes | None = None
        self._blocks: dict[int, Block] = {}
        self._presses = 0
        self._buttons: Mailbox[PadEnd] = Mailbox()

    async def begin(self, document: bytes, deadline: Deadline) -> None:
        """Show an empty frame for the document with this SHA-256; what was signed before is wiped.

        Raise ``InvalidData`` for another length than its 32 bytes.
        """
        if len(document) != pad.DIGEST:
            raise InvalidData("a document is named by its SHA-256: 32 bytes")

        async def work() -> None:
            self._wipe()
            await self._do(pad.begin(document))
            self._document, self._presses = document, 0
            self._buttons.drain()
            self._show("signing", "pushed")

        await self._asked(work, deadline)

    async def ended(self, deadline: Deadline) -> PadEnd:
        """Wait for a key of the pad; raise ``MediaMissing`` at the deadline."""
        self._require()
        self._started()
        found = await self._buttons.get(deadline)
        if found is None:
            raise MediaMissing("nobody has finished the signature in time")
        return found

    async def clear(self, deadline: Deadline) -> None:
        """Wipe the ink and let the person sign again."""

        async def work() -> None:
            self._started()
            await self._once_more()

        await self._asked(work, deadline)

    async def confirm(self, deadline: Deadline) -> Signature:
        """End the signature, fetch what was lost on the way, and wipe the pad.

        Raise ``UserFault`` (``signatureTooShort``, ``penOutOfArea``) for ink that is none, which is cleared so
        that the person can sign again; ``ReadFailed`` when pad and driver do not hold the same ink.
        """
        return await self._asked(self._confirm, deadline)

    async def cancel(self, deadline: Deadline) -> None:
        """Wipe the ink, here and in the pad."""

        async def work() -> None:
            self._wipe()
            await self._do("Q")
            self._show("idle", "pushed")

        await self._asked(work, deadline)

    async def reset(self, deadline: Deadline) -> None:
        """As ``cancel``: nothing of anybody remains."""
        await self.cancel(deadline)

    async def _confirm(self) -> Signature:
        document, identity = self._started()
        sealed = pad.sealed(await self._exchange.command("E"))
        if sealed is None:
            self._wipe()
            self._show("idle", "pushed")
            raise SequenceError("the pad has nothing to confirm; begin again")
        samples = [sample for number in range(sealed.blocks) for sample in await self._samples(number)]
        if len(samples) != sealed.samples or pad.seal(document, samples) != sealed.digest:
            await self._once_more()
            raise ReadFailed("the ink did not arrive as the pad holds it; sign again")
        area = identity.width, identity.height, identity.pressure
        signature = Signature(document, *area, _strokes(samples, identity.pressure))
        try:
            self._rules.check(signature)
        except DeviceError:
            await self._once_more()
            raise
        self._wipe()
        # The signature is whole, whatever becomes of this; a pad that is lost now is wiped when it is found again.
        with contextlib.suppress(DeviceError):
            await self._do("Q")
            self._show("idle", "pushed")
        return signature

    async def _once_more(self) -> None:
        """Wipe the ink; the person signs the same document again."""
        await self._do("X")
        self._blocks.clear()
        self._buttons.drain()
        self._show("signing", "pushed")

    async def _samples(self, number: int) -> tuple[Sample, ...]:
        """A block as it came, or fetched when it was lost."""
        found = self._blocks.get(number)
        if found is None:
            found = pad.block(await self._exchange.command(f"R|{number}"))
            if found.number != number:
                raise ProtocolError("the signature pad sent another block than asked for")
        return found.samples

    def _started(self) -> tuple[bytes, PadIdentity]:
        if self._document is None or self._identity is None:
            raise SequenceError("no signature has been begun; begin one first")
        return self._document, self._identity

    def _wipe(self) -> None:
        self._document = None
        self._blocks.clear()
        self._buttons.drain()

    async def _do(self, body: str) -> None:
        if pad.done(await self._exchange.command(body), body[0]) == "none" and body != "Q":
            self._wipe()
            raise SequenceError("the pad has lost the signature, perhaps its power; begin again")

    async def _greet(self) -> None:
        self._buttons.clear()
        self._wipe()
        self._identity = await self._introduced(pad.identity)
        # An earlier program may have left somebody's ink.
        await self._do("Q")
        self._state = "idle"

    def _pause(self) -> float:
        return self._timings.poll if self._document is None else self._timings.signing_poll

    async def _see(self) -> None:
        found, key = pad.state(await self._exchange.command("S"))
        self._show(found, "polled")
        self._pressed(key)

    def _broken(self, error: DeviceError) -> None:
        super()._broken(error)
        self._wipe()
        self._buttons.fail(error)
        self._state = "unknown"

    def _noticed(self, body: str) -> None:
        notice: Notice = pad.notice(body)
        if self._document is None:
            return
        if isinstance(notice, Button):
            self._pressed(notice)
        else:
            self._blocks[notice.number] = notice

    def _pressed(self, key: Button) -> None:
        """Each key once, by notice or by poll."""
        if self._document is not None and key.number > self._presses:
            self._presses = key.number
            self._buttons.put(_ENDS[key.name])

    def _announce(self) -> None:
        self._show(self._state, "polled")

    def _show(self, state: str, source: str) -> None:
        self._state = state
        if state == "idle" and self._document is not None:
            # The pad was switched off and on: its ink is gone, and ours with it.
            self._wipe()
            self._buttons.put(PadEnd.LOST)
        if not self._connected:
            return
        device = DeviceState.HARDWARE_ERROR if state == "error" else DeviceState.ONLINE
        self._board.publish(device, {"signaturePad": {"pad": state}}, source)

    def _away(self) -> Mapping[str, object]:
        return {"signaturePad": {"pad": "unknown"}}


def _strokes(samples: list[Sample], pressure: int) -> tuple[Stroke, ...]:
    """Runs of samples with the pen on the surface, times from its first touch."""
    strokes: list[list[Point]] = []
    at, first, down = 0, 0, False
    for sample in samples:
        at += sample.after_ms
        if not sample.pressure:
            down = False
            continue
        if not strokes:
            first = at
        if not down:
            strokes.append([])
        down = True
        strokes[-1].append(Point(sample.x, sample.y, min(sample.pressure, pressure), at - first))
    return tuple(map(tuple, strokes))


def _who(answer: bytes) -> str | None:
    found = first_body(answer, pad.identity)
    return (
        None
        if found is None
        else f"signature pad {found.model}, serial {found.serial}, firmware {found.firmware}"
    )


_PROBE: Final = Probe(encode(FIRST_SEQ, "I"), _who, (115200, 38400, 9600), goodbye=bytes((ACK,)))


@driver("signature-pad-serial", Traits(_PROBE, SignatureWire))
def _create(options: Options, clock: Clock) -> SignaturePadUnit:
    link = SerialLink(options.text("port"), options.integer("baud", 115200, 9600, 921600))
    rules = SignatureRules(
        options.number("least_ink_mm", 20.0, 0.0, 500.0),
        options.integer("least_ms", 300, 0, 10000),
        options.number("least_size_mm", 6.0, 0.0, 200.0),
    )
    return SignaturePadUnit(Channel(link, options.tap), clock, rules)
