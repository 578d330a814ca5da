"""The keys a visitor touches to write a text: pinyin for characters, one after the other, and what else is on keys."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from config.readings import DICTIONARY, readings


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
        usual = readings().usual
        if character not in usual:
            raise ValueError(f"no reading of {character} in {DICTIONARY}")
        yield from (f"key:{letter}" for letter in usual[character])
        yield f"word:{character}"
        return
    if character.isupper():
        yield "key:shift"
    yield "key:space" if character == " " else f"key:{character.lower()}"
