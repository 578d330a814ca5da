"""The words inside the PIN pad's frames."""

from __future__ import annotations

from drivers.errors import (
    DeviceError,
    HardwareFault,
    InvalidData,
    ProtocolError,
    SecurityFailed,
    SequenceError,
    UnsupportedData,
)
from drivers.ports_input import HeldKey
from drivers.protocols import pin_pad
from tests.fuzz.oracles import refused_by

LONGEST = 120
PARSES = ("drivers.protocols.pin_pad",)
TOLD = (
    pin_pad.identity,
    pin_pad.state,
    pin_pad.press,
    lambda body: pin_pad.press(body, "R"),
    lambda body: pin_pad.held_key(body, 0),
)
"""What the pad is asked for: an answer that is none is the pad's fault."""
ORDERED = (pin_pad.loaded, pin_pad.block, lambda body: pin_pad.done(body, "D"))
"""What it is told to do: it may refuse."""
REFUSED = (ProtocolError, InvalidData, SecurityFailed, UnsupportedData, HardwareFault, SequenceError)


def check(data: bytes) -> None:
    """Any body, read as the answer to any command: a value within its bounds, or an error that names no digit."""
    body = data.decode("latin-1")
    for read in TOLD:
        found = refused_by(ProtocolError, lambda read=read: read(body))  # type: ignore[misc]
        if isinstance(found, pin_pad.PinPadState):
            assert found.mode in pin_pad.MODES and found.presses <= pin_pad.MOST_PRESSES
        elif isinstance(found, pin_pad.Press):
            assert found.key in pin_pad.KEYS and found.number >= 0 and found.digits >= 0
        elif isinstance(found, HeldKey):
            pin_pad.delete(found.name)
    for order in ORDERED:
        done = refused_by(REFUSED, lambda order=order: order(body))  # type: ignore[misc]
        assert not isinstance(done, bytes) or len(done) in (8, 16)
        assert not isinstance(done, DeviceError)


def seeds() -> list[bytes]:
    """One good answer to each command, and refusals."""
    return [
        b"I|KP-1|S1|1.0|16",
        b"S|idle|ok|ready|0",
        b"E|3|*|3",
        b"R|none|none",
        b"R|1|enter|4",
        b"K|ok|A1B2C3|128",
        b"K|keyNotFound",
        b"L|0|pin.1|P0|A|E|A1B2C3|128",
        b"L|0|none",
        b"D|ok",
        b"D|noKeyRam",
        b"P|ok|0123456789ABCDEF",
        b"P|noPin",
    ]
