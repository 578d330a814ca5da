"""What the hands at the simulated invoice dispenser can be told."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AliasChoices, BeforeValidator, Field

from drivers.simulators.base import Parameters, written


def _unit(value: object) -> object:
    """``unit1``, ``"1"`` or 1."""
    return str(value).removeprefix("unit")


Unit = Annotated[int, BeforeValidator(_unit), Field(ge=1, le=9)]
Number = Annotated[str, written(r"[0-9]{8}", "eight digits, such as 00012301")]


class LoadSheets(Parameters):
    """Sheets put behind those in the unit, or instead of them."""

    unit: Unit
    code: Annotated[str, written(r"[0-9]{10}([0-9]{2})?", "10 or 12 digits, such as 053002600104")]
    first: Number
    count: int = Field(ge=1, le=5000)
    replace: bool = False


class AtFeed(Parameters):
    """The ``k``-th sheet from now of a unit, 1 is the next."""

    k: int = Field(1, ge=1, le=5000)
    unit: Unit = 1


class JamAt(AtFeed):
    """Where the paper jams: while feeding, or at the ``k``-th accept, reject or retract from now."""

    step: Literal["feed", "accept", "reject", "retract"] = "feed"


class WrongNumberAt(AtFeed):
    """The ``k``-th sheet carries ``number``; without one, its own plus 5000."""

    number: Number | None = None


class Take(Parameters):
    """How many sheets the person takes; all when null."""

    count: int | None = Field(None, ge=1)


class AutoTake(Parameters):
    """Seconds after the shutter opened at which a person takes everything; null is never."""

    seconds: float | None = Field(None, ge=0, le=3600)


class Cover(Parameters):
    """The service door."""

    state: Literal["open", "closed"] = Field("open", validation_alias=AliasChoices("state", "cover"))


class Cassette(Parameters):
    """A unit pulled out or pushed in, with its sheets."""

    unit: Unit
    present: bool


class Power(Parameters):
    """The mains switch: off loses what the unit remembers, not where the paper is."""

    state: Literal["on", "off"] = Field(validation_alias=AliasChoices("state", "power"))


class Stuck(Parameters):
    """The tray's sensor says this whatever is true; null lets it work again."""

    tray: Literal["paper", "empty"] | None
