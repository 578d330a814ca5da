"""Breaks text into lines as Chinese is set: anywhere between Han characters, never before a closing mark."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, Protocol

_NOT_FIRST: Final = frozenset("，。、；：？！）》〉」』】〕｝”’％‰℃·…—,.;:?!)]}%")
"""May not begin a line (GB/T 15834-2011, 5.1: marks stay with the word before them)."""
_NOT_LAST: Final = frozenset("（《〈「『【〔｛“‘￥¥$#([{")
"""May not end a line."""
_WORD_JOINERS: Final = frozenset("-_./:@+'*,%&=?#~")


LONE: Final = 3
"""A last line of fewer signs than this looks like a mistake."""


class Measure(Protocol):
    """What knows how wide text is: a face of ours, or the cells of a printer's font."""

    def width(self, text: str, spacing: int = 0) -> float:
        """Dots that ``text`` takes on one line."""
        ...


def wrap(text: str, face: Measure, width: float, spacing: int = 0) -> list[str]:
    """``text`` as lines no wider than ``width`` dots; a line feed always breaks, an empty line stays.

    No paragraph ends with a line of one or two signs, where its lines can be broken earlier instead.
    """
    return [line for paragraph in text.split("\n") for line in _even(paragraph, face, width, spacing)]


def tears(text: str, face: Measure, width: float) -> bool:
    """Whether a word or number of it is wider than a line, so that ``wrap`` has to break it inside."""
    return any(face.width(piece.rstrip()) > width for line in text.split("\n") for piece in _pieces(line))


def _even(text: str, face: Measure, width: float, spacing: int) -> list[str]:
    """The paragraph in as few lines as it needs; narrower ones, as many, where its last line is next to nothing."""
    lines = list(_paragraph(text, face, width, spacing))
    step, narrower = face.width("一", spacing), width
    while len(lines) > 1 and _lone(lines[-1]) and (narrower := narrower - step) > width / 2:
        other = list(_paragraph(text, face, narrower, spacing))
        if len(other) > len(lines):
            break
        if not _lone(other[-1]):
            return other
    return lines


def _lone(line: str) -> bool:
    """Whether hardly anything stands in a line: marks do not count."""
    return sum(sign not in _NOT_FIRST for sign in line) < LONE


def _paragraph(text: str, face: Measure, width: float, spacing: int) -> Iterator[str]:
    if face.width(text, spacing) <= width:
        yield text.rstrip()
        return
    line, used = "", 0.0
    for piece in _pieces(text):
        size = face.width(piece, spacing)
        if line and used + face.width(piece.rstrip(), spacing) > width:
            yield line.rstrip()
            line, used = "", 0.0
            piece = piece.lstrip()
        line, used = line + piece, used + size
        while len(line.rstrip()) > 1 and face.width(line.rstrip(), spacing) > width:
            fitting = _fitting(line, face, width, spacing)
            if fitting == len(line):
                break
            yield line[:fitting]
            line = line[fitting:].lstrip()
            used = face.width(line, spacing)
    yield line.rstrip()


def _fitting(line: str, face: Measure, width: float, spacing: int) -> int:
    """How many characters of a piece too long for any line fit on one, at least one."""
    used = 0.0
    for count, character in enumerate(line):
        used += face.width(character, spacing)
        if used > width:
            return max(1, count)
    return len(line)


def _pieces(text: str) -> Iterator[str]:
    """Stretches that must stay together: a Latin word, a number with its groups, a Han character with its marks."""
    piece = ""
    for character in text:
        grouped = piece[-2:-1].isdigit() and piece.endswith(" ") and character.isdigit()
        if piece and not grouped and _may_break(piece[-1], character):
            yield piece
            piece = ""
        piece += character
    if piece:
        yield piece


def _may_break(before: str, after: str) -> bool:
    if after in _NOT_FIRST or before in _NOT_LAST or after == " ":
        return False
    return before == " " or not (_in_word(before) and _in_word(after))


def _in_word(character: str) -> bool:
    """Latin letters, digits and what holds numbers and addresses together."""
    return character in _WORD_JOINERS or (character.isalnum() and ord(character) < 0x2E80)
