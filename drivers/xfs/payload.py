"""What every XFS4IoT payload has in common: lowerCamel names, no nulls sent, bytes as base64, words in any case.

Absent and null mean the same, unknown properties are ignored, and a number is never taken for a text.
"""

from __future__ import annotations

import base64
import binascii
import enum
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, PlainSerializer
from pydantic.alias_generators import to_camel


class Payload(BaseModel):
    """Base of every payload and of the objects inside one. Immutable; its errors never repeat what was sent."""

    model_config = ConfigDict(
        alias_generator=to_camel,
        populate_by_name=True,
        extra="ignore",
        frozen=True,
        strict=True,
        hide_input_in_errors=True,
    )

    def wire(self) -> dict[str, Any]:
        """The JSON object: nulls left out, enums and bytes as text."""
        return self.model_dump(mode="json", by_alias=True, exclude_none=True)


class Nothing(Payload):
    """A payload without properties."""


def word(kind: type[enum.StrEnum]) -> BeforeValidator:
    """Take a word of ``kind`` in any case, as the standard's own servers do."""
    known = {member.value.lower(): member for member in kind}

    def read(value: object) -> object:
        return known.get(value.lower(), value) if isinstance(value, str) else value

    return BeforeValidator(read)


def _decode(value: object) -> object:
    if not isinstance(value, str):
        return value
    try:
        return base64.b64decode(value, validate=True)
    except (binascii.Error, ValueError):
        raise ValueError("is not standard base64 with padding and without line breaks") from None


def _filled(value: bytes) -> bytes:
    if not value:
        raise ValueError("is empty; leave it out instead")
    return value


def _encode(value: bytes) -> str:
    return base64.b64encode(value).decode("ascii")


Data = Annotated[
    bytes, BeforeValidator(_decode), AfterValidator(_filled), PlainSerializer(_encode, when_used="json")
]
"""Bytes on the wire: base64, never empty."""

UnitId = Annotated[str, Field(pattern=r"^unit[0-9A-Za-z]{1,16}$")]
"""Key of a storage unit."""

JobKey = Annotated[str, Field(pattern=r"^[0-9A-Za-z][0-9A-Za-z._:-]{7,63}$")]
"""The client's own key of a job of paper, unique for ever (a UUID will do)."""
