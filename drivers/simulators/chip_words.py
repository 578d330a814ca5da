"""How a simulated chip says no."""

from __future__ import annotations


class Refused(Exception):
    """A status word other than 9000."""

    def __init__(self, word: int) -> None:
        super().__init__(f"{word:04X}")
        self.word = word
