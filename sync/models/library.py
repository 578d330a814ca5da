"""What officers wrote for the library that lies on each terminal: notices, and versions of answers."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from pydantic import AwareDatetime, Field, StringConstraints

from sync.models.base import Texts, Wire

LibraryName = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$", max_length=60)]
"""A text's or an answer's in the library."""


class LibrarySource(Wire):
    """Where an answer comes from: a text of the library, and the number of its clause."""

    text: LibraryName
    clause: Annotated[int, Field(ge=1, le=999)]


class LibraryNotice(Wire):
    """A notice of the bureau, from ``since`` to ``until``; ``published``: the day on which it was decided."""

    number: int
    title: Texts
    text: Texts
    issuer: Texts
    published: date
    since: date
    until: date


class LibraryAnswer(Wire):
    """One version of an answer, from ``since`` on in place of those before of the same name.

    ``question``: as it is shown; ``also``: more ways of asking it; ``until``: its last day, None: it has none.
    """

    number: int
    name: LibraryName
    question: Texts
    also: dict[str, list[str]]
    answer: Texts
    sources: list[LibrarySource]
    service: str | None
    since: date
    until: date | None


class LibraryEdited(Wire):
    """``library.edited``: all that is published, the same for everybody.

    ``version``: a digest of all of it; what has the same version says the same.
    """

    as_of: AwareDatetime
    version: str
    notices: list[LibraryNotice]
    answers: list[LibraryAnswer]
