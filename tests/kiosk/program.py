"""The core of ``kiosk run`` over a real journal: started, stopped between two steps, started again."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from kiosk.books import JournalBooks
from kiosk.domain.ids import uuid7
from kiosk.effects.base import Means, Origin
from kiosk.executor import Executor
from kiosk.flow.effects import Dispense, Effect, Issued, Note, Pay, PrintDocument, PrintSlip, Submit, Wipe
from kiosk.flow.events import Outcome
from kiosk.library_desk import LibraryDesk
from sync.crypto import SealedFileKeyStore
from sync.journal import Journal, OpenedRecord
from sync.models import EffectAnswer
from sync.records import Phase
from tests.kiosk.doubles import CODE, Bureau, Cabinet, Life, Mortal, MortalJournal, People, Stopped, TestClock
from tests.shipped import CATALOGUE
from tests.sync.support import BUREAU_SEALING, NAME, NUMBER, Terminal, make_terminal

MEMORY = Path("/dev/shm")
TAXPAYER = "91110108MA01K1050C"
PERSON = {
    "kind": "resident-id",
    "number": NUMBER,
    "name": NAME,
    "evidence": "document+face",
    "face": {"matcher": "reference", "score": 0.9321, "live": True},
}
RETURN = {
    "tax": "vat-small",
    "period_first": "2026-07-01",
    "period_last": "2026-09-30",
    "ordinary_sales_fen": 35_240_000,
    "special_sales_fen": 0,
    "uninvoiced_sales_fen": 3_400_000,
    "levy_rate": "0.01",
    "city_rate": "0.07",
    "half_six_taxes": True,
    "vat_fen": 386_400,
    "city_fen": 13_524,
    "education_fen": 5_796,
    "local_education_fen": 3_864,
    "total_fen": 409_584,
    "parameters_hash": "x",
}
ISSUE = {"certificate": "iit-record", "first": "2026-01", "last": "2026-09", "content_sha256": "0" * 64}
RESERVE = {"kind": "04", "count": 3, "unit": "unit1", "code": CODE, "next_number": "00004801"}
BLOCKS: tuple[Mapping[str, object], ...] = (
    {"type": "row", "label": "姓名", "value": "李**"},
    {"type": "space", "mm": 3},
)


@contextmanager
def folder() -> Iterator[Path]:
    """A folder in memory where there is one: flushing costs nothing there."""
    with TemporaryDirectory(prefix="kiosk-", dir=MEMORY if MEMORY.is_dir() else None) as name:
        yield Path(name)


@dataclass
class World:
    """What outlives the program: its disk, the centre, the cabinet, what sync has received, and time."""

    terminal: Terminal
    clock: TestClock = field(default_factory=TestClock)
    receipts: dict[str, EffectAnswer] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.bureau = Bureau(self.terminal.identity, self.clock)
        self.cabinet = Cabinet()

    def for_key(self, key: str) -> EffectAnswer | None:
        """What ``sync.db`` holds."""
        return self.receipts.get(key)

    def journal(self) -> Journal:
        state = self.terminal.state
        keystore = SealedFileKeyStore(state / "keys")
        return Journal.open(
            state / "journal.db", self.terminal.identity, keystore, self.clock, ballast_bytes=0
        )

    def deliver(self, journal: Journal) -> list[str]:
        """What sync does: send what was handed over and has no receipt, keep the answers; the keys sent."""
        sent = []
        for history in journal.open_effects():
            if history.handed_over and history.key not in self.receipts:
                self.receipts[history.key] = self.bureau.take(history.intent.envelope)
                sent.append(history.key)
        return sent


@contextmanager
def world() -> Iterator[World]:
    """An enrolled terminal in a folder of its own."""
    with folder() as state:
        yield World(make_terminal(state))


@dataclass
class Program:
    """One life of the program."""

    world: World
    life: Life = field(default_factory=Life)
    people: People = field(default_factory=People)
    told: list[Outcome] = field(default_factory=list)
    library: LibraryDesk | None = None

    def __post_init__(self) -> None:
        self.journal = self.world.journal()
        mortal: Any = MortalJournal(self.journal, self.life)
        self.books = JournalBooks(mortal, self.world, self.world.clock, self.world.terminal.identity.terminal)
        centre: Any = Mortal(self.world.bureau, self.life)
        devices: Any = Mortal(self.world.cabinet, self.life)
        people: Any = self.people
        self.means = Means(centre, self.books, devices, self.world.clock, self.sleep, self.gave_up)
        self.executor = Executor(self.means, self.books, people, self.told.append, library=self.library)
        self._numbers = itertools.count(1)

    async def sleep(self, seconds: float) -> None:
        self.world.clock.passed += seconds
        await asyncio.sleep(0)

    async def gave_up(self, transaction: str, seconds: float) -> bool:
        """As the executor's, with the clock of the tests."""
        await self.sleep(seconds)
        return self.executor._giving_up(transaction).is_set()

    def issue(self, effect: Effect, origin: Origin) -> str:
        """Ask for one effect as the flow does; its id."""
        number = f"e{next(self._numbers)}"
        fields = {name: getattr(origin, name) for name in Origin.__slots__}
        self.executor.issue(Issued(id=number, effect=effect, **fields))
        return number

    async def do(self, effect: Effect, origin: Origin) -> Outcome | None:
        """Ask for one effect and wait for its end; raises ``Stopped`` when the life ends before."""
        number = self.issue(effect, origin)
        await self.idle()
        if self.life.over:
            raise Stopped
        return self.outcome(number)

    async def idle(self) -> None:
        """Until nothing is being acted on."""
        while tasks := {*self.executor._acting, *self.executor._waiting}:
            await asyncio.wait(tasks)

    def outcome(self, number: str) -> Outcome | None:
        return next((o for o in self.told if o.effect_id == number and not o.partial), None)

    def records(self, kind: str = "", phase: Phase | None = None) -> list[OpenedRecord]:
        found = self.journal.read()
        return [r for r in found if kind in ("", r.record.kind) and phase in (None, r.record.phase)]

    def close(self) -> None:
        """What the operating system does when a process has ended."""
        self.books._thread.shutdown(wait=True)
        self.journal.close()

    def __enter__(self) -> Program:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def body_of(record: OpenedRecord) -> dict[str, Any]:
    """What a record says, with the centre's key: the terminal may have shredded its own."""
    return record.signed.record.open(BUREAU_SEALING)


def origin(service: str = "declare.vat-small", visit: str = "", **changed: Any) -> Origin:
    """A transaction of its own, of a visit of its own unless one is named."""
    fields: dict[str, Any] = {
        "visit": visit or uuid7(),
        "transaction": uuid7(),
        "step": "step",
        "service": service,
        "service_hash": CATALOGUE[service].hash,
        "lang": "zh-CN",
        "subject": {"person": PERSON, "taxpayer": TAXPAYER, "role": "T"},
        "offline": False,
    }
    return Origin(**{**fields, **changed})


# --- the effects of each service, in the order in which its flow asks for them ------------------------------


async def certificate(program: Program, at: Origin) -> None:
    issued = await program.do(Submit("certificate.issue", ISSUE), at)
    if issued is not None and issued.data.get("state") == "accepted":
        await program.do(PrintDocument(issued.data["number"], 1), at)


async def invoices(program: Program, at: Origin) -> None:
    reserved = await program.do(Submit("invoice.reserve", RESERVE), at)
    if reserved is not None and reserved.data.get("state") == "accepted":
        told = reserved.data
        await program.do(
            Dispense(told["reservation"], told["code"], told["first"], told["last"], "unit1"), at
        )


async def declaration(program: Program, at: Origin) -> None:
    filed = await program.do(Submit("declaration.submit", RETURN), at)
    if filed is not None and filed.data.get("state") == "accepted":
        await program.do(Pay(("S1",), 409_584), at)


async def offline_declaration(program: Program, at: Origin) -> None:
    await program.do(Submit("declaration.submit", RETURN, queue=True), at)


async def payment(program: Program, at: Origin) -> None:
    await program.do(Pay(("S1",), 5), at)


async def card_payment(program: Program, at: Origin) -> None:
    await program.do(Pay(("S1",), 5, "card"), at)


async def debit_payment(program: Program, at: Origin) -> None:
    await program.do(Pay(("S1",), 5, "debit"), at)


Service = Callable[[Program, Origin], Awaitable[None]]
SERVICES: dict[str, tuple[str, Service]] = {
    "certificate": ("certificate.iit-record", certificate),
    "invoices": ("invoice.collect", invoices),
    "declaration": ("declare.vat-small", declaration),
    "offline-declaration": ("declare.vat-small", offline_declaration),
    "payment": ("pay.due", payment),
    "card-payment": ("pay.due", card_payment),
    "debit-payment": ("pay.due", debit_payment),
}


async def visit(program: Program, name: str, *, whole: bool = True) -> None:
    """From the first touch to the wipe, or (not ``whole``) to where the slip would be printed.

    Raises ``Stopped`` when the life ends on the way.
    """
    service, effects = SERVICES[name]
    at = origin(service, offline=name.startswith("offline"))
    await program.do(Note("visit.begun", {}), at)
    await effects(program, at)
    if not whole:
        return
    await program.do(PrintSlip(BLOCKS), at)
    rating = {"item": at.transaction, "level": 5, "reasons": []}
    await program.do(Submit("feedback.rate", rating, queue=True), at)
    await program.do(Note("visit.ended", {}), at)
    await program.do(Wipe(at.visit), at)
