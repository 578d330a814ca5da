"""How Han characters are read (拼音, without tones): Debian's rime-data-pinyin-simp, as the text keypad has it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

DICTIONARY: Final = Path("/usr/share/rime-data/pinyin_simp.dict.yaml")
"""Characters and words with their readings and weights, as people know them."""


@dataclass(frozen=True, slots=True)
class Readings:
    """``usual``: the usual reading of each character; ``words``: words whose characters are read otherwise there.

    ``begun``: the first two characters of each of these words, since most pairs begin none.
    """

    usual: Mapping[str, str]
    words: Mapping[str, tuple[str, ...]]
    begun: frozenset[str] = frozenset()

    def of(self, text: str) -> list[str]:
        """The reading of each character, in order; a character without one stands for itself."""
        read: list[str] = []
        while len(read) < len(text):
            at = len(read)
            word = self._word(text, at) if text[at : at + 2] in self.begun else None
            read.extend(word or (self.usual.get(text[at], text[at]),))
        return read

    def _word(self, text: str, at: int) -> tuple[str, ...] | None:
        found = (self.words.get(text[at : at + length]) for length in (4, 3, 2))
        return next((word for word in found if word is not None), None)


@cache
def readings(dictionary: Path = DICTIONARY) -> Readings:
    """What the dictionary says; nothing where it is not installed (`kiosk doctor` names the package)."""
    try:
        raw = dictionary.read_text(encoding="utf-8")
    except FileNotFoundError:
        return Readings({}, {})
    best: dict[str, tuple[int, str]] = {}
    words: dict[str, tuple[str, ...]] = {}
    for line in raw.splitlines():
        parts = line.split("\t")
        if len(parts) != 3:
            continue
        text, reading, weight = parts[0], parts[1], int(parts[2])
        if len(text) == 1:
            best[text] = max(best.get(text, (-1, "")), (weight, reading))
        else:
            words[text] = tuple(reading.split())
    usual = {character: reading for character, (_, reading) in best.items()}
    others = {
        word: said
        for word, said in words.items()
        if len(word) == len(said) and said != tuple(usual.get(character) for character in word)
    }
    return Readings(usual, others, frozenset(word[:2] for word in others))
