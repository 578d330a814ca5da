"""What a text is looked up by: words, pairs of characters, pairs of syllables, and what its words mean.

A token says what it is by its first letter, so that each kind has a weight of its own.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from typing import Final

import snowballstemmer

from config.library.words import Words
from config.readings import Readings

HAN: Final = re.compile(r"[\u3400-\u9fff]+")
_LATIN: Final = re.compile(r"[a-z]+(?:'[a-z]+)?")
_FIGURES: Final = re.compile(r"\d+")

CHARACTER, PAIR, SOUND, MEANING, WORD, FIGURE = "ubsmwn"
"""Kinds of token: one character, two, their sounds, a group of words, an English word, a number as written."""


def folded(text: str) -> str:
    """The text without what does not tell wordings apart: width and case."""
    return unicodedata.normalize("NFKC", text).casefold()


def bare(text: str) -> str:
    """The text without punctuation and spaces too."""
    return "".join(character for character in folded(text) if character.isalnum())


class Tokens:
    """Cuts texts into tokens. Made once; used by whoever indexes and whoever asks, so that both cut alike."""

    def __init__(self, words: Words, readings: Readings) -> None:
        self._readings = readings
        self._stems = snowballstemmer.stemmer("english")
        self._words = {folded(said) for group in words.groups for said in (*group.zh, *group.en)}
        self._stemmed: dict[str, str] = {}
        self._chinese: dict[str, list[tuple[tuple[str, ...], str]]] = {}
        self._spoken: dict[str, list[tuple[str, str]]] = {}
        self._english: dict[str, list[tuple[str, str]]] = {}
        for group in words.groups:
            meaning = MEANING + group.zh[0]
            for said in group.zh:
                parts = tuple(folded(said).split())
                self._chinese.setdefault(parts[0][:2], []).append((parts, meaning))
                if len(parts) == 1 and len(said) >= 3 and HAN.fullmatch(said):
                    sounds = readings.of(said)
                    self._spoken.setdefault(sounds[0], []).append((_spaced(sounds), meaning))
            for said in group.en:
                stems = self.stems(said)
                self._english.setdefault(stems[0], []).append((_spaced(stems), meaning))

    def of(self, text: str, long: bool = False) -> list[str]:
        """All tokens of the text, each as often as it stands there; a meaning once.

        A ``long`` text goes without its single characters and sounds: it holds too many for one to tell anything.
        """
        plain = folded(text)
        found = [*self._of_han(plain, long), *(FIGURE + figures for figures in _FIGURES.findall(plain))]
        stems = self.stems(plain)
        found.extend(WORD + stem for stem in stems)
        found.extend(sorted(self._meanings(plain, stems)))
        return found

    def is_word(self, text: str) -> bool:
        """Whether the text is one of the words, and nothing else."""
        return folded(text).strip() in self._words

    def stems(self, text: str) -> list[str]:
        """The English words of the text without their endings."""
        return [self._stem(word) for word in _LATIN.findall(text)]

    def _stem(self, word: str) -> str:
        if word not in self._stemmed:
            self._stemmed[word] = self._stems.stemWord(word.removesuffix("'s"))
        return self._stemmed[word]

    def _of_han(self, plain: str, long: bool) -> Iterator[str]:
        for run in HAN.findall(plain):
            yield from (PAIR + run[at : at + 2] for at in range(len(run) - 1))
            if long:
                continue
            sounds = self._readings.of(run)
            yield from (CHARACTER + character for character in run)
            yield from (SOUND + " ".join(sounds[at : at + 2]) for at in range(len(run) - 1))

    def _meanings(self, plain: str, stems: list[str]) -> set[str]:
        found: set[str] = set()
        for at in range(len(plain) - 1):
            for parts, meaning in self._chinese.get(plain[at : at + 2], ()):
                if plain.startswith(parts[0], at) and all(part in plain for part in parts):
                    found.add(meaning)
        for run in HAN.findall(plain):
            found |= _spelt(self._spoken, self._readings.of(run))
        return found | _spelt(self._english, stems)


def _spelt(of: dict[str, list[tuple[str, str]]], pieces: list[str]) -> set[str]:
    """The meanings of which all pieces stand there in a row."""
    whole = _spaced(pieces)
    return {meaning for piece in set(pieces) for said, meaning in of.get(piece, ()) if said in whole}


def _spaced(pieces: Iterable[str]) -> str:
    return f" {' '.join(pieces)} "
