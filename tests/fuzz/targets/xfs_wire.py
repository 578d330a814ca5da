"""What recordings keep of another vendor's messages."""

from __future__ import annotations

import json

from drivers.protocols.xfs_wire import XfsWire, canonical
from tests.fuzz.script import Script

PARSES = ("drivers.protocols.xfs_wire",)
LONGEST = 600
SECRET = "6222021234567894321"
_LONGEST_PIECE = 8


def check(data: bytes) -> None:
    """Any bytes as a message, and JSON of any shape with a secret in it: as long, and without the secret."""
    script = Script(data)
    name = ("Common.Status", "Common.Capabilities", "Printer.PrintForm", "Camera.TakePicture")[
        script.byte() % 4
    ]
    text = script.rest().decode("utf-8", "replace")
    _kept(text.encode())
    for payload in (f'{{"more": {text}}}', json.dumps({"fields": {text: SECRET}, text: text + SECRET})):
        for number in ("7", SECRET):
            _kept(f'{{"header": {{"name": "{name}", "requestId": {number}}}, "payload": {payload}}}'.encode())
    odd = json.dumps({"header": {"name": SECRET, "type": text + SECRET, SECRET: 1}, "payload": SECRET})
    _kept(odd.encode())


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
        *(bytes((kind,)) + json.dumps(payload).encode() for kind, payload in enumerate(payloads)),
        b"\0" + b'[NaN, 1e999, "\\ud800"]',
        b"\1" + b"[" * 300,
        b'\2{"header": {"requestId": 7, "timeout": true, "name": null}}',
    ]
