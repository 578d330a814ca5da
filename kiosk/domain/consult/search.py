"""Full-text search in the library, in Chinese and English, by the day that is asked about."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property, partial
from types import MappingProxyType
from typing import Final

from config.library import Library
from config.library.words import Words
from config.readings import Readings
from kiosk.domain.consult.documents import Document, documents, fields, wordings
from kiosk.domain.consult.index import Field, Index
from kiosk.domain.consult.mended import Mended
from kiosk.domain.consult.spelled import Spelled
from kiosk.domain.consult.tokens import CHARACTER, FIGURE, HAN, MEANING, PAIR, SOUND, WORD, Tokens, bare

CHINESE: Final = "zh-CN"
ENGLISH: Final = "en-US"

WORTH: Final[Mapping[str, float]] = {
    CHARACTER: 0.4,
    PAIR: 0.5,
    SOUND: 0.1,
    MEANING: 2.0,
    WORD: 1.0,
    FIGURE: 0.3,
}
"""What a token of the question is worth by its kind. Tuned on the library's own wordings, each looked for in a library
without it, and on the open part of the questions: docs/consultation.md."""

ABOUT_IT: Final = 0.4
"""The least share of what was asked, by weight, that a text given along has to hold."""
BARE_NAME: Final = 6
"""So many Chinese characters are a word or two; a question has more."""
BARE_NAME_OF_LETTERS: Final = 24
_SENTENCES: Final = re.compile(r".+?(?:[。；;!?！？]|\.(?=\s|$)|$)", re.DOTALL)
"""A full stop of Latin writing ends one before a space alone: *0.05 %* is one number."""


@dataclass(frozen=True, slots=True)
class Found:
    """A document with its number, its score and the sentence of it that says most of what was asked."""

    document: Document
    number: int
    score: float
    snippet: str


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as it was understood. ``read_as``: the words that its letters stand for, if they were initials.

    ``by_name``: it is a word of ours or of the library's questions and nothing else, such as *滞纳金*;
    ``wording_of``: the documents that are asked for in just these words; they come first.
    """

    tokens: Mapping[str, float]
    lang: str
    by_name: bool
    read_as: tuple[str, ...] = ()
    wording_of: frozenset[int] = frozenset()


class Search:
    """The whole library, looked up by words.

    An index is made for a language when the first question comes in it, unless one that was made before is given.
    """

    def __init__(
        self,
        library: Library,
        words: Words,
        readings: Readings,
        indices: Mapping[str, Index] = MappingProxyType({}),
    ) -> None:
        self._tokens = Tokens(words, readings)
        self._readings = readings
        self._documents = documents(library)
        self._wordings: dict[str, set[int]] = {}
        for number, document in enumerate(self._documents):
            for said in (said for lang in (CHINESE, ENGLISH) for said in wordings(document, lang)):
                self._wordings.setdefault(bare(said), set()).add(number)
        headings = (source.clause.heading for document in self._documents for source in document.sources[:1])
        self._names = "\n".join(
            (*self._wordings, *(bare(said) for heading in headings for said in heading.values()))
        )
        self._indices = dict(indices)
        self._spell = partial(_spelled, library, words, readings)

    @cached_property
    def _mended(self) -> Mended:
        """Made when the first question comes in Chinese."""
        return Mended(self.index(CHINESE), self._readings)

    @cached_property
    def _spelled(self) -> Spelled:
        """Made when the first question comes in letters."""
        return self._spell()

    def index(self, lang: str) -> Index:
        """The index of that language; other languages than Chinese are looked up in English."""
        lang = CHINESE if lang == CHINESE else ENGLISH
        if lang not in self._indices:
            self._indices[lang] = Index.of(list(fields(self._documents, self._tokens, lang)))
        return self._indices[lang]

    def understood(self, question: str, lang: str) -> Asked:
        """The question as tokens with their weights; letters in a Chinese question are read as pinyin."""
        read_as: tuple[str, ...] = ()
        if lang == CHINESE and question.isascii():
            read_as = self._spelled.words(question)
        said = " ".join(read_as) if read_as else question
        tokens = self._tokens.of(said)
        if lang == CHINESE and not read_as:
            said = self._mended.mended(question)
            meant = [token for token in tokens if token.startswith(MEANING)]
            tokens = [
                *self._tokens.of(said),
                *meant,
            ]  # what was meant before it was mended may be right all the same
        by_name = all(map(self._tokens.is_word, read_as or (said,))) or self._is_how_it_is_asked(said)
        weights = {token: WORTH[token[0]] for token in tokens}
        return Asked(weights, lang, by_name, read_as, self.asked_as(question))

    def asked_as(self, question: str) -> frozenset[int]:
        """The documents of which the question is a wording, as it stands."""
        return frozenset(self._wordings.get(bare(question), ()))

    def _is_how_it_is_asked(self, said: str) -> bool:
        """Whether it is a word or two, and these stand in a question or a heading of the library."""
        plain = bare(said)
        short = BARE_NAME if HAN.search(plain) else BARE_NAME_OF_LETTERS
        return 1 < len(plain) <= short and plain in self._names

    def find(self, asked: Asked, day: date, most: int = 10) -> tuple[Found, ...]:
        """What was right on that day, the best first; a clause that a better answer cites is not listed again."""
        scores = self.index(asked.lang).scores(asked.tokens)
        order = sorted(
            (
                number
                for number, document in enumerate(self._documents)
                if scores[number] > 0 and document.right_on(day)
            ),
            key=lambda number: (number not in asked.wording_of, -scores[number]),
        )
        found: list[Found] = []
        told: set[tuple[str, int]] = set()
        for number in order:
            document = self._documents[number]
            cited = {(source.text.id, source.clause.at) for source in document.sources}
            if not cited <= told:
                told |= cited
                found.append(Found(document, number, scores[number], self._snippet(asked, document)))
            if len(found) == most:
                break
        return tuple(found)

    def among(self, asked: Asked, texts: Sequence[tuple[str, str]]) -> tuple[str, ...]:
        """Which of these texts (name and words, in whatever language) are about what was asked, the best first."""
        index = Index.of([[Field(self._tokens.of(words, True), 1.0)] for _, words in texts])
        worth = {
            token: weight * index.rarity(token)
            for token, weight in asked.tokens.items()
            if token[0] not in (FIGURE, SOUND, CHARACTER)
        }
        everything = sum(worth.values())
        if not everything:
            return ()
        said = [
            sum(each for token, each in worth.items() if index.stands_in(token, number)) / everything
            for number in range(len(texts))
        ]
        scores = index.scores(asked.tokens)
        order = sorted(range(len(texts)), key=lambda number: -scores[number])
        return tuple(texts[number][0] for number in order if said[number] >= ABOUT_IT)

    def _snippet(self, asked: Asked, document: Document) -> str:
        lang = CHINESE if asked.lang == CHINESE else ENGLISH
        whole = document.sources[0].clause.text if document.answer is None else document.answer.answer
        index = self.index(lang)

        def says(sentence: str) -> float:
            held = set(self._tokens.of(sentence)) & asked.tokens.keys()
            return sum(asked.tokens[token] * index.rarity(token) for token in held)

        sentences: list[str] = _SENTENCES.findall(whole[lang])
        return max(sentences, key=says).strip()


def _spelled(library: Library, words: Words, readings: Readings) -> Spelled:
    return Spelled((said for group in words.groups for said in group.zh), _chinese(library), readings)


def _chinese(library: Library) -> Iterable[str]:
    """All that initials may stand for: what is most usual there is what is most likely meant."""
    for text in library.texts.values():
        yield text.title[CHINESE]
        yield from (clause.heading[CHINESE] for clause in text.clauses)
    for answer in library.answers.values():
        yield from (said[CHINESE] for said in answer.asked)
        yield answer.answer[CHINESE]
