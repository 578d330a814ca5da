"""Answers that can be trusted: from the library, with source and date, or an honest word that it does not know."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Final

from config.library import Library
from config.library.limits import Limits
from config.library.models import Answer
from config.library.words import Words
from config.readings import Readings
from kiosk.domain.consult.documents import Document
from kiosk.domain.consult.index import Index
from kiosk.domain.consult.limits import Beyond, Gate, Why
from kiosk.domain.consult.search import Asked, Found, Search
from kiosk.domain.consult.tokens import CHARACTER, FIGURE, SOUND

BEST: Final = 3
"""How many are shown: one page of large type."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """What the trust in an answer is judged by.

    ``covered``: the share of the question, by weight, that stands in one of the best; ``score``: of the best;
    ``asked``: how much was asked at all, since a long story scores high with anything.
    """

    covered: float
    score: float
    asked: float

    def confidence(self) -> float:
        """How likely it is that one of the best truly answers, 0 to 1: fitted by ``benchmarks.consultation_fit``."""
        at = BIAS + sum(weight * each for weight, each in zip(WEIGHTS, self.measures, strict=True))
        return 1 / (1 + math.exp(-at))

    @property
    def measures(self) -> tuple[float, float, float]:
        """What is weighed."""
        return self.covered, math.log1p(self.score), math.log1p(self.asked)


WEIGHTS: Final = (-0.35, 4.413, -0.042)
BIAS: Final = -12.359
ENOUGH: Final = 0.3
"""Below this the consultation says that it does not know."""
BY_NAME: Final = 0.9
"""The least confidence in what is found for a wording of the library's own, or for one of our words alone."""


@dataclass(frozen=True, slots=True)
class Answered:
    """The best answers and clauses, at most ``BEST``. ``more``: what people ask next; ``service``: what does it."""

    best: tuple[Found, ...]
    more: tuple[Answer, ...]
    service: str | None
    confidence: float
    read_as: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Unsure:
    """No answer, and why; ``near`` is what comes nearest, to be offered as *did you mean* and never as an answer."""

    beyond: Beyond
    near: tuple[Found, ...] = ()
    confidence: float = 0.0


class Consultation:
    """Asked by the terminal and by the centre alike. Made once; it holds no question and no person."""

    def __init__(
        self,
        library: Library,
        words: Words,
        limits: Limits,
        readings: Readings,
        indices: Mapping[str, Index] = MappingProxyType({}),
    ) -> None:
        self._library = library
        self._gate = Gate(limits, library)
        self.search: Final = Search(library, words, readings, indices)

    def ask(self, question: str, lang: str, day: date) -> Answered | Unsure:
        """What the library says to the question, as it was right on that day."""
        known = bool(self.search.asked_as(question))
        beyond = None if known else self._gate.beyond(question)
        if beyond is not None:
            return Unsure(beyond)
        asked = self.search.understood(question, lang)
        found = self.search.find(asked, day, BEST)
        confidence = self._confidence(asked, found)
        if confidence < ENOUGH:
            return Unsure(Beyond(Why.UNKNOWN), found, confidence)
        return Answered(found, self._more(found, day), _service(found), confidence, asked.read_as)

    def evidence(self, asked: Asked, found: tuple[Found, ...]) -> Evidence:
        """What speaks for the best that was found. Amounts, sounds and single characters tell too little to count."""
        index = self.search.index(asked.lang)
        worth = {
            token: weight * index.rarity(token)
            for token, weight in asked.tokens.items()
            if token[0] not in (FIGURE, SOUND, CHARACTER)
        }
        everything = sum(worth.values())
        covered = max(
            sum(each for token, each in worth.items() if index.stands_in(token, one.number)) for one in found
        )
        return Evidence(covered / everything if everything else 0.0, found[0].score, everything)

    def _confidence(self, asked: Asked, found: tuple[Found, ...]) -> float:
        if not found:
            return 0.0
        fitted = self.evidence(asked, found).confidence()
        return max(fitted, BY_NAME) if asked.wording_of or asked.by_name else fitted

    def follow_ups(self, answer: Answer, day: date) -> tuple[Answer, ...]:
        """What people ask next, as far as it is right on that day."""
        named = (self._library.answers[id] for id in answer.more)
        return tuple(each for each in named if Document(each, ()).right_on(day))

    def last_published(self, day: date) -> date | None:
        """When the newest text was published that the library held on that day; None: it held none."""
        held = (text.published for text in self._library.texts.values() if text.published <= day)
        return max(held, default=None)

    def _more(self, found: tuple[Found, ...], day: date) -> tuple[Answer, ...]:
        """Follow-ups of the best answer, right on that day and not shown already."""
        shown = [one.document.answer for one in found if one.document.answer is not None]
        follow = (each for answer in shown[:1] for each in self.follow_ups(answer, day))
        return tuple(each for each in follow if each not in shown)


def _service(found: tuple[Found, ...]) -> str | None:
    """The service of the best answer; of a text where only clauses were found."""
    for one in found:
        if one.document.answer is not None and one.document.answer.service is not None:
            return one.document.answer.service
    services = found[0].document.sources[0].text.services
    return services[0] if services else None
