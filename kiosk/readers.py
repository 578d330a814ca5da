"""Reading people, documents and codes; what is read leaves this module only as the step needs it."""

from __future__ import annotations

import asyncio
import base64
import logging
import os
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import asdict
from datetime import date
from typing import Any, TypeVar

from drivers.client import BarcodeClient, DeviceHub, FaceClient, IdCardReaderClient, MrzClient
from drivers.client.errors import DeviceClientError, DeviceCommandFailed, DeviceTimeout
from drivers.ports import IdCard, Media
from kiosk.flow.effects import (
    AwaitUkeyGone,
    CheckStaff,
    CompareFace,
    Effect,
    PressPad,
    ReadCode,
    ReadCodesOfPage,
    ReadDocument,
    ReadInvoice,
    ReadPage,
    ReadPassport,
    ReadUkey,
    TakeSignature,
    WriteUkey,
)
from kiosk.guards import Tries, staff_of, subject_of
from kiosk.pad_reader import PadReader
from kiosk.page_reader import PageReader
from kiosk.ukey_reader import UkeyReader

log = logging.getLogger("kiosk.readers")
CARD_WAIT_S = 60.0
CODE_WAIT_S = 60.0
FACE_WAIT_S = 20.0
CALM_S = 1.0
"""A reader that is gone answers at once; it is asked again no sooner."""
AWAY_S = 25.0
"""A driver that hangs is ended by its watch after 12 s and started again; a cable that slipped is pushed back in."""
AWAY = ("deviceNotReady", "device")
"""Faults of a reader that may be back in a moment."""

Read = TypeVar("Read")
Progress = Callable[[Mapping[str, object]], None]
ReadOnce = Callable[[Progress, bool], Awaitable[tuple[str, Mapping[str, Any]]]]
"""One try, told whether the reader was away before it; fault id (empty: none) and what was read."""


class Readers:
    """Card readers, camera, signature pad and staff code behind one call."""

    def __init__(
        self,
        hub: DeviceHub,
        threshold: float,
        face_tries: Tries,
        staff_tries: Tries,
        staff_pins: Mapping[str, str],
        on_preview: Callable[[bytes], None],
    ) -> None:
        """``staff_pins`` maps staff names to scrypt hashes; ``on_preview`` gets JPEG frames and b"" at the end."""
        self._hub = hub
        self._card, self._face, self._code = IdCardReaderClient(hub), FaceClient(hub), BarcodeClient(hub)
        self._passport = MrzClient(hub)
        self._threshold = threshold
        self._face_tries, self._staff_tries = face_tries, staff_tries
        self._pins = staff_pins
        self._on_preview = on_preview
        self._pages = PageReader(hub, on_preview)
        self._pad = PadReader(hub)
        self._ukey = UkeyReader(hub)
        self._salt = os.urandom(16)

    async def read(self, effect: Effect, progress: Progress) -> tuple[str, Mapping[str, Any]]:
        """Fault id (empty: none) and what was read."""
        match effect:
            case ReadDocument():
                return await self._patiently(self._card_once, progress)
            case ReadPassport():
                return await self._patiently(self._passport_once, progress)
            case ReadCode():
                return await self._patiently(self._code_once, progress)
            case ReadPage(device):
                return await self._pages.read(device)
            case ReadCodesOfPage(device):
                return await self._pages.codes(device)
            case ReadInvoice(device, today):
                return await self._pages.invoice(device, date.fromisoformat(today), progress)
            case TakeSignature(digest):
                document = bytes.fromhex(digest)
                return await self._patiently(lambda told, _: self._pad.sign(document, told), progress)
            case PressPad(key):
                return await self._pad.press(key)
            case ReadUkey():
                return await self._patiently(lambda told, _: self._ukey.read(told), progress)
            case WriteUkey() as wanted:
                return await self._patiently(lambda told, _: self._ukey.write(wanted, told), progress)
            case AwaitUkeyGone():
                return await self._ukey.gone()
            case CompareFace(photo, number):
                return await self._compare(photo, number)
            case CheckStaff(pin):
                return await asyncio.to_thread(self._staff, pin)
        raise TypeError(f"nothing here reads {type(effect).__name__}")

    async def forget(self) -> None:
        """The visit is over: drop the picture on the screen."""
        self._on_preview(b"")

    async def _patiently(self, once: ReadOnce, progress: Progress) -> tuple[str, Mapping[str, Any]]:
        """A reader that is away for a moment is waited for; the next absence is another wait."""
        gone_at: float | None = None

        def told(state: Mapping[str, object]) -> None:
            nonlocal gone_at
            gone_at = None  # it answers again: another absence is another wait
            progress(state)

        while True:
            fault, read = await once(told, gone_at is not None)
            now = time.monotonic()
            gone_at = now if gone_at is None else gone_at
            if fault not in AWAY or now - gone_at >= AWAY_S:
                return fault, read
            progress({"state": "away"})
            await asyncio.sleep(CALM_S)

    async def _card_once(self, progress: Progress, was_away: bool) -> tuple[str, Mapping[str, Any]]:
        def on_event(name: str, _payload: Mapping[str, object]) -> None:
            if name.endswith("MediaInsertedEvent"):
                progress({"state": "reading"})
            elif name.endswith("InsertCardEvent") and (was_away or self._card_lies()):
                progress({"state": "back"})

        fault, card = await _tried(self._card.read_card(CARD_WAIT_S, on_event), "noMedia")
        if fault == "noMedia" and self._card_lies():
            fault = "mediaMustBeRepresented"
        return fault, _plain(card) if card else {}

    def _card_lies(self) -> bool:
        """Whether a card has been lying on the reader since an earlier read, of this visit or the one before.

        A security module does not find again a card that it has read, until it was lifted.
        """
        reader = self._hub.status("idReader").details.get("cardReader")
        return isinstance(reader, Mapping) and reader.get("media") == Media.PRESENT

    async def _passport_once(self, progress: Progress, was_away: bool) -> tuple[str, Mapping[str, Any]]:
        """The fields of the zone, by the wire's names; a reader that is back tells nothing until it is used."""
        fault, zone = await _tried(self._passport.read(CARD_WAIT_S), "noMedia")
        return fault, zone or {}

    async def _code_once(self, progress: Progress, was_away: bool) -> tuple[str, Mapping[str, Any]]:
        """A reader that is back tells nothing; one that has not answered for a moment waits for a code again."""
        loop = asyncio.get_running_loop()
        back = loop.call_later(CALM_S, progress, {"state": "waiting"}) if was_away else None
        try:
            fault, code = await _tried(self._code.read(CODE_WAIT_S), "noCode")
        finally:
            if back is not None:
                back.cancel()
        if code is None:
            return fault, {}
        return fault, {"symbology": code.symbology, "data": base64.b64encode(code.data).decode()}

    async def _compare(self, photo: str, number: str) -> tuple[str, Mapping[str, Any]]:
        subject = subject_of(number, self._salt)
        if self._face_tries.locked(subject):
            return "locked", {}
        looking = True

        def show(jpeg: bytes) -> None:
            if looking:  # a frame that was on its way when the comparison ended must not stay on the screen
                self._on_preview(jpeg)

        preview = asyncio.create_task(self._preview(show))
        try:
            verdict = await self._face.verify(base64.b64decode(photo), self._threshold, FACE_WAIT_S)
        except DeviceTimeout:
            return "timeout", {}
        except DeviceCommandFailed as error:
            log.warning("face compare: %s", error)
            return "refused" if error.completion_code == "unsupportedData" else "unavailable", {}
        except DeviceClientError as error:
            log.warning("face compare: %s", error)
            return "unavailable", {}
        finally:
            looking = False
            preview.cancel()
            self._on_preview(b"")
        if verdict["passed"]:
            self._face_tries.succeeded(subject)
            return "", verdict
        # A missing or covered face is no attempt at being somebody else: only compared faces count.
        counted = verdict.get("reason") in (None, "noMatch", "still")
        last = self._face_tries.failed(subject) if counted else False
        return "", {**verdict, "last": last, "locked": last}

    async def _preview(self, show: Callable[[bytes], None]) -> None:
        """Show people their own picture while they are compared; without it the comparison goes on."""
        try:
            await self._face.preview(show)
        except DeviceClientError as error:
            log.info("no preview: %s", error)

    def _staff(self, pin: str) -> tuple[str, Mapping[str, Any]]:
        if self._staff_tries.locked("staff"):
            return "locked", {}
        started = time.monotonic()
        name = staff_of(pin, self._pins)
        log.info("staff check took %.0f ms", 1000 * (time.monotonic() - started))
        if name is None:
            return ("locked" if self._staff_tries.failed("staff") else ""), {"passed": False}
        self._staff_tries.succeeded("staff")
        return "", {"passed": True, "staff": name}


async def _tried(reading: Awaitable[Read], nothing: str) -> tuple[str, Read | None]:
    """What a reader read, or the id of its fault; ``nothing`` is that of a wait in which nobody came."""
    try:
        return "", await reading
    except DeviceTimeout:
        return nothing, None
    except DeviceCommandFailed as error:
        return error.error_code or error.completion_code, None
    except DeviceClientError as error:
        log.warning("reader: %s", error)
        return "device", None


def _plain(card: IdCard) -> Mapping[str, Any]:
    """The card as the flow keeps it: the wire's names, dates in ISO form, the chip photo in base64."""
    fields = asdict(card)
    return {
        "layout": str(card.layout),
        "number": card.number,
        "name": card.name,
        "latinName": card.latin_name,
        "birth": card.birth.isoformat(),
        "validFrom": card.valid_from.isoformat(),
        "validTo": card.valid_to.isoformat() if card.valid_to else None,
        "photo": base64.b64encode(fields["photo"]).decode(),
    }
