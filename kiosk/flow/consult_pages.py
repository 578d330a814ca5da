"""What the screen shows of the library, as plain data (see ``kiosk/flow/pages.py``)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from kiosk.flow.pages import Choice, Page


@dataclass(frozen=True, slots=True)
class ChoiceGroup:
    """Things to touch under one heading."""

    title: str
    choices: tuple[Choice, ...]


@dataclass(frozen=True, slots=True)
class ConsultPage(Page):
    """``state``: found (a list), answer (one answer or clause, whole), unsure (nobody here knows, and who does).

    Of the navigator: question (touched, it goes on), checklist (the service that does it, and what to bring).

    ``paragraphs`` are what is said, ``facts`` where it stands and since when, ``groups`` where one may go from here.
    """

    kind: ClassVar[str] = "consult"
    state: str = "answer"
    paragraphs: tuple[str, ...] = ()
    facts: tuple[tuple[str, str], ...] = ()
    groups: tuple[ChoiceGroup, ...] = ()
