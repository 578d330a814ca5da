"""What people ask a terminal, with the clauses that answer it: what the consultation is measured with.

``open.yaml`` may be looked at while the consultation is made better; questions that were held back until they were
spent stand there too. ``held.yaml`` is for measuring alone: who reads its misses one by one and mends the consultation
until they are gone has spent it. It was written from the texts and answers of the library, without a look at the index, at
``words.yaml`` or at ``limits.yaml``, and was asked by nobody before it stood.
"""

from __future__ import annotations

import enum
from datetime import date
from pathlib import Path
from typing import Annotated, Final, Literal, Self

from pydantic import Field, model_validator

from config import yaml_files
from config.catalogue.basics import Model
from config.library.models import Cited, Id, Topic

HERE: Final = Path(__file__).parent
TODAY: Final = date(2026, 11, 29)

Part = Literal["open", "held"]
PARTS: Final[tuple[Part, ...]] = ("open", "held")


class Manner(enum.StrEnum):
    """How it is asked."""

    PLAIN = "plain"
    COLLOQUIAL = "colloquial"
    MISSPELT = "misspelt"  # a wrong key, or another character of the same sound
    INITIALS = "initials"  # the first letters of pinyin
    WORD = "word"  # a word and nothing else
    RAMBLING = "rambling"  # a whole story around it
    NUMBERS = "numbers"  # with one's own amounts


class Beyond(enum.StrEnum):
    """Why the library has no answer."""

    OUTSIDE = "outside"  # not about tax
    NEAR = "near"  # about tax or social insurance, but not in the library
    OWN_DATA = "own-data"  # the asker's own figures: a service shows them after signing in
    TRAP = "trap"  # the words of an answer, but another question
    CHAT = "chat"  # small talk
    PREDICTION = "prediction"
    EVASION = "evasion"
    NONSENSE = "nonsense"


class Question(Model):
    """One question. ``expects``: every clause that truly answers it, any of which is a hit; none, and ``why`` none.

    ``day``: the day it is asked about; ``service``: the service that does it.
    """

    id: Id
    asked: str = Field(min_length=1)
    lang: Literal["zh-CN", "en-US"] = "zh-CN"
    manner: Manner
    topic: Topic | None = None
    expects: Annotated[tuple[Cited, ...], Field(max_length=4)]
    beyond: Beyond | None = None
    why: str = ""
    service: str | None = None
    day: date = TODAY

    @model_validator(mode="after")
    def _holds_together(self) -> Self:
        if len(set(self.expects)) != len(self.expects):
            raise ValueError("expects: names a clause twice")
        if self.expects and self.topic is None:
            raise ValueError("topic: what the library answers is about something")
        if bool(self.expects) == (self.beyond is not None) or bool(self.beyond) != bool(self.why):
            raise ValueError("expects: either clauses, or none with beyond and why")
        return self


class QuestionsFile(Model):
    """The questions of one part."""

    format: Literal[1]
    questions: Annotated[tuple[Question, ...], Field(min_length=1)]


def load(part: Part) -> tuple[Question, ...]:
    """The questions of that part, those with an answer first."""
    raw = (HERE / f"{part}.yaml").read_bytes()
    return QuestionsFile.model_validate(yaml_files.read(raw)).questions
