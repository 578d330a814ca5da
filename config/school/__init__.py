"""The tax school's courses (税务学堂): what each teaches, as clauses of the law library, in our own words."""

from __future__ import annotations

import enum
from functools import cache, lru_cache
from pathlib import Path
from typing import Annotated, Literal, NamedTuple, Self

from pydantic import Field, ValidationError, model_validator

from config import yaml_files
from config.catalogue.basics import Model, Texts
from config.errors import ConfigError
from config.library.models import Clause, Id, LawText

FILE = Path(__file__).parent / "courses.yaml"
LIBRARY = Path(__file__).parents[1] / "library" / "texts"

Cite = Annotated[str, Field(pattern=r"^[a-z0-9-]+:[0-9]{1,3}$")]
"""A clause of the library: the id of its text and its number there."""


class Topic(enum.StrEnum):
    """What courses are chosen by; in this order on the screen."""

    NEW_BUSINESS = "new-business"
    VAT = "vat"
    INVOICES = "invoices"
    PERSONAL = "personal"
    PROPERTY = "property"
    VEHICLES = "vehicles"
    COMPANY = "company"
    RIGHTS = "rights"
    HALL = "hall"


class Part(Model):
    """One part of a course: what it is about, and the clauses that it teaches."""

    title: Texts
    cites: Annotated[tuple[Cite, ...], Field(min_length=1)]


class Course(Model):
    """One course. ``minutes``: how long it lasts in the hall."""

    id: Id
    topic: Topic
    title: Texts
    about: Texts
    audience: Texts
    minutes: int = Field(ge=30, le=240)
    parts: Annotated[tuple[Part, ...], Field(min_length=1, max_length=6)]


class Courses(Model):
    """The file."""

    format: Literal[1]
    courses: Annotated[tuple[Course, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _once(self) -> Self:
        ids = [course.id for course in self.courses]
        if twice := sorted({one for one in ids if ids.count(one) > 1}):
            raise ValueError(f"{', '.join(twice)}: give each course a name of its own")
        return self


class Taught(NamedTuple):
    """A clause as courseware shows it, with the text that it stands in."""

    text: LawText
    clause: Clause


@cache
def courses() -> dict[str, Course]:
    """All courses by id, in the order of the file; raises ``ConfigError`` that says what to mend."""
    try:
        found = Courses.model_validate(yaml_files.read(FILE.read_text("utf-8")))
    except (*yaml_files.UNREADABLE, ValidationError) as error:
        raise ConfigError.single(FILE, "courses", str(error), "mend it as the message says") from error
    return {course.id: course for course in found.courses}


def taught(cite: str) -> Taught | None:
    """The clause of the library that a part cites, or None where there is none."""
    name, _, number = cite.partition(":")
    text = _text(name)
    clause = text.clause(int(number)) if text is not None else None
    return Taught(text, clause) if text is not None and clause is not None else None


@lru_cache(maxsize=256)
def _text(name: str) -> LawText | None:
    """One text alone: the whole library takes seconds to read, courseware cites a few of it."""
    path = LIBRARY / f"{name}.yaml"
    return LawText.model_validate(yaml_files.read(path.read_text("utf-8"))) if path.is_file() else None
