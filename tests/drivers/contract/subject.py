"""What the contract suite must know of a driver: its port, its simulator, its commands, what moves."""

from __future__ import annotations

import inspect
from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

from config.clock import Deadline, SystemClock
from drivers import ports
from drivers.devices.options import Value
from tests.drivers.contract.tap import Tap

CLOCK = SystemClock()


async def nothing() -> None:
    """No hand moves."""


def none(told: object) -> bool:
    """What a command that has nothing to tell returns."""
    return told is None


@dataclass(frozen=True, slots=True)
class Command:
    """How the suite uses one command of a port.

    ``ready`` brings device and paper to where the command makes sense, on a sound line. ``hand`` is what a
    person does while it runs. ``good`` says whether a result is what a well device gives, also by looking at
    the device; ``sheets`` have then come out.
    """

    call: Callable[[Deadline], Awaitable[object]]
    good: Callable[[Any], bool]
    ready: Callable[[], Awaitable[object]] = nothing
    hand: Callable[[], Awaitable[object]] = nothing
    sheets: int = 0


class Jams(ABC):
    """A machine whose paper can stop where it is."""

    @abstractmethod
    async def jam(self) -> None:
        """What is under way stops where it is, and nothing more comes out."""

    @abstractmethod
    async def clear(self) -> None:
        """The machine is as it was before ``jam``."""


class Subject(ABC):
    """One registered driver on its simulator, with a tap in the cable.

    ``heals`` are the single spoilt answers (``faults.SPOILT``) that its protocol itself repairs, so that the
    command succeeds all the same; ``exempt`` those that cannot come over its transport or that nobody could
    notice there. ``unchecked`` are those under which a well-formed result may be another one than the device
    meant, because nothing on its line could tell; under all others such a result fails the suite.
    """

    name: ClassVar[str]
    port: ClassVar[type]
    driver: ClassVar[type]
    device: ports.Device
    tap: Tap
    limit: ClassVar[float] = 2.0
    """Seconds a disturbed command is given."""
    steps: ClassVar[int] = 4
    """At how many of a command's requests or answers each disturbance is tried; in ``make test`` at two of them at most."""
    piece: ClassVar[int] = 48
    """Bytes of the pieces in which a split answer comes: in so many runs it is split at every place."""
    combs: ClassVar[int] = 0
    """So many of those runs, when not all: of a film, whose frames are cut by the network anyway."""
    singles: ClassVar[int] = 400
    """How many bytes of a command's answers come one by one at most."""
    holds_line: ClassVar[bool] = True
    """Whether a pulled cable is noticed at once, not only by the next question."""
    closes: ClassVar[bool] = False
    """Whether its line is closed between two commands: a cable pulled as one ended well is noticed by the next."""
    heals: ClassVar[frozenset[str]] = frozenset()
    exempt: ClassVar[frozenset[str]] = frozenset()
    unchecked: ClassVar[frozenset[str]] = frozenset()
    node: ClassVar[str] = ""
    """What the kernel calls its port, ``{}`` for the number that may change; empty for what is reached at an address."""
    node_class: ClassVar[str] = "tty"
    """The folder of ``/sys/class`` that has it."""
    jams: ClassVar[bool] = False
    """Whether its paper can stop where it is, so that it is one of ``Jams``."""
    asks: ClassVar[bool] = True
    """Whether the driver ever says anything to the device; a scanner that only sends is asked nothing."""
    answers: ClassVar[bool] = True
    """Whether the device ever says anything; a watchdog is fed and says nothing."""
    hurried = True
    """Whether something is to be lost, for which nobody wants to wait as long as a terminal does; set before ``start``."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory

    @abstractmethod
    async def start(self) -> None:
        """Start simulator and tap, and make (not open) ``device`` with waits short enough for a test."""

    @abstractmethod
    async def stop(self) -> None:
        """Stop tap and simulator; the device is closed."""

    @abstractmethod
    def options(self) -> Mapping[str, Value]:
        """The driver's settings, as a cabinet would write them."""

    @abstractmethod
    def commands(self, device: Any) -> Mapping[str, Command]:
        """How each command is used on ``device``."""

    def moved(self, command: str) -> int:
        """How many sheets ``command`` has brought out since the simulator began."""
        return 0

    async def still(self) -> None:  # noqa: B027
        """Wait until nothing moves any more."""

    async def drawn(self) -> None:  # noqa: B027
        """Wait until what has come out is counted, whatever else stands still."""

    async def resync(self) -> None:  # noqa: B027
        """End a stream in which bytes were lost or added: over TCP that is what becomes of it."""

    def honest(self, told: object, moved: int) -> None:  # noqa: B027
        """Assert that what a call told (a result or a ``DeviceError``) agrees with what ``moved``."""

    async def again(self) -> None:  # noqa: B027
        """Assert what must hold when the last job is asked for once more under its own name."""

    @classmethod
    def names(cls) -> tuple[str, ...]:
        """The commands of the driver's ports, from their definition."""
        offered = [port for port in vars(ports).values() if _optional(port) and issubclass(cls.driver, port)]
        return tuple(sorted({name for port in (cls.port, *offered) for name in _commands(port)}))


def _optional(port: object) -> bool:
    """Whether a driver may offer this besides its own port."""
    return inspect.isclass(port) and bool(getattr(port, "_is_runtime_protocol", False))


def _commands(port: type) -> set[str]:
    """All that has a deadline, and the streams: ``open``, ``close`` and listeners are the life cycle."""
    found = set()
    for base in port.__mro__:
        for name, function in vars(base).items():
            if inspect.isfunction(function) and not name.startswith("_"):
                signature = inspect.signature(function)
                stream = str(signature.return_annotation).startswith("AsyncIterator")
                if stream or "deadline" in signature.parameters:
                    found.add(name)
    return found
