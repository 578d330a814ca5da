"""Chip card reader behind another vendor's XFS4IoT CardReader service: ReadRawData, ChipPower, ChipIO.

The key on the card is reached by our own profile, as with a reader of our own; the service only carries APDUs.
"""

from __future__ import annotations

import asyncio
import base64
from collections.abc import Mapping
from typing import Any, Final

from config.clock import Clock, Deadline
from drivers.devices.card_profile import CardProfile, load_profile
from drivers.devices.chip_reader import ChipReader, PoweredChip, understood
from drivers.devices.options import Options
from drivers.devices.registry import driver
from drivers.devices.xfs4iot import TRAITS, XfsDevice, address, decoded, part_of
from drivers.errors import DeadlinePassed, MediaInvalid, MediaMissing, ReadFailed
from drivers.ports import ChipPower

_LOOK_S: Final = 0.1
_GONE: Final = frozenset({"notPresent", "entering"})


class XfsCardReader(ChipReader, XfsDevice):
    """Implements ``SmartCardReader``: the chip by APDUs, the card's ways in and out by the service's own commands."""

    interface = "CardReader"
    part = "cardReader"
    needs = frozenset({"CardReader.ReadRawData", "CardReader.ChipPower", "CardReader.ChipIO"})

    def __init__(self, clock: Clock, uri: str, token: str, profile: CardProfile, **more: Any) -> None:
        ChipReader.__init__(self, profile)
        XfsDevice.__init__(self, "smartCardReader", clock, uri, token, **more)
        self._atr = b""

    async def insert(self, deadline: Deadline) -> None:
        """Wait for a card; raise ``MediaMissing`` at the deadline, ``MediaInvalid`` for a mute one."""
        try:
            told = await self._ask("CardReader.ReadRawData", {"chip": True}, deadline)
        except DeadlinePassed:
            raise MediaMissing("no card was inserted in time") from None
        chips = told.get("chip")
        chip = chips[0] if isinstance(chips, list) and chips else None
        if not isinstance(chip, Mapping) or chip.get("status") not in (None, "ok") or not chip.get("data"):
            raise MediaInvalid("the card does not answer to its reset; insert it the right way round")
        self._let_go()
        self._atr = decoded(chip.get("data"))

    async def removed(self, deadline: Deadline) -> None:
        """Wait until no card is in the reader; raise ``DeadlinePassed`` while one is."""
        while self._media() not in _GONE:
            self._require()
            if deadline.passed:
                raise DeadlinePassed("the card was not taken in time")
            await asyncio.sleep(_LOOK_S)

    def _require_card(self) -> None:
        self._require()

    async def _put(self, how: ChipPower, deadline: Deadline) -> PoweredChip | None:
        told = await self._ask("CardReader.ChipPower", {"chipPower": how.value}, deadline)
        if how is ChipPower.OFF:
            return None
        answer = decoded(told.get("chipData")) or self._atr
        if not answer:
            raise ReadFailed("the service told no answer to reset", "atrNotObtained")
        return understood(answer)

    async def _carry(self, apdu: bytes, deadline: Deadline) -> bytes:
        if self._chip is None:
            raise MediaMissing("the card was taken out")
        data = base64.b64encode(apdu).decode("ascii")
        payload = {"chipProtocol": self._chip.protocol.value, "chipData": data}
        return decoded((await self._ask("CardReader.ChipIO", payload, deadline)).get("chipData"))

    def _let_go(self) -> None:
        """A card that is left in the middle of a command is another one to us, and so is one that was taken out."""
        self._forget()
        self._atr = b""

    def _heard(self, name: str, payload: Mapping[str, Any]) -> None:
        if name == "CardReader.MediaRemovedEvent":
            name, payload = "Common.StatusChangedEvent", {"cardReader": {"media": "notPresent"}}
        super()._heard(name, payload)
        if self._media() in _GONE:
            self._let_go()

    def _media(self) -> str:
        return str(part_of(self._status, self.part).get("media"))

    async def _disconnect(self) -> None:
        self._let_go()
        await super()._disconnect()

    def _away(self) -> Mapping[str, object]:
        return {"cardReader": {"media": "unknown", "chipPower": "unknown"}}


@driver("xfs4iot-card-reader", TRAITS)
def _cards(options: Options, clock: Clock) -> XfsCardReader:
    uri, token = address(options)
    return XfsCardReader(clock, uri, token, load_profile(options.text("profile", "iso-ecc")), tap=options.tap)
