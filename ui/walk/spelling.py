"""The keys a visitor touches to write a text: pinyin for characters, one after the other, and what else is on keys."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from itertools import groupby
from pathlib import Path

DICTIONARY = Path("/usr/share/rime-data/pinyin_simp.dict.yaml")
"""Characters with their readings and weights, as people know them: Debian's rime-data-pinyin-simp."""


def touches(text: str) -> Iterator[str]:
    """Names of the items to touch, in order; ``word:云`` is looked for on the pages of the strip.

    Raises ``ValueError`` for a character that has no reading.
    """
    for method, run in groupby(text, _method):
        yield f"key:method:{method}"
        for character in run:
            yield from _character(method, character)


def _method(character: str) -> str:
    if character == " " or (character.isascii() and character.isalpha()):
        return "letters"
    return "pinyin" if "\u4e00" <= character <= "\u9fff" else "signs"


def _character(method: str, character: str) -> Iterator[str]:
    if method == "pinyin":
        if character not in readings():
            raise ValueError(f"no reading of {character} in {DICTIONARY}")
        yield from (f"key:{letter}" for letter in readings()[character])
        yield f"word:{character}"
        return
    if character.isupper():
        yield "key:shift"
    yield "key:space" if character == " " else f"key:{character.lower()}"


@cache
def readings() -> dict[str, str]:
    """The usual reading of each character."""
    best: dict[str, tuple[int, str]] = {}
    for line in DICTIONARY.read_text(encoding="utf-8").splitlines():
        parts = line.split("\t")
        if len(parts) == 3 and len(parts[0]) == 1:
            character, reading, weight = parts[0], parts[1], int(parts[2])
            best[character] = max(best.get(character, (-1, "")), (weight, reading))
    return {character: reading for character, (_, reading) in best.items()}
