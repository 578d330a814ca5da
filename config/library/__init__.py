"""The law library and the knowledge base, read and held together; see ``docs/library.md``."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final, TypeVar

from pydantic import ValidationError

from config import yaml_files
from config.catalogue import problems
from config.catalogue.basics import Model
from config.errors import ConfigError, Problem
from config.library.models import Answer, AnswersFile, LawText

M = TypeVar("M", bound=Model)

BUILT_IN: Final = Path(__file__).parent
"""The library that ships with the software: ``texts/`` and ``answers/``."""


@dataclass(frozen=True, slots=True)
class Library:
    """All texts and answers by their ids."""

    texts: Mapping[str, LawText]
    answers: Mapping[str, Answer]

    def in_force(self, day: date) -> tuple[LawText, ...]:
        """The texts in force on that day, newest first."""
        held = (text for text in self.texts.values() if text.in_force(day))
        return tuple(sorted(held, key=lambda text: (text.effective, text.id), reverse=True))


def load(folder: Path = BUILT_IN, services: Iterable[str] | None = None) -> Library:
    """Read every text and answer of the folder; with ``services``, those that they lead to must be among them.

    Raises ``ConfigError`` with all mistakes found, each with its file and what to mend.
    """
    wrong: list[Problem] = []
    texts: dict[str, LawText] = {}
    answers: dict[str, Answer] = {}
    for path in sorted((folder / "texts").glob("*.yaml")):
        text = _read(path, LawText, wrong)
        if text is not None and text.id != path.stem:
            wrong.append(
                Problem(str(path), "id", f"is {text.id!r} in a file of another name", "name both alike")
            )
        if text is not None:
            texts[text.id] = text
    for path in sorted((folder / "answers").glob("*.yaml")):
        file = _read(path, AnswersFile, wrong)
        for answer in file.answers if file else ():
            if answer.id in answers:
                wrong.append(
                    Problem(str(path), answer.id, "stands in the library twice", "give it another id")
                )
            answers[answer.id] = answer
    library = Library(texts, answers)
    wrong.extend(_loose_ends(folder, library, None if services is None else frozenset(services)))
    if wrong:
        raise ConfigError(wrong)
    return library


def _read(path: Path, model: type[M], wrong: list[Problem]) -> M | None:
    try:
        return model.model_validate(yaml_files.read(path.read_bytes()))
    except ValidationError as error:
        wrong.extend(problems.of_model(str(path), each) for each in error.errors())
    except yaml_files.UNREADABLE as error:
        wrong.append(problems.of_yaml(str(path), error))
    return None


def _loose_ends(folder: Path, library: Library, services: frozenset[str] | None) -> Iterator[Problem]:
    """What names something that is not there."""
    for text in library.texts.values():
        where = str(folder / "texts" / f"{text.id}.yaml")
        if text.replaced_by is not None and text.replaced_by not in library.texts:
            yield Problem(where, "replaced_by", f"{text.replaced_by!r} is no text", "name one of texts/")
        for service in text.services:
            if services is not None and service not in services:
                yield Problem(where, "services", f"{service!r} is no service", "name one of the catalogue")
    for answer in library.answers.values():
        yield from _loose_ends_of(str(folder / "answers"), answer, library, services)


def _loose_ends_of(
    where: str, answer: Answer, library: Library, services: frozenset[str] | None
) -> Iterator[Problem]:
    for cited in answer.sources:
        text = library.texts.get(cited.text)
        if text is None:
            yield Problem(where, answer.id, f"{cited.text!r} is no text", "name one of texts/")
        elif text.clause(cited.clause) is None:
            yield Problem(
                where, answer.id, f"{cited.text} has no clause {cited.clause}", "name one that is there"
            )
        elif not text.in_force(answer.since):
            yield Problem(
                where, answer.id, f"{cited.text} was not in force on {answer.since}", "cite what was"
            )
    for other in answer.more:
        if other not in library.answers:
            yield Problem(where, answer.id, f"{other!r} is no answer", "name another in more")
    if services is not None and answer.service is not None and answer.service not in services:
        yield Problem(where, answer.id, f"{answer.service!r} is no service", "name one of the catalogue")
