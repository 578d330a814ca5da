"""How coarse a value can be told: industries, places, years and amounts."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from functools import cache
from importlib import resources
from typing import Final

from pydantic import BaseModel, ConfigDict, TypeAdapter

from config import yaml_files

ALL: Final = "*"
"""Tells nothing; the same in each language."""
UNKNOWN: Final = "-"
SALES_YUAN: Final = (0, 100_000, 300_000, 1_000_000, 3_000_000, 5_000_000)
"""Bounds of bands of a quarter's sales; 300,000 is up to where small-scale taxpayers owe no VAT."""
TAX_YUAN: Final = (0, 1_000, 5_000, 20_000, 100_000)
LETTERS: Final = "ABCDEFGHIJKLMNOPQRST"
CODE: Final = re.compile(r"[A-T]?[0-9]{2,4}")


def everything(_value: str) -> str:
    """Nothing of it."""
    return ALL


def itself(value: str) -> str:
    """All of it."""
    return value


def section(industry: str) -> str:
    """门类 of GB/T 4754-2017 (A to T) of an industry, by its code of two digits or more or by its name; else ``-``.

    The code may have the letter of its section before it.
    """
    if CODE.fullmatch(industry):
        division = int(industry.lstrip(LETTERS)[:2])
        found = (
            letter for letter, one in sections().items() if one.divisions[0] <= division <= one.divisions[1]
        )
        return next(found, UNKNOWN)
    return _names().get(industry, UNKNOWN)


def district(address: str, districts: Sequence[str]) -> str:
    """Which of the bureau's districts (区县) an address is in; ``-`` where it names none of them."""
    return next((name for name in sorted(districts, key=len, reverse=True) if name in address), UNKNOWN)


def five_years(year: str) -> str:
    """``2021`` as ``2020-2024``."""
    first = int(year) // 5 * 5
    return f"{first}-{first + 4}"


def ten_years(year: str) -> str:
    """``2021`` as ``2020-2029``."""
    first = int(year) // 10 * 10
    return f"{first}-{first + 9}"


def band(fen: int, bounds: Sequence[int]) -> str:
    """The band of an amount of fen among bounds of yuan: ``0``, ``1-100000``, ``100001-300000``, ``5000001+``.

    A bound belongs to the band below it, and to ``0`` all that is less.
    """
    if fen <= bounds[0] * 100:
        return str(bounds[0])
    above = bisect_right([bound * 100 for bound in bounds], fen - 1)
    lower = bounds[above - 1] + 1
    return f"{lower}-{bounds[above]}" if above < len(bounds) else f"{lower}+"


def in_order(value: str | int) -> tuple[int, int, str]:
    """Sorts numbers, years and bands by the number that they begin with, before words."""
    if isinstance(value, int):
        return 0, value, ""
    begins = re.match(r"[0-9]+", value)
    return (0, int(begins[0]), value) if begins else (1, 0, value)


class Section(BaseModel):
    """A section, as ``industries.yaml`` has it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    divisions: tuple[int, int]
    names: tuple[str, ...] = ()


@cache
def sections() -> Mapping[str, Section]:
    """门类 by letter: its divisions (大类), and the register's names of industries of it."""
    raw = resources.files(__package__).joinpath("industries.yaml").read_text(encoding="utf-8")
    return TypeAdapter(dict[str, Section]).validate_python(yaml_files.read(raw))


@cache
def _names() -> Mapping[str, str]:
    return {name: letter for letter, one in sections().items() for name in one.names}
