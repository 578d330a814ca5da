"""What the screen shows of a list, as plain data (see ``kiosk/flow/pages.py``)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from kiosk.flow.pages import Page


@dataclass(frozen=True, slots=True)
class ListRow:
    """One row of a list: its heading, the figure beside it, tags, and lines of label and value."""

    id: str
    title: str
    amount: str = ""
    tags: tuple[str, ...] = ()
    tag_tones: tuple[str, ...] = ()
    lines: tuple[tuple[str, str], ...] = ()
    enabled: bool = True
    reason: str = ""


@dataclass(frozen=True, slots=True)
class ListPage(Page):
    """Rows to read, or to choose from. ``pick``: none, one, many. Without rows the words for that stand instead."""

    kind: ClassVar[str] = "list"
    rows: tuple[ListRow, ...] = ()
    pick: str = "none"
    selected: tuple[str, ...] = ()
    icon: str = ""
    facts: tuple[tuple[str, str], ...] = ()  # the total
    as_of: str = ""  # in words: true at that moment
    more: str = ""  # in words: these are not all
    empty_title: str = ""
    empty_text: str = ""
