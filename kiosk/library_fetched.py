"""What officers wrote for the library that lies on this terminal, as it is fetched and kept.

The centre signs it for this terminal and thirty days (``kiosk.kept``); ``AskedAhead`` fetches it with the other lists
that are the same for everybody. What begins later begins here on its day, with or without the network.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from typing import Final

from pydantic import ValidationError

from config.catalogue import Catalogue
from kiosk.effects.base import Origin
from kiosk.kept import Keeps
from sync.models import LibraryEdited

log = logging.getLogger("kiosk.library")
QUERY: Final = "library.edited"
SERVICE: Final = "consult.ask"
"""In whose name it is asked for and kept; every service that looks into the library has it from there."""
NOBODY: Final[Mapping[str, object]] = {"person": None, "taxpayer": None, "role": None}
Editing = Callable[[], LibraryEdited | None]
"""Where the library's desk looks for what was fetched last."""


def origin(catalogue: Catalogue, lang: str) -> Origin:
    """As whom the terminal asks for it."""
    published = catalogue[SERVICE]
    return Origin("", "", "answer", SERVICE, published.hash, lang, NOBODY)


class Edited:
    """What was fetched last, while the centre's word for it counts."""

    def __init__(self, kept: Keeps, catalogue: Catalogue, lang: str) -> None:
        self._kept, self._origin = kept, origin(catalogue, lang)

    def __call__(self) -> LibraryEdited | None:
        """None: nothing was fetched so far, or too long ago."""
        found = self._kept.find(QUERY, {}, self._origin)
        try:
            return None if found is None else LibraryEdited.model_validate(found.data)
        except ValidationError:  # of a centre that is newer than this terminal
            log.warning("what the bureau wrote for the library could not be read")
            return None
