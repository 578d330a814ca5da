"""What is found: each clause and each answer of the library, with the fields it is looked up by."""

from __future__ import annotations

import enum
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Final, Literal

from config.library import Library
from config.library.models import Answer, Clause, LawText
from kiosk.domain.consult.index import Field
from kiosk.domain.consult.tokens import Tokens


@dataclass(frozen=True, slots=True)
class Source:
    """A clause with the text it stands in."""

    text: LawText
    clause: Clause


@dataclass(frozen=True, slots=True)
class Document:
    """A clause (``answer`` is None: the one of ``sources``), or an answer with all clauses it cites."""

    answer: Answer | None
    sources: tuple[Source, ...]

    @property
    def since(self) -> date:
        """The first day it is right."""
        return self.sources[0].text.effective if self.answer is None else self.answer.since

    @property
    def until(self) -> date | None:
        """The last day it is right; none as long as nothing took its place."""
        if self.answer is None:
            return self.sources[0].text.until
        return self.answer.until

    def right_on(self, day: date) -> bool:
        """Whether it is right on that day."""
        return self.since <= day and (self.until is None or day <= self.until)


def wordings(of: Document, lang: str) -> tuple[str, ...]:
    """All ways in which people ask for it, those that are shown first."""
    named: Literal["zh-CN", "en-US"] = "zh-CN" if lang == "zh-CN" else "en-US"
    if of.answer is None:
        return of.sources[0].clause.also.get(named, ())
    return (*(said[lang] for said in of.answer.asked), *of.answer.also.get(named, ()))


def documents(library: Library) -> tuple[Document, ...]:
    """All of the library: answers in the order of their files, then clauses."""
    return (*_answers(library), *_clauses(library))


def _answers(library: Library) -> Iterator[Document]:
    for answer in library.answers.values():
        sources = []
        for cited in answer.sources:
            text = library.texts[cited.text]
            clause = text.clause(cited.clause)
            if clause is not None:
                sources.append(Source(text, clause))
        yield Document(answer, tuple(sources))


def _clauses(library: Library) -> Iterator[Document]:
    for text in library.texts.values():
        yield from (Document(None, (Source(text, clause),)) for clause in text.clauses)


class _Kind(enum.IntEnum):
    """Fields that are alike in length, each with what a word is worth there."""

    ASKED = 0
    HEADING = 1
    SAID = 2
    TITLE = 3
    ABOUT = 4
    CITED = 5


_WORTH: Final = {
    _Kind.ASKED: 1.0,
    _Kind.HEADING: 2.0,
    _Kind.SAID: 1.5,
    _Kind.TITLE: 1.0,
    _Kind.ABOUT: 0.4,
    _Kind.CITED: 0.2,
}
_FROM_ITS_SOURCE: Final = 0.5
"""What a word of a cited clause is worth in the answer that cites it."""


def fields(of: Sequence[Document], tokens: Tokens, lang: str) -> Iterator[list[Field]]:
    """The fields of each document in that language: an answer is found by its clauses too, a clause by its answers."""
    cut = cache(tokens.of)
    asked: dict[tuple[str, int], list[str]] = {}
    for document in of:
        if document.answer is not None:
            words = [token for said in wordings(document, lang) for token in cut(said, True)]
            for source in document.sources:
                asked.setdefault((source.text.id, source.clause.at), []).extend(words)
    for document in of:
        if document.answer is not None:
            answer = document.answer
            yield [
                *(_field(_Kind.ASKED, cut(said)) for said in wordings(document, lang)),
                _field(_Kind.SAID, cut(answer.answer[lang], True)),
                *(_cited(_Kind.HEADING, cut(source.clause.heading[lang])) for source in document.sources),
                *(_cited(_Kind.SAID, cut(source.clause.text[lang], True)) for source in document.sources),
                _cited(_Kind.TITLE, cut(document.sources[0].text.title[lang])),
            ]
        else:
            (source,) = document.sources
            yield [
                *(_field(_Kind.ASKED, cut(said)) for said in wordings(document, lang)),
                _field(_Kind.HEADING, cut(source.clause.heading[lang])),
                _field(_Kind.SAID, cut(source.clause.text[lang], True)),
                _field(_Kind.TITLE, cut(source.text.title[lang])),
                _field(_Kind.ABOUT, cut(source.text.about[lang], True)),
                _field(_Kind.CITED, asked.get((source.text.id, source.clause.at), [])),
            ]


def _field(kind: _Kind, tokens: list[str]) -> Field:
    return Field(tokens, _WORTH[kind], kind)


def _cited(kind: _Kind, tokens: list[str]) -> Field:
    return Field(tokens, _FROM_ITS_SOURCE, kind)
