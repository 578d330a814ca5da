"""What the library says to somebody's words, for the officer who answers them: each with where it stands."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Final

from bureau.texts import say
from sync.models import Texts

if TYPE_CHECKING:
    from kiosk.domain.consult.ask import Consultation
    from kiosk.domain.consult.search import Found

KEPT: Final = "consultation.kept"
"""The file of the state folder with what was made of the library (``kiosk.consultation``)."""
MOST: Final = 5


@dataclass(frozen=True, slots=True)
class Source:
    """An answer or a clause of the library. ``cited``: where it stands; ``service``: what does it, or empty."""

    id: str
    title: Texts
    text: Texts
    cited: Texts
    service: str


Find = Callable[[str, str, date], Sequence[Source]]
"""What the library says to words in a language on a day, the best first."""


class Finder:
    """The library of this release. Opening it takes seconds: it is done once, when somebody asks for it first."""

    def __init__(self, state_dir: Path) -> None:
        self._kept = state_dir / KEPT
        self._lock = threading.Lock()
        self._opened: Consultation | None = None
        self._opening: threading.Thread | None = None

    def find(self, words: str, lang: str, day: date) -> Sequence[Source]:
        """What it says; whoever asks first waits until it is open."""
        with self._lock:
            if self._opened is None:
                from kiosk import consultation

                self._opened = consultation.opened(self._kept)
        return _found(self._opened, words, lang, day)

    def find_now(self, words: str, lang: str, day: date) -> Sequence[Source]:
        """The same within a transaction, which nobody may hold for seconds: nothing while it is being opened."""
        if self._opened is not None:
            return _found(self._opened, words, lang, day)
        if self._opening is None:
            self._opening = threading.Thread(
                target=self.find, args=("", lang, day), name="library", daemon=True
            )
            self._opening.start()
        return ()


def _found(library: Consultation, words: str, lang: str, day: date) -> Sequence[Source]:
    search = library.search
    return [_source(one) for one in search.find(search.understood(words, lang), day, MOST)] if words else ()


def _source(found: Found) -> Source:
    document, first = found.document, found.document.sources[0]
    answer = document.answer
    services = [answer.service] if answer is not None else list(first.text.services[:1])
    return Source(
        id=str(found.number),
        title=dict(first.clause.heading if answer is None else answer.asked[0]),
        text=dict(first.clause.text if answer is None else answer.answer),
        cited=say(f"remote.source.{first.text.unit}", title=dict(first.text.title), at=str(first.clause.at)),
        service=next(filter(None, services), "") or "",
    )
