"""The file of a recording: one JSON object a line, the first one says what was recorded and what is expected of it.

After the head each line has ``t`` (seconds on the monotonic clock since the recording began) and one of ``opened``,
``out`` and ``in`` (bytes as hexadecimal digits, seen from this machine), ``closed`` (why), ``call`` (the driver was
asked for something, ``with`` what), ``done`` (what came of it: ``result``, or ``raised`` and ``code``), and ``missing``
(so many lines passed here and could not be written down; null: all that passed the line from here on).
"""

from __future__ import annotations

import json
import math
import platform
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, Final

VERSION: Final = 1
PLACES: Final = frozenset({"port", "host", "uri", "socket", "device", "config_dir"})
"""Options that say where a device is plugged in, which is of no use elsewhere and may hold a password."""
SECRETS: Final = frozenset({"user", "password", "token"})
"""Options that are let in somewhere else; a stand-in is written, since a driver asks otherwise without them."""
NAMES: Final = frozenset({"pin_key"})
"""Options that name what a call names as well; zeros of the same length are written, as for a text of a call."""
AROUND: Final = frozenset({"matcher", "decoder", "care", "unsolicitedAs"})
"""Options of what stands around a driver: a recording is played to the driver alone."""
NONSENSE: Final = (
    *(ValueError, KeyError, TypeError, AttributeError, StopIteration),
    *(OverflowError, RecursionError),  # a number or a nesting that no recording has
)
"""What comes of reading lines that mean nothing."""
CLIENT: Final = "xfs4iot"
"""In the head in place of a driver: what another publisher's service and our client said to each other."""
MISSING: Final = "missing"
"""The kind of a line in place of those that could not be written down."""
Outcome = Mapping[str, Any]
"""What a call came to: ``{"result": …}``, or ``{"raised": class, "code": …}``."""


class RecordingError(Exception):
    """A file that is no recording, or of a newer kind; the message names the line."""


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that happened. ``kind`` is the name of the line's second property; ``value`` what it holds."""

    t: float
    kind: str
    value: Any = True
    more: Mapping[str, Any] = field(default_factory=dict)

    @property
    def data(self) -> bytes:
        """The bytes of ``out`` and ``in``."""
        return bytes.fromhex(self.value)

    def dump(self) -> str:
        """The line as written."""
        content = {"t": round(self.t, 6), self.kind: self.value, **self.more}
        return json.dumps(content, ensure_ascii=False)


@dataclass(frozen=True, slots=True)
class Head:
    """What was recorded: a driver with its options, of which role, over which transport, when and by what.

    ``expect`` is what each call must come to, in order; without it, what it came to when it was recorded.
    """

    driver: str
    role: str
    transport: str
    options: Mapping[str, Any]
    made: str
    versions: Mapping[str, str]
    note: str = ""
    expect: tuple[Outcome, ...] | None = None

    def dump(self) -> str:
        """The first line as written."""
        content: dict[str, Any] = {
            "recording": VERSION,
            "driver": self.driver,
            "role": self.role,
            "transport": self.transport,
            "options": dict(self.options),
            "made": self.made,
            "versions": dict(self.versions),
        }
        content |= {"note": self.note} if self.note else {}
        content |= {"expect": [dict(outcome) for outcome in self.expect]} if self.expect is not None else {}
        return json.dumps(content, ensure_ascii=False)


@dataclass(frozen=True, slots=True)
class Recording:
    """A whole file."""

    head: Head
    lines: tuple[Line, ...]

    @property
    def expected(self) -> tuple[Outcome, ...]:
        """What each call must come to."""
        if self.head.expect is not None:
            return self.head.expect
        return tuple(line.more for line in self.lines if line.kind == "done")

    @property
    def gaps(self) -> str:
        """Where it lacks something, and how much, in words; empty for one that is whole."""
        found = [line for line in self.lines if line.kind == MISSING]
        return ", ".join(
            f"{'an unknown number of' if line.value is None else line.value} lines at {line.t:.3f} s"
            for line in found
        )

    def dump(self) -> str:
        """The file's text."""
        return "\n".join([self.head.dump(), *(line.dump() for line in self.lines)]) + "\n"


def head_of(driver: str, role: str, options: Mapping[str, Any], now: datetime, note: str = "") -> Head:
    """The head of a recording that begins now."""
    kept = {name: value for name, value in options.items() if name not in PLACES | AROUND}
    kept |= {name: "0" for name in SECRETS & kept.keys() if kept[name]}
    kept |= {name: "0" * len(str(kept[name])) for name in NAMES & kept.keys()}
    return Head(
        driver, role, transport_of(options), kept, now.isoformat(timespec="seconds"), _versions(), note
    )


def transport_of(options: Mapping[str, Any]) -> str:
    """The transport that these options name."""
    if "host" in options:
        return "tcp"
    if "uri" in options:
        return str(options["uri"]).partition(":")[0]
    named = {"port": "serial", "reader": "pcsc", "device": "sane"}
    return next((transport for option, transport in named.items() if option in options), "other")


def _versions() -> dict[str, str]:
    try:
        ours = version("tax-kiosk")
    except PackageNotFoundError:
        ours = "from source"
    return {"kiosk": ours, "python": platform.python_version(), "system": platform.release()}


def read(path: Path) -> Recording:
    """The recording in a file; a last line that a power cut left half written is left out. Raise ``RecordingError``."""
    try:
        *whole, rest = path.read_text("utf-8").split("\n")
        return parse([*whole, rest] if _is_json(rest) else whole)
    except OSError as error:
        fix = "name a file that `kiosk devices record` wrote"
        raise RecordingError(f"{path} cannot be read: {error.strerror}; {fix}") from None
    except UnicodeDecodeError:
        raise RecordingError(f"{path} is no recording: it is not UTF-8 text") from None
    except RecordingError as error:
        raise RecordingError(f"{path}: {error}") from None


def _is_json(text: str) -> bool:
    try:
        json.loads(text)
    except NONSENSE:
        return False
    return True


def line_of(text: str) -> Line:
    """One line that is no head; raise ``RecordingError``."""
    try:
        return _line(json.loads(text))
    except NONSENSE:
        raise RecordingError("this is no line of a recording") from None


def parse(texts: Iterable[str]) -> Recording:
    """The recording in its lines; they may come in another order than they happened.

    Raise ``RecordingError`` for the first that is none.
    """
    head: Head | None = None
    lines = []
    for number, text in enumerate(texts, 1):
        try:
            content = json.loads(text)
            if head is None:
                head = _head(content)
            else:
                lines.append(_line(content))
        except NONSENSE:
            raise RecordingError(f"line {number} is none of a recording; see docs/technician.md") from None
    if head is None:
        raise RecordingError("there is nothing in it")
    return Recording(head, tuple(sorted(lines, key=lambda line: line.t)))


def _head(content: Mapping[str, Any]) -> Head:
    if content["recording"] != VERSION:
        raise RecordingError(f"it is of kind {content['recording']}, this program knows {VERSION}")
    expect = content.get("expect")
    return Head(
        str(content["driver"]),
        str(content["role"]),
        str(content["transport"]),
        dict(content.get("options", {})),
        str(content.get("made", "")),
        dict(content.get("versions", {})),
        str(content.get("note", "")),
        None if expect is None else tuple(dict(outcome) for outcome in expect),
    )


_KINDS: Final = ("opened", "out", "in", "closed", "call", "done", MISSING)


def _line(content: Mapping[str, Any]) -> Line:
    kind = next(kind for kind in _KINDS if kind in content)
    if kind in ("out", "in"):
        bytes.fromhex(content[kind])
    if kind == MISSING and content[kind] is not None and int(content[kind]) < 1:
        raise ValueError("nothing is missing")
    more = {name: value for name, value in content.items() if name not in ("t", kind)}
    at = float(content["t"])
    if not math.isfinite(at):
        raise ValueError("a line happens at a moment")
    return Line(at, kind, content[kind], more)
