"""Lights: what shows a person where to put a hand, and staff how the cabinet is."""

from __future__ import annotations

from typing import Annotated, Final

from pydantic import ConfigDict

from drivers.cabinet_ports import Color, FlashRate
from drivers.xfs.catalogue import Command, Interface, words
from drivers.xfs.payload import Nothing, Payload, word


class LightState(Payload):
    """How a light shines at one position."""

    flash_rate: Annotated[FlashRate, word(FlashRate)] | None = None
    color: Annotated[Color, word(Color)] | None = None
    direction: str | None = None


class LightMap(Payload):
    """Light → position → state. An absent light is left as it is."""

    model_config = ConfigDict(extra="allow")

    __pydantic_extra__: dict[str, dict[str, LightState]]


SET_LIGHT: Final = Command(
    "Lights.SetLight", LightMap, Nothing, version="3.0", errors=words("invalidLight lightError"), acts=True
)
INTERFACE: Final = Interface("Lights", (SET_LIGHT,), (), LightMap)
