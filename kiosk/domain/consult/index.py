"""An inverted index in memory: BM25 over several fields (BM25F), with a weight for each token of the question.

SQLite's FTS5 ranks by BM25 as well, but takes no weights for what is asked (a homophone is worth less than the word)
and does not say how much of a question it found; see docs/dependencies.md.
"""

from __future__ import annotations

import math
from array import array
from bisect import bisect_left
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

SATURATION: Final = 0.55
"""BM25's k1: how soon the same word said again counts for nothing more."""
LENGTH: Final = 0.3
"""BM25's b: how much a long field is held against what stands in it."""


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a document: its tokens, and what one of them is worth there."""

    tokens: Sequence[str]
    weight: float
    kind: int = 0


@dataclass(frozen=True, slots=True)
class Postings:
    """Where each token stands, token after token: documents and worth from ``starts[n]`` up to ``starts[n + 1]``.

    Three arrays instead of two for each of sixty thousand tokens: less memory, and written and read as they are.
    """

    size: int
    tokens: tuple[str, ...]
    starts: array[int]
    documents: array[int]
    worth: array[float]


class Index:
    """Documents by number, in the order given. Never changed; one who wants another one makes it."""

    def __init__(self, postings: Postings) -> None:
        self.postings: Final = postings
        self.size: Final = postings.size
        self._numbers: Mapping[str, int] = {token: number for number, token in enumerate(postings.tokens)}

    @classmethod
    def of(cls, documents: Sequence[Sequence[Field]]) -> Index:
        """The index of these documents."""
        usual = _usual_lengths(documents)
        found: dict[str, tuple[array[int], array[float]]] = {}
        for number, fields in enumerate(documents):
            times: dict[str, float] = {}
            for field in fields:
                length = 1 - LENGTH + LENGTH * len(field.tokens) / usual[field.kind]
                for token, often in Counter(field.tokens).items():
                    times[token] = times.get(token, 0.0) + field.weight * often / length
            for token, worth in times.items():
                where, how_much = found.setdefault(token, (array("H"), array("f")))
                where.append(number)
                how_much.append(worth / (worth + SATURATION))
        starts, where, how_much = array("I", [0]), array("H"), array("f")
        for each_where, each_worth in found.values():
            where.extend(each_where)
            how_much.extend(each_worth)
            starts.append(len(where))
        return cls(Postings(len(documents), tuple(found), starts, where, how_much))

    def rarity(self, token: str) -> float:
        """How much it tells that a document holds the token: 0 if all do. One that none holds tells most."""
        start, end = self._range(token)
        return math.log(1 + (self.size - (end - start) + 0.5) / (end - start + 0.5))

    def holds(self, token: str) -> bool:
        """Whether any document has it."""
        return token in self._numbers

    def stands_in(self, token: str, number: int) -> bool:
        """Whether that document has it."""
        start, end = self._range(token)
        at = bisect_left(self.postings.documents, number, start, end)
        return at < end and self.postings.documents[at] == number

    def scores(self, asked: Mapping[str, float]) -> list[float]:
        """What each document is worth for these tokens with their weights."""
        total = [0.0] * self.size
        for token, weight in asked.items():
            start, end = self._range(token)
            worth = weight * self.rarity(token)
            where, how_much = self.postings.documents[start:end], self.postings.worth[start:end]
            for number, each in zip(where, how_much, strict=True):
                total[number] += worth * each
        return total

    def _range(self, token: str) -> tuple[int, int]:
        number = self._numbers.get(token)
        return (0, 0) if number is None else (self.postings.starts[number], self.postings.starts[number + 1])


def _usual_lengths(documents: Sequence[Sequence[Field]]) -> Mapping[int, float]:
    """The mean length of each kind of field."""
    sums: Counter[int] = Counter()
    counts: Counter[int] = Counter()
    for fields in documents:
        for field in fields:
            sums[field.kind] += len(field.tokens)
            counts[field.kind] += 1
    return {kind: max(1.0, sums[kind] / counts[kind]) for kind in counts}
