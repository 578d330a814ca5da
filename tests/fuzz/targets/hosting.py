"""What comes over the pipe from a driver's process, which may have gone mad before it dies."""

from __future__ import annotations

import cbor2

from drivers.errors import DeviceError, ProtocolError
from drivers.hosting_codec import decode, dump_error, dump_snapshot, load_error, load_snapshot, methods_of
from drivers.ports import DeviceState, DocumentPrinter, IdCardReader, Snapshot
from tests.fuzz.oracles import refused_by

PARSES = ("drivers.hosting_codec",)
RESULTS = [method.result for port in (IdCardReader, DocumentPrinter) for method in methods_of(port).values()]


def check(data: bytes) -> None:
    """Any bytes: a message whose parts are of their type, or ``ProtocolError``."""
    message = refused_by(ProtocolError, lambda: decode(data))
    if message is None:
        return
    kind, *parts = message
    assert isinstance(kind, str)
    snapshot = refused_by(ProtocolError, lambda: load_snapshot(parts[0] if parts else None))
    assert snapshot is None or (isinstance(snapshot, Snapshot) and isinstance(snapshot.device, DeviceState))
    error = refused_by(ProtocolError, lambda: load_error(parts))
    assert error is None or isinstance(error, DeviceError)
    for result in RESULTS:
        refused_by(ProtocolError, lambda result=result: result.load(parts[-1] if parts else None))  # type: ignore[misc]


def seeds() -> list[bytes]:
    """A status, a result, an error, and values that only CBOR's tags can make."""
    status = dump_snapshot(Snapshot(DeviceState.ONLINE, {"cardReader": {"media": "present"}}))
    messages = [
        ["status", status],
        ["result", 1, {"a": b"\0"}],
        ["error", 2, *dump_error(ProtocolError("no"))],
        ["pong"],
    ]
    tagged = ["d81c81d81d00", "c482061a000f4240", "d81e820100", "c074323032362d31302d3132543032", "d8236228"]
    return [cbor2.dumps(message) for message in messages] + [
        b"\x82\x66result" + bytes.fromhex(tag) for tag in tagged
    ]
