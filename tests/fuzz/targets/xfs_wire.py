"""What recordings keep of another vendor's messages."""

from __future__ import annotations

import json

from drivers.protocols.xfs_wire import XfsWire, canonical
from tests.fuzz.script import Script

PARSES = ("drivers.protocols.xfs_wire",)
LONGEST = 600
SECRET = "6222021234567894321"
_LONGEST_PIECE = 8
_NAMES = ("Common.Status", "Common.Capabilities", "Printer.PrintForm", "Camera.TakePicture")
_SHAPES = ("whole", "header", ("payload", "7"), ("payload", SECRET), ("words", "7"), ("words", SECRET))


def check(data: bytes) -> None:
    """Any bytes as a message, or JSON of any shape with a secret in it: as long, and without the secret."""
    script = Script(data)
    how = script.byte()
    _kept(
        _message(how // 4 % len(_SHAPES), _NAMES[how % 4], script.rest().decode("utf-8", "replace")).encode()
    )


def _message(shape: int, name: str, text: str) -> str:
    """``text`` as the whole message, as JSON within one, as its words and names, or within its header."""
    match _SHAPES[shape]:
        case "whole":
            return text
        case "header":
            return json.dumps(
                {"header": {"name": SECRET, "type": text + SECRET, SECRET: 1}, "payload": SECRET}
            )
        case "payload", number:
            payload = f'{{"more": {text}}}'
        case _, number:
            payload = json.dumps({"fields": {text: SECRET}, text: text + SECRET})
    return f'{{"header": {{"name": "{name}", "requestId": {number}}}, "payload": {payload}}}'


def _kept(message: bytes) -> None:
    told = canonical(message)
    assert canonical(told) == told, "the one form has another"
    wire = XfsWire()
    written = wire.incoming(told)
    assert wire.outgoing(told) == written
    assert len(written) == len(told), "bytes were lost or made up"
    for start in range(len(SECRET) - _LONGEST_PIECE + 1):
        assert SECRET[start : start + _LONGEST_PIECE].encode() not in written, (
            "a part of the secret came through"
        )
    key = wire.key(told)
    assert key is not None and isinstance(wire.idle(key), bool)
    assert written.strip(b"\0") == b"" or wire.key(wire.outgoing(written)) == wire.key(written)
    assert len(wire.readdressed(told, canonical(message), written)) == len(written)


def seeds() -> list[bytes]:
    """States, a code, a picture, a document, numbers of every kind, and what is no JSON."""
    payloads = (
        {"common": {"device": "online", "deviceInformation": [{"modelName": "TP 80", "serialNumber": "A1"}]}},
        {"readOutput": [{"symbology": "qrCode", "barcodeData": "aHR0cHM6Ly9h"}]},
        {"pictureFile": "/9j/4AAQ"},
        {"data": "JVBERi0xLjc=", "mediaControl": {"move": "eject"}, "requestIds": [1, 2]},
        [1, -1, 1.5, 10**30, True, None, "张三"],
    )
    return [
        *(
            bytes((shape * 4 + kind % 4,)) + json.dumps(payload).encode()
            for shape in range(len(_SHAPES))
            for kind, payload in enumerate(payloads)
        ),
        b"\x08" + b'[NaN, 1e999, "\\ud800"]',
        b"\x0d" + b"[" * 300,
        b'\2{"header": {"requestId": 7, "timeout": true, "name": null}}',
    ]
