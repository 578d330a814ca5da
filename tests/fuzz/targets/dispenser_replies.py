"""The words inside the dispenser's frames."""

from __future__ import annotations

from drivers.errors import ProtocolError
from drivers.protocols import dispenser_replies as replies
from tests.fuzz.oracles import refused_by

PARSES = ("drivers.protocols.dispenser_replies",)
LONGEST = 260
READERS = (
    replies.identity,
    replies.sensors,
    lambda body: replies.stock(body, 1),
    lambda body: replies.fed(body, 2),
    *(lambda body, command=command: replies.moved(body, command) for command in "ARPTZ"),  # type: ignore[misc]
    replies.notice,
)
COUNT = 999_999_999


def check(data: bytes) -> None:
    """Any body, read as the answer to any command: a value within its bounds, or ``ProtocolError``."""
    body = data.decode("latin-1")
    for read in READERS:
        found = refused_by(ProtocolError, lambda read=read: read(body))  # type: ignore[misc]
        counts = [value for value in _values(found) if isinstance(value, int)]
        assert all(0 <= count <= COUNT for count in counts)
        numbers = [value for name, value in _named(found) if name in ("code", "number") and value is not None]
        assert all(value.isascii() and value.isalnum() and len(value) <= 32 for value in numbers)


def _named(found: object) -> list[tuple[str, object]]:
    return [(name, getattr(found, name)) for name in getattr(type(found), "__slots__", ())]


def _values(found: object) -> list[object]:
    return [value for _, value in _named(found)]


def seeds() -> list[bytes]:
    """One good answer to each command."""
    return [
        b"I|KD-100|A1|1.0",
        b"S|idle|empty|closed|1|1|0|0",
        b"U1|low|50|044001900211|00000001",
        b"U1|missing|0|-|-",
        b"F2|ok|00000001|110",
        b"F2|double|?|230",
        b"A|ok",
        b"R|full",
        b"P|ok",
        b"T|ok|3",
        b"Z|jam",
        b"E|taken",
        b"E|cover|open",
        b"E|tray|12",
    ]
