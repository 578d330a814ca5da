"""The step in which the library that lies on this terminal is asked, or looked through."""

from __future__ import annotations

from typing import Literal

from config.catalogue.basics import BaseStep, Path


class ConsultStep(BaseStep):
    """Answers from the library (``docs/consultation.md``) to the words that an earlier step took.

    ``ask`` answers a question, or says that nobody here knows; ``search`` lists what stands in the library. ``words``
    is where the words stand; ``day`` where a day does whose law is asked for, without one it is today's. Words are
    never left: it leaves ``state``, one of ``answered``, ``unsure``, ``found``, ``none``.
    """

    kind: Literal["consult"]
    does: Literal["ask", "search"]
    words: Path
    day: Path | None = None
