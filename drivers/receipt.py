"""A receipt as blocks: the one model that the terminal's core writes and every receipt printer draws."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from typing import Annotated, Final, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from drivers.errors import InvalidData
from drivers.visible import visible

MAX_BLOCKS = 200
"""About two metres of paper: more than any slip, less than a runaway."""
_BREAKS: Final = re.compile("[\u2028\u2029]")
"""Unicode's own line and paragraph separators; no font has them."""


def _printable(text: str) -> str:
    """Text that can be drawn: no control characters but line feeds, nothing invisible."""
    text = _BREAKS.sub("\n", text)
    if any(unicodedata.category(c) in ("Cc", "Cs") and c != "\n" for c in text):
        raise ValueError("has a control character; take it out")
    return visible(text)


def _unbroken(text: str) -> str:
    """The same on one line: where a name and its value stand side by side, a line feed is a blank."""
    return _printable(text).replace("\n", " ")


Line = Annotated[str, Field(max_length=2000), AfterValidator(_printable)]
Unbroken = Annotated[str, Field(max_length=2000), AfterValidator(_unbroken)]


class _Block(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class TitleBlock(_Block):
    """The bureau's name behind its seal."""

    type: Literal["title"] = "title"
    text: Annotated[str, Field(min_length=1, max_length=60), AfterValidator(_unbroken)]


class TextBlock(_Block):
    """Text, wrapped at the paper's width; ``bold`` is one step larger as well."""

    type: Literal["text"] = "text"
    text: Line
    align: Literal["left", "center", "right"] = "left"
    size: Literal["small", "normal", "large"] = "normal"
    bold: bool = False


class RowBlock(_Block):
    """A name on the left, its value on the right."""

    type: Literal["row"] = "row"
    label: Unbroken
    value: Line


class RuleBlock(_Block):
    """A line across the paper."""

    type: Literal["rule"] = "rule"
    style: Literal["line", "dash"] = "dash"


class TotalBlock(_Block):
    """The sum, white on black."""

    type: Literal["total"] = "total"
    label: Unbroken
    value: Unbroken


class QrBlock(_Block):
    """A QR code with words beside it; the first paragraph (to the first empty line) is bold."""

    type: Literal["qr"] = "qr"
    data: Annotated[str, Field(min_length=1, max_length=1000)]
    caption: Line = ""


class SpaceBlock(_Block):
    """Blank paper, in millimetres."""

    type: Literal["space"] = "space"
    mm: Annotated[float, Field(gt=0, le=200)]


Block = Annotated[
    TitleBlock | TextBlock | RowBlock | RuleBlock | TotalBlock | QrBlock | SpaceBlock,
    Field(discriminator="type"),
]
_blocks: TypeAdapter[list[Block]] = TypeAdapter(
    Annotated[list[Block], Field(min_length=1, max_length=MAX_BLOCKS)]
)


def parse_receipt(lines: Sequence[Mapping[str, object]]) -> tuple[Block, ...]:
    """The blocks in ``lines``; raise ``InvalidData`` naming every wrong place (never its content)."""
    try:
        return tuple(_blocks.validate_python([dict(line) for line in lines]))
    except ValidationError as error:
        places = "; ".join(
            f"{'.'.join(map(str, e['loc'])) or 'receipt'}: {e['msg']}"
            for e in error.errors(include_input=False, include_url=False)
        )
        raise InvalidData(f"the receipt cannot be printed: {places}") from None
