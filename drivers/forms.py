"""Paper stocks that are printed on: one YAML file each in ``config/forms``, with the place of every field in mm.

Positions are those of the paper itself, from its upper left corner; where a printer's head lies over the paper
and how a terminal is adjusted are the driver's settings.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Final, Literal

import yaml
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, model_validator

from drivers.errors import DriverConfigError, InvalidData
from drivers.printer_font import normalised

BUILT_IN: Final = Path(__file__).parent.parent / "config" / "forms"
Millimetres = Annotated[float, Field(ge=0, le=420)]
Values = Mapping[str, str | Sequence[str]]
"""A field's value, or the values of a repeated field, by the field's name."""


class FormError(InvalidData):
    """The form cannot be filled in that way; ``code`` is XFS4IoT's (``formNotFound``, ``fieldError`` …)."""

    default_code = "fieldError"


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class FormField(_Model):
    """A place to write: ``x``, ``y`` is the upper left corner of its first character.

    ``lines`` of text at ``pitch``; ``repeat`` times, ``step`` apart (an index field of XFS4IoT).
    """

    x: Millimetres
    y: Millimetres
    width: Annotated[float, Field(gt=0, le=420)]
    lines: Annotated[int, Field(ge=1, le=20)] = 1
    pitch: Annotated[float, Field(ge=2.5, le=30)] = 4.3
    repeat: Annotated[int, Field(ge=1, le=40)] = 1
    step: Annotated[float, Field(ge=2.5, le=30)] = 4.3
    align: Literal["left", "center", "right"] = "left"
    required: bool = False


class Fixed(_Model):
    """A text that is always printed."""

    x: Millimetres
    y: Millimetres
    text: Annotated[str, Field(min_length=1, max_length=100), AfterValidator(normalised)]


class Form(_Model):
    """One paper stock. ``numbered``: every sheet has an invoice code and number and is printed once."""

    name: str
    title: Mapping[Literal["zh-CN", "en-US"], str]
    width: Annotated[float, Field(gt=20, le=420)]
    height: Annotated[float, Field(gt=20, le=420)]
    numbered: bool = True
    fields: Mapping[str, FormField] = {}
    fixed: tuple[Fixed, ...] = ()

    @model_validator(mode="after")
    def _on_the_paper(self) -> Form:
        for name, field in self.fields.items():
            below = field.y + (field.repeat - 1) * field.step + (field.lines - 1) * field.pitch
            if field.x + field.width > self.width or below + 3 > self.height:
                raise ValueError(f"field {name} leaves the paper")
        return self


def load_forms(directory: Path = BUILT_IN) -> Mapping[str, Form]:
    """All forms of ``directory`` by name; raise ``DriverConfigError`` with what is wrong."""
    try:
        files = sorted(directory.glob("*.yaml"))
    except OSError as error:
        raise DriverConfigError(f"forms: {directory} cannot be read ({error.strerror})") from None
    if not files:
        raise DriverConfigError(f"forms: there is no .yaml file in {directory}; write a folder with forms")
    return {file.stem: _load(file) for file in files}


@lru_cache(maxsize=64)
def _load(file: Path) -> Form:
    try:
        content = yaml.safe_load(file.read_text("utf-8"))
        if not isinstance(content, dict):
            raise TypeError("it is no mapping")
    except (OSError, TypeError, ValueError, RecursionError, yaml.YAMLError) as error:
        raise DriverConfigError(f"form {file.name} cannot be read: {error}; mend it, as UTF-8 text") from None
    try:
        return Form.model_validate({"name": file.stem, **content})
    except ValidationError as error:
        problems = "; ".join(f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors())
        raise DriverConfigError(f"form {file.name}: {problems}") from None
