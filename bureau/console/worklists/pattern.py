"""What a worklist is: a list with tabs, the page of one of its entries, and the deeds that can be done there.

Its words are found by name: ``place.KEY`` in the rail, ``KEY.title`` and ``KEY.none`` of the list, ``KEY.tab.TAB``,
``KEY.COLUMN``; of a deed ``WORDS`` on its button, ``WORDS.done``, each input's ``WORDS-INPUT``, and where there are
such words ``WORDS-INPUT-example``, ``WORDS-lead`` above it and ``WORDS-sure``, which is asked before it is done, below
what is worked out of what was filled in (``Deed.worked``).
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Generic, Literal, TypeVar

from markupsafe import Markup

from bureau.console.desk import Desk
from bureau.engine.proposals import ENGLISH
from bureau.officers.roles import Act
from bureau.ports.system import Work
from sync.models import Texts

R = TypeVar("R")
"""A row of the list, of the core system's."""
E = TypeVar("E")
"""One of its entries, opened."""
OWN_NUMBER: Final = r"\d{20}"
"""The numbers that the bureau gives (``kiosk.domain.own_numbers``)."""
LISTED: Final = 500
"""So many in a list at most; the page says so where there are more."""


@dataclass(frozen=True, slots=True)
class Input:
    """Something to be filled in: a line, several lines, one or some of several, a day, a moment, or a whole number.

    ``words`` are one line once they are sent, ``lines`` stay as many as were written. ``options``: what is kept, and
    what is read. ``most``: characters, or the largest number. ``like``: a pattern that all of a line matches.
    """

    key: str
    kind: Literal["line", "words", "lines", "choice", "ticks", "day", "moment", "number"] = "line"
    most: int = 200
    options: Mapping[str, str] = field(default_factory=dict)
    value: str = ""
    optional: bool = False
    like: str = ""


Values = Mapping[str, str]
"""What was filled in, by the inputs' keys; empty for what was left out, the chosen of ``ticks`` parted by spaces."""


def in_both(key: str, most: int, kind: Literal["line", "words"] = "line") -> tuple[Input, Input]:
    """A text in Chinese and in English; ``most``: characters of Chinese."""
    return Input(key, kind, most), Input(f"{key}-en", kind, ENGLISH * most)


def both(values: Values, key: str) -> Texts:
    """What was filled in there."""
    return {"zh-CN": values[key], "en-US": values[f"{key}-en"]}


@dataclass(frozen=True, slots=True)
class Deed(Generic[E]):
    """Something that is done with one of the list's entries, or to begin one.

    ``do`` runs in one transaction, gets the officer's name, and raises what the engine raises. ``offered``: whether it
    is shown for this entry, to this officer; ``lead`` in place of the words above it. ``details`` is what the trail
    keeps of what was filled in: never a person's data. ``worked``: what is worked out of what was filled in, and shown
    before it is done; raises what the engine raises.
    """

    act: Act
    words: str
    do: Callable[[Desk, Work, str, E, Values], object]
    inputs: Callable[[Desk, E], Sequence[Input]] = lambda _desk, _one: ()
    offered: Callable[[Desk, E], bool] = lambda _desk, _one: True
    lead: Callable[[Desk, E], str] | None = None
    details: Callable[[Values], Mapping[str, str]] = lambda _values: {}
    kind: Literal["primary", "quiet", "danger"] = "primary"
    worked: Callable[[Desk, Values], Markup] | None = None


@dataclass(frozen=True, slots=True)
class Sheet:
    """The page of an entry: sections with their headings, and what happened, the first on top."""

    title: str
    sections: Sequence[tuple[str, Markup]]
    history: Sequence[tuple[str, str]] = ()
    lead: str = ""


@dataclass(frozen=True, slots=True)
class Worklist(Generic[R, E]):
    """All of a worklist. ``open`` runs in a transaction that may write, as a look at somebody's data is noted.

    ``shown`` and ``current`` are what the page was drawn of and what stands there now, held: where they differ, nothing
    is done. ``mark`` differs whenever something of the list changed. ``waits``: how many wait, and how many of
    them are late. ``live``: the page of an entry follows what changes too, and stays open after a deed; ``open`` then
    changes nothing. ``begin``: deeds that begin an entry, with what ``begin_with`` finds for their inputs.
    ``found_by``: the words of a row that the list is searched in; such a list is shown a page at a time, whole.
    ``columns_of``: of tabs whose rows have other columns.
    """

    key: str
    see: Act
    tabs: Sequence[str]
    columns: Sequence[str]
    rows: Callable[[Desk, Work, str], Sequence[R]]
    cells: Callable[[Desk, R], Sequence[object]]
    open: Callable[[Desk, Work, str, str], E]
    sheet: Callable[[Desk, E], Sheet]
    shown: Callable[[E], object]
    current: Callable[[Work, E], object]
    deeds: Sequence[Deed[E]]
    mark: Callable[[Work], Hashable]
    waits: Callable[[Desk, Work], tuple[int, int]]
    begin: Sequence[Deed[Any]] = ()
    begin_with: Callable[[Desk, Work], object] = lambda _desk, _work: None
    number: str = OWN_NUMBER
    found_by: Callable[[R], Sequence[str]] | None = None
    live: bool = False
    columns_of: Mapping[str, Sequence[str]] = field(default_factory=dict)

    @property
    def path(self) -> str:
        """The list's address; an entry's is below it."""
        return f"/{self.key}"
