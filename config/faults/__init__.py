"""What each fault of a device means: what is tried again, who is asked, and whether its role is closed meanwhile.

The table is data (``faults.yaml``); availability reads it, and docs/faults.md is made of it.
"""

from __future__ import annotations

import enum
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Final

from pydantic import BaseModel, ConfigDict, TypeAdapter

from config import yaml_files

ANY: Final = "any"
"""The section for every role."""
FILE: Final = Path(__file__).with_name("faults.yaml")


class Retry(enum.StrEnum):
    """What is tried again by itself, and when."""

    NEVER = "never"
    AT_ONCE = "atOnce"
    RECONNECT = "reconnect"
    AFTERWARDS = "afterwards"


class Ask(enum.StrEnum):
    """Whose hand is needed."""

    NOBODY = "nobody"
    VISITOR = "visitor"
    STAFF = "staff"
    MAKER = "maker"


class Fault(BaseModel):
    """One row. ``closes``: the role cannot serve while the fault stands."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    retry: Retry
    ask: Ask
    closes: bool


Sections = Mapping[str, Mapping[str, Fault]]


class FaultTable:
    """The rows by role and code."""

    def __init__(self, sections: Sections) -> None:
        self._sections = sections

    @property
    def roles(self) -> tuple[str, ...]:
        """The roles that have rows of their own."""
        return tuple(role for role in self._sections if role != ANY)

    def rows(self, role: str) -> Mapping[str, Fault]:
        """A role's own rows and those of every role."""
        return {**self._sections[ANY], **self._sections.get(role, {})}

    def row(self, role: str, code: str) -> Fault | None:
        """What ``code`` means for ``role``; None when nobody has said so."""
        return self.rows(role).get(code)

    def closes(self, role: str, code: str) -> bool:
        """Whether the role is closed while ``code`` stands; a code that nobody knows closes it."""
        row = self.row(role, code)
        return row is None or row.closes


@cache
def load_faults() -> FaultTable:
    """The table of this software; raises ``pydantic.ValidationError`` for a row that is not whole."""
    read = yaml_files.read(FILE.read_text(encoding="utf-8"))
    return FaultTable(TypeAdapter(dict[str, dict[str, Fault]]).validate_python(read))


__all__ = ["ANY", "Ask", "Fault", "FaultTable", "Retry", "load_faults"]
