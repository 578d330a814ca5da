"""``smartcard.scard`` with types: every code that is no success becomes an error of ``drivers.errors``.

The calls block and let other threads run. A context belongs to one thread; ``cancel`` alone may come from another.
"""

from __future__ import annotations

import os
import threading
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from smartcard import scard

from drivers.errors import (
    DeadlinePassed,
    DeviceError,
    DeviceNotReady,
    DriverConfigError,
    LinkLost,
    MediaInvalid,
    MediaMissing,
    ReadFailed,
)

PNP: Final = "\\\\?PnP?\\Notification"
"""The reader that is none: its status changes when readers come or go."""
SOCKET: Final = "PCSCLITE_CSOCK_NAME"
T0: Final = int(scard.SCARD_PROTOCOL_T0)
T1: Final = int(scard.SCARD_PROTOCOL_T1)

_SERVICE: Final = "the smart card service does not answer; see `systemctl status pcscd`"
_USB: Final = 0x0020
"""The channel type of a reader at the USB."""
_READER: Final = "the card reader is gone; check its cable"
_REMOVED: Final = "the card was taken out"
_DEAF: Final = "the card does not answer to its reset; insert it the right way round"
_NAMED: Final[dict[str, DeviceError]] = {
    "SCARD_E_NO_SERVICE": LinkLost(_SERVICE),
    "SCARD_E_SERVICE_STOPPED": LinkLost(_SERVICE),
    "SCARD_F_COMM_ERROR": LinkLost(_SERVICE),
    "SCARD_E_INVALID_HANDLE": LinkLost(_SERVICE),
    "SCARD_E_NO_READERS_AVAILABLE": LinkLost(_READER),
    "SCARD_E_UNKNOWN_READER": LinkLost(_READER),
    "SCARD_E_READER_UNAVAILABLE": LinkLost(_READER),
    "SCARD_E_NO_SMARTCARD": MediaMissing(_REMOVED),
    "SCARD_W_REMOVED_CARD": MediaMissing(_REMOVED),
    "SCARD_W_UNRESPONSIVE_CARD": MediaInvalid(_DEAF),
    "SCARD_W_UNPOWERED_CARD": ReadFailed("the card has no power; power it first", "atrNotObtained"),
    "SCARD_W_RESET_CARD": ReadFailed("another program has reset the card; begin again"),
    "SCARD_W_UNSUPPORTED_CARD": MediaInvalid(_DEAF),
    "SCARD_E_PROTO_MISMATCH": MediaInvalid(
        "the card speaks no protocol of the reader", "protocolNotSupported"
    ),
    "SCARD_E_SHARING_VIOLATION": DeviceNotReady("another program holds the card; end that program"),
    "SCARD_E_TIMEOUT": DeadlinePassed("nothing changed in time"),
    "SCARD_E_CANCELLED": DeadlinePassed("the wait was cancelled"),
}
_ERRORS: Final = {int(getattr(scard, name)) & 0xFFFFFFFF: error for name, error in _NAMED.items()}
_EITHER: Final = T0 | T1
_sockets: Final[dict[str, str]] = {}
"""The socket this process has chosen, by the name of its variable: one for all, as it is for the library."""
_taking: Final[defaultdict[str, threading.Lock]] = defaultdict(threading.Lock)
"""Held by whoever is about to take the card of a reader, so that ``check`` does not come in between."""


@dataclass(frozen=True, slots=True)
class Sighting:
    """What the service says of one reader: whether a card is in it, whether that answers, and its answer to reset.

    ``mark`` is the state to give back, so that the next wait ends with the next change only. ``moves`` counts
    insertions and removals, so that a card changed between two looks is not taken for the one before.
    ``used`` says that a program holds the card.
    """

    present: bool
    mute: bool
    atr: bytes
    mark: int
    used: bool = field(default=False, compare=False)

    @property
    def moves(self) -> int:
        """The count that pcscd keeps in the upper half of the state."""
        return self.mark >> 16


def use_socket(path: str) -> None:
    """Talk to the service at ``path``; empty for the machine's own.

    The library reads this once in the life of a process. Raise ``DriverConfigError`` when another is in use.
    """
    if not path:
        return
    if path != _sockets.setdefault(SOCKET, path):
        raise DriverConfigError(
            "two smart card services in one process; give one of them isolation = 'process'"
        )
    os.environ[SOCKET] = path  # over what the program that started this one has chosen for itself


def establish() -> int:
    """A context of the calling thread."""
    code, context = scard.SCardEstablishContext(scard.SCARD_SCOPE_SYSTEM)
    _check(code)
    return int(context)


def release(context: int) -> None:
    """Give a context back; never raises."""
    scard.SCardReleaseContext(context)


def cancel(context: int) -> None:
    """End a ``watch`` of another thread; does nothing when none waits just now (PCSC issue 160)."""
    scard.SCardCancel(context)


def readers(context: int) -> list[str]:
    """The names of all readers."""
    code, names = scard.SCardListReaders(context, [])
    if code & 0xFFFFFFFF == int(scard.SCARD_E_NO_READERS_AVAILABLE) & 0xFFFFFFFF:
        return []
    _check(code)
    return [str(name) for name in names]


def watch(context: int, reader: str, marks: tuple[int, int], wait_s: float) -> tuple[Sighting, int, bool]:
    """Wait for a change of the reader, or of the list of readers.

    Args:
        context: the calling thread's.
        reader: its full name.
        marks: the reader's and the list's last ``mark``, 0 at first.
        wait_s: at most so long.

    Returns:
        The sighting, the list's mark, and whether the list has changed. Without a change ``DeadlinePassed``.
    """
    states = [(reader, marks[0]), (PNP, marks[1])]
    code, found = scard.SCardGetStatusChange(context, int(wait_s * 1000), states)
    _check(code)
    (_, state, atr), (_, listed, _) = found
    if state & (scard.SCARD_STATE_UNKNOWN | scard.SCARD_STATE_UNAVAILABLE):
        raise LinkLost(_READER)
    changed = bool(listed & scard.SCARD_STATE_CHANGED)
    seen = Sighting(
        present=bool(state & scard.SCARD_STATE_PRESENT),
        mute=bool(state & scard.SCARD_STATE_MUTE),
        atr=bytes(atr),
        mark=state & ~scard.SCARD_STATE_CHANGED,
        used=bool(state & (scard.SCARD_STATE_EXCLUSIVE | scard.SCARD_STATE_INUSE)),
    )
    return seen, listed & ~scard.SCARD_STATE_CHANGED, changed


def check(context: int, reader: str) -> bool:
    """Make the service ask the reader whether a card is in it, and take the answer for its own word.

    Switching the card off makes it ask; a connection to the reader alone (``SCARD_SHARE_DIRECT``) needs no card.
    False when a program, ours or another, has taken the card or is about to: nothing was asked then.
    """
    taking = _taking[reader]
    if not taking.acquire(blocking=False):
        return False
    try:
        code, handle, _ = scard.SCardConnect(context, reader, scard.SCARD_SHARE_DIRECT, 0)
        if int(code) & 0xFFFFFFFF == int(scard.SCARD_E_SHARING_VIOLATION) & 0xFFFFFFFF:
            return False
        _check(code)
        disconnect(handle)
        return True
    finally:
        taking.release()


def usb_address(context: int, reader: str) -> tuple[int, int] | None:
    """USB bus and address of a reader, as its driver tells them; None for one that is held, or whose driver does not.

    The CCID driver gives the channel id 0x0020BBAA: USB, bus, address (its SCARDGETATTRIB.md; PC/SC part 3, 3.1.1).
    """
    taking = _taking[reader]
    if not taking.acquire(blocking=False):
        return None
    try:
        code, handle, _ = scard.SCardConnect(context, reader, scard.SCARD_SHARE_DIRECT, 0)
        if code != scard.SCARD_S_SUCCESS:
            return None
        try:
            code, found = scard.SCardGetAttrib(handle, scard.SCARD_ATTR_CHANNEL_ID)
        finally:
            scard.SCardDisconnect(handle, scard.SCARD_LEAVE_CARD)
    finally:
        taking.release()
    channel = int.from_bytes(bytes(found), "little") if code == scard.SCARD_S_SUCCESS else 0
    return (channel >> 8 & 0xFF, channel & 0xFF) if channel >> 16 == _USB else None


def connect(context: int, reader: str) -> tuple[int, int]:
    """Power the card and keep others away from it; handle and protocol (``T0`` or ``T1``)."""
    with _taking[reader]:
        code, handle, protocol = scard.SCardConnect(context, reader, scard.SCARD_SHARE_EXCLUSIVE, _EITHER)
    _check(code)
    return int(handle), int(protocol)


def reconnect(handle: int, *, cold: bool) -> int:
    """Reset the card, ``cold`` by switching its power off and on; the protocol then spoken."""
    how = scard.SCARD_UNPOWER_CARD if cold else scard.SCARD_RESET_CARD
    code, protocol = scard.SCardReconnect(handle, scard.SCARD_SHARE_EXCLUSIVE, _EITHER, how)
    _check(code)
    return int(protocol)


def answer_to_reset(handle: int) -> bytes:
    """The card's answer to its last reset."""
    code, _, _, _, atr = scard.SCardStatus(handle)
    _check(code)
    return bytes(atr)


def transmit(handle: int, protocol: int, apdu: Sequence[int]) -> bytes:
    """One command and its answer. A card torn out answers nothing at all, which is told as ``MediaMissing``."""
    code, answer = scard.SCardTransmit(handle, protocol, list(apdu))
    _check(code)
    if not answer:
        raise MediaMissing(_REMOVED)
    return bytes(answer)


def disconnect(handle: int) -> None:
    """Let go of the card and switch its power off; never raises."""
    scard.SCardDisconnect(handle, scard.SCARD_UNPOWER_CARD)


def _check(code: Any) -> None:
    if (code := int(code) & 0xFFFFFFFF) == 0:
        return
    if (known := _ERRORS.get(code)) is not None:
        raise type(known)(str(known), known.code)
    raise ReadFailed(f"the card could not be used ({scard.SCardGetErrorMessage(code)} {code:08X})")
