"""The simulated POS at work: one order at a time, from the card to the bank and back into its memory."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

from config.clock import CHINA, Clock
from drivers.simulators.base import Pace
from drivers.simulators.pos_bank import CARDS, Bank
from drivers.simulators.pos_frames import Question
from drivers.simulators.pos_line import ACK_S
from drivers.simulators.pos_memory import (
    APPROVED,
    DECLINED,
    ENDED,
    OPEN,
    REVERSED,
    REVERSING,
    VOIDED,
    Memory,
    Record,
)
from drivers.simulators.pos_person import IDLE, PROCESSING, REMOVE, Ended, PosPerson

BAUD = 115200
SERIAL = "YP-0042173"
MODEL, FIRMWARE, TERMINAL, MERCHANT = "YP-9 demo", "3.1.7", "05300217", "898530157220001"
BANK_S, BOOT_S, REVERSE_S = 1.5, 2.0, 3.0
SLIPS_LOW = 10
_OPERATIONS = {"02": "sale", "03": "void", "04": "refund"}
_KINDS = {name: kind for kind, name in _OPERATIONS.items()}
_ENTRIES = {"magstripe": "02", "qr": "03", "chip": "05", "contactless": "07"}
_TEXTS = {"00": "交易成功", "51": "余额不足", "54": "卡片已过期", "55": "密码错误", "75": "密码错误次数超限",
          "98": "银行未应答，已冲正", "H1": "银行无法连接", "C1": "交易已取消", "C2": "等待刷卡超时"}  # fmt: skip


class PosUnit(PosPerson):
    """Order by order. ``step`` is told of each moment at which a test may cut something."""

    def __init__(
        self, name: str, link: Path, pace: Pace, place: Path, clock: Clock, ack_s: float = ACK_S
    ) -> None:
        super().__init__(name, link, pace, ack_s)
        self.bank = Bank(place / "pos-bank.json", place / "card-files")
        self.memory = Memory(place / "pos-memory.json")
        self.serial = SERIAL
        self.slow: float | None = None
        self._clock = clock
        self._mending: asyncio.Task[None] | None = None

    def step(self, name: str) -> None:
        """A moment of an order has come; cutting the power here ends the calling task."""

    # -- questions ----------------------------------------------------------------------------------

    def asked(self, question: Question) -> None:
        """Answer at once, or begin to work."""
        simple = {
            "00": self._echo, "05": self._query, "07": self._totals, "08": self._cancel, "09": self._last_settled,
        }  # fmt: skip
        if question.kind in simple:
            self.reply(question, simple[question.kind](question))
        elif self.busy:
            self.reply(question, self._with(question, {"code": "B1"}))
        else:
            work = {"01": self._login, "06": self._settle}.get(question.kind, self._order)
            self._work = self.spawn(work(question))

    def _with(self, question: Question, values: dict[str, object]) -> dict[str, object]:
        reference = question.values.get("reference")
        return values | ({"reference": reference} if reference is not None else {})

    def _echo(self, _: Question) -> dict[str, object]:
        paper = 2 if self.memory.paper > SLIPS_LOW else 1 if self.memory.paper else 0
        return {
            "code": "00",
            "model": MODEL,
            "serial": self.serial,
            "firmware": FIRMWARE,
            "terminal": TERMINAL,
            "merchant": MERCHANT,
            "host": int(self.bank.reachable),
            "open": int(self.memory.is_open),
            "paper": paper,
            "busy": int(self.busy),
        }

    def _query(self, question: Question) -> dict[str, object]:
        record = self.memory.find(question.values["reference"])
        return (
            self._with(question, {"code": "N1"}) if record is None else self._told(record, "00", state=True)
        )

    def _totals(self, _: Question) -> dict[str, object]:
        counts = {name: self.memory.counted(name) for name in _KINDS}
        return {
            "code": "00",
            "batch": self.memory.batch_number,
            **{f"{name}Count": count for name, (count, _) in counts.items()},
            **{f"{name}Amount": amount for name, (_, amount) in counts.items()},
        }

    def _last_settled(self, _: Question) -> dict[str, object]:
        """The last settlement; while one is under way nobody can say yet which that is."""
        if self.busy:
            return {"code": "B1"}
        return {"code": "N1"} if self.memory.settled is None else {"code": "00", **self.memory.settled}

    def _cancel(self, _: Question) -> dict[str, object]:
        self.give_up()
        return {"code": "00"}

    def _told(self, record: Record, code: str, *, state: bool = False) -> dict[str, object]:
        approved = record.state in (APPROVED, VOIDED)
        return {
            "code": code,
            "text": record.text,
            "reference": record.reference,
            "amount": f"{record.amount:012d}",
            "state": record.state if state else None,
            "result": record.result if state else None,
            "operation": _KINDS[record.operation],
            "card": record.card,
            "entry": _ENTRIES[record.entry] if record.entry else None,
            "issuer": record.issuer,
            "trace": record.trace,
            "batch": record.batch,
            "rrn": record.rrn if approved else None,
            "auth": record.auth if approved else None,
            "terminal": TERMINAL,
            "merchant": MERCHANT,
            "at": record.at,
            "serial": self.serial,
        }

    # -- orders -------------------------------------------------------------------------------------

    async def _order(self, question: Question) -> None:
        values, operation = question.values, _OPERATIONS[question.kind]
        amount, reference = int(values.get("amount", "0")), values["reference"]
        known = self.memory.find(reference)
        if known is not None:
            same = (known.operation, known.amount) == (operation, amount)
            told = self._told(known, "K1", state=True) if same else self._with(question, {"code": "K2"})
            self.reply(question, told, order=True)
            return
        refused = self._refused(operation, amount, values.get("original"))
        if refused is not None:
            self.reply(question, self._with(question, {"code": refused}), order=True)
            return
        at = self._clock.now().strftime("%Y%m%d%H%M%S")
        self._cancelled.clear()
        record = self.memory.begin(reference, operation, amount, at, values.get("original"))
        self.amount, self._over = amount, asyncio.Event()
        self.step("begun")
        life = self.spawn(self._signs_of_life(question))
        try:
            work = self._sale if operation == "sale" else self._take_back
            await work(question, record)
        except Ended as ended:
            self._end(record, DECLINED if str(ended).isdigit() else ENDED, str(ended))
        finally:
            life.cancel()
            self.amount = None
            self._over.set()
        self.step("answered")
        code = "98" if record.state in (REVERSING, REVERSED) else record.result or "96"
        self.reply(question, self._told(record, code), order=True)
        self._show(question, IDLE if self._card_in is None else REMOVE)

    def _refused(self, operation: str, amount: int, original: str | None) -> str | None:
        if amount < 1:
            return "A1"
        if not self.memory.is_open:
            return "B2"
        if self.memory.paper < 1:
            return "P1"
        if any(record.state == REVERSING for record in self.memory.records):
            return "H1"  # the bank hears of the reversal before it hears of anything new
        if operation == "sale":
            return None
        sale = self.memory.find(original or "")
        if sale is None or sale.operation != "sale" or sale.state not in (APPROVED, VOIDED):
            return "V1"
        if sale.state == VOIDED:
            return "V2"
        if operation == "refund":
            return "V4" if self.memory.refunded(sale.reference) + amount > sale.amount else None
        if sale.batch != self.memory.batch_number or self.memory.refunded(sale.reference):
            return "V3"
        return "V1" if amount != sale.amount else None

    async def _sale(self, question: Question, record: Record) -> None:
        if self._card_in is not None:
            self._show(question, REMOVE)
            await self._card_in
        shown = await self._card(question, question.values.get("channel", "0"))
        card = CARDS[shown.card]
        record.card, record.entry, record.issuer = card.shown, shown.entry, card.issuer
        self.memory.save()
        self.step("card")
        if shown.entry == "chip":
            self._card_in = self.spawn(self._until_taken(question, shown.takes))
        right = await self._pin(question, shown, record.amount)
        self.step("pin")
        if shown.fault == "torn":
            raise Ended("C3")

        def decide() -> str | None:
            return self.bank.refusal(shown.card, record.amount, right)

        await self._at_bank(question, record, decide)

    async def _take_back(self, question: Question, record: Record) -> None:
        sale = self.memory.find(record.original or "")
        if sale is None:
            raise Ended("V1")
        record.card, record.issuer = sale.card, sale.issuer
        await self._at_bank(question, record, lambda: None)

    async def _at_bank(self, question: Question, record: Record, decide: Callable[[], str | None]) -> None:
        """From here on the money may move: what is not answered is reversed."""
        if self._cancelled.is_set():
            raise Ended("C1")
        self._show(question, PROCESSING)
        if not self.bank.reachable:
            raise Ended("H1")
        record.sent = True
        self.memory.save()
        self.step("sent")
        await self._bank_takes_its_time()
        refused = decide() if self.bank.reachable else None
        if refused is not None:
            raise Ended(refused)
        booked = None
        if self.bank.reachable:
            booked = self.bank.book(
                record.reference,
                record.operation,
                record.amount,
                record.card or "",
                record.batch,
                record.original,
                self._clock.now().astimezone(CHINA).isoformat(timespec="seconds"),
            )
            self.step("charged")
        if booked is None or not self.bank.answers():
            self._end(record, REVERSING, "98")
            self._mend()
            return
        record.rrn, record.auth = booked.rrn, booked.rrn[-6:]
        if record.operation == "void" and (sale := self.memory.find(record.original or "")) is not None:
            sale.state = VOIDED
        self.memory.paper -= 1
        self._end(record, APPROVED, "00")

    def _end(self, record: Record, state: str, result: str) -> None:
        record.state, record.result, record.text = state, result, _TEXTS.get(result)
        self.memory.save()

    # -- batch --------------------------------------------------------------------------------------

    async def _bank_takes_its_time(self) -> None:
        await self.pace.sleep(BANK_S) if self.slow is None else await asyncio.sleep(self.slow)

    async def _login(self, question: Question) -> None:
        await self._bank_takes_its_time()
        if not self.bank.reachable:
            self.reply(question, {"code": "H1", "text": _TEXTS["H1"]})
            return
        if not self.memory.is_open:
            # A batch that was settled is over; the very first one has never been opened.
            self.memory.batch += bool(
                self.memory.records and self.memory.records[-1].batch == self.memory.batch_number
            )
            self.memory.is_open = True
            self.memory.save()
        self.reply(question, {"code": "00", "batch": self.memory.batch_number})

    async def _settle(self, question: Question) -> None:
        if not self.memory.is_open:
            self.reply(question, {"code": "B2"})
            return
        await self._bank_takes_its_time()
        if not self.bank.reachable or any(r.state == REVERSING for r in self.memory.records):
            self.reply(question, {"code": "H1", "text": _TEXTS["H1"]})
            return
        told = self._totals(question)
        batch = self.memory.batch_number
        same = all(self.bank.counted(batch, name) == self.memory.counted(name) for name in _KINDS)
        code, text = ("00", None) if same else ("S1", "对账不平")
        at = self._clock.now().astimezone(CHINA).strftime("%Y%m%d%H%M%S")
        self.memory.is_open = False
        self.memory.settled = told | {"code": "00", "result": code, "text": text, "at": at}
        self.memory.save()
        self.step("settled")
        self.reply(question, told | {"code": code, "text": text}, order=True)

    # -- power --------------------------------------------------------------------------------------

    def _mend(self) -> None:
        """Reverse what the bank has not answered, as soon as it can be reached."""
        if self._mending is None or self._mending.done():
            self._mending = self.spawn(self._reverse())

    async def _reverse(self) -> None:
        while pending := [record for record in self.memory.records if record.state == REVERSING]:
            if self.bank.reachable:
                for record in pending:
                    self.bank.reverse(record.reference)
                    self._end(record, REVERSED, "98")
            else:
                await self.pace.sleep(REVERSE_S)

    def power_off(self) -> None:
        """Cut the power at whatever moment; what was written down stays."""
        self.powered = False
        self.forget()
        for task in (self._work, self._card_in, self._mending):
            if task is not None:
                task.cancel()
        self._work = self._card_in = self._mending = None
        self.stage, self.amount = IDLE, None

    async def power_on(self) -> None:
        """Boot; an order that was with the bank is reversed, one that was not has ended."""
        if self.powered:
            return
        await self.pace.sleep(BOOT_S)
        self.powered = True
        self._boot()

    def _boot(self) -> None:
        for record in self.memory.records:
            if record.state == OPEN:
                self._end(record, REVERSING if record.sent else ENDED, "98" if record.sent else "C5")
        self._mend()

    async def start(self) -> None:
        """Plug in; what an earlier run left half done is as after a loss of power."""
        await super().start()
        self._boot()
