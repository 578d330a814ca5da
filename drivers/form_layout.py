"""Puts the values of a form's fields on their places: lines of text with the upper left corner of each, in mm."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from drivers.forms import Form, FormError, FormField, Values
from drivers.printer_font import cells, normalised

DOTS_PER_INCH: Final = 180
MM_PER_DOT: Final = 25.4 / DOTS_PER_INCH
"""A 24-pin head strikes 180 dots to the inch, both ways."""
SIZES: Final = (24, 20, 16)
"""Heights of characters in dots. 24 is the printer's own; a text that is too long is drawn smaller."""


@dataclass(frozen=True, slots=True)
class Placed:
    """One line of text: upper left corner in mm from that of the paper, height in dots."""

    x: float
    y: float
    text: str
    size: int = SIZES[0]


def lay_out(form: Form, values: Values) -> list[Placed]:
    """Every line to be printed; raise ``FormError`` that names the field (never its content)."""
    if unknown := sorted(set(values) - set(form.fields)):
        raise FormError(f"form {form.name} has no field {', '.join(unknown)}", "fieldSpecFailure")
    lines = [Placed(fixed.x, fixed.y, fixed.text) for fixed in form.fixed]
    for name, field in form.fields.items():
        lines += _field(name, field, values.get(name, ""))
    return [line for line in lines if line.text]


def width_mm(text: str, size: int) -> float:
    """How wide ``text`` is printed: half a cell is half the height."""
    return cells(text) * size / 2 * MM_PER_DOT


def _field(name: str, field: FormField, value: str | Sequence[str]) -> Iterator[Placed]:
    entries = [value] if isinstance(value, str) else list(value)
    if len(entries) > field.repeat:
        raise FormError(f"field {name} has room for {field.repeat} entries, not {len(entries)}")
    if field.required and not any(entries):
        raise FormError(f"field {name} must be filled in")
    for number, entry in enumerate(entries):
        size, lines = _fitted(name, field, entry)
        # Smaller characters stand in the middle of the line's height.
        top = field.y + number * field.step + (SIZES[0] - size) / 2 * MM_PER_DOT
        for row, line in enumerate(lines):
            free = field.width - width_mm(line, size)
            indent = {"left": 0.0, "center": free / 2, "right": free}[field.align]
            yield Placed(field.x + indent, top + row * field.pitch, line, size)


def _fitted(name: str, field: FormField, text: str) -> tuple[int, list[str]]:
    """The largest characters with which all of ``text`` stands in the field: nothing is ever cut off."""
    try:
        paragraphs = [normalised(part) for part in text.split("\n")]
    except ValueError as error:
        raise FormError(f"field {name} {error}") from None
    for size in SIZES:
        half_cells = int(field.width / (size / 2 * MM_PER_DOT) + 1e-9)
        lines = [line for part in paragraphs for line in _wrapped(part, half_cells)]
        if len(lines) <= field.lines:
            return size, lines
    raise FormError(f"field {name} holds more than fits on the paper; shorten it", "mediaOverflow")


def _wrapped(text: str, half_cells: int) -> Iterator[str]:
    line, used = "", 0
    for character in text:
        size = cells(character)
        if line and used + size > half_cells:
            yield line
            line, used = "", 0
        line, used = line + character, used + size
    yield line
