"""Arguments that are orders: written down with nobody's data, and made anew from that."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import asdict, replace
from typing import Any, Final

from drivers.cabinet_ports import AUDIO_RATES, AUDIO_SIGNALS, Color, FlashRate, Light, StartupTime
from drivers.invoice_port import FormPrint
from drivers.payment import Channel, Operation, Order
from drivers.ports_documents import PageColour, PageOrder, PageSide, PageSize
from drivers.ports_input import Entry

_ONE_FEN: Final = 1


def given(value: object) -> Mapping[str, Any] | None:
    """An order under its kind; None for what is none. ``GIVEN`` makes one like it."""
    match value:
        case Order():
            original = None if value.original is None else len(value.original)
            told = {"operation": value.operation, "channel": value.channel, "original": original}
            return {"order": {**told, "reference": len(value.reference)}}
        case Entry():
            return {"entry": {**asdict(value), "keys": list(value.keys)}}
        case FormPrint():
            return {"form": {"name": value.form, "fields": {k: _blank(v) for k, v in value.fields.items()}}}
        case StartupTime():
            return {"startup": asdict(value)}
        case PageOrder():
            return {"page": {**asdict(value), "sides": list(value.sides)}}
        case Mapping() if value and all(isinstance(one, Light) for one in value.values()):
            return {"lights": {str(name): [one.rate, one.color] for name, one in value.items()}}
        case Mapping() if all(isinstance(one, int) or _is_word(one) for one in value.values()):
            return {"outputs": {str(name): one for name, one in value.items()}}
    return None


def blank_block(size: int) -> str:
    """A TR-31 key block of that length without a key."""
    return f"D{size:04d}P0AE00E0000".ljust(size, "0")


def _is_word(value: object) -> bool:
    """A state of an output, such as ``continuous``, or the audio indicator's two; no name is one English word."""
    if not isinstance(value, str):
        return False
    rate, _, signal = value.partition(" ")
    single = value.isascii() and value.isalpha() and len(value) <= 16
    return single or (rate in AUDIO_RATES and signal in AUDIO_SIGNALS)


def _blank(value: Any) -> Any:
    """A field's text, as wide as it was: full characters for full ones, digits for digits."""
    if not isinstance(value, str):
        return [_blank(one) for one in value]
    return "".join(_blank_sign(sign) for sign in value)


def _blank_sign(sign: str) -> str:
    if sign in " .\n":
        return sign
    return "国" if unicodedata.east_asian_width(sign) in "WFA" else "0"


def _order(told: Mapping[str, Any]) -> Order:
    original = None if told["original"] is None else "0" * int(told["original"])
    return Order(
        Operation(told["operation"]),
        "0" * int(told["reference"]),
        _ONE_FEN,
        Channel(told["channel"]),
        original,
    )


def _page(told: Mapping[str, Any]) -> PageOrder:
    sides = tuple(map(PageSide, told["sides"]))
    order = PageOrder(
        PageSize(told["size"]), PageColour(told["colour"]), int(told["dpi"]), sides, bool(told["mrz"])
    )
    return replace(order, most_bytes=int(told.get("most_bytes", order.most_bytes)))


def _lights(told: Mapping[str, Any]) -> Mapping[str, Light]:
    return {
        name: Light(FlashRate(rate), Color(color) if color else None) for name, (rate, color) in told.items()
    }


GIVEN: Final[Mapping[str, Callable[[Any], Any]]] = {
    "order": _order,
    "entry": lambda told: Entry(**{**told, "keys": tuple(told["keys"])}),
    "form": lambda told: FormPrint(told["name"], told["fields"]),
    "startup": lambda told: StartupTime(**told),
    "page": _page,
    "lights": _lights,
    "outputs": dict,
}
"""Makes an order of each kind."""
