"""Chinese that was typed in letters: initials of pinyin (``znj``) or whole syllables (``zhinajin``) become words again.

The words are those of the library itself: what it says nothing of cannot be found in it anyway.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Final

from config.readings import Readings
from kiosk.domain.consult.tokens import HAN

SHORTEST: Final = 3
"""Fewer letters say too little, unless they stand by themselves (``sl`` in ``grsds sl``)."""
LONGEST: Final = 40
_LETTERS: Final = re.compile(r"[a-z]+")


class Spelled:
    """``words`` are what letters stand for first; ``texts`` are held as characters, initials and syllables."""

    def __init__(self, words: Iterable[str], texts: Iterable[str], readings: Readings) -> None:
        self._words: dict[str, list[str]] = {}
        for word in words:
            if HAN.fullmatch(word):
                said = readings.of(word)
                for letters in {"".join(each[0] for each in said), "".join(said)}:
                    self._words.setdefault(letters, []).append(word)
        runs = list(dict.fromkeys(run for text in texts for run in HAN.findall(text)))
        self._characters = "\n".join(runs)
        syllables = [syllable for run in runs for syllable in (*readings.of(run), "\n")][:-1]
        self._initials = "".join(syllable[0] for syllable in syllables)
        self._syllables = "".join(syllables)
        self._starts = [0]
        for syllable in syllables:
            self._starts.append(self._starts[-1] + len(syllable))

    def words(self, asked: str) -> tuple[str, ...]:
        """What the letters of the question may mean, the most usual first; nothing if any of them mean nothing."""
        found: list[str] = []
        for piece in _LETTERS.findall(asked.casefold()):
            parts = self._parts(piece[:LONGEST])
            if not parts:
                return ()
            for part in parts:
                found.extend(self._meant(part))
        return tuple(found)

    def _parts(self, piece: str) -> list[str]:
        """The piece in as few parts as can be, each of which means something; none if there is no such way."""
        if self._meant(piece):
            return [piece]
        best: list[list[str] | None] = [[], *([None] * len(piece))]
        for end in range(SHORTEST, len(piece) + 1):
            for start in range(end - SHORTEST + 1):
                before, now = best[start], best[end]
                if before is None or (now is not None and len(now) <= len(before) + 1):
                    continue
                if self._meant(piece[start:end]):
                    best[end] = [*before, piece[start:end]]
        return best[-1] or []

    def _meant(self, letters: str) -> list[str]:
        if letters in self._words:
            return self._words[letters][:2]
        found = Counter(self._by_initials(letters))
        found.update(self._by_syllables(letters))
        return [word for word, _ in found.most_common(2)]

    def _by_initials(self, letters: str) -> Iterator[str]:
        at = self._initials.find(letters)
        while at >= 0 and len(letters) > 1:
            yield self._characters[at : at + len(letters)]
            at = self._initials.find(letters, at + 1)

    def _by_syllables(self, letters: str) -> Iterator[str]:
        at = self._syllables.find(letters)
        while at >= 0 and len(letters) > SHORTEST:
            first = bisect_left(self._starts, at)
            last = bisect_left(self._starts, at + len(letters))
            if self._starts[first] == at and self._starts[last] == at + len(letters):
                yield self._characters[first:last]
            at = self._syllables.find(letters, at + 1)
