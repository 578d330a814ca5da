"""One finding of the doctor: what was looked at, how it is, and what to do about it."""

from __future__ import annotations

import enum
import subprocess
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass


class Level(enum.StrEnum):
    """How bad it is. Only ``FAULT`` makes the doctor's exit status 1."""

    OK = "ok"
    NOTE = "note"
    """Works, but somebody should know."""
    FAULT = "fault"
    """The terminal cannot work, or must not."""


@dataclass(frozen=True, slots=True)
class Finding:
    """``check`` is a stable name for programs; ``fix`` is empty exactly when there is nothing to mend."""

    check: str
    level: Level
    what: str
    fix: str = ""

    def as_map(self) -> dict[str, str]:
        """For JSON."""
        return {key: str(value) for key, value in asdict(self).items()}


Check = Callable[[], Iterable[Finding]]


def ok(check: str, what: str) -> Finding:
    """Nothing to mend."""
    return Finding(check, Level.OK, what)


def note(check: str, what: str, fix: str) -> Finding:
    """Works, but."""
    return Finding(check, Level.NOTE, what, fix)


def fault(check: str, what: str, fix: str) -> Finding:
    """Has to be mended."""
    return Finding(check, Level.FAULT, what, fix)


@dataclass(frozen=True, slots=True)
class Run:
    """How a program ended; ``code`` is None when it could not be started or took too long."""

    code: int | None
    out: str
    error: str


def run(command: Sequence[str], timeout_s: float = 20.0) -> Run:
    """Run a program that only looks, and wait for it; never raises."""
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, timeout=timeout_s, check=False, errors="replace"
        )
    except FileNotFoundError:
        return Run(None, "", f"{command[0]} is not installed")
    except OSError as error:
        return Run(None, "", f"{command[0]}: {error.strerror}")
    except subprocess.TimeoutExpired:
        return Run(None, "", f"{command[0]} took longer than {timeout_s:g} s")
    return Run(done.returncode, done.stdout.strip(), done.stderr.strip())
