"""The ports of the effects as a small world with switches: what answers, what is silent, what moved."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from config.clock import CHINA
from drivers.client.errors import DeviceUnavailable
from drivers.payment import Payment
from drivers.ports import PrintOutcome, PrintResult
from kiosk.effects.base import Job, Means, Origin, Owed, Tell
from sync.errors import BureauUnreachable
from sync.models import EffectAnswer, EffectState, Refusal
from tests.kiosk.doubles import APPROVED

ORIGIN = Origin(
    "v1", "t1", "step", "declare.vat-small", "0" * 64, "zh-CN", {"taxpayer": "91110108MA01K1050C"}
)


class Clock:
    """Goes on by itself a little with every look, and by what is slept."""

    def __init__(self) -> None:
        self.at = datetime(2026, 10, 12, 9, 42, tzinfo=CHINA)

    def now(self) -> datetime:
        return self.at

    def monotonic(self) -> float:
        return self.at.timestamp()


@dataclass
class World:
    """Centre, books and machinery at once."""

    clock: Clock = field(default_factory=Clock)
    answers: list[EffectAnswer | Exception] = field(default_factory=list)
    states: list[Mapping[str, Any] | Exception] = field(default_factory=list)
    sent: list[str] = field(default_factory=list)
    begun: list[tuple[str, Mapping[str, Any]]] = field(default_factory=list)
    handed: list[str] = field(default_factory=list)
    ended: list[tuple[str, Mapping[str, Any]]] = field(default_factory=list)
    paper: PrintResult | Exception = field(
        default_factory=lambda: PrintResult(PrintOutcome.PRINTED, sheets=1)
    )
    known_paper: PrintResult | Exception | None = None
    dispensed: Mapping[str, Any] | Exception | None = None
    motions: list[str] = field(default_factory=list)
    fetched: list[tuple[str, str]] = field(default_factory=list)
    card: Payment | Exception = field(default_factory=lambda: APPROVED)
    charges: list[Payment | Exception | None] = field(default_factory=list)
    book: str = ""
    believed: list[str] = field(default_factory=list)
    shows: tuple[str, ...] = ()
    waits: asyncio.Event | None = None
    scans: list[bytes | Exception | None] = field(default_factory=list)
    charged_codes: list[Mapping[str, Any] | Exception] = field(default_factory=list)
    asked: list[tuple[str, Mapping[str, object]]] = field(default_factory=list)
    file: Exception | None = None
    takes: bool = True
    gives_up: bool = False
    numbers: Any = field(default_factory=lambda: itertools.count(1))

    def means(self) -> Means:
        return Means(self, self, self, self.clock, self.sleep, self.gave_up)

    async def sleep(self, seconds: float) -> None:
        self.clock.at += timedelta(seconds=seconds)

    async def gave_up(self, _transaction: str, seconds: float) -> bool:
        self.clock.at += timedelta(seconds=seconds)
        await asyncio.sleep(0)
        return self.gives_up

    # --- centre
    async def submit(self, job: Job, *, queued: bool = False) -> EffectAnswer:
        self.sent.append(job.key)
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, Exception):
            raise answer
        return answer

    async def query(self, name: str, params: Mapping[str, object], origin: Origin) -> Mapping[str, Any]:
        self.asked.append((name, params))
        told = self.charged_codes if name == "payment.charge" else self.states
        state = told.pop(0) if len(told) > 1 else told[0]
        if isinstance(state, Exception):
            raise state
        return state

    async def document(self, number: str, job: str) -> bytes:
        self.fetched.append((number, job))
        if self.file is not None:
            raise self.file
        return b"%PDF-"

    # --- books
    async def begin(self, kind: str, data: Mapping[str, Any], origin: Origin, *, queue: bool = False) -> Job:
        self.begun.append((str(kind), data))
        return job(str(kind), data, f"k{next(self.numbers)}")

    async def end(self, done: Job, outcome: Mapping[str, Any], owed: Sequence[Owed] = ()) -> list[Job]:
        self.ended.append((done.kind, outcome))
        return [job(o.kind, o.data, f"k{next(self.numbers)}") for o in owed if not o.queue]

    async def hand_over(self, handed: Job) -> None:
        self.handed.append(handed.kind)

    # --- machinery
    async def print_pdf(self, key: str, name: str, pdf: bytes) -> PrintResult:
        self.motions.append("print")
        return _or_raise(self.paper)

    async def print_slip(self, key: str, blocks: Sequence[Mapping[str, Any]]) -> PrintResult:
        self.motions.append("slip")
        return _or_raise(self.paper)

    async def print_result(self, role: str, key: str) -> PrintResult | None:
        return None if self.known_paper is None else _or_raise(self.known_paper)

    async def dispense(self, key: str, body: Mapping[str, Any], on_item: Tell) -> int:
        self.motions.append("dispense")
        told = self._told()
        for item in told["items"] if told else ():
            on_item(item)
        return sum(1 for i in (told["items"] if told else ()) if i["position"] == "tray")

    async def charge(self, order: str, amount_fen: int, tell: Tell) -> Payment:
        self.motions.append(f"charge {order} {amount_fen}")
        for state in self.shows:
            tell({"state": state})
        if self.waits is not None:
            await self.waits.wait()
        if isinstance(self.card, Exception):
            raise self.card
        return self.card

    async def code(self, within_s: float) -> bytes | None:
        """Nobody holds anything up any more once ``scans`` is empty."""
        if not self.scans:
            await asyncio.Event().wait()
        scanned = self.scans.pop(0)
        if isinstance(scanned, Exception):
            raise scanned
        return scanned

    async def stop_charging(self) -> None:
        self.motions.append("stop")
        if self.waits is not None:
            self.waits.set()

    async def card_book(self) -> str:
        return self.book

    async def charged(self, order: str, book: str = "") -> Payment | None:
        self.motions.append("ask")
        self.believed.append(book)
        told = self.charges.pop(0) if len(self.charges) > 1 else self.charges[0]
        if isinstance(told, Exception):
            raise told
        return told

    async def present(self, key: str) -> None:
        self.motions.append("present")

    async def taken(self, key: str, within_s: float) -> bool:
        return self.takes

    async def retract(self, key: str) -> None:
        self.motions.append("retract")

    async def dispense_result(self, key: str) -> Mapping[str, Any] | None:
        return self._told()

    def _told(self) -> Mapping[str, Any] | None:
        if isinstance(self.dispensed, Exception):
            raise self.dispensed
        return self.dispensed


def _or_raise(result: PrintResult | Exception) -> PrintResult:
    if isinstance(result, Exception):
        raise result
    return result


def job(kind: str, data: Mapping[str, Any], key: str = "k0") -> Job:
    return Job(key, kind, data, ORIGIN, "2026-10-12T09:42:00+08:00")


def accepted(result: Mapping[str, Any] | None = None, key: str = "k0") -> EffectAnswer:
    return EffectAnswer(
        key=key,
        state=EffectState.ACCEPTED,
        result=dict(result or {}),
        received_at=datetime(2026, 10, 12, 9, 42, tzinfo=CHINA),
        incarnation="i",
    )


def refused() -> EffectAnswer:
    words = {"zh-CN": "不行", "en-US": "no"}
    return accepted().model_copy(
        update={"state": EffectState.REFUSED, "refusal": Refusal(code="no", text=words)}
    )


def silence() -> BureauUnreachable:
    return BureauUnreachable("nobody there")


def unplugged() -> DeviceUnavailable:
    return DeviceUnavailable("documentPrinter", "unplugged")
