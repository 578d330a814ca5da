"""Mends Chinese typed with another character of the same sound (增直税, 地扣), by what the library itself says."""

from __future__ import annotations

from typing import Final

from config.readings import Readings
from kiosk.domain.consult.index import Index
from kiosk.domain.consult.tokens import HAN, PAIR

USUAL: Final = 3
"""A pair that fewer documents hold is no proof of what was meant."""
_ALIKE: Final = (("zh", "z"), ("ch", "c"), ("sh", "s"), ("ng", "n"), ("l", "n"))
"""Sounds that many people do not tell apart."""


class Mended:
    """Knows the usual pairs of characters of an index by their sound."""

    def __init__(self, index: Index, readings: Readings) -> None:
        self._index = index
        self._readings = readings
        self._pairs: dict[tuple[str, ...], list[tuple[int, str]]] = {}
        starts = index.postings.starts
        for number, token in enumerate(index.postings.tokens):
            often = starts[number + 1] - starts[number]
            if token.startswith(PAIR) and often >= USUAL:
                pair = token.removeprefix(PAIR)
                self._pairs.setdefault(self._sounds(pair), []).append((often, pair))

    def mended(self, text: str) -> str:
        """The text with each character that stands in no known pair made one of the same sound that stands in one."""
        characters = list(text)
        for run in HAN.finditer(text):
            for at in range(run.start(), run.end()):
                before = characters[at - 1] if at > run.start() else ""
                after = characters[at + 1] if at + 1 < run.end() else ""
                characters[at] = self._mended(before, characters[at], after)
        return "".join(characters)

    def _mended(self, before: str, character: str, after: str) -> str:
        pairs = [pair for pair in (before + character, character + after) if len(pair) == 2]
        if not pairs or any(self._index.holds(PAIR + pair) for pair in pairs):
            return character
        found = [
            (often, held[1] if pair == before + character else held[0])
            for pair in pairs
            for often, held in self._pairs.get(self._sounds(pair), ())
            if (held[0] == before if pair == before + character else held[1] == after)
        ]
        return max(found, default=(0, character))[1]

    def _sounds(self, pair: str) -> tuple[str, ...]:
        return tuple(_plain(sound) for sound in self._readings.of(pair))


def _plain(sound: str) -> str:
    for one, other in _ALIKE:
        sound = sound.replace(one, other)
    return sound
