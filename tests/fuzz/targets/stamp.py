"""The words inside the stamp unit's frames."""

from __future__ import annotations

from drivers.errors import ProtocolError
from drivers.protocols import stamp
from tests.fuzz.oracles import refused_by

LONGEST = 96
PARSES = ("drivers.protocols.stamp",)
READERS = (
    stamp.identity,
    stamp.sensors,
    *(lambda body, command=command: stamp.moved(body, command) for command in stamp.MOTIONS),
    lambda body: stamp.moved(body, "K00000017"),
)


def check(data: bytes) -> None:
    """Any body, read as the answer to any command: a value within its bounds, or ``ProtocolError``."""
    body = data.decode("latin-1")
    for read in READERS:
        found = refused_by(ProtocolError, lambda read=read: read(body))  # type: ignore[misc]
        if isinstance(found, stamp.Sensors):
            assert 0 <= found.last_job <= stamp.LAST_JOB and 0 <= found.impressions <= 999_999_999
        elif isinstance(found, stamp.Result):
            assert found.value == body.split("|")[1], "a result that nobody told"


def seeds() -> list[bytes]:
    """One good answer to each command, and words out of place."""
    return [
        b"I|ST-1|S1|1.0",
        b"S|idle|ok|sheets|empty|12|00000017",
        b"S|jam|out|empty|sheet|0|00000000",
        *(bytes((letter,)) + b"|ok" for letter in stamp.MOTIONS.encode()),
        b"K00000017|done",
        b"K00000017|ink",
        b"H|ink",
    ]
