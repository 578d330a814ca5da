"""What a driver tells the bench about itself, beside driving: how to ask who is there, and what may be recorded.

A driver gives them where it registers, and that is all there is to do::

    @driver("sam-v", Traits(probe=Probe(encode(Command.STATUS), _answer, (115200, 9600)), wire=SamVWire))

Without a probe a port is never proposed for the driver; without a wire a recording holds times and lengths alone.
Wearing parts and cleaning are data: a file ``config/care/<driver>.toml`` (docs/technician.md).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from drivers.binding.identity import Kind
from drivers.protocols.wire import Blank, Wire


@dataclass(frozen=True, slots=True)
class Probe:
    """A harmless question to whatever is at the other end of a serial port.

    Args:
        question: the bytes sent; they must move nothing, and do no harm to a device of another kind.
        answer: what the device says of itself in the bytes that came so far, None while they are no answer.
        bauds: the speeds to try, the likeliest first.
        wait_s: how long an answer may take.
        rank: probes of a lower rank go first. Printers have 0: they would print the questions to others.
        goodbye: sent after an answer, where the protocol wants it acknowledged.
        proof: asked after that, where devices of another kind answer ``question`` alike; empty for none.
        proven: whether the bytes that came so far answer ``proof`` as this kind of device does.
    """

    question: bytes
    answer: Callable[[bytes], str | None]
    bauds: tuple[int, ...]
    wait_s: float = 0.4
    rank: int = 5
    goodbye: bytes = b""
    proof: bytes = b""
    proven: Callable[[bytes], bool] = bool


@dataclass(frozen=True, slots=True)
class Traits:
    """All of them."""

    probe: Probe | None = None
    wire: Callable[[], Wire] = field(default=Blank)
    wire_for: Callable[[Mapping[str, Any]], Wire] | None = None
    """In place of ``wire``, for a protocol that differs with the driver's options."""
    node: Kind | None = Kind.SERIAL
    """What the driver's device is plugged in as; None when it cannot be bound to a role by that."""

    def wired(self, options: Mapping[str, Any]) -> Wire:
        """The wire of a driver with these options; raise ``DriverConfigError`` for options that cannot be."""
        return self.wire() if self.wire_for is None else self.wire_for(options)
