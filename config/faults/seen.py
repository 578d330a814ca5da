"""What a technician sees of each fault: its word, how bad it is, and the guide that mends it."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Final

from pydantic import BaseModel, ConfigDict, TypeAdapter

from config import yaml_files

FILE: Final = Path(__file__).with_name("seen.yaml")


class Tone(enum.StrEnum):
    """How bad it is."""

    BAD = "bad"
    UNKNOWN = "unknown"
    LOW = "low"


class Seen(BaseModel):
    """One word. ``codes`` are those of ``faults.yaml`` that it stands for; a guide is a name, or empty."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    codes: tuple[str, ...] = ()
    tone: Tone = Tone.BAD
    guide: str = ""
    guides: Mapping[str, str] = {}

    def guide_for(self, role: str) -> str:
        """The guide that mends it in ``role``."""
        return self.guides.get(role, self.guide)


@cache
def load_seen() -> Mapping[str, Seen]:
    """The words of this software; raises ``pydantic.ValidationError`` for a row that is not whole."""
    read = yaml_files.read(FILE.read_text(encoding="utf-8"))
    return TypeAdapter(dict[str, Seen]).validate_python(read)


@cache
def word_of(code: str) -> str | None:
    """The word for a code; None when the technician is told nothing of it."""
    return next((word for word, seen in load_seen().items() if code in seen.codes), None)
