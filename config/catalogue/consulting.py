"""The step in which the library that lies on this terminal is asked, or looked through."""

from __future__ import annotations

from typing import Literal

from config.catalogue.basics import BaseStep, Path


class MutualStep(BaseStep):
    """What taxpayers ask, answer and propose (``docs/mutual-help.md``), looked through at the terminal.

    ``browse``: published questions and answers, of one ``topic`` and by ``words`` where they are given. ``nearby``:
    what is answered already, in the library and among them, before one's own question is sent. ``similar``: ideas
    like one's own, to vote for instead.
    """

    kind: Literal["mutual"]
    does: Literal["browse", "nearby", "similar"]
    words: Path | None = None
    topic: Path | None = None

    @property
    def query(self) -> str:
        """What the centre is asked."""
        return "ideas.list" if self.does == "similar" else "help.published"


class OfficerStep(BaseStep):
    """An officer is asked for at a distance (``docs/consultation.md``); it leaves ``state`` and ``number``.

    ``topic`` and ``words`` are where they stand. ``talked``: an officer answered, and ``number`` is the conversation's;
    ``nobody`` and ``offline``: somebody is to be called back.
    """

    kind: Literal["officer"]
    topic: Path
    words: Path


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
