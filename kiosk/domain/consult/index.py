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

SATURATION: Final = 0.7
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
class _Postings:
    documents: array[int]
    worth: array[float]


class Index:
    """Documents by number, in the order given. Never changed; one who wants another one makes it."""

    def __init__(self, documents: Sequence[Sequence[Field]]) -> None:
        self.size = len(documents)
        sums: Counter[int] = Counter()
        counts: Counter[int] = Counter()
        for fields in documents:
            for field in fields:
                sums[field.kind] += len(field.tokens)
                counts[field.kind] += 1
        usual = {kind: max(1.0, sums[kind] / counts[kind]) for kind in counts}
        found: dict[str, _Postings] = {}
        for number, fields in enumerate(documents):
            times: dict[str, float] = {}
            for field in fields:
                length = 1 - LENGTH + LENGTH * len(field.tokens) / usual[field.kind]
                for token, often in Counter(field.tokens).items():
                    times[token] = times.get(token, 0.0) + field.weight * often / length
            for token, worth in times.items():
                held = found.get(token)
                if held is None:
                    held = found[token] = _Postings(array("H"), array("f"))
                held.documents.append(number)
                held.worth.append(worth / (worth + SATURATION))
        self._found: Mapping[str, _Postings] = found

    def rarity(self, token: str) -> float:
        """How much it tells that a document holds the token: 0 if all do. One that none holds tells most."""
        held = self._found.get(token)
        count = len(held.documents) if held is not None else 0
        return math.log(1 + (self.size - count + 0.5) / (count + 0.5))

    def holds(self, token: str) -> bool:
        """Whether any document has it."""
        return token in self._found

    def stands_in(self, token: str, number: int) -> bool:
        """Whether that document has it."""
        held = self._found.get(token)
        if held is None:
            return False
        at = bisect_left(held.documents, number)
        return at < len(held.documents) and held.documents[at] == number

    def scores(self, asked: Mapping[str, float]) -> list[float]:
        """What each document is worth for these tokens with their weights."""
        total = [0.0] * self.size
        for token, weight in asked.items():
            held = self._found.get(token)
            if held is not None:
                worth = weight * self.rarity(token)
                for number, each in zip(held.documents, held.worth, strict=True):
                    total[number] += worth * each
        return total
