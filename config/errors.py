"""Mistakes in what an administrator wrote, told so that the next thing to do is plain."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Problem:
    """One mistake: in which file (or environment), at which key, what is wrong, and how to mend it."""

    file: str
    key: str
    problem: str
    fix: str

    def __str__(self) -> str:
        """One line for a terminal or a log."""
        place = f"{self.file}: {self.key}" if self.key else self.file
        return f"{place}: {self.problem}; {self.fix}" if self.fix else f"{place}: {self.problem}"


class ConfigError(Exception):
    """Configuration that cannot be used; ``problems`` lists every mistake found, not only the first."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems: Sequence[Problem] = tuple(problems)
        super().__init__("\n".join(map(str, self.problems)))

    @classmethod
    def single(cls, file: object, key: str, problem: str, fix: str) -> ConfigError:
        """The error with one problem."""
        return cls([Problem(str(file), key, problem, fix)])


def nearest(word: str, known: Iterable[str], cutoff: float = 0.6) -> str | None:
    """The one of ``known`` that ``word`` is most likely a misspelling of."""
    near = difflib.get_close_matches(word.lower(), sorted(set(known)), n=1, cutoff=cutoff)
    return near[0] if near else None


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """``did you mean 'x'?`` for the nearest of ``known``, or what is known when nothing is near."""
    names = sorted(set(known))
    if near := nearest(word, names):
        return f"did you mean {near!r}?"
    return f"remove it; known here: {', '.join(names)}" if names else "remove it"
