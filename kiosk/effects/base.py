"""Effects in the world and how their truth is found after a crash.

An effect class says how it acts and how it probes. One without a probe cannot be registered: there is no
effect of which nobody could tell, after a power cut, whether it happened.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar, Protocol, TypeVar

from config.clock import Clock
from drivers.payment import Payment
from drivers.ports import PrintResult
from sync.models import EffectAnswer

log = logging.getLogger("kiosk.effects")

Tell = Callable[[Mapping[str, object]], None]
"""Progress for the screen."""


class UnprobedEffect(TypeError):
    """An effect class without a probe was to be registered."""

    def __init__(self, name: str) -> None:
        super().__init__(f"effect class {name!r} has no probe(): say how its truth is found after a crash")


UNREACHABLE_S = 2.0
"""A device program that does not answer is started again at once: ask again soon."""


class StillInDoubt(Exception):
    """Neither yes nor no can be known yet; asked again later (``after_s``), by whom is in ``resolver``."""

    def __init__(self, resolver: str, after_s: float) -> None:
        self.resolver, self.after_s = resolver, after_s
        super().__init__(f"in doubt, to be settled by {resolver}")


@dataclass(frozen=True, slots=True)
class Origin:
    """Which visit, transaction, service and step an effect belongs to, and for whom."""

    visit: str
    transaction: str
    step: str
    service: str
    service_hash: str
    lang: str
    subject: Mapping[str, object]
    offline: bool = False


@dataclass(frozen=True, slots=True)
class Job:
    """One effect: its key, kind, what is to be done, and where it belongs; ``seq`` is its record's number."""

    key: str
    kind: str
    data: Mapping[str, Any]
    origin: Origin
    accepted_at: str = ""
    seq: int = 0
    record: Any = field(default=None, repr=False, compare=False)  # sync's stored record, sent as it is


class Centre(Protocol):
    """The bureau as effects need it; blocking calls run on the client's own thread."""

    async def submit(self, job: Job, *, queued: bool = False) -> EffectAnswer:
        """Send the journalled record of ``job``; raises ``sync.errors`` when there is no answer."""
        ...

    async def query(self, name: str, params: Mapping[str, object], origin: Origin) -> Mapping[str, Any]:
        """Ask; the data, with ``refusal`` when the centre says no."""
        ...

    async def document(self, number: str, job: str) -> bytes:
        """The PDF for the print job ``job``: a second one is marked as a reprint; the same job, the same file."""
        ...


class Books(Protocol):
    """The journal as effects need it: a further effect that belongs to the same transaction."""

    async def begin(self, kind: str, data: Mapping[str, Any], origin: Origin, *, queue: bool = False) -> Job:
        """Write the intent of one more effect; ``queue`` hands it over in the same commit."""
        ...

    async def end(self, job: Job, outcome: Mapping[str, Any], owed: Sequence[Owed] = ()) -> list[Job]:
        """Write the outcome, and in the same commit the intents of what it owes; their jobs."""
        ...

    async def hand_over(self, job: Job) -> None:
        """From here on sync delivers it."""
        ...


@dataclass(frozen=True, slots=True)
class Owed:
    """An effect that an outcome makes necessary; ``queue`` hands it over in the same commit."""

    kind: str
    data: Mapping[str, Any]
    queue: bool = True


class Devices(Protocol):
    """The machinery as effects need it; every call raises ``DeviceClientError`` when nothing is known."""

    async def print_pdf(self, key: str, name: str, pdf: bytes) -> PrintResult:
        """Print a document under our key."""
        ...

    async def print_slip(self, key: str, blocks: Sequence[Mapping[str, Any]]) -> PrintResult:
        """Print a slip under our key."""
        ...

    async def print_result(self, role: str, key: str) -> PrintResult | None:
        """What became of a paper job; None when the device program never began it."""
        ...

    async def dispense(self, key: str, body: Mapping[str, Any], on_item: Tell) -> int:
        """Feed the reserved numbers; how many sheets lie in the tray."""
        ...

    async def present(self, key: str) -> None:
        """Open the tray."""
        ...

    async def taken(self, key: str, within_s: float) -> bool:
        """Whether the tray was emptied in time."""
        ...

    async def retract(self, key: str) -> None:
        """Draw back what lies in the tray."""
        ...

    async def ranges(self) -> Mapping[str, Mapping[str, Any]]:
        """What each unit of the dispenser holds, by unit."""
        ...

    async def take_out(self, units: Sequence[str]) -> None:
        """Everything was taken out of these units."""
        ...

    async def put_in(self, unit: str, code: str, kind: str, first: str, last: str) -> None:
        """These numbers were put into a unit; the machine compares the one in front."""
        ...

    async def dispense_result(self, key: str) -> Mapping[str, Any] | None:
        """The record of a dispense job: ``state``, ``items``, ``error``; None when it was never begun."""
        ...

    async def charge(self, order: str, amount_fen: int, tell: Tell) -> Payment:
        """Charge a bank card once for ever for this order; ``tell`` hears what the card terminal asks for."""
        ...

    async def code(self, within_s: float) -> bytes | None:
        """What was held before the code reader meanwhile; None when nothing was."""
        ...

    async def stop_charging(self) -> None:
        """Let the card terminal end what it waits for; the charge itself says how it ended."""
        ...

    async def card_book(self) -> str:
        """Which book charges are entered in at this moment; empty while nobody tells."""
        ...

    async def charged(self, order: str, book: str = "") -> Payment | None:
        """What became of the charge of an order; None when it was never begun, as ``book`` (``card_book``) has it."""
        ...


@dataclass(frozen=True, slots=True)
class Means:
    """Everything effects act with."""

    centre: Centre
    books: Books
    devices: Devices
    clock: Clock
    sleep: Callable[[float], Awaitable[None]]
    gave_up: Callable[[str, float], Awaitable[bool]]
    """Wait so many seconds for the person of a transaction to give up paying."""


class EffectClass(Protocol):
    """One class of effect; stateless. One in doubt for longer than ``max_doubt_s`` is an error for ``resolver``."""

    kinds: ClassVar[tuple[str, ...]]
    max_doubt_s: ClassVar[float]
    resolver: ClassVar[str]

    async def act(self, means: Means, job: Job, tell: Tell) -> tuple[Mapping[str, Any], Sequence[Owed]]:
        """Do it: the outcome, and what it owes. Raising means that nobody knows: the probe decides."""
        ...

    async def probe(self, means: Means, job: Job) -> tuple[Mapping[str, Any], Sequence[Owed]]:
        """After a crash: what became of it. Raises ``StillInDoubt`` when that cannot be known yet."""
        ...


REGISTRY: dict[str, EffectClass] = {}
"""The class of each kind of effect there is."""

C = TypeVar("C", bound=type[EffectClass])


def register(cls: C) -> C:
    """Make an effect class known for its kinds; raises ``UnprobedEffect`` when it cannot be probed."""
    if not callable(getattr(cls, "probe", None)):
        raise UnprobedEffect(cls.__name__)
    for kind in cls.kinds:
        REGISTRY[kind] = cls()
    return cls
