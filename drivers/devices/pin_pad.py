"""The PIN pad on its serial line. It passes orders and blocks on; a clear PIN never comes here."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
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
    SecurityFailed,
    SequenceError,
)
from drivers.ports import DeviceState
from drivers.ports_input import Entry, HeldKey, KeyPress, PinFormat
from drivers.protocols import pin_pad as pad
from drivers.protocols.dispenser import ACK, FIRST_SEQ, encode, first_body
from drivers.protocols.pin_pad import PinPadIdentity, PinPadState, Press
from drivers.protocols.pin_pad_wire import PinPadWire
from drivers.transports.channel import Channel
from drivers.transports.serial import SerialLink
from drivers.transports.waiting import set_within

_LETTERS: Final = {"enter": "e", "cancel": "c", "clear": "k", "back": "b"} | {d: d for d in "0123456789"}
_STYLES: Final = {PinFormat.ISO0: "0", PinFormat.ISO4: "4"}
PIN_LEAST, PIN_MOST = 4, 12
"""ISO 9564-1, 8.1: a PIN has 4 to 12 digits."""


@dataclass(frozen=True, slots=True)
class Timings(FrameTimings):
    """All that takes time, in seconds."""

    poll: float = 2.0
    typing_poll: float = 0.4  # a key whose notice was lost is found so


class PinPadUnit(FramedDevice):
    """Implements ``PinPad``."""

    def __init__(self, channel: Channel, clock: Clock, timings: Timings | None = None) -> None:
        self._timings = timings or Timings()
        exchange = FrameExchange("pinPad", channel, self._timings, self._noticed)
        super().__init__("pinPad", "the PIN pad", clock, channel, exchange)
        self._identity: PinPadIdentity | None = None
        self._state: PinPadState | None = None
        self._entry: Entry | None = None
        self._presses: dict[int, Press] = {}
        self._next = 1
        self._fault: DeviceError | None = None
        self._stir = asyncio.Event()

    async def begin(self, entry: Entry, deadline: Deadline) -> None:
        """Let the person type.

        Raise ``InvalidData`` (``minimumLength``, ``keyNotSupported``, ``noActivekeys``) for an entry that cannot be,
        and ``SecurityFailed`` (``accessDenied``) from a pad that has locked itself.
        """
        _check(entry)
        active = "".join(_LETTERS[key] for key in entry.keys)

        async def work() -> None:
            self._forget()
            order = pad.begin(entry.secret, entry.least, entry.most, entry.auto_end, active)
            pad.done(await self._exchange.command(order), "M")
            # Not sooner: keys of an entry before this one have all come by now, and one of this entry that came
            # before its reply is asked for.
            self._entry = entry
            self._stir.set()

        await self._asked(work, deadline)

    async def press(self, deadline: Deadline) -> KeyPress:
        """The next key; raise ``MediaMissing`` at the deadline and ``SecurityFailed`` for a pad that tells a PIN."""
        self._require()
        while True:
            if self._fault is not None:
                fault, self._fault = self._fault, None
                raise fault
            if self._entry is None:
                raise SequenceError("nothing is being typed; begin an entry")
            if (found := self._presses.pop(self._next, None)) is not None:
                self._next += 1
                told = KeyPress(found.key, found.digits)
                if told.ends:
                    self._forget()
                return told
            self._stir.clear()
            if not await set_within(self._stir, deadline.remaining):
                raise MediaMissing("no key was pressed in time")

    async def stop(self, deadline: Deadline) -> None:
        """Give the entry up and wipe what was typed."""

        async def work() -> None:
            self._forget()
            pad.done(await self._exchange.command("Q"), "Q")

        await self._asked(work, deadline)

    async def reset(self, deadline: Deadline) -> None:
        """As ``stop``; keys stay."""
        await self.stop(deadline)

    async def pin_block(self, key: str, style: PinFormat, account: str, deadline: Deadline) -> bytes:
        """The PIN as an encrypted block; the pad then forgets it. Raise the refusals of the standard's GetPinBlock."""
        order = pad.pin_block(key, _STYLES[style], account)

        async def work() -> bytes:
            return pad.block(await self._exchange.command(order))

        return await self._asked(work, deadline)

    async def load_key(self, name: str, protector: str, block: str, deadline: Deadline) -> HeldKey:
        """Load a key block; raise the refusals of the standard's ImportKey."""
        order = pad.load(name, protector, block)

        async def work() -> HeldKey:
            check, bits = pad.loaded(await self._exchange.command(order))
            await self._see()
            return HeldKey(name, block[5:7], block[7], block[8], check, bits)

        return await self._asked(work, deadline)

    async def delete_key(self, name: str, deadline: Deadline) -> None:
        """Destroy a key."""
        order = pad.delete(name)

        async def work() -> None:
            pad.done(await self._exchange.command(order), "D")
            await self._see()

        await self._asked(work, deadline)

    async def keys(self, deadline: Deadline) -> Sequence[HeldKey]:
        """What the pad holds."""

        async def work() -> Sequence[HeldKey]:
            most = self._identity.keys if self._identity is not None else 0
            found: list[HeldKey] = []
            for index in range(most):
                key = pad.held_key(await self._exchange.command(f"L|{index}"), index)
                if key is None:
                    break
                found.append(key)
            return found

        return await self._asked(work, deadline)

    def _forget(self) -> None:
        """Nothing typed is kept."""
        self._entry = None
        self._presses.clear()
        self._next = 1
        self._fault = None

    async def _greet(self) -> None:
        self._forget()
        self._identity = await self._introduced(pad.identity)
        # An earlier program may have left an entry, or a PIN, of the person before.
        pad.done(await self._exchange.command("Q"), "Q")
        self._state = pad.state(await self._exchange.command("S"))

    def _pause(self) -> float:
        return self._timings.poll if self._entry is None else self._timings.typing_poll

    async def _see(self) -> None:
        """Read the state, and the keys whose notices were lost."""
        found = self._state = pad.state(await self._exchange.command("S"))
        self._show("polled")
        entry = self._entry
        if entry is None:
            return
        for number in range(self._next, found.presses + 1):
            if number not in self._presses and self._entry is entry:
                press = pad.press(await self._exchange.command(f"R|{number}"), "R")
                if press is not None and self._entry is entry:
                    self._pressed(press)
        if found.mode == "idle" and self._entry is entry and self._next > found.presses:
            # Without the key that ends it: the pad was switched off and on, or has locked itself.
            self._fail(SecurityFailed("the PIN pad has given the entry up; begin again", "accessDenied"))

    def _broken(self, error: DeviceError) -> None:
        super()._broken(error)
        self._forget()
        self._state = None
        self._fail(error)

    def _fail(self, error: DeviceError) -> None:
        self._fault = error
        self._entry = None
        self._stir.set()

    def _noticed(self, body: str) -> None:
        if body.startswith("T|"):
            if self._state is not None:
                mode, _, presses = self._state.mode, self._state.security, self._state.presses
                self._state = PinPadState(mode, "tampered", "none", presses)
                self._show("pushed")
            return
        press = pad.press(body)
        if press is not None and self._entry is not None:
            self._pressed(press)

    def _pressed(self, press: Press) -> None:
        """Each key once, by notice or by asking."""
        entry = self._entry
        if entry is None or press.number < self._next:
            return
        if entry.secret and press.key.isdigit():
            self._fail(SecurityFailed("the PIN pad told a digit of a PIN; take it out of service"))
            return
        self._presses[press.number] = press
        self._stir.set()

    def _announce(self) -> None:
        self._show("polled")

    def _show(self, source: str) -> None:
        state = self._state
        if state is None or not self._connected:
            return
        tampered = state.security == "tampered"
        encryption = "notReady" if tampered else "ready" if state.keys == "ready" else "notInitialized"
        device = DeviceState.FRAUD_ATTEMPT if tampered else DeviceState.ONLINE
        self._board.publish(device, {"keyManagement": {"encryptionState": encryption}}, source)

    def _away(self) -> Mapping[str, object]:
        return {"keyManagement": {"encryptionState": "undefined"}}


def _check(entry: Entry) -> None:
    """Raise ``InvalidData`` for an entry that no pad could take."""
    if unknown := sorted(set(entry.keys) - _LETTERS.keys()):
        raise InvalidData(f"the pad has no key {', '.join(unknown)}", "keyNotSupported")
    if not set(entry.keys) & set("0123456789"):
        raise InvalidData("no digit may be typed; name at least one", "noActivekeys")
    least, most = (PIN_LEAST, PIN_MOST) if entry.secret else (0, 99)
    if not least <= entry.least <= entry.most <= most or not entry.most:
        raise InvalidData(f"an entry has {least} to {most} digits, the least first", "minimumLength")


def _who(answer: bytes) -> str | None:
    found = first_body(answer, pad.identity)
    return (
        None if found is None else f"PIN pad {found.model}, serial {found.serial}, firmware {found.firmware}"
    )


_PROBE: Final = Probe(encode(FIRST_SEQ, "I"), _who, (38400, 115200, 9600), goodbye=bytes((ACK,)))


@driver("pin-pad-serial", Traits(_PROBE, PinPadWire))
def _create(options: Options, clock: Clock) -> PinPadUnit:
    link = SerialLink(options.text("port"), options.integer("baud", 38400, 1200, 921600))
    return PinPadUnit(Channel(link, options.tap), clock)
