"""What recordings keep of a scanner's calls, and the facts of pictures that come back from a file."""

from __future__ import annotations

import json

from drivers.errors import ProtocolError
from drivers.imaging.facts import FrameFacts, NoFacts, PageFacts, Tones
from drivers.protocols.sane_wire import SaneWire
from drivers.transports.sane_tap import page_like
from tests.fuzz.oracles import refused_by
from tests.fuzz.script import Script

PARSES = ("drivers.protocols.sane_wire", "drivers.imaging.facts", "drivers.transports.sane_tap")
LONGEST = 400
SECRET = "net:192.0.2.7:fi"
_MOST_MADE = 1 << 16
"""A page of more bytes is described, not made: that would only take long."""


def check(data: bytes) -> None:
    """Calls without a scanner's place, the same when they are cut down again; facts that are read or refused."""
    script = Script(data)
    kind, rest = script.byte(), script.rest()
    (_call, _frame, _page, _tones)[kind % 4](rest)


def _call(data: bytes) -> None:
    wire = SaneWire()
    written = wire.outgoing(data)
    assert wire.key(data) == written == wire.outgoing(written), "a key of a key is another"
    assert isinstance(wire.idle(written), bool)
    assert wire.incoming(data) == data
    opening = json.dumps({"do": "open", "name": SECRET, "more": data.decode("latin-1")}).encode()
    assert wire.outgoing(opening) == b'{"do": "open"}', "the scanner's place came through"


def _frame(data: bytes) -> None:
    found = refused_by(NoFacts, lambda: FrameFacts.load(data))
    if found is not None:
        assert FrameFacts.load(found.dump()) == found
        if found.columns * found.rows <= _MOST_MADE:
            assert found.picture().shape == (found.rows, found.columns, 3)


def _page(data: bytes) -> None:
    told = refused_by((ValueError, RecursionError), lambda: json.loads(data))
    if not isinstance(told, dict):
        return
    facts = refused_by(NoFacts, lambda: PageFacts.load(told))
    if facts is None:
        return
    assert PageFacts.load(facts.dump()) == facts
    form = told.get("frame")
    if isinstance(form, dict) and facts.size <= _MOST_MADE:
        page = refused_by((NoFacts, ProtocolError), lambda: page_like(facts, form))
        assert page is None or len(page) == facts.size


def _tones(data: bytes) -> None:
    if len(data) >= 3:
        for tones in (Tones.of(data[0], data[1]), Tones.on_paper(data[0], data[1], data[2])):
            assert 0 <= tones.low <= 255 and 0 <= tones.high <= 255 and 0 <= tones.share <= 1
            assert len(tones.row(7)) == 7


def seeds() -> list[bytes]:
    """Calls with places in them, facts of a film and of pages, and what is none."""
    form = {"format": "rgb", "bytes_per_line": 30, "pixels_per_line": 10, "lines": -1, "depth": 8}
    page = {
        "bytes": 300,
        "sha256": "ab",
        "paper": 253.0,
        "brightness": 240.5,
        "contrast": 31.0,
        "frame": form,
    }
    bilevel = {**page, "frame": {**form, "format": "gray", "bytes_per_line": 2, "depth": 1}}
    calls = (
        {"do": "open", "name": SECRET},
        {"do": "init", "directory": "/etc/sane.d"},
        {"do": "set", "name": "mode", "value": "Gray"},
        {"do": "get", "names": ["page-loaded"]},
        {"do": ["get"]},
    )
    return [
        *(b"\0" + json.dumps(call).encode() for call in calls),
        b"\1" + FrameFacts(64, 48, 90.25, 40.5, "ab" * 32).dump(),
        b'\1{"size": "9x9", "sha256": "00", "brightness": NaN, "contrast": 1e999}',
        *(b"\2" + json.dumps(one).encode() for one in (page, bilevel, {"bytes": 1e999, "sha256": ""})),
        b"\3\xff\xe6\x4c",
        b"\0" + b"[" * 300,
    ]
