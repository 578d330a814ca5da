"""The page of a conversation, as plain data (see ``kiosk/flow/pages.py``)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar

from kiosk.flow.pages import Choice, Page


@dataclass(frozen=True, slots=True)
class SpeechLine:
    """One bubble: who, what; of a source its title and where it stands; of a service the key that opens it."""

    mine: bool
    who: str
    text: str = field(repr=False)
    title: str = field(default="", repr=False)
    source: str = field(default="", repr=False)
    opens: Choice | None = None


@dataclass(frozen=True, slots=True)
class TalkPage(Page):
    """Somebody waits for an officer, or talks to one. ``state``: waiting, late, talking, ended.

    ``paragraphs``: what is said while nobody has answered; ``quick``: short answers that one touch gives.
    """

    kind: ClassVar[str] = "talk"
    state: str = "waiting"
    paragraphs: tuple[str, ...] = ()
    facts: tuple[tuple[str, str], ...] = ()
    lines: tuple[SpeechLine, ...] = ()
    quick: tuple[Choice, ...] = ()
