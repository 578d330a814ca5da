"""The tax-control application of a card or UKey (税控设备): its state, a month's report, an order to unlock it.

Vendors publish no layout of these devices. This one is ours, of what the standard has for data objects: SELECT by name,
GET DATA and PUT DATA with odd INS (ISO/IEC 7816-4:2020, 11.4), the tags of a profile (docs/tax-control.md).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Final

from config.clock import Deadline
from drivers.devices.card_key import Ask
from drivers.devices.card_profile import CardProfile, TaxControlProfile
from drivers.errors import InvalidData, MediaInvalid, ProtocolError
from drivers.ports_tax import SealedWord, TaxState
from drivers.protocols.apdu import SHORT_LE, Command, Response
from drivers.protocols.apdu_words import NOT_FOUND, required
from drivers.protocols.ber_tlv import Item, by_tag

MAC_BYTES: Final = 32
"""HMAC-SM3 whole, as it is never cut short here."""
LONGEST_TEXT: Final = 200
"""Bytes of a report's or an order's text: either fits one short APDU, so a device is never left with half an order."""
MOST_MONTHS: Final = 24
YEARS: Final = range(1900, 2100)
"""The years that the interface ``TaxControl`` has words for; a device whose clock went wild may say any."""
_GET, _PUT = 0xCB, 0xDB
_HERE: Final = (0x3F, 0xFF)
"""P1 and P2: the data objects of the application that is selected."""
_TAGS, _CONTENT = b"\x5c", b"\x53"
_TEXT, _MAC = b"\x90", b"\x8e"
_MONTH: Final = b"\x80"
_DEVICE, _TAXPAYER, _COUNTER, _CLEARED, _UNTIL, _LOCKED, _HELD = (bytes((0x81 + n,)) for n in range(7))


class TaxControlApplication:
    """The application of one card, reached through ``ask``.

    It is selected anew for each thing that is done: other applications of the card may have been meanwhile.
    """

    def __init__(self, profile: CardProfile, ask: Ask) -> None:
        self._name = profile.name
        self._profile = profile.tax_control
        self._ask = ask

    async def state(self, deadline: Deadline) -> TaxState:
        """What the device says of itself."""
        profile = await self._selected(deadline)
        answer = await self._get(profile.state, b"", deadline)
        return _state(_content(required(answer, "read the device's state")))

    async def report(self, month: date, deadline: Deadline) -> SealedWord:
        """The month's report; raise ``InvalidData`` when the device holds none of it."""
        profile = await self._selected(deadline)
        wanted = Item(_MONTH, bytes.fromhex(f"{month:%Y%m}")).encode()
        answer = await self._get(profile.report, wanted, deadline)
        if answer.sw == NOT_FOUND:
            raise InvalidData("the device holds no report of that month")
        return _word(_content(required(answer, "read the month's report")))

    async def obey(self, order: SealedWord, deadline: Deadline) -> None:
        """Write the order; raise ``SecurityFailed`` when the device does not take it, ``InvalidData`` for none."""
        if not 0 < len(order.text) <= LONGEST_TEXT or len(order.mac) != MAC_BYTES:
            raise InvalidData("this is no order to a tax-control device")
        profile = await self._selected(deadline)
        content = Item(_TEXT, order.text).encode() + Item(_MAC, order.mac).encode()
        data = Item(_TAGS, profile.order).encode() + Item(_CONTENT, content).encode()
        required(await self._ask(Command(0, _PUT, *_HERE, data), deadline), "write the order")

    async def _selected(self, deadline: Deadline) -> TaxControlProfile:
        if self._profile is None:
            raise MediaInvalid(f"the profile '{self._name}' knows of no tax control")
        select = Command(0, 0xA4, 4, 0, self._profile.application, SHORT_LE)
        required(await self._ask(select, deadline), "select the tax-control application")
        return self._profile

    async def _get(self, tag: bytes, more: bytes, deadline: Deadline) -> Response:
        wanted = Command(0, _GET, *_HERE, Item(_TAGS, tag).encode() + more, SHORT_LE)
        return await self._ask(wanted, deadline)


def _content(answer: bytes) -> Mapping[bytes, bytes]:
    """The data objects in the answer to GET DATA."""
    whole = by_tag(answer)
    if set(whole) != {_CONTENT}:
        raise ProtocolError("the device's answer is no data object")
    return by_tag(whole[_CONTENT])


def _word(found: Mapping[bytes, bytes]) -> SealedWord:
    text, mac = _of(found, _TEXT), _of(found, _MAC)
    if not 0 < len(text) <= LONGEST_TEXT or len(mac) != MAC_BYTES:
        raise ProtocolError("the device's report has another shape than the profile says")
    return SealedWord(text, mac)


def _state(found: Mapping[bytes, bytes]) -> TaxState:
    locked, counter, held = _of(found, _LOCKED), _of(found, _COUNTER), _of(found, _HELD)
    months = [_month(held[at : at + 3]) for at in range(0, len(held), 3)]
    if locked not in (b"\0", b"\1") or len(counter) != 4 or months != sorted(set(months)):
        raise ProtocolError("the device's state has another shape than the profile says")
    if len(months) > MOST_MONTHS:
        raise ProtocolError("the device holds more months than it can")
    cleared = _of(found, _CLEARED)
    return TaxState(
        device=_number(_of(found, _DEVICE)),
        taxpayer=_number(_of(found, _TAXPAYER)),
        counter=int.from_bytes(counter, "big"),
        cleared=_month(cleared) if cleared else None,
        issues_until=_day(_of(found, _UNTIL)),
        locked=locked == b"\1",
        held=tuple(months),
    )


def _of(found: Mapping[bytes, bytes], tag: bytes) -> bytes:
    if tag not in found:
        raise ProtocolError(f"the device gave no data object {tag.hex().upper()}")
    return found[tag]


def _number(raw: bytes) -> str:
    """Figures and capital letters, as on the device's label and on a licence."""
    text = raw.decode("latin-1")
    if not 8 <= len(text) <= 20 or not (text.isascii() and text.isalnum() and text == text.upper()):
        raise ProtocolError("the device's number is none")
    return text


def _month(raw: bytes) -> date:
    if len(raw) != 3:
        raise ProtocolError("a month of the device is none")
    return _day(raw + b"\x01")


def _day(raw: bytes) -> date:
    """A day in figures, two to a byte."""
    text = raw.hex()
    if len(raw) != 4 or not text.isdecimal():
        raise ProtocolError("a day of the device is none")
    try:
        day = date(int(text[:4]), int(text[4:6]), int(text[6:]))
    except ValueError:
        raise ProtocolError("a day of the device is none") from None
    if day.year not in YEARS:
        raise ProtocolError("a day of the device is in no year of ours")
    return day


def seen_in(answer: bytes) -> TaxState | SealedWord:
    """State or report, whichever the answer to GET DATA holds; raise ``ProtocolError`` for neither."""
    found = _content(answer)
    return _word(found) if _TEXT in found else _state(found)


__all__ = ["LONGEST_TEXT", "MAC_BYTES", "MOST_MONTHS", "TaxControlApplication", "seen_in"]
