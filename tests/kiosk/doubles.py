"""A centre and a cabinet that outlive the terminal's program, and a life that can end between any two steps.

The centre opens what it is sent as the real one does (signature, seal, wire models) and answers each key once.
The cabinet counts every motion. Both are asked through ``Mortal``: once the life has ended nothing gets through.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from pydantic import BaseModel

from config.clock import CHINA
from drivers.client.errors import BookLost, DeviceUnavailable
from drivers.payment import Operation, Outcome, Payment
from drivers.ports import PrintOutcome, PrintResult
from kiosk.effects.base import Job, Origin, Tell
from sync import models
from sync.crypto.algorithms import verifier
from sync.effects import open_effect
from sync.errors import BureauError, BureauUnreachable
from sync.identity import TerminalIdentity
from sync.models import (
    EffectAnswer,
    EffectBody,
    EffectKind,
    EffectState,
    PaymentStateName,
    Refusal,
    materials,
)
from tests.sync.support import BUREAU_SEALING

MORNING = datetime(2026, 10, 12, 9, 42, tzinfo=CHINA)
CODE = "099002600104"
DATA: Mapping[str, type[BaseModel]] = {
    EffectKind.CERTIFICATE_ISSUE: models.CertificateIssue,
    EffectKind.CERTIFICATE_PRINTED: models.CertificatePrinted,
    EffectKind.INVOICE_RESERVE: models.InvoiceReserve,
    EffectKind.INVOICE_COMMIT: models.InvoiceCommit,
    EffectKind.DECLARATION_SUBMIT: models.DeclarationSubmit,
    EffectKind.PAYMENT_CREATE: models.PaymentCreate,
    EffectKind.PAYMENT_CLOSE: models.PaymentClose,
    EffectKind.PAYMENT_CARD: models.PaymentCard,
    EffectKind.MATTER_SUBMIT: models.MatterSubmit,
    EffectKind.MATERIAL_PAGE: materials.MaterialPage,
    EffectKind.MATERIALS_SUPPLY: materials.MaterialsSupply,
    EffectKind.FEEDBACK_RATE: models.FeedbackRate,
    EffectKind.FEEDBACK_COMPLAIN: models.FeedbackComplain,
    EffectKind.FEEDBACK_REPORT: models.FeedbackReport,
    EffectKind.FEEDBACK_REPLY: models.FeedbackReply,
    EffectKind.STOCK_OUT: models.StockOut,
    EffectKind.STOCK_IN: models.StockIn,
}
NO = Refusal(code="no", text={"zh-CN": "不行", "en-US": "no"})


APPROVED = Payment(
    Outcome.APPROVE,
    Operation.SALE,
    card="629900*********1234",
    entry="contactless",
    trace="000017",
    batch="000001",
    rrn="000000000001",
    auth_code="A1B2C3",
    terminal="T0000001",
    merchant="M00000000000001",
    at=MORNING,
)
DECLINED = Payment(Outcome.DECLINE, Operation.SALE, error_code="insufficientFunds", response_code="51")


class Stopped(BaseException):
    """The program's life has ended; nothing may catch it."""


@dataclass
class Life:
    """Counts every step across the program's edge; ``stop_at`` is the one at which it ends (0: never)."""

    stop_at: int = 0
    trail: list[str] = field(default_factory=list)
    over: bool = False

    def cross(self, step: str) -> None:
        if not self.over:
            self.trail.append(step)
            self.over = len(self.trail) == self.stop_at
        if self.over:
            raise Stopped(step)


class Mortal:
    """A port whose calls each have a moment before and a moment after."""

    def __init__(self, port: object, life: Life) -> None:
        self._port, self._life = port, life

    def __getattr__(self, name: str) -> Any:
        call, life = getattr(self._port, name), self._life

        async def step(*arguments: Any, **named: Any) -> Any:
            life.cross(f"before {name}")
            answer = await call(*arguments, **named)
            life.cross(f"after {name}")
            return answer

        return step


class MortalJournal:
    """The journal whose commits each have a moment before and a moment after."""

    def __init__(self, journal: Any, life: Life) -> None:
        self._journal, self._life = journal, life

    def append_all(self, entries: Sequence[Any]) -> Any:
        points = "+".join(e.point for e in entries)
        self._life.cross(f"before {points}")
        records = self._journal.append_all(entries)
        self._life.cross(f"after {points}")
        return records

    def __getattr__(self, name: str) -> Any:
        if self._life.over:
            raise Stopped(name)
        return getattr(self._journal, name)


class TestClock:
    """Business time and monotonic seconds that move when somebody sleeps."""

    __test__ = False

    def __init__(self) -> None:
        self.passed = 0.0

    def now(self) -> datetime:
        return MORNING + timedelta(seconds=self.passed)

    def monotonic(self) -> float:
        return self.passed


@dataclass
class Bureau:
    """Answers a key once and for ever; ``trouble`` and ``lost`` say by kind how often which error comes.

    ``trouble`` comes before anything is done, ``lost`` after it was done: the answer never arrives.
    """

    identity: TerminalIdentity
    clock: TestClock
    answers: dict[str, EffectAnswer] = field(default_factory=dict)
    bodies: dict[str, EffectBody] = field(default_factory=dict)
    orders: dict[str, dict[str, Any]] = field(default_factory=dict)
    away: BureauError | None = None
    trouble: dict[str, list[BureauError]] = field(default_factory=dict)
    lost: Counter[str] = field(default_factory=Counter)
    refused: set[str] = field(default_factory=set)
    asked: list[str] = field(default_factory=list)
    data: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    silent_bank: bool = False
    pays: bool = True
    poor: bool = False
    """Whether the account that is to be debited is short."""
    debits: list[str] = field(default_factory=list)
    paid_otherwise: bool = False
    """What a card was charged for has been paid meanwhile."""

    async def submit(self, job: Job, *, queued: bool = False) -> EffectAnswer:
        return self.take(job.record.envelope)

    async def query(self, name: str, params: Mapping[str, object], origin: Origin) -> Mapping[str, Any]:
        self.asked.append(name)
        self._reach(name)
        if name == "payment.status":
            return self._status(str(params["order"]))
        if name == "payment.debit":
            return self._debit(str(params["order"]))
        return self.data[name]

    async def document(self, number: str, job: str) -> bytes:
        self._reach("document")
        return b"%PDF-" + number.encode()

    def take(self, envelope: bytes) -> EffectAnswer:
        """Open, apply once, answer; what sync sends comes in here too."""
        signer = self.identity.signer
        ours = verifier(signer.algorithm, signer.public_key)
        body = open_effect(envelope, lambda _terminal, _epoch: ours, BUREAU_SEALING).body
        kind = str(body.kind)
        self._reach(kind)
        if body.key not in self.answers:
            data = DATA[kind].model_validate(body.data)
            assert kind not in ("payment.create",) or body.subject.taxpayer, "an order needs a taxpayer"
            self.answers[body.key] = self._apply(body, data)
            self.bodies[body.key] = body
        if self.lost[kind] > 0:
            self.lost[kind] -= 1
            raise BureauUnreachable(f"the answer to {kind} got lost")
        return self.answers[body.key]

    def of(self, kind: str) -> list[EffectBody]:
        """Everything of one kind that was applied."""
        return [body for body in self.bodies.values() if body.kind == kind]

    def _reach(self, kind: str) -> None:
        if self.away is not None:
            raise self.away
        if self.trouble.get(kind):
            raise self.trouble[kind].pop(0)

    def _apply(self, body: EffectBody, data: Any) -> EffectAnswer:
        refused = str(body.kind) in self.refused
        return EffectAnswer(
            key=body.key,
            state=EffectState.REFUSED if refused else EffectState.ACCEPTED,
            result={} if refused else self._result(body, data),
            refusal=NO if refused else None,
            received_at=self.clock.now(),
            incarnation="i1",
        )

    def _result(self, body: EffectBody, data: Any) -> dict[str, Any]:
        number = len(self.answers) + 1
        match body.kind:
            case EffectKind.CERTIFICATE_ISSUE:
                return {
                    "number": f"YC{number}",
                    "code": "ABCD",
                    "pages": 1,
                    "verify_url": f"https://b/v?n={number}",
                }
            case EffectKind.INVOICE_RESERVE:
                last = f"{int(data.next_number) + data.count - 1:08}"
                return {
                    "reservation": f"R{number}",
                    "code": data.code,
                    "first": data.next_number,
                    "last": last,
                }
            case EffectKind.INVOICE_COMMIT:
                return {"movement": f"M{number}"}
            case EffectKind.DECLARATION_SUBMIT:
                due = {"due": "S1", "amount_fen": data.total_fen, "late_fee_fen": 0, "payable": True}
                return {"declaration": f"D{number}", "total_fen": data.total_fen, "dues": [due]}
            case EffectKind.PAYMENT_CREATE:
                order = {
                    "amount_fen": data.amount_fen,
                    "state": "created",
                    "channel": data.channel,
                    "expires": self.clock.passed + 120,
                }
                name = f"O{number}" if data.channel == "qr-shown" else f"4199002610120{number:07}"
                self.orders[name] = order
                expires = (self.clock.now() + timedelta(seconds=120)).isoformat()
                return {
                    "order": name,
                    "qr": "http://p/O" if data.channel == "qr-shown" else "",
                    "amount_fen": data.amount_fen,
                    "expires_at": expires,
                }
            case EffectKind.PAYMENT_CARD:
                order = self.orders[data.order]
                order["state"] = {"charged": "approved", "declined": "declined"}.get(data.outcome, "closed")
                order["charged_fen"] = data.amount_fen if data.outcome == "charged" else 0
                booked = data.outcome == "charged" and not self.paid_otherwise
                return {
                    "order": data.order,
                    "state": order["state"],
                    "voucher": f"V{number}" if booked else None,
                }
            case EffectKind.PAYMENT_CLOSE:
                order = self.orders[data.order]
                if order["state"] == "created" and not self.silent_bank:
                    order["state"] = "closed"
                return {"order": data.order, "state": order["state"]}
            case EffectKind.MATTER_SUBMIT:
                return {"case": f"C{number}"}
        return {}

    def _debit(self, number: str) -> Mapping[str, Any]:
        """The bank debits an open order once; ``lost`` loses the answer."""
        order = self.orders[number]
        if order["state"] == "created":
            order["state"] = "declined" if self.poor else "approved"
            self.debits += [] if self.poor else [number]
        if self.lost["payment.debit"] > 0:
            self.lost["payment.debit"] -= 1
            raise BureauUnreachable("the answer to payment.debit got lost")
        return self._status(number)

    def _status(self, number: str) -> Mapping[str, Any]:
        order = self.orders[number]
        if self.pays and order["state"] == "created" and order["channel"] != "debit":
            order["state"] = "approved"
        state = PaymentStateName.UNKNOWN if self.silent_bank else order["state"]
        reason = "insufficientFunds" if order["state"] == "declined" and order["channel"] == "debit" else ""
        told = {"order": number, "state": str(state), "amount_fen": order["amount_fen"], "voucher": "V1"}
        return {**told, "reason": reason}


@dataclass
class Cabinet:
    """Printers, dispenser and card terminal by our keys.

    ``away`` is every device gone; ``mute`` loses the answer of one call. ``card`` is how the next charges end, and
    ``unsure`` how often the card terminal itself does not know yet.
    """

    motions: list[tuple[str, str]] = field(default_factory=list)
    papers: dict[str, PrintResult] = field(default_factory=dict)
    slips: list[Sequence[Mapping[str, Any]]] = field(default_factory=list)
    jobs: dict[str, dict[str, Any]] = field(default_factory=dict)
    away: bool = False
    mute: set[str] = field(default_factory=set)
    jam_at: int | None = None
    takes: bool = True
    result: PrintResult = field(default_factory=lambda: PrintResult(PrintOutcome.PRINTED, sheets=1))
    breaks: set[str] = field(default_factory=set)
    card: Payment = field(default_factory=lambda: APPROVED)
    charges: dict[str, Payment] = field(default_factory=dict)
    unsure: int = 0
    shows: tuple[str, ...] = ("insert", "processing")
    stops: int = 0
    book: str = "book-1"

    async def charge(self, order: str, amount_fen: int, tell: Tell) -> Payment:
        self._reach()
        if order not in self.charges:
            self.motions.append(("charge", order))
            self.charges[order] = replace(self.card, amount_fen=amount_fen)
        for state in self.shows:
            tell({"state": state})
        self._answer("charge")
        return self._certain(order)

    async def code(self, within_s: float) -> bytes | None:
        """Nobody holds a code before the reader."""
        await asyncio.sleep(within_s)
        return None

    async def stop_charging(self) -> None:
        self._reach()
        self.stops += 1

    async def card_book(self) -> str:
        return self.book

    async def charged(self, order: str, book: str = "") -> Payment | None:
        self._reach()
        if order not in self.charges and book not in ("", self.book):
            raise BookLost("paymentTerminal")
        return self._certain(order) if order in self.charges else None

    def _certain(self, order: str) -> Payment:
        if self.unsure > 0:
            self.unsure -= 1
            return Payment(Outcome.UNKNOWN, error_code="reversing")
        return self.charges[order]

    async def print_pdf(self, key: str, name: str, pdf: bytes) -> PrintResult:
        return self._print("print", key)

    async def print_slip(self, key: str, blocks: Sequence[Mapping[str, Any]]) -> PrintResult:
        self.slips.append(blocks)
        return self._print("slip", key)

    async def print_result(self, role: str, key: str) -> PrintResult | None:
        self._reach()
        return self.papers.get(key)

    async def dispense(self, key: str, body: Mapping[str, Any], on_item: Tell) -> int:
        self._reach()
        assert key not in self.jobs, "a key is dispensed once"
        items: list[dict[str, Any]] = []
        self.jobs[key] = {"state": "dispensing", "items": items}
        for index, number in enumerate(range(int(body["first"]), int(body["last"]) + 1), 1):
            self.motions.append(("feed", f"{number:08}"))
            jammed = index == self.jam_at
            fault = "mediaJammed" if jammed else None
            items.append(
                {"number": f"{number:08}", "position": "transport" if jammed else "tray", "fault": fault}
            )
            on_item(
                {
                    "index": index - 1,
                    "expected": f"{number:08}",
                    "position": items[-1]["position"],
                    "fault": fault,
                }
            )
            if jammed:
                break
        lying = sum(item["position"] == "tray" for item in items)
        self.jobs[key].update(
            outcome="partial" if self.jam_at else "complete", error="jammed" if self.jam_at else None
        )
        if not lying:
            self.jobs[key]["state"] = "partial"
        self._answer("dispense")
        return lying

    async def present(self, key: str) -> None:
        self._reach()
        self.motions.append(("present", key))
        self.jobs[key]["state"] = "presented"
        self._answer("present")

    async def taken(self, key: str, within_s: float) -> bool:
        self._reach()
        if self.takes and self.jobs[key]["state"] == "presented":
            self.jobs[key]["state"] = "taken"
        self._answer("taken")
        return bool(self.jobs[key]["state"] == "taken")

    async def retract(self, key: str) -> None:
        self._reach()
        self.motions.append(("retract", key))
        self.jobs[key]["state"] = "retracted"
        for item in self.jobs[key]["items"]:
            item["position"] = "retract"
        self._answer("retract")

    async def dispense_result(self, key: str) -> Mapping[str, Any] | None:
        self._reach()
        return self.jobs.get(key)

    def _print(self, what: str, key: str) -> PrintResult:
        self._reach()
        if what in self.breaks:
            raise ZeroDivisionError("a mistake of ours")
        if key not in self.papers:
            self.motions.append((what, key))
            self.papers[key] = self.result
        self._answer(what)
        return self.papers[key]

    def _reach(self) -> None:
        if self.away:
            raise DeviceUnavailable("cabinet", "unplugged")

    def _answer(self, call: str) -> None:
        if call in self.mute:
            raise DeviceUnavailable("cabinet", "the line broke", under_way=True)


@dataclass
class People:
    """The readers: what the next person does; ``waits`` stands at the reader until cancelled."""

    answers: list[tuple[str, Mapping[str, Any]] | Exception] = field(default_factory=list)
    waiting: int = 0
    cancelled: int = 0
    forgotten: int = 0

    async def read(self, effect: Any, progress: Any) -> tuple[str, Mapping[str, Any]]:
        if self.answers:
            answer = self.answers.pop(0)
            if isinstance(answer, Exception):
                raise answer
            progress({"state": "reading"})
            return answer
        self.waiting += 1
        try:
            await asyncio.get_running_loop().create_future()
        except asyncio.CancelledError:
            self.cancelled += 1
            raise
        finally:
            self.waiting -= 1
        raise AssertionError("unreachable")

    async def forget(self) -> None:
        self.forgotten += 1
