"""Tells the questions that the library is not to answer, and where they lead instead."""

from __future__ import annotations

import enum
import re
from dataclasses import dataclass, field
from typing import Final

from config.catalogue.basics import Texts
from config.library import Library
from config.library.limits import Limits, Other, Unless, Wording
from kiosk.domain.consult.tokens import folded

APART: Final = 12
"""So many characters may stand between two parts of a wording."""
_WORDS: Final = re.compile(r"[a-z0-9']+")


class Why(enum.StrEnum):
    """Why there is no answer."""

    UNKNOWN = "unknown"  # nothing in the library is near enough
    OWN_DATA = "own-data"  # a service shows it to who signs in
    EVASION = "evasion"
    PREDICTION = "prediction"
    ELSEWHERE = "elsewhere"  # others answer it, or it is about a place that the library does not know


@dataclass(frozen=True, slots=True)
class Beyond:
    """One of these limits: ``service`` shows the asker's own data, ``where`` says who answers."""

    why: Why
    service: str | None = None
    where: Texts = field(default_factory=dict)


class Gate:
    """Looks at each question before the library is asked."""

    def __init__(self, limits: Limits, library: Library) -> None:
        self._limits = limits
        said = " ".join(
            words
            for text in library.texts.values()
            for texts in (text.title, text.about, *(clause.text for clause in text.clauses))
            for words in texts.values()
        ).casefold()
        self._strange = Wording(
            zh=tuple(place for place in limits.places.zh if place not in said),
            en=tuple(place for place in limits.places.en if place not in said),
        )

    def beyond(self, question: str) -> Beyond | None:
        """The limit that the question is beyond, or None."""
        plain = folded(question)
        if _meets(self._limits.evasion, plain):
            return Beyond(Why.EVASION)
        if _meets(self._limits.prediction, plain):
            return Beyond(Why.PREDICTION)
        if _meets(self._limits.own_data, plain):
            shown = next((each for each in self._limits.own_data.services if _says(each, plain)), None)
            return None if shown is None else Beyond(Why.OWN_DATA, service=shown.service)
        taxed = _says(self._limits.taxed, plain)
        others = (each for each in self._limits.others if each.always or not taxed)
        other: Other | None = next((each for each in others if _says(each, plain)), None)
        if other is not None:
            return Beyond(Why.ELSEWHERE, where=other.where)
        return Beyond(Why.ELSEWHERE) if _says(self._strange, plain) else None


def _meets(limit: Unless, plain: str) -> bool:
    return _says(limit, plain) and not _says(limit.unless, plain)


def _says(wording: Wording, plain: str) -> bool:
    if any(_in_order(said.split(), plain) for said in wording.zh):
        return True
    words = f" {' '.join(_WORDS.findall(plain))} "
    return any(all(f" {part} " in words for part in said.split(" & ")) for said in wording.en)


def _in_order(parts: list[str], plain: str) -> bool:
    """Whether the parts stand there one after the other, never far apart: a long story holds any word somewhere."""
    if len(parts) == 1:
        return parts[0] in plain
    if not all(part in plain for part in parts):
        return False
    return re.search(f".{{0,{APART}}}".join(map(re.escape, parts)), plain) is not None
