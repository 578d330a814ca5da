"""The questions that lead a visitor to the right service (办税向导, ``navigator.yaml``), and their mistakes."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Annotated, Final, Literal, Self

from pydantic import Field, ValidationError, model_validator

from config import yaml_files
from config.catalogue import problems
from config.catalogue.basics import Model, Texts
from config.errors import ConfigError, Problem, did_you_mean

BUILT_IN: Final = Path(__file__).with_name("navigator.yaml")
DEEPEST: Final = 4
"""Questions that anybody is asked before they are told which service it is."""
MOST_OPTIONS: Final = 8
"""Of one question: as many as stand on one page in ordinary letters."""


class WayOn(Model):
    """One answer: it leads to a question (``to``) or to a service, whose icon it has unless it names one."""

    title: Texts
    note: Texts = Field(default_factory=dict)
    icon: str = ""
    to: str = ""
    service: str = ""

    @property
    def leads(self) -> str:
        """The question or the service, by its id."""
        return self.to or self.service

    @model_validator(mode="after")
    def _leads_somewhere(self) -> Self:
        if bool(self.to) is bool(self.service):
            raise ValueError("leads to a question or to a service, one of the two")
        if self.to and not self.icon:
            raise ValueError("leads to a question and has no icon")
        return self


class Question(Model):
    """What is asked, and what may be answered."""

    id: Annotated[str, Field(pattern=r"^[a-z][a-z-]*$")]
    ask: Texts
    options: Annotated[tuple[WayOn, ...], Field(min_length=2, max_length=MOST_OPTIONS)]


class Omitted(Model):
    """A service that no question leads to, and why."""

    service: str
    why: Annotated[str, Field(min_length=10)]


class Navigator(Model):
    """All questions; ``start`` is the first one."""

    format: Literal[1]
    start: str
    questions: Annotated[tuple[Question, ...], Field(min_length=1)]
    omitted: tuple[Omitted, ...] = ()

    def question(self, name: str) -> Question:
        """The question of that id; raises ``KeyError``."""
        return self.by_id()[name]

    def by_id(self) -> Mapping[str, Question]:
        """All questions by their ids."""
        return {question.id: question for question in self.questions}


def load(path: Path = BUILT_IN) -> Navigator:
    """Read the questions; every one is led to, in no circle, and at most ``DEEPEST`` of them lead to a service.

    Raises ``ConfigError`` with every mistake and what to mend.
    """
    try:
        held = Navigator.model_validate(yaml_files.read(path.read_bytes()))
    except ValidationError as error:
        raise ConfigError([problems.of_model(str(path), each) for each in error.errors()]) from error
    except yaml_files.UNREADABLE as error:
        raise ConfigError([problems.of_yaml(str(path), error)]) from error
    _refuse(path, _mistakes(held))
    return held


def check(held: Navigator, services: Collection[str], path: Path = BUILT_IN) -> None:
    """Every leaf is one of ``services``, and each of them is led to, or listed with why not.

    Raises ``ConfigError`` with every mistake and what to mend.
    """
    _refuse(path, _services(held, services))


@cache
def shipped() -> Navigator:
    """The questions of this release; the start of a terminal checks them against its catalogue."""
    return load()


Told = tuple[str, str, str]


def _refuse(path: Path, told: Iterable[Told]) -> None:
    if found := [Problem(str(path), *one) for one in told]:
        raise ConfigError(found)


def _mistakes(held: Navigator) -> Iterator[Told]:
    known = held.by_id()
    if len(known) < len(held.questions):
        names = [question.id for question in held.questions]
        twice = sorted({name for name in names if names.count(name) > 1})
        yield "questions", f"{', '.join(twice)} is asked twice", "give each question an id of its own"
        return
    if held.start not in known:
        yield "start", f"no question is called {held.start!r}", did_you_mean(held.start, known)
        return
    lost = [
        (f"questions.{question.id}", f"no question is called {option.to!r}", did_you_mean(option.to, known))
        for question in held.questions
        for option in question.options
        if option.to and option.to not in known
    ]
    if lost:
        yield from lost
        return
    for question in held.questions:
        ways = [option.leads for option in question.options]
        if twice := sorted({way for way in ways if ways.count(way) > 1}):
            fix = "let each answer lead somewhere else"
            yield f"questions.{question.id}", f"{', '.join(twice)} is led to by two answers", fix
    depth: dict[str, int] = {}
    yield from _followed(held, known, (held.start,), depth)
    for name in known.keys() - depth.keys():
        yield f"questions.{name}", "no answer leads to it", "lead to it, or take it away"


def _followed(
    held: Navigator, known: Mapping[str, Question], way: tuple[str, ...], depth: dict[str, int]
) -> Iterator[Told]:
    """Every way on from the last question of ``way``: not in a circle, and not too far."""
    at = way[-1]
    depth[at] = max(depth.get(at, 0), len(way))
    if len(way) > DEEPEST:
        fix = f"ask at most {DEEPEST}: {' > '.join(way)}"
        yield f"questions.{at}", f"is question {len(way)} on its way", fix
        return
    for option in known[at].options:
        if option.to in way:
            yield f"questions.{at}", f"leads back to {option.to!r}", "lead on, not in a circle"
        elif option.to:
            yield from _followed(held, known, (*way, option.to), depth)


def _services(held: Navigator, services: Collection[str]) -> Iterator[Told]:
    """Leaves that are no services, and services that are neither led to nor listed, or both."""
    left = {one.service: f"omitted.{number}" for number, one in enumerate(held.omitted)}
    leads = {o.service: f"questions.{q.id}" for q in held.questions for o in q.options if o.service}
    for name, place in (*leads.items(), *left.items()):
        if name not in services:
            yield place, f"{name!r} is no service", did_you_mean(name, services)
    for name in sorted(leads.keys() & left.keys()):
        yield left[name], f"{name!r} is led to all the same", "take it out of the list"
    for name in sorted(set(services) - leads.keys() - left.keys()):
        fix = "lead to it by an answer, or list it under omitted with why"
        yield "questions", f"no answer leads to the service {name!r}", fix
