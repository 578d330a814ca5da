"""The messages to and from another vendor's XFS4IoT service, without what anybody printed, showed or held up.

What is kept is what the standard's words are for: names of messages, states, abilities, error codes. All else becomes
zeros of the same length; a code becomes one of the same form, a picture an empty one, a chip's traffic what
``apdu_wire`` leaves of it (CWA 17852, part 1, clause 5).
"""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from drivers.protocols.apdu_wire import TRANSMIT, ApduWire
from drivers.protocols.barcode_wire import blanked
from drivers.protocols.picture_blank import blank_picture
from drivers.protocols.wire import Wire, without_long_numbers

STATUS: Final = "Common.Status"
_BOARD: Final = (
    "AuxiliaryStatusEvent",
    "SetAuxiliaries",
    "Register",
    "SetAutoStartupTime",
    "GetAutoStartupTime",
)
_STATES: Final = frozenset(
    {
        STATUS,
        "Common.Capabilities",
        "Common.StatusChangedEvent",
        "Common.ErrorEvent",
        "Lights.SetLight",
        *(f"Auxiliaries.{name}" for name in _BOARD),
    }
)
"""Messages that speak of the device alone."""
_WORDS: Final = frozenset(
    {"errorCode", "symbology", "inputData", "move", "camera", "completion", "loaded", "status"}
)
"""Properties of the other messages whose values are words of the standard."""
_MODEL: Final = frozenset({"modelName", "vendorName", "firmwareName", "firmwareVersion", "hardwareRevision"})
_BLANKED: Final = frozenset({"serialNumber", "vendorDescription", "transactionID"})
_HEADER: Final = frozenset({"name", "type", "version", "status", "completionCode"})
_NAME: Final = re.compile(r"[A-Za-z][A-Za-z0-9]{0,63}(?:\.[A-Za-z][A-Za-z0-9]{0,63})?", re.ASCII)
_STATE: Final = re.compile(r"[A-Za-z]{1,32}|[0-9]{1,3}\.[0-9]{1,3}", re.ASCII)
_NUMBERS: Final = {"requestId": 2**31 - 1, "timeout": 24 * 3600 * 1000}
"""Numbers of the header and the greatest that each may be."""
_LEAST_LONG: Final = 10**7
_LONGEST_RESET: Final = 33
"""Bytes of an answer to reset (ISO/IEC 7816-3, 8.2.1)."""
_JPEG: Final = b"\xff\xd8\xff"
_ID_WIDTH: Final = 10
_ID: Final = re.compile(rb'"requestId":([ 0-9]{10})')
_MARK: Final = "\0id"
_DIGIT: Final = re.compile(r'"digit":"(?:zero|one|two|three|four|five|six|seven|eight|nine)"', re.ASCII)
_DIGIT_WIDTH: Final = len('"digit":"three"')
_ANY_DIGIT: Final = "zero"


def canonical(text: str | bytes) -> bytes:
    """A message in the one form in which it is told to a tap: its number is filled up with spaces.

    So an answer can be given another number and stays as long as it was. A digit that somebody typed is filled up as
    well: the length of its name would tell which it was. What is no message stays as it is.
    """
    data = text.encode("utf-8", "replace") if isinstance(text, str) else text
    whole = _parsed(data)
    return data if whole is None else _written(whole)


class XfsWire(Wire):
    """One canonical message a chunk."""

    def __init__(self) -> None:
        self._numbers: dict[bytes, bytes] = {}
        self._chip = ApduWire()

    def outgoing(self, data: bytes) -> bytes:
        """The command without its data."""
        return _redacted(data, lambda apdu: self._chip.outgoing(TRANSMIT + apdu)[1:])

    def incoming(self, data: bytes) -> bytes:
        """Acknowledge, event or completion without anybody's data."""
        return _redacted(data, lambda apdu: self._chip.incoming(TRANSMIT + apdu)[1:])

    def settle(self) -> bytes:
        """A new connection counts its requests anew, and no file of a chip is half read."""
        self._numbers = {}
        self._chip = ApduWire()
        return b""

    def key(self, request: bytes) -> bytes | None:
        """The command's name: its data is another in each run, and so may its number be."""
        whole = _parsed(request)
        return request if whole is None else str(whole["header"].get("name")).encode()

    def idle(self, key: bytes) -> bool:
        """The status is asked for every few seconds."""
        return key == STATUS.encode()

    def readdressed(self, recorded: bytes, now: bytes, answer: bytes) -> bytes:
        """Every message under the number that its command has now, also one that an earlier command waits for."""
        was, is_now = _ID.search(recorded), _ID.search(now)
        if was is not None and is_now is not None:
            self._numbers[was[1]] = is_now[1]
        return _ID.sub(lambda found: b'"requestId":' + self._numbers.get(found[1], found[1]), answer)


def _parsed(data: bytes) -> dict[str, Any] | None:
    """A message with a header; None for anything else."""
    try:
        whole = json.loads(data)
    except (ValueError, RecursionError):
        return None
    return whole if isinstance(whole, dict) and isinstance(whole.get("header"), dict) else None


def _written(whole: Mapping[str, Any]) -> bytes:
    header = dict(whole["header"])
    number = header.get("requestId")
    fits = isinstance(number, int) and not isinstance(number, bool) and 0 <= number < 10**_ID_WIDTH
    if fits:
        header["requestId"] = _MARK
    text = _dumped({**whole, "header": header})
    text = _DIGIT.sub(lambda found: found[0].ljust(_DIGIT_WIDTH), text)
    return text.replace(_dumped(_MARK), f"{number:>{_ID_WIDTH}}", 1).encode() if fits else text.encode()


def _dumped(value: object) -> str:
    return json.dumps(value, separators=(",", ":"))


_Change = Callable[[bytes], bytes]


@dataclass(frozen=True, slots=True)
class _Message:
    """The message that a value is part of: its name, and what becomes of a chip's traffic in it."""

    name: str
    chip: _Change

    @property
    def is_state(self) -> bool:
        """Whether it speaks of the device alone."""
        return self.name in _STATES

    def recoding(self, key: str) -> _Change | None:
        """What becomes of the bytes in a property that keeps their kind."""
        match self.name, key:
            case _, "barcodeData":
                return blanked
            case _, "pictureFile":
                return lambda picture: _JPEG.ljust(len(picture), b"\0")[: len(picture)]
            case "Printer.ReadImage", "data":
                return blank_picture
            case ("CardReader.ReadRawData", "data") | ("CardReader.ChipPower", "chipData"):
                return _reset
            case "CardReader.ChipIO", "chipData":
                return self.chip
        return None


def _reset(data: bytes) -> bytes:
    """A chip's answer to reset tells the kind of card and is kept; a track that stands there is not."""
    is_one = data[:1] in (b"\x3b", b"\x3f") and len(data) <= _LONGEST_RESET
    return data if is_one else bytes(len(data))


def _redacted(data: bytes, chip: _Change) -> bytes:
    whole = _parsed(data)
    if whole is None or not _named(whole) or not _named(whole["header"]):
        return bytes(len(data))
    header = whole["header"]
    message = _Message(str(header.get("name")), chip)
    told = {
        key: _header(header) if key == "header" else _payload(value, message, "")
        for key, value in whole.items()
    }
    written = _written(told)
    return written if len(written) == len(data) else bytes(len(data))


def _header(header: Mapping[str, Any]) -> dict[str, Any]:
    found = {}
    for key, value in header.items():
        kept = isinstance(value, int) and 0 <= value <= _NUMBERS.get(key, -1)
        if key in _HEADER and isinstance(value, str):
            kept = bool(_NAME.fullmatch(value) or _STATE.fullmatch(value)) and not _long(value)
        found[key] = value if kept else _blank(value)
    return found


def _payload(value: Any, message: _Message, key: str) -> Any:
    """``value`` of the property ``key``."""
    match value:
        case None | bool():
            return value
        case dict():
            if not _named(value):
                return _zeros(value)
            return {name: _payload(one, message, name) for name, one in value.items()}
        case list():
            return [_payload(one, message, key) for one in value]
        case str():
            return _text(value, message, key)
        case int() if (message.is_state or key == "requestIds") and abs(value) < _LEAST_LONG:
            return value
    return _blank(value)


def _text(value: str, message: _Message, key: str) -> str:
    state = message.is_state
    if (change := message.recoding(key)) is not None:
        return _recoded(value, change)
    if key in _BLANKED:
        return _zeros(value)
    if key == "digit" and _DIGIT.fullmatch(f'"digit":{_dumped(value)}'):
        return _ANY_DIGIT
    if state and key in _MODEL and value.isascii():
        return without_long_numbers(value)
    word = _STATE.fullmatch(value) if state else key in _WORDS and _NAME.fullmatch(value) and not _long(value)
    return value if word else _zeros(value)


def _named(value: Mapping[str, Any]) -> bool:
    """Whether the names of its properties are names, and not themselves somebody's data."""
    return all(_NAME.fullmatch(name) and not _long(name) for name in value)


def _long(text: str) -> bool:
    return without_long_numbers(text) != text


def _recoded(text: str, change: Callable[[bytes], bytes]) -> str:
    """Base64 of the changed bytes."""
    try:
        found = base64.b64encode(change(base64.b64decode(text, validate=True))).decode()
    except (binascii.Error, ValueError):
        return _zeros(text)
    return found if len(found) == len(text) else _zeros(text)


def _blank(value: Any) -> Any:
    """As long when it is written: a number of ones and zeros for a number, a text of zeros for all else."""
    size = len(_dumped(value))
    if isinstance(value, int | float) and not isinstance(value, bool):
        return 10 ** (size - 1) if size > 1 else 0
    return _zeros(value)


def _zeros(value: object) -> str:
    """A text that is as long when it is written; ``value`` is a text, a list or an object."""
    return "0" * (len(_dumped(value)) - 2)
