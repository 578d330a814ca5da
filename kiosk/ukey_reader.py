"""A tax UKey in the card reader: what it says and its sealed reports, an order written into it, its being taken out.

What is read goes to the step that asked alone, and is logged nowhere. Nothing here is ever half done: reading changes
nothing in the device, and it takes an order whole or not at all, and the same one again.
"""

from __future__ import annotations

import asyncio
import base64
import logging
from collections.abc import Callable, Mapping
from typing import Any, Final

from drivers.client import DeviceHub, SmartCardClient, TaxControlClient
from drivers.client.errors import DeviceClientError, DeviceCommandFailed, DeviceTimeout
from drivers.ports import Media
from drivers.ports_tax import SealedWord, TaxState
from kiosk.flow.effects import WriteUkey

log = logging.getLogger("kiosk.readers")
WAIT_S: Final = 60.0
LOOK_S: Final = 0.3
MUTE, OTHER_CARD, OTHER_UKEY, TORN_OUT, NOT_TAKEN = "mute", "otherCard", "otherUkey", "tornOut", "notTaken"
"""Faults of ours: a card that does not answer, one that is no tax UKey, another UKey than the order is for, one that
was pulled out in the middle, and an order that the device does not take."""

Progress = Callable[[Mapping[str, object]], None]
Read = tuple[str, Mapping[str, Any]]


class UkeyReader:
    """One UKey at a time; each call begins with whatever is in the reader then."""

    def __init__(self, hub: DeviceHub) -> None:
        self._hub = hub
        self._card, self._tax = SmartCardClient(hub), TaxControlClient(hub)

    async def read(self, progress: Progress) -> Read:
        """Wait for one; fault id (empty: none) and what it says, its reports with it."""
        if (fault := await self._inserted(progress)) != "":
            return fault, {}
        progress({"state": "reading"})
        try:
            state = await self._tax.state()
            months = () if state.locked else state.held
            reports = [(month, await self._tax.report(month)) for month in months]
        except DeviceClientError as error:
            return _fault(error), {}
        given = [
            {"month": m.isoformat(), "text": _plain(word.text), "mac": _plain(word.mac)}
            for m, word in reports
        ]
        return "", {**_said(state), "reports": given}

    async def write(self, wanted: WriteUkey, progress: Progress) -> Read:
        """Wait for the UKey that the order is for, and write it; one that has obeyed it already is left as it is."""
        if not self._lies():
            progress({"state": "gone"})
        if (fault := await self._inserted(progress)) != "":
            return fault, {}
        progress({"state": "writing"})
        try:
            state = await self._tax.state()
            if state.device != wanted.device:
                return OTHER_UKEY, {}
            if state.counter != wanted.counter:
                order = SealedWord(base64.b64decode(wanted.order), base64.b64decode(wanted.mac))
                state = await self._tax.write(order)
        except DeviceClientError as error:
            fault = _fault(error)
            return NOT_TAKEN if fault == "securityFail" else fault, {}
        return ("", _said(state)) if state.counter == wanted.counter else (NOT_TAKEN, {})

    async def gone(self) -> Read:
        """Wait until none is in the reader; one that cannot be seen any more is gone."""
        while self._lies():
            await asyncio.sleep(LOOK_S)
        return "", {"taken": True}

    def _lies(self) -> bool:
        status = self._hub.status("smartCardReader")
        reader = status.details.get("cardReader")
        return (
            status.device == "online" and isinstance(reader, Mapping) and reader.get("media") == Media.PRESENT
        )

    async def _inserted(self, progress: Progress) -> str:
        """The fault, or empty once a card is in and answers."""

        def on_event(name: str, _payload: Mapping[str, object]) -> None:
            if name.endswith("InsertCardEvent"):
                progress({"state": "waiting"})

        try:
            await self._card.read_atr(WAIT_S, on_event)
        except DeviceTimeout:
            return "noMedia"
        except DeviceCommandFailed as error:
            code = error.error_code or error.completion_code
            return MUTE if code in ("invalidMedia", "atrNotObtained") else code
        except DeviceClientError as error:
            log.warning("UKey: %s", error)
            return "device"
        return ""


def _fault(error: DeviceClientError) -> str:
    """What ended the talk with a card that was in."""
    if not isinstance(error, DeviceCommandFailed):
        log.warning("UKey: %s", error)
        return "device"
    code = error.error_code or error.completion_code
    return {"noMedia": TORN_OUT, "invalidMedia": OTHER_CARD}.get(code, code)


def _said(state: TaxState) -> dict[str, object]:
    return {
        "device": state.device,
        "taxpayer": state.taxpayer,
        "counter": state.counter,
        "cleared": state.cleared.isoformat() if state.cleared else None,
        "issues_until": state.issues_until.isoformat(),
        "locked": state.locked,
    }


def _plain(value: bytes) -> str:
    return base64.b64encode(value).decode("ascii")
