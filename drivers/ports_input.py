"""Ports of the devices into which a person writes or types: signature pad and PIN pad."""

from __future__ import annotations

import enum
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

from config.clock import Deadline
from drivers.ports import Device
from drivers.signature import Signature


class PadEnd(enum.StrEnum):
    """What the person pressed on the pad; ``LOST``: the pad was without power and has nothing any more."""

    CONFIRM = "confirm"
    CLEAR = "clear"
    CANCEL = "cancel"
    LOST = "lost"


class SignaturePad(Device, Protocol):
    """A pad on which a person signs one document, named by its digest."""

    async def begin(self, document: bytes, deadline: Deadline) -> None:
        """Show an empty frame for the document with this SHA-256; what was signed before is wiped."""
        ...

    async def ended(self, deadline: Deadline) -> PadEnd:
        """Wait for a key of the pad; raise ``MediaMissing`` at the deadline."""
        ...

    async def clear(self, deadline: Deadline) -> None:
        """Wipe the ink and let the person sign again."""
        ...

    async def confirm(self, deadline: Deadline) -> Signature:
        """The complete ink, which is then wiped from the pad; raise ``UserFault`` for ink that is no signature."""
        ...

    async def cancel(self, deadline: Deadline) -> None:
        """Wipe the ink, here and in the pad."""
        ...


@dataclass(frozen=True, slots=True)
class Entry:
    """What may be typed. ``secret``: a PIN, whose digits never leave the pad. ``keys`` are those that work."""

    secret: bool
    least: int
    most: int
    auto_end: bool
    keys: tuple[str, ...] = (
        "0",
        "1",
        "2",
        "3",
        "4",
        "5",
        "6",
        "7",
        "8",
        "9",
        "enter",
        "cancel",
        "clear",
        "back",
    )


@dataclass(frozen=True, slots=True)
class KeyPress:
    """One key. ``key`` is a digit, ``*`` for one of a PIN, or enter, cancel, auto, clear, back; the first three end."""

    key: str = field(repr=False)
    digits: int

    @property
    def ends(self) -> bool:
        """Whether the entry is over with it."""
        return self.key in ("enter", "cancel", "auto")


@dataclass(frozen=True, slots=True)
class HeldKey:
    """A cryptographic key that the pad holds; ``usage``, ``algorithm``, ``mode`` in TR-31's letters."""

    name: str
    usage: str
    algorithm: str
    mode: str
    check: bytes
    bits: int


class PinFormat(enum.StrEnum):
    """Formats of ISO 9564-1 that are offered: 0 for triple DES, 4 for AES and SM4."""

    ISO0 = "iso0"
    ISO4 = "iso4"


class PinPad(Device, Protocol):
    """An encrypting keyboard: verification codes in clear, PINs only as encrypted blocks."""

    async def begin(self, entry: Entry, deadline: Deadline) -> None:
        """Let the person type; an entry under way is given up and wiped."""
        ...

    async def press(self, deadline: Deadline) -> KeyPress:
        """The next key of the entry; raise ``MediaMissing`` at the deadline."""
        ...

    async def stop(self, deadline: Deadline) -> None:
        """Give the entry up and wipe what was typed, also a PIN that waits to be used."""
        ...

    async def pin_block(self, key: str, style: PinFormat, account: str, deadline: Deadline) -> bytes:
        """The PIN typed last as an encrypted block, which wipes it; ``account`` is the whole card number."""
        ...

    async def load_key(self, name: str, protector: str, block: str, deadline: Deadline) -> HeldKey:
        """Load a TR-31 key block that ``protector`` protects."""
        ...

    async def delete_key(self, name: str, deadline: Deadline) -> None:
        """Destroy a key."""
        ...

    async def keys(self, deadline: Deadline) -> Sequence[HeldKey]:
        """What the pad holds, without the keys themselves."""
        ...
