"""PIN pad behind another vendor's XFS4IoT Keyboard and PinPad service: DataEntry, PinEntry, GetPinBlock.

Keys are loaded by the vendor's own scheme and never from here; the one for PIN blocks is named in the settings. An
entry is one command of the standard that lasts until its last key, whose events tell the keys before.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from config.clock import Clock, Deadline
from drivers.client.capabilities import spoken_versions
from drivers.client.connection import Connection
from drivers.client.errors import DeviceClientError
from drivers.devices.options import Options
from drivers.devices.registry import driver
from drivers.devices.xfs4iot import TRAITS, XfsDevice, address, decoded, part_of, translated
from drivers.errors import (
    DeadlinePassed,
    DeviceError,
    InvalidData,
    MediaMissing,
    ProtocolError,
    SecurityFailed,
    SequenceError,
    UnsupportedOperation,
)
from drivers.ports_input import Entry, HeldKey, KeyPress, PinFormat
from drivers.xfs.messages.key_management import EncryptionState
from drivers.xfs.messages.keyboard import DIGITS

_NAMES: Final = {digit: name for name, digit in DIGITS.items()} | {
    "enter": "enter",
    "cancel": "cancel",
    "clear": "clear",
    "back": "backspace",
}
"""The standard's names of our keys."""
_ENDS: Final = ("enter", "cancel", "auto")
_RESETS: Final = ("PinPad.Reset", "Keyboard.Reset")
"""Either wipes; the first of them that the service has is used."""
_OURS: Final = "keys of this pad are loaded and deleted by its vendor's own scheme, not from here"


@dataclass(slots=True)
class _Typing:
    """One entry under way: its command, and the keys that nobody has taken yet."""

    entry: Entry
    ready: asyncio.Event = field(default_factory=asyncio.Event)
    news: asyncio.Event = field(default_factory=asyncio.Event)
    presses: deque[KeyPress] = field(default_factory=deque, repr=False)
    typed: list[str] = field(default_factory=list, repr=False)
    begun: bool = False
    fault: DeviceError | None = None
    command: asyncio.Future[Mapping[str, Any]] | None = None

    def press(self, key: str, digit: str = "") -> None:
        """Note a key: a digit of an entry in clear by its name, one of a PIN as ``*``, or a key that changes it."""
        if key == "clear":
            self.typed.clear()
        elif key == "back":
            del self.typed[-1:]
        elif key not in _ENDS:
            self.typed.append(digit)
        self.presses.append(KeyPress(key, len(self.typed)))
        self.news.set()

    def fail(self, error: DeviceError) -> None:
        """The entry is over without a key."""
        self.fault = error
        self.ready.set()
        self.news.set()


class XfsPinPad(XfsDevice):
    """Implements ``PinPad``.

    Args:
        pin_key: the key under which PIN blocks are made, as the service calls it; empty for none.
    """

    interface = "Keyboard"
    part = "keyManagement"
    needs = frozenset({"Keyboard.DataEntry"})

    def __init__(self, clock: Clock, uri: str, token: str = "", pin_key: str = "", **more: Any) -> None:
        super().__init__("pinPad", clock, uri, token, **more)
        self._pin_key = pin_key
        self._offered: frozenset[str] = frozenset()
        self._account_first = False
        self._typing: _Typing | None = None

    # -- entries --------------------------------------------------------------------------------------

    async def begin(self, entry: Entry, deadline: Deadline) -> None:
        """Let the person type, once the service says that keys are taken (EnterDataEvent).

        Raise ``InvalidData`` with the service's word for an entry that cannot be, ``SecurityFailed``
        (``accessDenied``) from a pad that has locked itself.
        """
        self._require()
        name, payload = self._entering(entry)
        self._give_up()
        line = self._ready(deadline)
        typing = self._typing = _Typing(entry)
        command = asyncio.ensure_future(
            line.request(name, payload, None, lambda event, told: self._event(typing, event, told))
        )
        self._asking.add(command)
        command.add_done_callback(self._answered)
        command.add_done_callback(lambda done: self._ended(typing, done))
        typing.command = command
        try:
            async with asyncio.timeout(deadline.remaining):
                await typing.ready.wait()
        except TimeoutError:
            self._give_up(typing)
            raise DeadlinePassed(
                "the service did not say that keys are taken; nothing can be typed"
            ) from None
        except asyncio.CancelledError:
            self._give_up(typing)
            raise
        if typing.fault is not None and not typing.begun:
            raise self._failed(typing, typing.fault)

    async def press(self, deadline: Deadline) -> KeyPress:
        """The next key; raise ``MediaMissing`` at the deadline and ``SecurityFailed`` for a pad that tells a PIN.

        A pad that tells a PIN is told to end the entry at the next call at the latest: by ``press`` or ``stop``.
        """
        self._require()
        typing = self._typing
        if typing is None:
            raise SequenceError("nothing is being typed; begin an entry")
        try:
            async with asyncio.timeout(deadline.remaining):
                while not typing.presses and typing.fault is None:
                    typing.news.clear()
                    await typing.news.wait()
        except TimeoutError:
            raise MediaMissing("no key was pressed in time") from None
        if typing.fault is not None:
            raise self._failed(typing, typing.fault)
        told = typing.presses.popleft()
        if told.ends:
            self._give_up(typing)
        return told

    async def stop(self, deadline: Deadline) -> None:
        """Give the entry up, and let the service forget what was typed, also a PIN that waits to be used."""
        self._require()
        self._give_up()
        await self._ask(self._reset_name(), {}, deadline)

    async def reset(self, deadline: Deadline) -> None:
        """As ``stop``; keys stay."""
        await self.stop(deadline)

    def _entering(self, entry: Entry) -> tuple[str, dict[str, Any]]:
        """The command for an entry; raise what says that there is none."""
        if unknown := sorted(set(entry.keys) - _NAMES.keys()):
            raise InvalidData(f"the pad has no key {', '.join(unknown)}", "keyNotSupported")
        keys = {_NAMES[key]: {"terminate": key in ("enter", "cancel")} for key in entry.keys}
        payload = {"maxLen": entry.most, "autoEnd": entry.auto_end, "activeKeys": keys}
        if entry.secret:
            self._has("Keyboard.PinEntry")
            if self._account_first:
                raise UnsupportedOperation(
                    "this pad wants the account before the PIN; only codes can be typed on it"
                )
            return "Keyboard.PinEntry", {"minLen": entry.least, **payload}
        if entry.least:
            raise InvalidData("the standard's entry in clear has no least number of digits", "minimumLength")
        return "Keyboard.DataEntry", payload

    def _event(self, typing: _Typing, name: str, told: Mapping[str, Any]) -> None:
        if name not in ("Keyboard.EnterDataEvent", "Keyboard.KeyEvent") or typing is not self._typing:
            return
        typing.begun = True
        typing.ready.set()
        if name == "Keyboard.KeyEvent":
            self._key(typing, told.get("completion"), told.get("digit"))

    def _key(self, typing: _Typing, completion: object, name: object) -> None:
        """A key as the service tells it; the one that ends the entry is told by its completion alone."""
        digit = DIGITS.get(name) if isinstance(name, str) else None
        if typing.entry.secret and digit is not None:
            typing.fail(SecurityFailed("the PIN pad told a digit of a PIN; take it out of service"))
        elif "clear" in (completion, name):
            typing.press("clear")
        elif "backspace" in (completion, name):
            typing.press("back")
        elif digit is not None:
            typing.press(digit, digit)
        elif typing.entry.secret and name is None and completion in (None, "continue", "auto"):
            typing.press("*", "*")

    def _ended(self, typing: _Typing, done: asyncio.Future[Mapping[str, Any]]) -> None:
        """The entry's command is completed."""
        if typing is not self._typing or typing.fault is not None or done.cancelled():
            return
        error = done.exception()
        if isinstance(error, DeviceClientError):
            return typing.fail(translated(error))
        if error is not None:
            return typing.fail(ProtocolError(f"the entry failed ({type(error).__name__})"))
        told = done.result()
        end = told.get("completion")
        if end not in _ENDS:
            return typing.fail(ProtocolError("the service ended the entry in a way that it has not"))
        if typing.entry.secret:
            count = told.get("digits")
            typing.typed = ["*"] * count if isinstance(count, int) and 0 <= count <= typing.entry.most else []
        else:
            _agree(typing, told.get("pinKeys"))
        typing.ready.set()
        typing.press(str(end))

    def _failed(self, typing: _Typing, fault: DeviceError) -> DeviceError:
        self._give_up(typing)
        return fault

    def _give_up(self, typing: _Typing | None = None) -> None:
        """Nothing typed is kept; the service is told to end its command, and takes the next one after it."""
        mine = typing or self._typing
        if mine is None:
            return
        if mine is self._typing:
            self._typing = None
        if mine.fault is None:
            mine.fail(SequenceError("the entry was given up; begin another"))
        mine.presses.clear()
        mine.typed.clear()
        if mine.command is not None and not mine.command.done():
            mine.command.cancel()

    # -- PIN blocks and keys --------------------------------------------------------------------------

    async def pin_block(self, key: str, style: PinFormat, account: str, deadline: Deadline) -> bytes:
        """The PIN as an encrypted block, which the service then forgets; raise the refusals of GetPinBlock."""
        self._require()
        self._has("PinPad.GetPinBlock")
        if not self._pin_key or key != self._pin_key:
            raise InvalidData(
                "that is not the key for PIN blocks; name it in 'pin_key' of devices.toml", "keyNotFound"
            )
        # ISO 9564-1 format 0 leaves the check digit out, and so does the standard's customerData.
        data = account[:-1] if style is PinFormat.ISO0 else account
        payload = {"customerData": data, "format": style.value, "key": key, "cryptoMethod": "ecb"}
        told = await self._ask("PinPad.GetPinBlock", payload, deadline)
        if not (block := decoded(told.get("pinBlock"))):
            raise ProtocolError("the service completed a GetPinBlock without a block")
        return block

    async def load_key(self, name: str, protector: str, block: str, deadline: Deadline) -> HeldKey:
        """Raise ``UnsupportedOperation``: the vendor loads its keys."""
        self._require()
        raise UnsupportedOperation(_OURS)

    async def delete_key(self, name: str, deadline: Deadline) -> None:
        """Raise ``UnsupportedOperation``: the vendor deletes its keys."""
        self._require()
        raise UnsupportedOperation(_OURS)

    async def keys(self, deadline: Deadline) -> Sequence[HeldKey]:
        """What the service says it holds, without check values, which it does not tell."""
        self._require()
        self._has("KeyManagement.GetKeyDetail")
        told = await self._ask("KeyManagement.GetKeyDetail", {}, deadline)
        details = part_of(told, "keyDetails")
        return [
            _held(str(name), part_of(one, "keyBlockInfo"))
            for name, one in details.items()
            if isinstance(one, Mapping) and one.get("loaded") == "yes"
        ]

    def _has(self, command: str) -> None:
        if command not in self._offered:
            raise UnsupportedOperation(f"the service at {self._uri} has no {command}")

    def _reset_name(self) -> str:
        return next(name for name in _RESETS if name in self._offered)

    # -- XfsDevice ------------------------------------------------------------------------------------

    def _fits(self, capabilities: Mapping[str, Any]) -> None:
        super()._fits(capabilities)
        if not spoken_versions(capabilities).keys() & set(_RESETS):
            raise ProtocolError(
                f"the service at {self._uri} has no Reset that wipes an entry; name another URI"
            )

    def _known(self, capabilities: Mapping[str, Any]) -> None:
        self._offered = frozenset(spoken_versions(capabilities))
        self._account_first = part_of(capabilities, "pinPad").get("setPinblockDataRequired") is True

    async def _greet(self, line: Connection) -> None:
        self._give_up()
        # An earlier program may have left a PIN of the person before.
        await line.request(self._reset_name(), {}, self._timings.answer)

    def _details(self, part: Mapping[str, Any]) -> Mapping[str, object]:
        told = part.get("encryptionState")
        return {"keyManagement": {"encryptionState": told if told in _STATES else "undefined"}}

    def _away(self) -> Mapping[str, object]:
        return {"keyManagement": {"encryptionState": "undefined"}}


_STATES: Final = tuple(state.value for state in EncryptionState)


def _agree(typing: _Typing, told: object) -> None:
    """The digits of the completion are what counts: tell them anew where the events told others, or none."""
    kept: list[str] = []
    for one in told if isinstance(told, list) else ():
        name, how = (one.get("digit"), one.get("completion")) if isinstance(one, Mapping) else (None, None)
        if how == "clear":
            kept.clear()
        elif how == "backspace":
            del kept[-1:]
        elif isinstance(name, str) and name in DIGITS:
            kept.append(DIGITS[name])
    if kept != typing.typed:
        typing.press("clear")
        for digit in kept:
            typing.press(digit, digit)


def _held(name: str, info: Mapping[str, Any]) -> HeldKey:
    usage, algorithm, mode = (str(info.get(part, "")) for part in ("keyUsage", "algorithm", "modeOfUse"))
    bits = info.get("keyLength")
    return HeldKey(name, usage, algorithm, mode, b"", bits if isinstance(bits, int) else 0)


@driver("xfs4iot-pin-pad", TRAITS)
def _pin_pads(options: Options, clock: Clock) -> XfsPinPad:
    uri, token = address(options)
    return XfsPinPad(clock, uri, token, options.text("pin_key", ""), tap=options.tap)
