"""What the library says to somebody's words, for the officer who answers them: each with where it stands."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Final

from bureau.engine.knowledge import showing
from bureau.errors import CoreLacks
from bureau.ports.core import Core
from bureau.texts import say
from kiosk import library_edited
from sync.models import LibraryEdited, Texts

if TYPE_CHECKING:
    from kiosk.domain.consult.ask import Consultation
    from kiosk.domain.consult.search import Found

KEPT: Final = "consultation.kept"
"""The file of the state folder with what was made of the library (``kiosk.consultation``)."""
MOST: Final = 5


@dataclass(frozen=True, slots=True)
class Source:
    """An answer or a clause of the library. ``cited``: where it stands; ``service``: what does it, or empty.

    ``id``: the answer's name, or the text's and the clause.
    """

    id: str
    title: Texts
    text: Texts
    cited: Texts
    service: str


Find = Callable[[Core, str, str, date], Sequence[Source]]
"""What the library says to words in a language on a day, the best first."""


def written(core: Core) -> LibraryEdited | None:
    """What officers wrote since the release; None: this core system keeps none of it."""
    try:
        return showing.edited(core)
    except CoreLacks:
        return None


class Finder:
    """The library as terminals have it: of this release, with what officers wrote.

    Opening it takes seconds: it is done when somebody asks for it first, and when something else stands there.
    """

    def __init__(self, state_dir: Path) -> None:
        self._kept = state_dir / KEPT
        self._lock = threading.Lock()
        self._opened: tuple[str, Consultation] | None = None
        self._opening: threading.Thread | None = None

    def find(self, edited: LibraryEdited | None, words: str, lang: str, day: date) -> Sequence[Source]:
        """What it says; whoever asks first waits until it is open."""
        return _found(self._open(edited, day), words, lang, day)

    def find_now(self, core: Core, words: str, lang: str, day: date) -> Sequence[Source]:
        """The same within a transaction, which nobody may hold for seconds.

        While it is being opened it says what it said before, at first nothing.
        """
        edited, opened = written(core), self._opened
        if opened is None or opened[0] != library_edited.stamp(edited, day):
            if self._opening is None or not self._opening.is_alive():
                self._opening = threading.Thread(
                    target=self._open, args=(edited, day), name="library", daemon=True
                )
                self._opening.start()
        return () if opened is None else _found(opened[1], words, lang, day)

    def _open(self, edited: LibraryEdited | None, day: date) -> Consultation:
        stamp = library_edited.stamp(edited, day)
        with self._lock:
            if self._opened is None or self._opened[0] != stamp:
                from kiosk import consultation

                change = library_edited.change(edited, day)
                self._opened = stamp, consultation.opened(self._kept, edited=change, stamp=stamp)
            return self._opened[1]


def _found(library: Consultation, words: str, lang: str, day: date) -> Sequence[Source]:
    search = library.search
    return [_source(one) for one in search.find(search.understood(words, lang), day, MOST)] if words else ()


def _source(found: Found) -> Source:
    document, first = found.document, found.document.sources[0]
    answer = document.answer
    services = [answer.service] if answer is not None else list(first.text.services[:1])
    return Source(
        id=f"{first.text.id}:{first.clause.at}" if answer is None else answer.id,
        title=dict(first.clause.heading if answer is None else answer.asked[0]),
        text=dict(first.clause.text if answer is None else answer.answer),
        cited=say(f"remote.source.{first.text.unit}", title=dict(first.text.title), at=str(first.clause.at)),
        service=next(filter(None, services), "") or "",
    )
