"""What the hands before the simulated invoice printer can be told."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AliasChoices, Field

from drivers.simulators.base import Parameters, written


class Insert(Parameters):
    """A sheet put into the printer: its form, code and number; ``x``, ``y`` (mm) and ``skew`` (degrees) off."""

    form: str = "vat-folded"
    code: Annotated[str, written(r"([0-9]{10}([0-9]{2})?)?", "10 or 12 digits, or nothing")] = "053002600104"
    number: Annotated[str, written(r"([0-9]{8})?", "eight digits, or nothing")] = "00012301"
    x: float = Field(0, ge=-20, le=20)
    y: float = Field(0, ge=-20, le=20)
    skew: float = Field(0, ge=-10, le=10)


class Stack(Parameters):
    """How many blank forms follow by themselves, each with the next number; 0 for single sheets."""

    sheets: int = Field(100, ge=0, le=2000)


class Jam(Parameters):
    """A jam now, or after ``afterPasses`` more passes; ``broken`` only a technician mends."""

    where: Literal["jam", "skew", "broken"] = "jam"
    after_passes: int | None = Field(None, ge=0)


class Ribbon(Parameters):
    """0 is new; at 1 nothing is to be seen any more. No sensor notices."""

    wear: float = Field(0.5, ge=0, le=1)


class OnLine(Parameters):
    """The button on the panel."""

    on: bool = False


class Power(Parameters):
    """The mains switch: off loses buffer and settings; the sheet stays where it is, with its ink."""

    state: Literal["on", "off"] = Field(validation_alias=AliasChoices("state", "power"))
    after_passes: int | None = Field(None, ge=0)
