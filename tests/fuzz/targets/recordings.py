"""The file of a recording, dropped in by whoever had a fault in the field."""

from __future__ import annotations

import json

from drivers.recording.lines import RecordingError, line_of, parse
from tests.fuzz.oracles import refused_by

PARSES = ("drivers.recording.lines",)
LONGEST = 400


def check(data: bytes) -> None:
    """A whole file and one line of it: what is taken is written again as the same, or refused with the line named."""
    text = data.decode("utf-8", "replace")
    line = refused_by(RecordingError, lambda: line_of(text))
    if line is not None:
        assert line_of(line.dump()).kind == line.kind
    found = refused_by(RecordingError, lambda: parse(text.splitlines()))
    if found is None:
        return
    times = [one.t for one in found.lines]
    assert times == sorted(times), "lines are not in the order they happened"
    for one in found.lines:
        assert one.kind not in ("in", "out") or one.data is not None
    assert parse(found.dump().splitlines()).dump() == found.dump(), "written again, it is another recording"


def seeds() -> list[bytes]:
    """A short one, one whose outcomes are expected, one of a newer kind, and deep nonsense."""
    head = {
        "recording": 1,
        "driver": "sam-v",
        "role": "idReader",
        "transport": "serial",
        "options": {"baud": 115200},
    }
    lines = [
        {"t": 0.0, "opened": True},
        {"t": 0.1, "out": "aaaaaa96690003"},
        {"t": 0.2, "in": "aaaaaa9669"},
        {"t": 0.3, "call": "read", "with": []},
        {"t": 0.4, "done": "read", "raised": "MediaMissing", "code": "noMedia"},
        {"t": 0.5, "closed": "end"},
    ]
    expecting = {**head, "expect": [{"raised": "MediaMissing", "code": "noMedia"}]}
    files = ([head, *lines[:3]], [expecting, lines[4]], [{**head, "recording": 2}], lines[1:2])
    nonsense = [b"[" * 300, b'{"t": 1e999, "out": ""}', b'{"t": 1' + b"0" * 330 + b', "in": "00"}']
    return ["\n".join(map(json.dumps, file)).encode() for file in files] + nonsense
