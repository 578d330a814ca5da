"""A signature on the pad, sealed to one text. Its ink goes to the step that asked alone, and is logged nowhere."""

from __future__ import annotations

import base64
import logging
from collections.abc import Callable, Mapping
from typing import Any, Literal

from drivers.client import DeviceHub, SignaturePadClient
from drivers.client.errors import DeviceClientError, DeviceCommandFailed
from kiosk.domain.signing import MOST_INK

log = logging.getLogger("kiosk.readers")
SIGN_WITHIN_S = 120.0
"""To read once more, take the pen and sign: as long as a form may lie untouched (``IdleTimes.form``)."""
TOO_LONG = "tooLong"
Progress = Callable[[Mapping[str, object]], None]
Key = Literal["done", "again"]


class PadReader:
    """Lets a person sign; what was written is kept nowhere here, and wiped in the pad however it ends."""

    def __init__(self, hub: DeviceHub) -> None:
        self._pad = SignaturePadClient(hub)

    async def sign(self, digest: bytes, progress: Progress) -> tuple[str, Mapping[str, Any]]:
        """Fault id (empty: none), and the signature with its picture, both in base64."""

        def on_event(name: str, _payload: Mapping[str, object]) -> None:
            if name.endswith(("PresentPenEvent", "ClearedEvent")):
                progress({"state": "again" if name.endswith("ClearedEvent") else "writing"})

        try:
            signed = await self._pad.sign(digest, SIGN_WITHIN_S, on_event)
        except DeviceCommandFailed as error:
            return error.error_code or error.completion_code, {}
        except DeviceClientError as error:
            log.warning("signature pad: %s", error)
            return "device", {}
        if len(signed.compact) > MOST_INK:
            return TOO_LONG, {}
        ink = {"signature": signed.compact, "png": signed.png}
        return "", {name: base64.b64encode(data).decode() for name, data in ink.items()}

    async def press(self, key: Key) -> tuple[str, Mapping[str, Any]]:
        """A key of the screen in place of the pad's. What comes of it ``sign`` tells, also when the pad is away."""
        try:
            await (self._pad.confirm() if key == "done" else self._pad.clear())
        except DeviceClientError as error:  # nobody signs any more, or the pad is away
            log.info("signature pad: %s was too late: %s", key, error)
        return "", {"pressed": key}
